"""`manage.py deliver`: send what is due to other systems. For a timer, every minute."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.documents.pdf import render_pdf
from cases.exchange.hl7v2.transport import ReceiverFault, receivers_of
from cases.models import Delivery
from cases.models.delivery import DeliveryState
from cases.screens.delivering import deliver_next

MOST = 200  # messages a run


class Command(BaseCommand):
    help = "Send signed decisions to the receivers of DELIVER_TO; what fails is tried again, later each time."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            receivers = receivers_of(settings.DELIVER_TO)
        except ReceiverFault as error:
            raise CommandError(f"DELIVER_TO: {error}") from error
        tried: list[Delivery] = []
        while len(tried) < MOST and (delivery := deliver_next(receivers, render_pdf)) is not None:
            tried.append(delivery)
        delivered = sum(one.state == DeliveryState.DELIVERED for one in tried)
        waiting = Delivery.objects.filter(state=DeliveryState.WAITING).count()
        given_up = Delivery.objects.filter(state=DeliveryState.GIVEN_UP).count()
        self.stdout.write(f"{delivered} delivered, {waiting} waiting, {given_up} given up.")
