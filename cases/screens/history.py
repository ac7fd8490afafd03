"""What was done with a case, by whom and when; what each save changed, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.utils.text import Truncator, capfirst

from cases.actions.undoing import undoable
from cases.actions.versions import FROM_THE_FIRST, MODELS, Outgrown, read_back
from cases.casefile.codes import COMPONENT_TYPES
from cases.casefile.regimens import REGIMENS
from cases.choices import NOT_KNOWN, AuditAction, StepChange
from cases.guideline import guideline_of
from cases.models import AuditEvent, Case, RecordVersion
from cases.models.columns import WrittenField
from guidelines.vocabulary.facts import FACTS

PAGE = 100
LONGEST_TEXT = 300  # characters of a text that are told
MOST_CHANGES = 4  # in sight; the list of more is folded

SAVES = (AuditAction.CREATED, AuditAction.CHANGED, AuditAction.REMOVED, AuditAction.UNDONE)

# What neither the vocabulary nor the column says of its own.
UNITS = {"dose_gy": "Gy"}
Codes = Mapping[str, Mapping[str, str]]
CODES: dict[str, Mapping[str, str]] = {
    "regimen": {code: one.label for code, one in REGIMENS.items()},
    "sites": {choice.value: choice.label for choice in FACTS["metastatic_sites"].choices},
    "components": COMPONENT_TYPES,
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with what it said before and says since; "" where there was, or is, no entry at all."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An event. `undo` is the save that can be taken back here; `fields` names those of older saves."""

    at: datetime
    who: str
    what: str
    changes: tuple[FieldChange, ...] = ()
    fields: str = ""
    undo: int | None = None

    @property
    def is_long(self) -> bool:
        """Whether its changes are folded."""
        return len(self.changes) > MOST_CHANGES


@dataclass(frozen=True, slots=True)
class History:
    """One page, newest first. `older` is where the next one begins; `readings` counts all there are."""

    lines: tuple[HistoryLine, ...]
    older: int | None
    readings: int


def history_of(case: Case, *, reads: bool, before: int | None, may_undo: bool) -> History:
    """The case's events, either the readings or everything else."""
    events = case.audit_events.select_related("user").order_by("-at", "-pk")
    read = events.filter(action=AuditAction.READ)
    kept = read if reads else events.exclude(action=AuditAction.READ)
    page = list((kept.filter(pk__lt=before) if before else kept)[: PAGE + 1])
    shown = page[:PAGE]
    older = shown[-1].pk if len(page) > PAGE else None
    return History(tuple(_lines(case, shown, may_undo)), older, read.count())


def _lines(case: Case, events: Sequence[AuditEvent], may_undo: bool) -> Iterator[HistoryLine]:
    uids = {event.uid for event in events if event.uid}
    stored = RecordVersion.objects.about(case).filter(uid__in=uids)
    saves: dict[Any, RecordVersion] = {(one.kind, one.uid, one.version): one for one in stored}
    newest = set(stored.newest().values_list("pk", flat=True)) if may_undo else set()
    asked = {code: one.label for code, one in guideline_of(case.board).interventions.items()}
    imported = dict(_imported(case, events))
    for event in events:
        if event.detail.get("import") and event.action in SAVES:
            yield _of_a_list(event, imported, asked)
            continue
        save = (
            saves.get((event.kind, event.uid, event.detail.get("version"))) if event.action in SAVES else None
        )
        yield HistoryLine(
            at=event.at,
            who=_name(event.user) if event.user else "Nobody logged in",
            what=_what(event),
            changes=tuple(changes_of(save, asked)) if save else (),
            fields="" if save else ", ".join(_labels(event)),
            undo=save.pk if save and save.pk in newest and undoable(save) else None,
        )


def _imported(
    case: Case, events: Sequence[AuditEvent]
) -> Iterator[tuple[tuple[str, int], tuple[str, list[RecordVersion]]]]:
    """Import and row → the list's name, and what the row stored; for the events that speak of one."""
    if not any("import" in event.detail for event in events):
        return
    rows = list(case.imported_rows.select_related("list_import"))
    wanted = [pk for row in rows for pk in row.saves]
    saves = RecordVersion.objects.in_bulk(wanted)
    for row in rows:
        stored = [saves[pk] for pk in row.saves if pk in saves]
        yield (str(row.list_import.uid), row.row), (row.list_import.name, stored)


