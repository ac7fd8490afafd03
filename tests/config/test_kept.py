"""What was typed when a session ended: kept for its writer, encrypted, and for nobody else."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from cryptography import fernet
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from cases.models import Case
from cases.views import entry
from config import kept, owner
from config.kept import Typed
from config.models import KEPT_FOR, KeptForm, WrongTries
from config.sealing import seal, unseal
from tests.cases.test_concurrency import at_once
from tests.factories import CaseFactory

PASSWORD = "a long password"  # what tests.conftest gives everybody
LOGIN, LOGOUT, KEPT = "/accounts/login/", "/accounts/logout/", "/accounts/kept/"
WORDS = 'liver <b>"lesion"</b>\r\n2 cm Quandt'  # what nobody but Alice may see


class Desk(Client):
    """One browser: real tokens, real log-ins, the same cookies whoever sits before it."""

    def __init__(self) -> None:
        super().__init__(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})

    def token(self, form: str = LOGIN) -> str:
        return str(self.get(form).context["csrf_token"])

    def log_in(self, username: str, kept: str = "", token: str = "", password: str = PASSWORD) -> Any:
        data = {"username": username, "password": password, "csrfmiddlewaretoken": token or self.token()}
        return self.post(LOGIN, data | ({"kept": kept} if kept else {}), follow=True)

    def log_off(self) -> None:
        assert self.post(LOGOUT, {"csrfmiddlewaretoken": self.token("/")}).status_code == 302

    def send(self, form: str, token: str, **fields: Any) -> Any:
        return self.post(form, {"csrfmiddlewaretoken": token, **fields})


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def case(alice: User) -> Case:
    found: Case = CaseFactory(board=alice.memberships.get().board, created_by=alice)
    return found


@pytest.fixture
def form(case: Case) -> str:
    return reverse("cases:new_item", args=[case.uid, "pathology"])


def end_all_sessions() -> None:
    Session.objects.update(expire_date=timezone.now())


def text(response: Any) -> str:
    return unescape(response.content.decode())


def kept_token(response: Any) -> str:
    """What the page says of the kept form: a token."""
    found = re.search(r'<input type="hidden" name="kept" value="([^"]*)">', response.content.decode())
    assert found, response.content.decode()
    return found[1]


def sent_too_late(desk: Desk, form: str, **fields: Any) -> Any:
    """Alice logs in and types; her session ends; she sends."""
    desk.log_in("alice")
    token = desk.token(form)
    end_all_sessions()
    return desk.send(form, token, **({"lab_number": WORDS} | fields))


# --- Its writer comes back --------------------------------------------------------------------------


def test_a_form_sent_too_late_is_sent_after_the_log_in(desk: Desk, case: Case, form: str) -> None:
    late = sent_too_late(desk, form, lab_number="H26-1182", specimen="biopsy", ki67="45")
    assert late.status_code == 403
    assert "What you typed is kept" in text(late)
    assert "H26-1182" not in text(late)

    token = kept_token(late)
    wrong = desk.log_in("alice", kept=token, password="wrong")
    assert kept_token(wrong) == token

    shown = desk.log_in("alice", kept=token)
    assert shown.request["PATH_INFO"] == KEPT
    assert "Pathology: new entry" in text(shown)
    assert "H26-1182" in text(shown)
    assert reverse("cases:case", args=[case.uid]) in text(shown)
    assert f'<form method="post" action="{form}"' in text(shown)
    assert 'name="lab_number"' not in text(shown)

    sent = desk.send(form, shown.context["csrf_token"], kept=kept_token(shown))
    report = case.pathology_reports.get()
    assert sent.headers["Location"].endswith(f"/pathology/{report.uid}/")
    assert (report.lab_number, report.ki67) == ("H26-1182", "45")
    assert not KeptForm.objects.exists()


def test_what_is_wrong_in_it_is_said_as_ever(desk: Desk, form: str) -> None:
    late = sent_too_late(desk, form, ki67="450", comment=WORDS)
    shown = desk.log_in("alice", kept=kept_token(late))
    sent = desk.send(form, shown.context["csrf_token"], kept=kept_token(shown))
    assert sent.status_code == 422
    assert "0 to 100" in text(sent)
    assert WORDS.replace("\r\n", "\n") in text(sent).replace("\r\n", "\n")


def test_a_form_is_sent_once(desk: Desk, case: Case, form: str) -> None:
    late = sent_too_late(desk, form, lab_number="H26-1182")
    shown = desk.log_in("alice", kept=kept_token(late))
    token = kept_token(shown)
    desk.send(form, shown.context["csrf_token"], kept=token)
    again = desk.post(form, {"csrfmiddlewaretoken": desk.token("/"), "kept": token}, follow=True)
    assert "has been sent already" in text(again)
    assert case.pathology_reports.count() == 1


@pytest.mark.django_db(transaction=True)
def test_clicked_three_times_at_once_it_is_claimed_once(desk: Desk, form: str, alice: User) -> None:
    token = kept_token(sent_too_late(desk, form))
    claimed = at_once(*[lambda: kept.claim(alice, token, form)] * 3)
    assert sorted(found is not None for found in claimed) == [False, False, True]


def test_a_form_goes_where_it_was_going_and_nowhere_else(desk: Desk, case: Case, form: str) -> None:
    shown = desk.log_in("alice", kept=kept_token(sent_too_late(desk, form)))
    other = reverse("cases:new_item", args=[case.uid, "imaging"])
    desk.send(other, shown.context["csrf_token"], kept=kept_token(shown))
    assert case.imaging_studies.count() == 0
    assert KeptForm.objects.readable().count() == 1


def test_a_failure_on_the_way_leaves_it_kept(
    desk: Desk, case: Case, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = desk.log_in("alice", kept=kept_token(sent_too_late(desk, form)))
    desk.raise_request_exception = False

    def fails(**kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(entry, "add_part", fails)
    assert desk.send(form, shown.context["csrf_token"], kept=kept_token(shown)).status_code == 500
    assert "Pathology: new entry" in text(desk.get(KEPT))


def test_its_writer_finds_it_at_any_log_in(desk: Desk, form: str) -> None:
    sent_too_late(desk, form)
    assert "Pathology: new entry" in text(Desk().log_in("alice"))


def test_its_writer_finds_it_when_logged_in_again_in_another_tab(desk: Desk, form: str) -> None:
    late = sent_too_late(desk, form)
    first = str(late.context["csrf_token"])
    desk.log_in("alice")
    shown = desk.log_in("alice", kept=kept_token(late), token=first)
    assert (shown.request["PATH_INFO"], shown.status_code) == (KEPT, 200)
    assert "Pathology: new entry" in text(shown)


def test_a_form_that_another_tab_has_made_stale_is_offered_at_once(desk: Desk, form: str) -> None:
    desk.log_in("alice")
    old = desk.token(form)
    desk.log_off()
    desk.log_in("alice")
    late = desk.send(form, old, lab_number="H26-1182")
    assert late.headers["Location"] == KEPT
    assert "H26-1182" in text(desk.get(KEPT))


def test_a_form_sent_after_a_log_off_is_kept(desk: Desk, form: str) -> None:
    desk.log_in("alice")
    old = desk.token(form)
    desk.log_off()
    late = desk.send(form, old, lab_number="H26-1182")
    assert "H26-1182" in text(desk.log_in("alice", kept=kept_token(late)))


def test_sent_twice_it_is_kept_once_and_two_are_offered_one_after_the_other(
    desk: Desk, case: Case, form: str
) -> None:
    desk.log_in("alice")
    token = desk.token(form)
    end_all_sessions()
    for number in ("H26-1", "H26-2", "H26-2"):
        late = desk.send(form, token, lab_number=number)
    shown = desk.log_in("alice", kept=kept_token(late))
    assert [dict(typed.fields)["lab_number"] for _, typed in shown.context["offers"]] == ["H26-2", "H26-1"]
    sent = desk.post(
        form, {"csrfmiddlewaretoken": shown.context["csrf_token"], "kept": kept_token(shown)}, follow=True
    )
    assert f'One more form is kept for you: <a href="{KEPT}">' in text(sent)
    desk.send(KEPT, sent.context["csrf_token"], kept=kept_token(desk.get(KEPT)))
    assert "Nothing is kept for you" in text(desk.get(KEPT))
    assert case.pathology_reports.get().lab_number == "H26-2"


def test_no_more_than_ten_wait_for_one_person(desk: Desk, form: str) -> None:
    desk.log_in("alice")
    token = desk.token(form)
    end_all_sessions()
    for number in range(12):
        desk.send(form, token, lab_number=f"H26-{number}")
    assert KeptForm.objects.count() == kept.MOST


def test_its_writer_discards_it(desk: Desk, form: str) -> None:
    shown = desk.log_in("alice", kept=kept_token(sent_too_late(desk, form)))
    gone = desk.send(KEPT, shown.context["csrf_token"], kept=kept_token(shown))
    assert gone.headers["Location"] == "/"
    assert not KeptForm.objects.exists()


def test_sending_it_after_the_session_has_ended_once_more_keeps_it(desk: Desk, form: str) -> None:
    shown = desk.log_in("alice", kept=kept_token(sent_too_late(desk, form)))
    end_all_sessions()
    assert desk.send(form, shown.context["csrf_token"], kept=kept_token(shown)).status_code == 302
    assert "Pathology: new entry" in text(desk.log_in("alice"))


# --- Somebody else at the same browser -----------------------------------------------------------


def test_another_persons_log_in_on_that_page_drops_it_and_its_writer_is_told(
    desk: Desk, bob: User, form: str
) -> None:
    late = sent_too_late(desk, form)
    assert "if somebody else logs in here, it is dropped" in text(late)
    there = desk.log_in("bob", kept=kept_token(late))
    assert there.request["PATH_INFO"] == "/"
    for shown in (there, desk.get(KEPT)):
        assert "Quandt" not in text(shown)
        assert "Pathology: new entry" not in text(shown)
    assert [(row.sealed, row.dropped) for row in KeptForm.objects.all()] == [("", True)]

    desk.log_off()
    told = desk.log_in("alice")
    assert told.request["PATH_INFO"] == "/"
    assert "Pathology: new entry, " in text(told)
    assert "was not saved and is deleted, because somebody else was logged in" in text(told)
    assert "Pathology: new entry" not in text(desk.get("/"))
    assert not KeptForm.objects.exists()


def test_somebody_else_can_log_in_without_dropping_it(desk: Desk, bob: User, form: str) -> None:
    sent_too_late(desk, form)
    assert "Nothing is kept for you" in text(desk.log_in("bob") and desk.get(KEPT))
    desk.log_off()
    assert "Quandt" in text(desk.log_in("alice"))


def test_a_token_is_of_no_use_to_anybody_else(desk: Desk, bob: User, case: Case, form: str) -> None:
    token = kept_token(sent_too_late(desk, form))
    desk.log_in("bob")
    for action in (form, KEPT):
        desk.send(action, desk.token("/"), kept=token)
    assert case.pathology_reports.count() == 0
    assert KeptForm.objects.readable().count() == 1


def test_a_form_sent_while_somebody_else_is_logged_in_is_dropped(
    desk: Desk, bob: User, case: Case, form: str
) -> None:
    desk.log_in("alice")
    old = desk.token(form)
    desk.log_off()
    desk.log_in("bob")
    late = desk.send(form, old, lab_number=WORDS)
    assert late.status_code == 403
    assert "Somebody else's form" in text(late)
    assert "Quandt" not in text(late)
    assert [row.sealed for row in KeptForm.objects.all()] == [""]
    assert case.pathology_reports.count() == 0
    desk.log_off()
    assert "because somebody else was logged in at that screen" in text(desk.log_in("alice"))


def test_a_form_belongs_to_whose_page_it_was_on_not_to_whoever_came_last(
    desk: Desk, bob: User, form: str
) -> None:
    """Alice types; Bob logs in and off; then Alice's page is sent, with nobody logged in."""
    desk.log_in("alice")
    old = desk.token(form)
    desk.log_off()
    desk.log_in("bob")
    desk.log_off()
    late = desk.send(form, old, lab_number=WORDS)
    assert KeptForm.objects.get().owner.username == "alice"
    assert "Quandt" not in text(desk.log_in("bob", kept=kept_token(late)))


