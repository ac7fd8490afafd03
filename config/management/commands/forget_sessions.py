"""Deletes ended sessions with what was listed of them, and counters of wrong tries that are over."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.utils import timezone

from config.limits import KEPT_FOR
from config.models import WrongTries


class Command(BaseCommand):
    help = "Deletes ended sessions and old counters of wrong tries. For an hourly timer."

    def handle(self, *args: Any, **options: Any) -> None:
        before = Session.objects.count()
        SessionStore.clear_expired()
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
        WrongTries.objects.filter(last_at__lt=timezone.now() - KEPT_FOR).delete()
        self.stdout.write(f"{before - Session.objects.count()} ended session(s) deleted.")
