"""OWASP ASVS 5.0, level 2: cryptography, communication, configuration, data, code, logs, calls.

What is not met is said to be so, with what there is instead. test_asvs.py looks at all of it.
"""

PLAIN_WORDS = "config/test_responses.py::test_a_failure_is_answered_in_plain_words"
QUIET = "config/test_responses.py::test_a_failure_is_logged_without_the_patient"
HOSTILE_FORMS = "cases/test_hostile_forms.py::test_no_form_fails_or_reaches_what_is_somebody_elses"
HOSTILE_PAPERS = "cases/documents/test_hostile.py::test_what_is_typed_reaches_nothing_and_stalls_nobody"

CRYPTOGRAPHY = {
    # Documentation
    "11.1.1": (
        "a policy on keys, from the first day of one to its last",
        "README.md, Keys, data, logs, updates, says it",
    ),
    "11.1.2": (
        "a list of keys, algorithms and certificates",
        "README.md, Keys, data, logs, updates, says it",
    ),
    # How it is done
    "11.2.1": (
        "nothing of our own making",
        "README.md, Decisions, names cryptography and pyrage; the rest is Python's own.",
    ),
    "11.2.2": (
        "a key is replaced, and what it had sealed is sealed anew",
        "config/test_factors.py::test_secrets_outlive_a_change_of_the_key",
    ),
    "11.2.3": (
        "128 bits or more everywhere",
        "Not met: ours have them, but an RSA key of the provider or of a system in CDS_ISSUERS is taken "
        "whatever its length.",
    ),
    # Ciphers
    "11.3.1": (
        "no ECB, and no RSA to encrypt with",
        "Fernet (config/sealing.py) and age (cases/backups.py) are all that encrypts.",
    ),
    "11.3.2": (
        "ciphers of today",
        "Not met: age has ChaCha20-Poly1305, but Fernet has AES-128 in CBC with HMAC-SHA-256 over it, which "
        "the standard's appendix calls legacy.",
    ),
    "11.3.3": (
        "what is encrypted is authenticated, and opens in its own row alone",
        "config/test_kept.py::test_a_row_is_opened_as_it_was_written_and_no_other_way",
    ),
    # Hashes
    "11.4.1": (
        "hashes of today",
        "Not met: all of ours are SHA-256, but an app's codes are made with HMAC-SHA-1, which is what the "
        "apps have in common.",
    ),
    "11.4.2": (
        "passwords are stored slowly",
        "Django's PBKDF2 with SHA-256 and a million rounds; each of its releases has more, and a log-in "
        "takes them over.",
    ),
    "11.4.3": (
        "what vouches for something has 256 bits",
        "SHA-256 in cases/chain.py, seals.py and snapshot/digest.py; the SHA-1 of a FHIR attachment is that "
        "format's own, and nothing here relies on it.",
    ),
    "11.4.4": (
        "no key is made of a password",
        "Keys are random, at least 50 characters, and HKDF derives from them (config/sealing.py).",
    ),
    # Chance
    "11.5.1": (
        "what must not be guessed is drawn by the system's generator",
        "256 bits for tokens and calendars (cases/actions/showing.py), Django's own for sessions; a UUID "
        "opens nothing by itself; recovery codes are 6.5.4's.",
    ),
    # Public keys
    "11.6.1": (
        "signatures of today",
        "Not met: RS384, one of the two that CDS Hooks asks for, and the RS256 of many providers sign by "
        "PKCS#1 v1.5, which the standard's appendix disallows.",
    ),
}

COMMUNICATION = {
    "12.1.1": ("TLS 1.2 and 1.3", "config/deploy/nginx.conf takes no other."),
    "12.1.2": (
        "forward secrecy, the strongest ciphers first",
        "config/deploy/nginx.conf names those of TLS 1.2, and its own order counts.",
    ),
    "12.1.3": ("no certificates of clients", "None is asked for."),
    # From outside
    "12.2.1": (
        "whoever comes without TLS is led to it",
        "config/test_responses.py::test_what_never_reaches_a_page_has_them_too",
    ),
    "12.2.2": (
        "a certificate that browsers trust",
        "Whoever installs the site provides it; config/deploy/nginx.conf says where it lies.",
    ),
    # Between services
    "12.3.1": (
        "encrypted on every other way, too",
        "Not met: MLLP and the anchors to another machine's log go in plain, and to PostgreSQL it is "
        "DATABASE_URL that may ask for TLS (sslmode) or not.",
    ),
    "12.3.2": (
        "others' certificates are looked at",
        "The provider's by requests; PostgreSQL's by sslmode=verify-full, as README.md gives DATABASE_URL.",
    ),
    "12.3.3": (
        "encrypted between our own processes",
        "Not met: nginx asks the pages in plain, by the loopback of the one machine on which both run.",
    ),
    "12.3.4": (
        "certificates between our own processes",
        "There are none, as no TLS is spoken between them; PostgreSQL's is 12.3.2's.",
    ),
}

