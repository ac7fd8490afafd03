"""OWASP ASVS 5.0, level 2: authentication, sessions, authorization; each requirement with what shows it.

The numbers are the standard's; the words are ours. What a test shows is named as `file::test` below `tests/`;
what no test can show, or does not concern this application, has a reason.
"""

import ast
import re
from pathlib import Path

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

TESTS = Path(__file__).resolve().parents[1]

ACCOUNTS, ACCESS = "cases/test_accounts.py", "cases/test_views_access.py"
FACTORS, LIMITS, SESSIONS = "config/test_factors.py", "config/test_limits.py", "config/test_sessions.py"
PASSWORDS, PROVIDER = "config/test_passwords.py", "config/test_provider.py"
REFUSED = f"{PASSWORDS}::test_a_password_is_refused_for_what_makes_it_guessable"
README = "README.md, Production, says it"

AUTHENTICATION = {
    # Documentation
    "6.1.1": ("how guessing is slowed down, and why nobody can lock another out", README),
    "6.1.2": ("the words that no password may hold", f"{README}; config/passwords.py lists ours"),
    "6.1.3": ("every way in, and what is asked on each", README),
    # Passwords
    "6.2.1": ("twelve characters or more", REFUSED),
    "6.2.2": ("one's own password can be changed", f"{SESSIONS}::test_somebody_changes_their_password"),
    "6.2.3": ("and takes the old one", f"{LIMITS}::test_changing_the_password_counts_for_itself"),
    "6.2.4": ("none of the commonest", REFUSED),
    "6.2.5": ("any characters, none asked for", REFUSED),
    "6.2.6": ("typed unseen", "config/test_asvs.py::test_passwords_are_typed_unseen_and_may_be_pasted"),
    "6.2.7": (
        "pasted or filled in",
        "config/test_asvs.py::test_passwords_are_typed_unseen_and_may_be_pasted",
    ),
    "6.2.8": (
        "looked at as it was typed",
        "config/test_asvs.py::test_a_password_is_looked_at_as_it_was_typed",
    ),
    "6.2.9": ("128 characters are taken", REFUSED),
    "6.2.10": ("no password runs out", "Nothing in the code asks for a new one after a time."),
    "6.2.11": ("none with a word of the place", REFUSED),
    "6.2.12": ("none that has leaked, by a list on this machine", REFUSED),
    # In general
    "6.3.1": (
        "guessing is slowed down",
        f"{LIMITS}::test_a_stranger_closes_a_name_for_nobody_elsewhere_and_for_no_session",
    ),
    "6.3.2": (
        "no account that everybody knows",
        f"{SESSIONS}::test_a_demonstration_account_cannot_log_in_in_production",
    ),
    "6.3.3": (
        "a second factor: of all with SECOND_FACTOR=everybody, else of those who sign or administer",
        f"{FACTORS}::test_where_everybody_needs_one_nobody_reads_without",
    ),
    "6.3.4": ("no way in that asks less", f"{ACCOUNTS}::test_a_forgotten_password_and_a_lost_phone"),
    # Their life
    "6.4.1": (
        "a first password is set by its person, through a link that is good once, for a day",
        f"{ACCOUNTS}::test_an_account_is_made_and_its_person_sets_the_password",
    ),
    "6.4.2": ("no secret questions", "There are none."),
    "6.4.3": (
        "a forgotten password does not lead past a second factor",
        f"{ACCOUNTS}::test_a_forgotten_password_and_a_lost_phone",
    ),
    "6.4.4": (
        "a lost factor is taken away by who knows the person",
        "The page asks the administrator to see or call the person, as when they got the account.",
    ),
    # Factors
    "6.5.1": ("each code once", f"{FACTORS}::test_a_log_in_with_a_factor_has_two_steps"),
    "6.5.2": (
        "recovery codes are not stored",
        "They follow from a seed of more than 112 bits, encrypted under a key outside of the database: "
        f"{FACTORS}::test_an_app_is_set_up_after_saying_once_more_who_one_is",
    ),
    "6.5.3": ("drawn by the system's generator", "allauth draws seeds and codes with Python's secrets."),
    "6.5.4": ("recovery codes of 12 digits, 39 bits", f"{FACTORS}::test_a_recovery_code_works_once"),
    "6.5.5": ("a code is good for 30 seconds", "config/test_asvs.py::test_a_code_is_good_for_half_a_minute"),
    "6.6.1": ("no codes by telephone", "There are none."),
    "6.6.2": ("a step belongs to its log-in", f"{FACTORS}::test_a_log_in_with_a_factor_has_two_steps"),
    "6.6.3": (
        "guessing codes is slowed down",
        f"{FACTORS}::test_five_wrong_codes_close_the_step_here_and_nowhere_else",
    ),
    # Another provider
    "6.8.1": (
        "one provider, and its own id of a person beside the name",
        f"{PROVIDER}::test_a_name_that_is_given_to_somebody_else_there_opens_nothing",
    ),
    "6.8.2": ("its signature is looked at", f"{PROVIDER}::test_what_another_has_signed_is_not_believed"),
    "6.8.3": ("no SAML", "There is none."),
    "6.8.4": (
        "what it says of strength is not relied on: the second factor is asked for here",
        f"{PROVIDER}::test_the_second_factor_is_asked_for_as_ever",
    ),
}

