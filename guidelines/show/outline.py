"""The algorithm as a nested list, for narrow screens; for a case, only what is on its path or open."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from guidelines.knowledge import labels
from guidelines.show.algorithm import Box, Branch, EntityNode, Tree
from guidelines.show.path import OFF, Light, standing


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list with what hangs below it. `words` says how it stands for the case, or what it is.

    `statement` is the id of the one statement a line leads to; else `address` finds its statements.
    """

    label: str
    words: str
    address: str = ""
    statement: str = ""
    stances: tuple[str, ...] = ()
    items: tuple["Item", ...] = ()


def outline(tree: Tree, lights: Mapping[str, Light] | None = None) -> tuple[Item, ...]:
    """The entities, each with its branches, boxes and entries."""
    return tuple(_entity(one, lights) for one in tree.entities if _shown(one.code, lights))


def _shown(node: str, lights: Mapping[str, Light] | None) -> bool:
    return lights is None or lights[node].status != OFF


def _words(node: str, lights: Mapping[str, Light] | None, otherwise: str = "") -> str:
    return otherwise if lights is None else lights[node].words


def _entity(entity: EntityNode, lights: Mapping[str, Light] | None) -> Item:
    branches = tuple(_branch(one, lights) for one in entity.branches if _shown(one.id, lights))
    words = _words(entity.code, lights, entity.note)
    return Item(entity.label, words, urlencode({"entity": entity.code}), items=branches)


def _branch(branch: Branch, lights: Mapping[str, Light] | None) -> Item:
    site = f", primary in {branch.site_label}" if branch.site_label else ""
    asks = {key: value for key, value in (("entity", branch.entity), ("extent", branch.extent)) if value}
    boxes = tuple(_box(one, lights) for one in branch.boxes if _shown(one.id, lights))
    return Item(f"{branch.label}{site}", _words(branch.id, lights), urlencode(asks), items=boxes)


def _box(box: Box, lights: Mapping[str, Light] | None) -> Item:
    entries = []
    for entry in box.entries:
        node = f"{box.id}/{entry.intervention}"
        if not _shown(node, lights):
            continue
        statements = standing(entry, None if lights is None else lights[node])
        stances = tuple(dict.fromkeys(one.stance for one in statements))
        said = ", ".join(labels.STANCES[one] for one in stances)
        words = said if lights is None else f"{said}; {lights[node].words}"
        single = statements[0].id if len(statements) == 1 else ""
        address = urlencode({**box.asks, "intervention": entry.intervention})
        entries.append(Item(entry.label, words, address, single, stances))
    return Item(box.title, _words(box.id, lights), urlencode(box.asks), items=tuple(entries))
