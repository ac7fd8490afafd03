"""OWASP ASVS 5.0, level 2: validation and acts, web services, files, signed tokens, OpenID Connect.

In the shape of tests/config/test_asvs.py, which reads it.
"""

ACTS, RACES = "cases/test_actions_leading.py", "cases/test_concurrency.py"
FORMS, LISTS = "cases/test_hostile_forms.py", "cases/exchange/test_list_files.py"
HOOKS, PROVIDER = "cases/test_hooks.py", "config/test_provider.py"
BAD_TOKEN = f"{HOOKS}::test_a_token_that_is_not_good_gets_nothing"
NOT_VOUCHED = f"{PROVIDER}::test_whom_it_does_not_vouch_for_stays_out"
UNASKED = f"{PROVIDER}::test_an_answer_that_nobody_asked_for_is_not_taken"
TOO_MUCH = f"{LISTS}::test_what_is_no_list_or_too_much_is_refused_in_words"
ORDERED = "cases/documents/test_orders.py"
NONE = "There is none."

ACTING = {
    # Documentation
    "2.1.1": (
        "what may stand in each box, column and key",
        "cases/forms, cases/parts.py and guidelines/vocabulary declare it; openapi.json tells programs.",
    ),
    "2.1.2": ("what two values may say of each other", "cases/casefile/coherence.py is the one place."),
    "2.1.3": (
        "how much one may do",
        "README.md, What strangers can send, says it; of guessing Production does.",
    ),
    # What is brought
    "2.2.1": (
        "read by a declaration, or refused with what is allowed",
        "cases/casefile/test_reading.py::test_whatever_is_written_is_read_or_refused_in_lines",
    ),
    "2.2.2": (
        "on the server, whatever a page would have sent",
        f"{FORMS}::test_no_form_fails_or_reaches_what_is_somebody_elses",
    ),
    "2.2.3": ("two values that cannot both be", "cases/casefile/test_coherence.py::test_refused"),
    # Acts
    "2.3.1": (
        "one after the other: a meeting begins before its cases are taken up",
        f"{ACTS}::test_one_case_at_a_time_is_taken_up_once_the_meeting_runs",
    ),
    "2.3.2": (
        "as many as wait for somebody, and no more",
        "cases/api/test_api.py::test_bundles_that_nobody_looks_at_do_not_pile_up",
    ),
    "2.3.3": (
        "all of an act or nothing, even where the process is killed",
        "cases/test_kills.py::test_twenty_kills_lose_nothing",
    ),
    "2.3.4": (
        "a place on an agenda is one case's, however many ask at once",
        f"{RACES}::test_cases_put_on_an_agenda_at_once_get_a_place_each",
    ),
    "2.4.1": (
        "programs have calls a minute; pages, all together, what nginx lets through",
        "cases/api/test_api.py::test_too_many_calls_are_told_to_wait",
    ),
}

SERVICES = {
    "4.1.1": (
        "each answer says what it is, and in which letters",
        "Not met: pages, figures and calendars say UTF-8, but tables of cases, refused rows in CSV, a vote "
        "that is being typed, /healthz and pictures in SVG name no character set.",
    ),
    "4.1.2": (
        "only people's pages lead from http to https",
        "Not met: /api/ and /cds-services are redirected as pages are, by nginx and by the application.",
    ),
    "4.1.3": (
        "what a proxy says cannot be said by who asks",
        "config/test_limits.py::test_the_address_is_the_one_that_our_own_proxies_tell",
    ),
    "4.2.1": (
        "where a request ends is told in one way",
        "config/test_asvs.py::test_a_request_whose_end_is_told_in_two_ways_is_refused",
    ),
    "4.3.1": ("no GraphQL", NONE),
    "4.3.2": ("no GraphQL", NONE),
    "4.4.1": ("no WebSocket", NONE),
    "4.4.2": ("no WebSocket", NONE),
    "4.4.3": ("no WebSocket", NONE),
    "4.4.4": ("no WebSocket", NONE),
}