SESSION = {
    "7.1.1": ("half an hour idle, twelve hours in all", README),
    "7.1.2": ("as many sessions as one likes, each seen and ended by its person", README),
    "7.1.3": ("a session here does not depend on the provider's", README),
    "7.2.1": (
        "known to the server alone",
        f"{SESSIONS}::test_half_an_hour_without_a_request_ends_the_session",
    ),
    "7.2.2": ("made anew for each log-in", "config/test_asvs.py::test_saying_who_one_is_makes_a_new_key"),
    "7.2.3": ("of 32 random characters", "Django draws 165 bits for each with Python's secrets."),
    "7.2.4": ("and once more for each proof", "config/test_asvs.py::test_saying_who_one_is_makes_a_new_key"),
    "7.3.1": ("idle, it ends", f"{SESSIONS}::test_half_an_hour_without_a_request_ends_the_session"),
    "7.3.2": (
        "at work, it ends too",
        f"{SESSIONS}::test_twelve_hours_end_the_session_however_much_is_done",
    ),
    "7.4.1": ("ended, it is gone", f"{SESSIONS}::test_log_off_needs_a_form_and_ends_the_session"),
    "7.4.2": (
        "a closed account has none",
        f"{ACCOUNTS}::test_a_closed_account_is_out_and_its_sessions_stay_dead",
    ),
    "7.4.3": (
        "a new password ends the others; the page of factors leads to them",
        f"{SESSIONS}::test_a_new_password_ends_every_other_session",
    ),
    "7.4.4": ("Log off is on every page", "config/test_asvs.py::test_log_off_is_in_the_frame_of_every_page"),
    "7.4.5": (
        "administrators end a person's sessions",
        f"{ACCOUNTS}::test_sessions_are_ended_by_the_administrator",
    ),
    "7.5.1": (
        "factors are changed after saying once more who one is",
        f"{FACTORS}::test_a_factor_is_removed_after_saying_so_once_more",
    ),
    "7.5.2": (
        "one's sessions are seen and ended, after the same",
        f"{SESSIONS}::test_a_person_sees_their_sessions_and_ends_them_from_elsewhere",
    ),
    "7.6.1": ("the provider's session and ours end each for itself", README),
    "7.6.2": (
        "no session without somebody's act",
        f"{PROVIDER}::test_an_answer_that_nobody_asked_for_is_not_taken",
    ),
}

