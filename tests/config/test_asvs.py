"""OWASP ASVS 5.0, level 2: each requirement with what shows it. Here encoding, browsers, authentication,
sessions, authorization; the other chapters in asvs_exchange.py and asvs_systems.py.

The numbers are the standard's; the words are ours. What a test shows is named as `file::test` below `tests/`;
what no test can show, or does not concern this application, has a reason, and what is not met says so.
"""

import ast
import re
from pathlib import Path

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from gunicorn.config import Config
from gunicorn.http.errors import InvalidHeader, InvalidHeaderName
from gunicorn.http.parser import RequestParser

from tests.config import asvs_exchange, asvs_systems

TESTS = Path(__file__).resolve().parents[1]

ACCOUNTS, ACCESS = "cases/test_accounts.py", "cases/test_views_access.py"
FACTORS, LIMITS, SESSIONS = "config/test_factors.py", "config/test_limits.py", "config/test_sessions.py"
PASSWORDS, PROVIDER = "config/test_passwords.py", "config/test_provider.py"
REFUSED = f"{PASSWORDS}::test_a_password_is_refused_for_what_makes_it_guessable"
README = "README.md, Production, says it"
HEADERS = "config/test_responses.py::test_every_answer_has_every_header"
COOKIES = "config/test_responses.py::test_cookies_are_of_this_host_alone"
HOSTILE = "cases/test_hostile_texts.py::test_every_page_shows_it_as_text"
TOKEN_MISSING = "config/test_responses.py::test_a_missing_token_says_what_to_do"
CHECKED = "A rule of .ci/rules, which make check runs"

ENCODING = {
    "1.1.1": (
        "decoded once, and only from UTF-8",
        "config/test_responses.py::test_a_form_in_another_character_set_is_a_bad_request",
    ),
    "1.1.2": ("escaped as it is written out, and stored as it was typed", HOSTILE),
    # What would be taken for something else than text
    "1.2.1": ("in pages, headers, tables, calendar files", HOSTILE),
    "1.2.2": ("no address is made of what was typed", HOSTILE),
    "1.2.3": ("nor a script", HOSTILE),
    "1.2.4": ("values are parameters", f"{CHECKED}: values-are-parameters, queries-are-the-orms."),
    "1.2.5": ("no command is made of what was typed", "bandit and ruff, in make check: no shell is called."),
    "1.2.6": ("no LDAP", "There is none."),
    "1.2.7": ("no XPath", "There is none."),
    "1.2.8": ("no LaTeX", "There is none."),
    "1.2.9": (
        "what is searched for is no expression",
        "cases/reading/test_searches.py::test_any_text_is_a_search",
    ),
    # Where text has more power
    "1.3.1": ("no markup is taken from anybody", f"{CHECKED}: markup-is-escaped."),
    "1.3.2": ("no text is run", "bandit, in make check: there is no eval."),
    "1.3.3": (
        "text has limits",
        "cases/test_limits_of_texts.py::test_one_letter_too_many",
    ),
    "1.3.4": ("no pictures are taken from anybody", "There are none."),
    "1.3.5": (
        "nor style sheets",
        "cases/documents/test_hostile.py::test_what_is_typed_reaches_nothing_and_stalls_nobody",
    ),
    "1.3.6": (
        "what was typed fetches nothing",
        "cases/documents/test_hostile.py::test_what_is_typed_reaches_nothing_and_stalls_nobody",
    ),
    "1.3.7": ("no template is made of it", HOSTILE),
    "1.3.8": ("no JNDI", "There is none."),
    "1.3.9": ("no memcache", "There is none."),
    "1.3.10": ("no format is made of it", "Formats are constants; SQL and markup have rules in .ci/rules."),
    "1.3.11": ("no mail", "None is sent."),
    # Memory
    "1.4.1": ("memory is the language's", "Python."),
    "1.4.2": (
        "numbers have their limits",
        "cases/test_limits_of_texts.py::test_one_letter_too_many",
    ),
    "1.4.3": ("memory is the language's", "Python."),
    "1.5.1": (
        "XML of workbooks is read without entities",
        "python-calamine knows none; no other XML is read.",
    ),
    "1.5.2": (
        "only JSON, CSV and YAML of the safe loader are read",
        "bandit, in make check: no pickle, no other loader.",
    ),
}

