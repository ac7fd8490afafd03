"""One delivery from the outbox: the decision as it was signed, its message, its receiver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cases.actions.delivering import note_delivered, note_failed, take_up
from cases.exchange.hl7v2.message import mdm_message
from cases.exchange.hl7v2.transport import NotDelivered, Receiver
from cases.models import Delivery
from cases.screens.sending import NotAsSigned, PrintPdf, signed_paper


def deliver_next(receivers: Mapping[str, Receiver], print_pdf: PrintPdf) -> Delivery | None:
    """Try the next message that is due; None where none is. What came of it stands in the delivery."""
    delivery = take_up()
    if delivery is None:
        return None
    try:
        hand_over(delivery, receivers, print_pdf)
    except NotAsSigned as error:
        note_failed(delivery, str(error), for_good=True)
    except NotDelivered as error:
        note_failed(delivery, str(error), for_good=error.for_good)
    else:
        note_delivered(delivery)
    return delivery


def hand_over(delivery: Delivery, receivers: Mapping[str, Receiver], print_pdf: PrintPdf) -> None:
    """Make the message and give it to the receiver. Raises `NotAsSigned` and `NotDelivered`."""
    receiver = receivers.get(delivery.receiver)
    if receiver is None:
        raise NotDelivered("The settings name no such receiver any more.", for_good=True)
    # One that was withdrawn before it went out goes out with its stamp, and is taken back by the next.
    paper = replace(signed_paper(delivery.decision, print_pdf), in_error=delivery.takes_back)
    name = delivery.control_id
    receiver.deliver(name, mdm_message(paper, receiver=delivery.receiver, control_id=name))
