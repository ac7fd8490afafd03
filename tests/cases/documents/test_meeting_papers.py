"""Packet and minutes: what stands in them, and who gets them."""

import datetime
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from cases.actions.leading import Deferral, close_meeting, defer, start_meeting
from cases.actions.meetings import create_meeting
from cases.actions.roll_call import Present, call_roll
from cases.models import Board, Case, Meeting
from tests.cases.documents.working import fetched, ordered_packet
from tests.cases.pages import QUESTION, logged_in, sign

pytestmark = pytest.mark.django_db


def get(user: User, kind: str, meeting: Meeting, *, preview: bool = False) -> Any:
    name = "document_preview" if preview else "document"
    return logged_in(user).get(reverse(f"cases:{name}", args=[kind, meeting.uid]))


def pages(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_a_packet_has_cover_roll_call_every_case_on_a_page_of_its_own_and_an_index(
    meeting: Meeting, alice: User
) -> None:
    meeting.board.quorum_disciplines, meeting.board.quorum_people = ["Surgery", "Pathology"], 3
    meeting.board.save()
    shown = pages(fetched(alice, ordered_packet(alice, meeting)))
    cover, roll, index = shown[0], shown[1], shown[-1]
    begins = [
        place for place, text in enumerate(shown, 1) if re.search(r"Case \d · Tumor board handout", text)
    ]
    assert len(begins) == 2
    assert begins[0] == 3
    assert QUESTION in cover
    assert "And this one?" in cover
    assert [text.split()[-1] for text in re.findall(r"Full discussion \d+ min \d+", cover)] == [
        str(place) for place in begins
    ]
    assert "Roll call" in roll
    assert "Alice Albers" in roll
    assert "For a quorum: Surgery, Pathology; 3 people at least" in roll
    assert f"case 1, page {begins[0]}" in index
    assert f"case 2, page {begins[1]}" in index
    for number, text in enumerate(shown, 1):
        assert f"age {number} of {len(shown)}" in text
    sheets = [text.partition(" of the case")[0].rpartition("Sheet ")[2] for text in shown[2:-1]]
    first = begins[1] - begins[0]
    assert sheets == [f"{sheet} of {of}" for of in (first, len(sheets) - first) for sheet in range(1, of + 1)]
    assert sum("the panel met in October 2019" in text for text in shown) == 1


def test_minutes_are_made_from_what_was_frozen(meeting: Meeting, alice: User, dora: User) -> None:
    first, second = meeting.discussions.order_by("place")
    started = start_meeting(by=dora, meeting=meeting)
    call_roll(by=dora, meeting=started, present=[Present("Dora Diaz", person=dora, discipline="Surgery")])
    sign(first.case, dora, title="Wait and see")
    waits = Deferral("pathology", "Second opinion", "Dr Path", timezone.localdate() + datetime.timedelta(7))
    second.refresh_from_db()
    defer(by=dora, discussion=second, deferral=waits)
    close_meeting(by=dora, meeting=started)
    Case.objects.filter(pk=first.case_id).update(question="Something else?")
    text = " ".join(pages(get(alice, "minutes", meeting).content))
    for words in (
        "Minutes of the tumor board",
        "Dora Diaz Surgery In the room",
        f"Question {QUESTION}",
        "Wait and see (The board's own)",
        "Call the center · Bob Baker",
        "Deferred",
        "Second opinion, from Dr Path",
        "Signed for the board",
    ):
        assert words in text, words
    assert "Something else" not in text
    assert "Minutes of the tumor board" in get(alice, "minutes", meeting, preview=True).content.decode()


def test_there_are_no_minutes_of_a_meeting_that_is_not_closed(meeting: Meeting, alice: User) -> None:
    response = get(alice, "minutes", meeting)
    assert response.headers["Location"] == reverse("cases:meeting", args=[meeting.uid])
    shown = logged_in(alice).get(reverse("cases:document", args=["minutes", meeting.uid]), follow=True)
    assert "The minutes are made when the meeting is closed." in shown.content.decode()
    with pytest.raises(CommandError, match="when the meeting is closed"):
        call_command("document", "minutes", str(meeting.uid), output="-")


@pytest.mark.parametrize("kind", ["packet", "minutes"])
def test_an_outsider_gets_neither(meeting: Meeting, charlie: User, kind: str) -> None:
    for preview in (False, True):
        assert get(charlie, kind, meeting, preview=preview).status_code == 404


def test_the_command_writes_a_packet_and_says_what_is_wrong(
    board: Board, alice: User, tmp_path: Path
) -> None:
    empty = create_meeting(by=alice, board=board, starts_at=timezone.now() + datetime.timedelta(days=2))
    target = tmp_path / "packet.pdf"
    call_command("document", "packet", str(empty.uid), output=str(target))
    assert "No case is on the agenda." in pages(target.read_bytes())[0]
    for wrong in ("nonsense", "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(CommandError, match="No meeting has the id"):
            call_command("document", "packet", wrong, output=str(target))
