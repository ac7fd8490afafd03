"""Every named address of the record, filled in for one case."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.urls import URLPattern, URLResolver, reverse

from cases.actions.ordering import order_packet
from cases.actions.tokens import make_token
from cases.models import Case, Delivery, Letter, RecordVersion
from cases.screens.printed import KINDS
from cases.urls import urlpatterns
from config.kept_files import keep_file
from guidelines.knowledge.releases import current
from tests import factories
from tests.cases.pages import sign


def named_addresses(
    patterns: Sequence[URLPattern | URLResolver] = urlpatterns, above: Mapping[str, Any] | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every name, with what its address holds and how that is read."""
    for one in patterns:
        converters = {**(above or {}), **one.pattern.converters}
        if isinstance(one, URLResolver):
            yield from named_addresses(one.url_patterns, converters)
        else:
            yield str(one.name), converters


def addresses_of(case: Case, chair: User) -> dict[str, list[str]]:
    """Each by its name, with every value its short names can take; the case is signed by its chair."""
    filled = {
        "decision": [sign(case, chair).uid],
        "item": [case.pathology_reports.get().uid],
        "uid": [case.uid],
        "meeting": [case.board.meetings.get().uid],
        "discussion": [case.discussions.get().uid],
        "number": [0],
        "slug": [case.board.slug],
        "name": ["ki67"],
        "person": [chair.pk],
        "version": [RecordVersion.objects.get(uid=case.pathology_reports.get().uid).pk],
        "statement_id": [current().statements[0].id],
        "code": ["platinum_etoposide", "facts"],
        "addressee": ["referrer"],
        "grant": [factories.GrantFactory(case=case).uid],
        "planned": [factories.FollowUpFactory(case=case).uid],
        "token": [keep_file(case.owner, "list for gi-net", "x.csv", b"record_number;surname").token],
        "brought": [keep_file(case.owner, f"bundle {case.pk}", "x.json", b'{"resourceType":"Bundle"}').token],
        "posted": [factories.BundleFactory(case=case, content=b'{"resourceType":"Bundle"}').uid],
        "taken": [case.uid],
        "delivery": [Delivery.objects.create(decision=case.decisions.get(), receiver="epr").uid],
        "api_token": [
            make_token(by=case.owner, board=case.board, name="EPR", rights=["read"], days=1)[0].uid
        ],
        "order": [order_packet(by=case.owner, meeting=case.board.meetings.get(), enqueue=int).uid],
    }
    return {name: list(each(name, converters, filled, case)) for name, converters in named_addresses()}


def each(name: str, converters: Mapping[str, Any], filled: dict[str, list[Any]], case: Case) -> Iterator[str]:
    """The addresses of one name."""
    if "kind" in converters:
        letter = Letter.objects.create(
            decision_id=case.decisions.get().pk, kind="patient", text="Dear", by=case.owner
        )
        for kind in (one for one in KINDS.values() if one.about != "board"):
            of = {"case": case.uid, "meeting": filled["meeting"][0], "letter": letter.uid}[kind.about]
            yield reverse(f"cases:{name}", args=[kind.code, of])
        return
    parts = converters["part"].regex.split("|") if "part" in converters else [None]
    for part in parts:
        if "item" in converters and part != "pathology":
            continue
        values = {key: filled[key][0] for key in converters if key != "part"}
        yield reverse(f"cases:{name}", kwargs=values | ({"part": part} if part else {}))
