"""The algorithm laid out on one landscape page, in the units of its drawing. A template draws it."""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from urllib.parse import urlencode

from guidelines import labels
from guidelines.algorithm import STAGES, Box, Branch, EntityNode, Entry, Tree
from guidelines.path import ON, Light

WIDTH = 1400
GAP, ROW_GAP, TOP = 20, 14, 34
COLUMNS = (4, 112, 234)  # left edges of workup, entity, extent
NARROW, EXTENT_WIDTH, STAGE_LEFT, STAGE_WIDTH = 88, 118, 372, 240
PITCH, HEAD, PAD = 14, 22, 6
CHARACTER = 6.3  # mean width of a letter at the size the template uses
MARK = 13


@dataclass(frozen=True)
class Text:
    """One line of text, at its baseline."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Mark:
    """The sign of a stance."""

    x: float
    y: float
    stance: str


@dataclass(frozen=True)
class Row:
    """One drug or procedure in a box: a link to its statements. `statement`: its id if it is only one."""

    x: float
    y: float
    width: float
    height: float
    texts: tuple[Text, ...]
    marks: tuple[Mark, ...]
    title: str
    status: str
    statement: str
    address: str


@dataclass(frozen=True)
class Node:
    """A box with its heading, a link to its statements, and its rows."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    texts: tuple[Text, ...]
    notes: tuple[Text, ...]
    title: str
    status: str
    address: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Edge:
    """A line from one node to the next."""

    path: str
    status: str


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn."""

    width: float
    height: float
    headings: tuple[Text, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    of_case: bool


def draw(tree: Tree, lights: Mapping[str, Light] | None = None) -> Picture:
    """Lay the tree out; with the lights of a case, its own path is told apart."""
    return _Draughtsman(tree, lights).picture()


class _Draughtsman:
    def __init__(self, tree: Tree, lights: Mapping[str, Light] | None) -> None:
        self.tree, self.lights = tree, lights
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.y = float(TOP)

    def light(self, node: str) -> Light:
        """How a node stands for the case; without a case every node is drawn alike."""
        return Light(ON) if self.lights is None else self.lights[node]

    def picture(self) -> Picture:
        """Draw from top to bottom, row by row."""
        self._workup()
        for entity in self.tree.entities:
            self._entity(entity)
        titles = ("Start", "Entity", "Extent and site", *(stage.title for stage in STAGES))
        lefts = (*COLUMNS, *(STAGE_LEFT + index * (STAGE_WIDTH + GAP) for index in range(len(STAGES))))
        headings = tuple(Text(x, 16, title) for x, title in zip(lefts, titles, strict=True))
        return Picture(WIDTH, self.y, headings, tuple(self.nodes), tuple(self.edges), self.lights is not None)

    def _workup(self) -> None:
        rows = tuple(
            Row(COLUMNS[0] + PAD, TOP + HEAD + index * 2 * PITCH, NARROW - 2 * PAD, 2 * PITCH,
                self._texts(COLUMNS[0] + PAD, TOP + HEAD + index * 2 * PITCH, label, NARROW - 2 * PAD),
                (), f"{label}: {len(statements)} statements", ON, "", urlencode({"setting": setting}))
            for index, (setting, label, statements) in enumerate(self.tree.workup)
        )  # fmt: skip
        self._node(
            "workup", COLUMNS[0], TOP, NARROW, HEAD + 4 * PITCH + PAD, "Work-up", Light(ON), "", rows=rows
        )

    def _entity(self, entity: EntityNode) -> None:
        top = self.y
        light = self.light(entity.code)
        height = self._node(
            "entity", COLUMNS[1], top, NARROW, 0, entity.label, light, urlencode({"entity": entity.code})
        )
        self._elbow(COLUMNS[0] + NARROW, TOP + 12, COLUMNS[1], top + 12, light)
        bottom = top + height
        below: list[tuple[int, float]] = []
        for index, branch in enumerate(entity.branches):
            self._elbow(COLUMNS[1] + NARROW, top + 12, COLUMNS[2], self.y + 12, self.light(branch.id))
            shared = _shared(entity.branches, index)
            row_bottom = self._branch(branch, shared, below)
            self.y = row_bottom + ROW_GAP
            bottom = max(bottom, row_bottom)
        if entity.note:
            notes = self._texts(STAGE_LEFT + STAGE_WIDTH + GAP, top - 4, entity.note, 2 * STAGE_WIDTH)
            self.nodes.append(Node("note", 0, 0, 0, 0, (), notes, "", light.status, ""))
            bottom = max(bottom, notes[-1].y)
        self.y = bottom + ROW_GAP

    def _branch(self, branch: Branch, shared: set[int], below: list[tuple[int, float]]) -> float:
        """One row. A box in `shared` was drawn with the branch before; `below` keeps where such boxes end."""
        top = self.y
        light = self.light(branch.id)
        asks = {key: value for key, value in (("entity", branch.entity), ("extent", branch.extent)) if value}
        height = self._node(
            "extent", COLUMNS[2], top, EXTENT_WIDTH, 0, branch.label, light, urlencode(asks),
            notes=f"Primary in {branch.site_label}" if branch.site_label else "",
        )  # fmt: skip
        bottom = top + height
        left = COLUMNS[2] + EXTENT_WIDTH
        for box in branch.boxes:
            x = STAGE_LEFT + box.stage * (STAGE_WIDTH + GAP)
            self.edges.append(Edge(f"M{left:g} {top + 12:g}H{x:g}", self.light(box.id).status))
            left = x + STAGE_WIDTH
            if box.stage in shared:
                continue
            end = top + self._box(box, x, top)
            below.append((box.stage, end))
            if not _shared_with_next(branch, box, self.tree):
                bottom = max(bottom, end)
        return max([bottom, *(end for stage, end in below if stage in shared)])

    def _box(self, box: Box, x: float, y: float) -> float:
        light = self.light(box.id)
        note = f"Open: {', '.join(light.deciding)}" if light.deciding else ""
        texts = self._texts(x + PAD, y, box.title, STAGE_WIDTH)
        notes = self._texts(x + PAD, y + PITCH, note, STAGE_WIDTH) if note else ()
        at = y + HEAD + PITCH * len(notes)
        rows = []
        for entry in box.entries:
            row = self._row(box, entry, x + PAD, at)
            rows.append(row)
            at += row.height
        height = at - y + PAD
        title = f"{box.title}: {len(box.statements)} statements"
        self.nodes.append(
            Node("stage", x, y, STAGE_WIDTH, height, texts, notes, self._titled(title, light), light.status,
                 urlencode(box.asks), tuple(rows))
        )  # fmt: skip
        return height

    def _row(self, box: Box, entry: Entry, x: float, y: float) -> Row:
        width = STAGE_WIDTH - 2 * PAD
        light = self.light(f"{box.id}/{entry.intervention}")
        stances = list(dict.fromkeys(one.stance for one in entry.statements))
        texts = self._texts(x, y - 3, entry.label, width - MARK * len(stances) - 4)
        marks = tuple(
            Mark(x + width - MARK * (len(stances) - index) + 2, y + 2, stance)
            for index, stance in enumerate(stances)
        )
        title = f"{entry.label}: {', '.join(labels.STANCES[one] for one in stances)}"
        single = entry.statements[0].id if len(entry.statements) == 1 else ""
        address = urlencode({**box.asks, "intervention": entry.intervention})
        return Row(
            x, y, width, PITCH * len(texts), texts, marks, self._titled(title, light), light.status, single,
            address,
        )  # fmt: skip

    def _node(
        self, kind: str, x: float, y: float, width: float, height: float, label: str, light: Light,
        address: str, *, notes: str = "", rows: tuple[Row, ...] = (),
    ) -> float:  # fmt: skip
        """A box with a heading; its height follows from its words unless it is given."""
        texts = self._texts(x + PAD, y, label, width - PAD)
        lines = [notes, f"Open: {', '.join(light.deciding)}" if light.deciding else ""]
        at = y + PITCH * len(texts)
        noted: list[Text] = []
        for line in lines:
            noted += self._texts(x + PAD, at + PITCH * len(noted), line, width - PAD) if line else ()
        height = height or HEAD + PITCH * (len(texts) + len(noted) - 1) + 2
        self.nodes.append(
            Node(kind, x, y, width, height, texts, tuple(noted), self._titled(label, light), light.status,
                 address, rows)
        )  # fmt: skip
        return height

    def _titled(self, title: str, light: Light) -> str:
        return title if self.lights is None else f"{title} ({light.words})"

    def _elbow(self, x: float, y: float, to_x: float, to_y: float, light: Light) -> None:
        middle = (x + to_x) / 2
        self.edges.append(Edge(f"M{x:g} {y:g}H{middle:g}V{to_y:g}H{to_x:g}", light.status))

    def _texts(self, x: float, y: float, text: str, width: float) -> tuple[Text, ...]:
        """Text broken into lines that fit the width; `y` is the upper edge of the box it stands in."""
        lines = wrap(text, max(8, int(width / CHARACTER)), break_long_words=False)
        return tuple(Text(x, y + 15 + index * PITCH, line) for index, line in enumerate(lines))


def _shared(branches: tuple[Branch, ...], index: int) -> set[int]:
    """Stages in which a branch says the same as the one before it, for the same extent."""
    if not index or branches[index - 1].extent != branches[index].extent:
        return set()
    before = {box.stage: box.statements for box in branches[index - 1].boxes}
    return {box.stage for box in branches[index].boxes if before.get(box.stage) == box.statements}


def _shared_with_next(branch: Branch, box: Box, tree: Tree) -> bool:
    """Whether the next row shares this box, which then reaches down into it."""
    entity = next(one for one in tree.entities if one.code == branch.entity)
    index = entity.branches.index(branch) + 1
    return index < len(entity.branches) and box.stage in _shared(entity.branches, index)