# --- Nobody -----------------------------------------------------------------------------------------


def test_an_anonymous_visitor_makes_none(desk: Desk, form: str) -> None:
    late = desk.send(form, desk.token(), lab_number=WORDS)
    assert late.headers["Location"] == f"/accounts/login/?next={form}"
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("by", ["log-off", "idleness"])
def test_a_visitor_after_alice_makes_none_in_her_name(desk: Desk, form: str, by: str) -> None:
    desk.log_in("alice")
    if by == "log-off":
        desk.log_off()
    end_all_sessions()
    assert desk.send(form, desk.token(), lab_number="words of a stranger").status_code == 302
    assert not KeptForm.objects.exists()


def test_an_open_page_that_asks_for_the_session_keeps_its_token(desk: Desk, form: str) -> None:
    desk.log_in("alice")
    token = desk.token(form)
    end_all_sessions()
    assert desk.get("/accounts/session/").json() == {"signed_in": False}
    swap = desk.post(form, {"csrfmiddlewaretoken": token}, headers={"HX-Request": "true"})
    assert swap.status_code == 401
    assert kept_token(desk.send(form, token, lab_number="H26-1182"))


def test_the_log_in_page_around_a_kept_form_makes_no_other(desk: Desk, form: str) -> None:
    late = sent_too_late(desk, form)
    token = str(late.context["csrf_token"])
    assert desk.send(form, token, lab_number="words of a stranger").status_code == 302
    assert KeptForm.objects.count() == 1