CONFIGURATION = {
    "13.1.1": (
        "whom the application speaks with",
        "config/settings.py begins with the list of all variables, and no page takes an address to ask.",
    ),
    # Between services
    "13.2.1": (
        "services say who they are, by something that does not stay the same",
        "Not met: the application's password at PostgreSQL stays until somebody changes it, and MLLP "
        "knows none at all.",
    ),
    "13.2.2": (
        "with no more rights than needed",
        "cases/test_roles.py::test_the_application_owns_nothing",
    ),
    "13.2.3": (
        "no password that everybody knows",
        "config/deploy/roles.sql makes its roles without one, and who installs them sets it.",
    ),
    "13.2.4": (
        "a message goes to whom the settings name",
        "cases/test_delivering.py::test_nobody_is_owed_anything_unless_the_settings_name_somebody",
    ),
    "13.2.5": ("the server loads nothing for what was typed", HOSTILE_PAPERS),
    # Secrets
    "13.3.1": (
        "a store for secrets",
        "Not met: they stand in none of the code, but in /etc/tumor-board.env, a file and no vault.",
    ),
    "13.3.2": (
        "secrets are for who needs them",
        "That file is for root and one account (config/deploy/board.service); it lacks the owner's password "
        "of the database, and the key that reads backups is on no server.",
    ),
    # What is not meant for anybody
    "13.4.1": (
        "no history of the code",
        "No address leads to it: only collected files are served, and config/deploy's units close .git.",
    ),
    "13.4.2": (
        "no debug pages",
        "config/test_settings.py::test_production_refuses_a_wrong_value",
    ),
    "13.4.3": (
        "no lists of folders",
        "Neither nginx, as config/deploy/nginx.conf has it, nor WhiteNoise makes any.",
    ),
    "13.4.4": ("no TRACE", "nginx answers it with 405, whatever its configuration says."),
    "13.4.5": (
        "the description of the interface takes a token; nginx keeps /healthz and /readyz inside",
        "cases/api/test_api.py::test_without_a_valid_token_nothing_is_answered",
    ),
}

DATA = {
    "14.1.1": (
        "data are classified by how much they need protection",
        "README.md, Keys, data, logs, updates, says it",
    ),
    "14.1.2": (
        "what each level asks for",
        "README.md, Keys, data, logs, updates, says it",
    ),
    "14.2.1": (
        "nothing sensitive in an address",
        "Not met: nothing of a patient and no session is, but a calendar's address and the link to a first "
        "password have their secret in the query, which no log of ours writes.",
    ),
    "14.2.2": (
        "no cache keeps a record",
        "Not met: none on the way does (no-store on every page), but a process holds the last 64 that "
        "it read in its own memory (cases/queries.py) until others take their place.",
    ),
    "14.2.3": (
        "no page asks anybody else for anything",
        "config/test_responses.py::test_the_policy_is_strict",
    ),
    "14.2.4": (
        "each level gets what it asks for",
        "Access, events, backups and sealing are the application's; the encrypted disk is the machine's.",
    ),
    # In the browser
    "14.3.1": (
        "nothing stays on a page after its session",
        "Not met: pages are left for the log-in, but one with a form is covered (static/js/session.js) "
        "and holds its text until its owner is back.",
    ),
    "14.3.2": (
        "nothing stays in the browser's cache",
        "cases/test_views_access.py::test_pages_of_a_case_are_never_stored",
    ),
    "14.3.3": (
        "nor in its stores",
        "browser/test_session.py::test_nothing_of_a_patient_is_stored_in_the_browser",
    ),
}

CODE = {
    "15.1.1": (
        "by when a library with a known fault is replaced",
        "README.md, Keys, data, logs, updates, says it",
    ),
    "15.1.2": (
        "a list of what the product is made of, by version and digest; make sbom writes it",
        "test_requirements.py::test_nothing_is_installed_but_by_digests",
    ),
    "15.1.3": (
        "what takes long, and what is done about it",
        "README.md, How a case meets its board, 8 to 10, and Under load.",
    ),
    "15.2.1": (
        "nothing is older than that allows",
        "Not met by itself: whoever runs the site looks weekly (README.md); nothing looks for known faults.",
    ),
    "15.2.2": (
        "what takes too long is ended, and nobody else waits for it",
        "cases/documents/test_apart.py::test_what_takes_too_long_costs_the_process_and_no_more",
    ),
    "15.2.3": (
        "nothing of the demonstration",
        "cases/test_demo_command.py::test_production_refuses_it",
    ),
    # Against what is not expected
    "15.3.1": (
        "an answer has the fields that it declares",
        "cases/views/api/shapes.py declares them, beside the contracts of case file and snapshot; a page "
        "shows what its template names.",
    ),
    "15.3.2": (
        "calls to others follow no redirect",
        "Not met: the one call over HTTP, to the provider, goes by requests, which does follow them.",
    ),
    "15.3.3": (
        "what a case file may not name is refused",
        "cases/casefile/test_reading.py::test_unknown_keys_are_refused_with_the_keys_allowed_there",
    ),
    "15.3.4": (
        "where somebody comes from is what our own proxies say",
        "config/test_limits.py::test_the_address_is_the_one_that_our_own_proxies_tell",
    ),
    "15.3.5": (
        "no type is taken for another",
        "mypy, in make check: strict equality; what comes in is read by forms and pydantic.",
    ),
    "15.3.6": (
        "no prototype is written to",
        "static/js keeps what data name in Map and Set, and merges no objects.",
    ),
    "15.3.7": ("query and body are apart, and a name sent twice does no harm", HOSTILE_FORMS),
}