FRONTEND = {
    "3.2.1": ("files are attachments, nothing is sniffed, nothing may be embedded", HEADERS),
    "3.2.2": (
        "scripts write text as text",
        "static/js writes by textContent; keys.js adds a page's own list, escaped by it.",
    ),
    # Cookies
    "3.3.1": ("for TLS alone", COOKIES),
    "3.3.2": (
        "not sent along from elsewhere",
        f"{SESSIONS}::test_the_session_cookie_ends_with_the_browser_and_is_out_of_reach_of_scripts",
    ),
    "3.3.3": (
        "by the names of one host",
        "config/test_settings.py::test_complete_production_configuration_starts",
    ),
    "3.3.4": ("out of reach of scripts", COOKIES),
    # Headers
    "3.4.1": ("HSTS for a year", "config/test_settings.py::test_complete_production_configuration_starts"),
    "3.4.2": (
        "other sites ask with a token, never by a cookie",
        "cases/test_hooks.py::test_a_browser_may_ask_with_a_token",
    ),
    "3.4.3": ("a policy on every answer", HEADERS),
    "3.4.4": ("nothing is sniffed", HEADERS),
    "3.4.5": ("no address is told to others", HEADERS),
    "3.4.6": ("nothing is framed", HEADERS),
    # Requests from elsewhere
    "3.5.1": ("each form has its token", TOKEN_MISSING),
    "3.5.2": ("preflights are relied on by nothing", TOKEN_MISSING),
    "3.5.3": ("what writes is posted", f"{ACCESS}::test_members_see_their_pages"),
    "3.5.4": (
        "one application, one host",
        "README.md, Production: its cookies are taken by that host alone.",
    ),
    "3.5.5": (
        "messages between windows",
        "A tab tells its own origin's tabs who is logged in; nothing else listens.",
    ),
    "3.7.1": ("no plug-ins", HEADERS),
    "3.7.2": ("a log-in leads nowhere else", "config/test_asvs.py::test_a_log_in_leads_to_no_other_site"),
}

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

TABLE = ENCODING | FRONTEND | AUTHENTICATION | SESSION | AUTHORIZATION
TABLE |= asvs_exchange.TABLE | asvs_systems.TABLE

# The sections of the standard's chapters 1 (encoding), 3 (browsers), 6 (authentication), 7 (sessions) and 8
# (authorization), levels 1 and 2: how many requirements each has.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
}  # fmt: skip
SECTIONS |= asvs_exchange.SECTIONS
SECTIONS |= {section: len(numbers) for section, numbers in asvs_systems.SECTIONS.items()}


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


@pytest.mark.django_db
@pytest.mark.parametrize(
    "to", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"]
)
def test_a_log_in_leads_to_no_other_site(client: Client, alice: User, to: str) -> None:
    sent = {"username": "alice", "password": RIGHT, "next": to}
    assert client.post("/accounts/login/", sent).headers["Location"] == "/"


@pytest.mark.parametrize(
    "told",
    [
        b"Content-Length: 3\r\nTransfer-Encoding: chunked",
        b"Content-Length: 3\r\nContent-Length: 4",
        b"Content-Length: +3",
        b"Transfer-Encoding: chunked, gzip",
        b"Transfer-Encoding : chunked",
    ],
)
def test_a_request_whose_end_is_told_in_two_ways_is_refused(told: bytes) -> None:
    sent = b"POST / HTTP/1.1\r\nHost: board.example.org\r\n%s\r\n\r\nabc"
    assert next(RequestParser(Config(), iter([sent % b"Content-Length: 3"]), None)).body.read() == b"abc"
    with pytest.raises((InvalidHeader, InvalidHeaderName)):
        next(RequestParser(Config(), iter([sent % told]), None))