@pytest.mark.parametrize("note", ["", "nonsense", "forged", "other"])
def test_only_our_own_note_says_whose_a_page_is(desk: Desk, alice: User, form: str, note: str) -> None:
    desk.log_in("alice")
    token = desk.token(form)
    end_all_sessions()
    (known,) = signing.loads(desk.cookies[settings.PAGE_OWNERS_COOKIE_NAME].value, salt=owner.SALT)
    forged = {"forged": {"key": "another key", "salt": owner.SALT}, "other": {"salt": "other"}}
    desk.cookies[settings.PAGE_OWNERS_COOKIE_NAME] = (
        signing.dumps([known], **forged[note]) if note in forged else note
    )
    assert desk.send(form, token, lab_number=WORDS).status_code == 302
    assert not KeptForm.objects.exists()


def test_a_page_that_two_are_noted_for_is_nobodys(desk: Desk, alice: User, bob: User, form: str) -> None:
    desk.log_in("alice")
    token = desk.token(form)
    end_all_sessions()
    ((digest, pk),) = signing.loads(desk.cookies[settings.PAGE_OWNERS_COOKIE_NAME].value, salt=owner.SALT)
    desk.cookies[settings.PAGE_OWNERS_COOKIE_NAME] = signing.dumps(
        [(digest, pk), (digest, bob.pk)], salt=owner.SALT
    )
    assert desk.send(form, token, lab_number=WORDS).status_code == 302