def _of_a_list(
    event: AuditEvent,
    imported: Mapping[tuple[str, int], tuple[str, list[RecordVersion]]],
    asked: Mapping[str, str],
) -> HistoryLine:
    """A row of a list that made or changed the case, with everything that it stored; or its undo."""
    row = event.detail.get("row", 0)
    name, saves = imported.get((event.detail["import"], row), ("", []))
    is_undo = event.action == AuditAction.UNDONE
    return HistoryLine(
        at=event.at,
        who=_name(event.user) if event.user else "Nobody logged in",
        what=f"{event.get_action_display()}: {'' if is_undo else 'from '}list {name}, row {row}",
        changes=() if is_undo else tuple(change for save in saves for change in changes_of(save, asked)),
    )


def _what(event: AuditEvent) -> str:
    """ "Changed: treatment", "Followed through: follow-up, done"."""
    if not event.kind:
        return str(event.get_action_display())
    change = event.detail.get("change", "")
    became = f", {StepChange(change).label.lower()}" if change in StepChange.values else ""
    return f"{event.get_action_display()}: {event.kind}{became}"


def _labels(event: AuditEvent) -> list[str]:
    names = event.detail.get("fields", [])
    return [label_of(event.kind, name) if event.kind in MODELS else str(name) for name in names]


def changes_of(save: RecordVersion, asked: Mapping[str, str] | None = None) -> Iterator[FieldChange]:
    """What a save changed, field by field in the order of the record. `asked`: names of interventions."""
    codes = CODES | {"asks": asked or {}}
    before, after = (_in_words(save.kind, values, codes) for values in (save.before, save.after))
    for label in dict.fromkeys([*before, *after]):
        yield FieldChange(label, before.get(label, ""), after.get(label, ""))


def _in_words(kind: str, values: Mapping[str, Any] | None, codes: Codes) -> dict[str, str]:
    """Label → value in words."""
    rest = {name: value for name, value in (values or {}).items() if name not in FROM_THE_FIRST}
    names = sorted(rest, key=_order(kind))
    return {label_of(kind, name): value_in_words(kind, name, rest[name], codes) for name in names}


def _order(kind: str) -> Any:
    model = MODELS[kind]
    columns = dict.fromkeys([*model.declared.columns, *(field.name for field in model._meta.concrete_fields)])
    places = {name: place for place, name in enumerate(columns)}
    return lambda name: (places.get(name, len(places)), name)


def label_of(kind: str, name: str) -> str:
    """What the forms call a column; one that is no more is called by its name."""
    column = _column(kind, name)
    if name in FACTS:
        return FACTS[name].label
    return capfirst(str(column.verbose_name) if column else name.replace("_", " "))


def value_in_words(kind: str, name: str, kept: Any, codes: Codes = CODES) -> str:
    """A value as it was kept with a save, in the words that the pages use."""
    try:
        value = read_back(kind, {name: kept})[name]
    except Outgrown:
        return Truncator(str(kept)).chars(LONGEST_TEXT)
    if value is None or value == "":
        return NOT_KNOWN
    if isinstance(_column(kind, name), WrittenField):
        return str(value)
    if name in FACTS:
        return FACTS[name].show(_as_fact(value))
    choices = codes[name] if name in codes else dict(_column(kind, name).flatchoices)
    if isinstance(value, list):
        return _plain([_entry_of_list(entry, choices) for entry in value])
    return f"{choices.get(value) or _plain(value)} {UNITS.get(name, '')}".strip()


def _entry_of_list(entry: Any, choices: Mapping[str, str]) -> str:
    """A code by its name; of a stain or component its name with what is said of it."""
    words = entry.values() if isinstance(entry, dict) else [entry]
    return " ".join(choices.get(str(word), str(word)) for word in words)


def _as_fact(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return tuple(value) if isinstance(value, list) else value


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, User):
        return _name(value)
    if isinstance(value, date):
        return f"{value:%d-%b-%Y}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list):
        return Truncator(", ".join(map(str, value)) or "None").chars(LONGEST_TEXT)
    return Truncator(str(value)).chars(LONGEST_TEXT)


def _column(kind: str, name: str) -> Any:
    fields = {field.name: field for field in MODELS[kind]._meta.concrete_fields} if kind in MODELS else {}
    return fields.get(name)


def _name(user: Any) -> str:
    return user.get_full_name() or user.get_username()