LOGS = {
    "16.1.1": (
        "a list of all logs",
        "README.md, Keys, data, logs, updates, says it",
    ),
    # Each entry
    "16.2.1": (
        "when, who, what and from where",
        "cases/test_accounts.py::test_every_log_in_and_every_failure_leaves_one_event",
    ),
    "16.2.2": (
        "one time, with its zone",
        "config/test_responses.py::test_a_line_of_the_log_says_its_time_in_utc",
    ),
    "16.2.3": (
        "nowhere but where it is meant to go",
        "config/test_responses.py::test_every_log_goes_through_the_quiet_formatter",
    ),
    "16.2.4": (
        "in a form that programs read",
        "cases/test_chain.py::test_the_log_is_exported_as_lines_of_json",
    ),
    "16.2.5": ("nothing of a patient, and no secret", QUIET),
    # What is logged
    "16.3.1": (
        "every log-in and every failure, with the way that failed",
        "cases/test_accounts.py::test_every_log_in_and_every_failure_leaves_one_event",
    ),
    "16.3.2": (
        "every denial",
        "cases/test_access.py::test_an_outsider_finds_nothing_and_leaves_a_trace",
    ),
    "16.3.3": (
        "attempts to get around it",
        "Denials and wrong tries are events; every answer from 400 on, such as a refused form or too many "
        "calls, is a line of Django's with its path.",
    ),
    "16.3.4": ("every fault", QUIET),
    # Its protection
    "16.4.1": (
        "no line is made by what was sent",
        "Django and nginx escape what they write of a request; ours are ids and JSON.",
    ),
    "16.4.2": (
        "what is logged stays",
        "cases/test_immutability.py::test_database_keeps_what_is_logged",
    ),
    "16.4.3": (
        "on another machine, too",
        "Not met: the ends of the chains go there by themselves (RECORD_ANCHOR_SYSLOG), by UDP, but the "
        "events only as somebody runs export_audit.",
    ),
    # Faults
    "16.5.1": ("a fault tells nothing of the inside", PLAIN_WORDS),
    "16.5.2": (
        "what others do not take is tried again later",
        "cases/test_delivering.py::test_what_fails_is_tried_later_each_time_and_given_up_in_the_end",
    ),
    "16.5.3": (
        "what fails leaves nothing half done",
        "cases/test_actions_entry.py::test_a_case_that_cannot_be_stored_leaves_no_patient_and_no_event",
    ),
}

CALLS = dict.fromkeys(
    ("17.1.1", "17.2.1", "17.2.2", "17.2.3", "17.2.4", "17.3.1", "17.3.2"), ("no WebRTC", "There is none.")
)

TABLE: dict[str, tuple[str, str]] = CRYPTOGRAPHY | COMMUNICATION | CONFIGURATION | DATA | CODE | LOGS | CALLS

# The sections of the standard's chapters 11 to 17, levels 1 and 2: which requirements each has.
SECTIONS: dict[str, tuple[int, ...]] = {
    "11.1": (1, 2), "11.2": (1, 2, 3), "11.3": (1, 2, 3), "11.4": (1, 2, 3, 4), "11.5": (1,), "11.6": (1,),
    "12.1": (1, 2, 3), "12.2": (1, 2), "12.3": (1, 2, 3, 4),
    "13.1": (1,), "13.2": (1, 2, 3, 4, 5), "13.3": (1, 2), "13.4": (1, 2, 3, 4, 5),
    "14.1": (1, 2), "14.2": (1, 2, 3, 4), "14.3": (1, 2, 3),
    "15.1": (1, 2, 3), "15.2": (1, 2, 3), "15.3": (1, 2, 3, 4, 5, 6, 7),
    "16.1": (1,), "16.2": (1, 2, 3, 4, 5), "16.3": (1, 2, 3, 4), "16.4": (1, 2, 3), "16.5": (1, 2, 3),
    "17.1": (1,), "17.2": (1, 2, 3, 4), "17.3": (1, 2),
}  # fmt: skip