def test_a_deactivated_persons_form_is_not_kept(desk: Desk, alice: User, form: str) -> None:
    desk.log_in("alice")
    token = desk.token(form)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert desk.send(form, token, lab_number=WORDS).status_code == 302
    assert not KeptForm.objects.exists()


def test_a_browser_remembers_ten_log_ins(desk: Desk, alice: User) -> None:
    for _ in range(owner.MOST + 2):
        desk.log_in("alice")
        desk.log_off()
    note = desk.cookies[settings.PAGE_OWNERS_COOKIE_NAME]
    assert len(signing.loads(note.value, salt=owner.SALT)) == owner.MOST
    assert (note["httponly"], note["samesite"], note["max-age"]) == (True, "Lax", "")


@pytest.mark.parametrize("token", ["", "x", "x" * 64, "é" * 32, "x" * 32])
def test_what_is_no_token_of_ours_is_nobodys(desk: Desk, form: str, token: str) -> None:
    desk.log_in("alice")
    desk.log_off()
    assert desk.send(form, token, lab_number=WORDS).status_code == 403
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://testserver.evil.example"])
def test_a_form_that_somebody_else_made_is_not_offered(desk: Desk, form: str, origin: str | None) -> None:
    desk.log_in("alice")
    old = desk.token(form)
    desk.log_off()
    desk.log_in("alice")
    desk.defaults.pop("HTTP_ORIGIN")
    given = {"Origin": origin} if origin else {}
    data = {"lab_number": "evil words", "csrfmiddlewaretoken": old}
    response = desk.post(form, data, headers=given)
    assert response.status_code == 403
    assert "Please send the form again" in text(response)
    assert not KeptForm.objects.exists()


# --- What is never kept -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/password/",
        "/accounts/kept/",
        "/accounts/session/",
        "/admin/login/",
        "/admin/cases/membership/add/",
        "/guideline/",
        "/cases/8a3f7c7e-3a5b-4a52-9d53-0b1a1c1d2e3f/decision/sign/",
    ],
)
def test_never_of_accounts_the_administration_or_a_signature(desk: Desk, alice: User, address: str) -> None:
    desk.log_in("alice")
    token = desk.token("/")
    end_all_sessions()
    desk.send(address, token, anything=WORDS, username="bob", record_number="R-314159")
    desk.log_in("alice")
    desk.send(address, token, anything=WORDS, username="bob", record_number="R-314159")
    assert not KeptForm.objects.exists()