AUTHORIZATION = {
    "8.1.1": (
        "who may do what",
        "cases/access.py is the one place; a board's administrator reads it as a table.",
    ),
    "8.1.2": ("what of a row depends on its state", "README.md, How a case meets its board, says it."),
    "8.2.1": ("pages by right", f"{ACCESS}::test_members_see_their_pages"),
    "8.2.2": ("rows by right", f"{ACCESS}::test_outsider_gets_404_and_reads_nothing"),
    "8.2.3": (
        "fields by right",
        "A form has the fields that its action takes; no action takes a column by its name.",
    ),
    "8.3.1": (
        "asked for on the server, in the action itself",
        "cases/test_access.py::test_the_door_opens_for_exactly_the_rights_of_the_role",
    ),
    "8.4.1": ("a board sees nothing of another's", f"{ACCESS}::test_outsider_gets_404_and_reads_nothing"),
}

TABLE = AUTHENTICATION | SESSION | AUTHORIZATION

# The sections of the standard's chapters 6 (authentication), 7 (sessions), 8 (authorization), levels 1 and 2:
# how many requirements each has.
SECTIONS = {
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
}  # fmt: skip


def test_every_requirement_of_level_2_is_answered() -> None:
    wanted = [f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)]
    assert list(TABLE) == wanted


@pytest.mark.parametrize("number", TABLE)
def test_what_is_said_to_show_it_is_there(number: str) -> None:
    words, shown = TABLE[number]
    assert words
    if "::" not in shown:
        assert shown.startswith("README") or shown.endswith(".")
        return
    file, _, name = shown.rpartition(" ")[2].partition("::")
    found = ast.parse((TESTS / file).read_text())
    assert name in {part.name for part in ast.walk(found) if isinstance(part, ast.FunctionDef)}


# --- What no other test shows -------------------------------------------------------------------------

RIGHT = "a long password"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/password/", "/accounts/again/"])
def test_passwords_are_typed_unseen_and_may_be_pasted(client: Client, alice: User, address: str) -> None:
    if address != "/accounts/login/":
        client.force_login(alice)
    shown = client.get(address).content.decode()
    boxes = re.findall(r"<input[^>]*name=.(?:password|old_password|new_password1).[^>]*>", shown)
    assert boxes
    for box in boxes:
        assert 'type="password"' in box
        assert "onpaste" not in box
        assert 'autocomplete="off"' not in box


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", [RIGHT.upper(), RIGHT[:-1], f"{RIGHT} ", f" {RIGHT}", RIGHT.replace(" ", ""), f"{RIGHT}x"]
)
def test_a_password_is_looked_at_as_it_was_typed(client: Client, alice: User, typed: str) -> None:
    response = client.post("/accounts/login/", {"username": "alice", "password": typed})
    assert response.status_code == 200
    assert not client.get("/accounts/session/").json()["signed_in"]


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "taken"), [(0, True), (-30, False), (30, False)])
def test_a_code_is_good_for_half_a_minute(seconds: int, taken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, now = totp.generate_totp_secret(), 1_800_000_000
    monkeypatch.setattr(totp.time, "time", lambda: now + seconds)
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    monkeypatch.setattr(totp.time, "time", lambda: now)
    assert totp.validate_totp_code(secret, code) == taken


@pytest.mark.django_db
def test_saying_who_one_is_makes_a_new_key(client: Client, alice: User) -> None:
    keys = []
    for address, data in (
        ("/accounts/login/", {"username": "alice", "password": RIGHT}),
        ("/accounts/again/?next=/accounts/sessions/", {"password": RIGHT}),
    ):
        client.post(address, data)
        keys.append(client.cookies["sessionid"].value)
    assert len(set(keys)) == 2
    assert not Session.objects.filter(pk=keys[0]).exists()
    assert "This one" in client.get("/accounts/sessions/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/accounts/factors/", "/guideline/", "/boards/"])
def test_log_off_is_in_the_frame_of_every_page(client: Client, alice: User, address: str) -> None:
    client.force_login(alice)
    assert '<form method="post" action="/accounts/logout/">' in client.get(address).content.decode()