FILES = {
    "5.1.1": (
        "which files, how large",
        "The box of each says kinds and size; cases/exchange/lists/workbooks.py says what one may unpack to.",
    ),
    # What comes in: lists and bundles
    "5.2.1": (
        "8 MB, and nothing of what is larger is kept",
        "cases/test_views_exchange.py::test_what_is_no_list_is_refused_at_once",
    ),
    "5.2.2": (
        "its content says what it is",
        "Not met: the end of its name is not looked at, only the content, which its reader takes or refuses.",
    ),
    "5.2.3": ("what it unpacks to, and into how many", TOO_MUCH),
    "5.3.1": (
        "no folder of files that came",
        "They stay in memory, or encrypted in a row; no server serves them.",
    ),
    "5.3.2": (
        "no path is made of a name",
        "cases/test_views_exchange.py::test_a_list_lies_here_encrypted_for_its_owner_and_not_for_long",
    ),
    # What goes out
    "5.4.1": (
        "by a name of ours",
        f"{ORDERED}::test_a_packet_is_ordered_made_told_of_once_and_fetched",
    ),
    "5.4.2": (
        "of plain letters",
        f"{ORDERED}::test_figures_are_of_the_period_that_was_asked_for",
    ),
    "5.4.3": (
        "nothing that came is handed on",
        "What goes out is written anew, cell by cell; no file is served as it came, so none is scanned.",
    ),
}

# Two kinds come in: of systems that ask by CDS Hooks, and the ID token of the hospital's provider.
TOKENS = {
    "9.1.1": ("believed by its signature", BAD_TOKEN),
    "9.1.2": (
        "by an algorithm of a list",
        f"{PROVIDER}::test_what_is_signed_by_no_key_of_its_own_is_not_believed",
    ),
    "9.1.3": (
        "under a key that the installation or its provider names",
        f"{PROVIDER}::test_what_another_has_signed_is_not_believed",
    ),
    "9.2.1": ("while it is good", BAD_TOKEN),
    "9.2.2": ("for the very address that was asked", BAD_TOKEN),
    "9.2.3": ("and for us", NOT_VOUCHED),
    "9.2.4": ("none for others", "No token is issued that says anything by itself to another service."),
}

CONNECT = {
    "10.1.1": (
        "the provider's tokens stay on the server",
        "No answer holds one, no table either (SOCIALACCOUNT_STORE_TOKENS is off); while a second factor is "
        "asked for, they wait in the session, which only the server has.",
    ),
    "10.1.2": ("only the answer to this browser's question", UNASKED),
    "10.2.1": ("neither without its state nor without its proof", UNASKED),
    "10.2.2": ("one provider", "No more than one can be named, so none is taken for another."),
    # A server of resources by OAuth: the tokens of /tokens/ are our own, and say nothing by themselves
    **{f"10.3.{number}": ("no access tokens of others", NONE) for number in range(1, 5)},
    **{f"10.4.{number}": ("no authorization server", NONE) for number in range(1, 12)},
    # The provider's client
    "10.5.1": (
        "an ID token comes straight from the provider, for a code that is bound to this log-in by PKCE",
        f"{PROVIDER}::test_who_is_known_there_and_here_is_in",
    ),
    "10.5.2": (
        "a person is the provider's own id",
        f"{PROVIDER}::test_a_name_that_is_given_to_somebody_else_there_opens_nothing",
    ),
    "10.5.3": (
        "what the provider says of itself is its own",
        f"{PROVIDER}::test_a_provider_that_calls_itself_by_another_name_is_not_believed",
    ),
    "10.5.4": ("the token is for us", NOT_VOUCHED),
    "10.5.5": ("no log-off from behind", NONE),
    "10.6.1": ("no provider", NONE),
    "10.6.2": ("no provider", NONE),
    **{f"10.7.{number}": ("no consents", NONE) for number in range(1, 4)},
}

TABLE: dict[str, tuple[str, str]] = ACTING | SERVICES | FILES | TOKENS | CONNECT

# Chapters 2 (validation, acts), 4 (web services), 5 (files), 9 (signed tokens) and 10 (OAuth, OpenID
# Connect), levels 1 and 2.
SECTIONS: dict[str, int] = {
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
}  # fmt: skip