def test_never_a_password_or_a_file(desk: Desk, form: str) -> None:
    desk.log_in("alice")
    token = desk.token(form)
    end_all_sessions()
    assert desk.send(form, token, lab_number="x", new_password1="secret").status_code == 302
    with open(__file__, "rb") as file:
        assert desk.send(form, token, lab_number="x", scan=file).status_code == 302
    assert not KeptForm.objects.exists()


def test_a_form_with_nothing_in_it_is_just_a_log_in(desk: Desk, form: str) -> None:
    desk.log_in("alice")
    token = desk.token(form)
    end_all_sessions()
    assert desk.send(form, token).status_code == 302
    assert not KeptForm.objects.exists()


def test_a_swap_is_not_kept(desk: Desk, form: str) -> None:
    desk.log_in("alice")
    token = desk.token(form)
    end_all_sessions()
    data = {"lab_number": WORDS, "csrfmiddlewaretoken": token}
    assert desk.post(form, data, headers={"HX-Request": "true"}).status_code == 401
    desk.log_in("alice")
    assert desk.post(form, data, headers={"HX-Request": "true"}).status_code == 403
    assert not KeptForm.objects.exists()


# --- Twelve hours -----------------------------------------------------------------------------------


def test_it_is_gone_after_twelve_hours(desk: Desk, form: str) -> None:
    token = kept_token(sent_too_late(desk, form))
    KeptForm.objects.update(kept_at=timezone.now() - KEPT_FOR)
    shown = desk.post(LOGIN, {"username": "x", "kept": token, "csrfmiddlewaretoken": desk.token()})
    assert 'name="kept"' not in text(shown)
    assert desk.log_in("alice", kept=token).request["PATH_INFO"] == "/"
    assert not KeptForm.objects.exists()


def test_a_younger_date_in_the_row_does_not_help(
    desk: Desk, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_too_late(desk, form)
    later = timezone.now() + KEPT_FOR + timedelta(seconds=5)
    monkeypatch.setattr(fernet.time, "time", later.timestamp)
    assert kept.offers_to(KeptForm.objects.get().owner) == []


def test_whoever_logs_in_or_keeps_a_form_clears_away_what_is_too_old(
    desk: Desk, bob: User, form: str
) -> None:
    sent_too_late(desk, form)
    old = timezone.now() - KEPT_FOR
    KeptForm.objects.update(kept_at=old)
    Desk().log_in("bob")
    assert not KeptForm.objects.exists()
    KeptForm.objects.create(owner=bob, what="Comment", sealed="x", kept_at=old)
    sent_too_late(desk, form)
    assert KeptForm.objects.get().owner.username == "alice"


def test_a_command_clears_away_what_is_too_old(
    desk: Desk, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sent_too_late(desk, form)
    call_command("forget_kept")
    KeptForm.objects.update(kept_at=timezone.now() - KEPT_FOR)
    call_command("forget_kept")
    assert capsys.readouterr().out == (
        "0 kept form(s) and 0 kept file(s) deleted.\n1 kept form(s) and 0 kept file(s) deleted.\n"
    )


def test_a_note_waits_until_it_is_read(desk: Desk, bob: User, form: str) -> None:
    desk.log_in("bob", kept=kept_token(sent_too_late(desk, form)))
    KeptForm.objects.update(kept_at=timezone.now() - timedelta(days=20))
    desk.log_off()
    assert "was not saved and is deleted" in text(desk.log_in("alice"))


# --- What can be read of it -------------------------------------------------------------------------


def test_the_database_holds_nothing_readable(desk: Desk, form: str) -> None:
    sent_too_late(desk, form, comment="Quandt, Anna")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM config_keptform")
        stored = json.dumps([str(value) for value in cursor.fetchone()])
    assert "Quandt" not in stored
    assert form not in stored
    assert "Pathology: new entry" in stored


def test_no_address_and_no_log_holds_it(
    desk: Desk, bob: User, form: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    shown = desk.log_in("alice", kept=kept_token(sent_too_late(desk, form)))
    where = [address for address, _ in shown.redirect_chain]
    desk.send(form, shown.context["csrf_token"], kept=kept_token(shown))
    written = "\n".join(
        str(record.__dict__) for record in caplog.records if record.name != "django.db.backends"
    )
    assert where == [KEPT]
    assert "Quandt" not in written


@pytest.mark.parametrize(("who", "dropped"), [("alice", False), ("bob", True)])
def test_it_is_kept_and_dropped_as_ever_across_a_second_factor(
    desk: Desk, form: str, bob: User, who: str, dropped: bool
) -> None:
    token = kept_token(sent_too_late(desk, form))
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(User.objects.get(username=who), secret)
    asked = desk.log_in(who, kept=token)
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    step = {"code": code, "csrfmiddlewaretoken": str(asked.context["csrf_token"])}
    shown = desk.post(asked.request["PATH_INFO"], step, follow=True)
    assert KeptForm.objects.get().dropped == dropped
    assert (shown.request["PATH_INFO"] == KEPT) == (not dropped)


def test_a_failed_log_in_stores_nothing_of_it(desk: Desk, form: str) -> None:
    token = kept_token(sent_too_late(desk, form))
    desk.log_in("alice", kept=token, password="wrong")
    (stored,) = WrongTries.objects.values()
    assert not {token, "alice", "wrong"} & {str(value) for value in stored.values()}


def test_a_row_is_opened_as_it_was_written_and_no_other_way(desk: Desk, bob: User, form: str) -> None:
    sent_too_late(desk, form)
    row = KeptForm.objects.get()
    assert kept.opened(row) == Typed(form, (("lab_number", WORDS),), form.split("pathology")[0])
    row.owner = bob
    assert kept.opened(row) is None
    other = KeptForm(owner=User.objects.get(username="alice"), sealed=row.sealed)
    assert kept.opened(other) is None


@pytest.mark.parametrize("values", [{"dropped": True, "sealed": "x"}, {"dropped": False, "sealed": ""}])
def test_a_row_is_sealed_or_dropped(alice: User, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        KeptForm.objects.create(owner=alice, what="Comment", **values)


def test_a_former_key_opens_and_only_today_s_seals(settings: Any) -> None:
    settings.SECRET_KEY = "the first key"
    first = seal("Quandt é\0")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the second key", ["the first key"]
    assert unseal(first, KEPT_FOR) == "Quandt é\0"
    second = seal("words")
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(first, KEPT_FOR) is None
    assert unseal(second, KEPT_FOR) == "words"
    assert unseal("nonsense", KEPT_FOR) is None


def test_it_survives_a_change_of_the_key(desk: Desk, form: str, settings: Any) -> None:
    desk.log_in("alice")
    token = desk.token(form)
    end_all_sessions()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]
    late = desk.send(form, token, lab_number=WORDS)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a newer key", ["a new key"]
    assert "Quandt" in text(desk.log_in("alice", kept=kept_token(late)))


# --- Its words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/cases/new/", "New case"),
        ("/cases/{}/", "Referral"),
        ("/cases/{}/patient/", "Patient"),
        ("/cases/{}/pathology/", "Pathology: newest entry"),
        ("/cases/{}/imaging/new/", "Imaging: new entry"),
        ("/cases/{}/treatment/{}/", "Treatment: entry"),
        ("/cases/{}/molecular/{}/remove/", "Molecular: removal"),
        ("/cases/{}/comments/add/", "Comment"),
        ("/cases/{}/decision/", "Decision"),
        ("/cases/{}/decisions/{}/supersede/", "New decision"),
        ("/cases/{}/agenda/", "Agenda"),
        ("/meetings/new/", "New meeting"),
        ("/meetings/{}/put/", "Put on agenda"),
    ],
)
def test_a_form_is_named_by_its_address(address: str, words: str) -> None:
    uid = "8a3f7c7e-3a5b-4a52-9d53-0b1a1c1d2e3f"
    assert kept.words_of(resolve(address.replace("{}", uid))) == words


def test_the_lines_say_what_was_typed() -> None:
    typed = Typed(
        "/", (("item", "8a"), ("version", "3"), ("lab_number", "H26"), ("steps-0-text", " "), ("a", "1"))
    )
    assert list(typed.lines()) == [("Lab number", "H26"), ("A", "1")]


def test_a_button_is_nothing_that_somebody_typed() -> None:
    typed = Typed("/", (("take", "ki67 80 %"), ("then", "next"), ("question", "Why?")))
    assert list(typed.lines()) == [("Question", "Why?")]
