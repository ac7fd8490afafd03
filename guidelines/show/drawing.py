"""The algorithm laid out on one landscape page, in the units of its drawing. A template draws it."""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from urllib.parse import urlencode

from guidelines.knowledge import labels
from guidelines.show.algorithm import STAGES, Box, Branch, EntityNode, Entry, Tree
from guidelines.show.path import ON, Light, standing

GAP, ROW_GAP, TOP = 14.0, 10.0, 28.0
NARROW, EXTENT_WIDTH = 106.0, 118.0
COLUMNS = (4.0, 4 + NARROW + GAP, 4 + 2 * (NARROW + GAP))  # left edges of start, entity, extent
STAGE_WIDTHS = (236.0, 236.0, 440.0, 222.0)
PITCH, HEAD, PAD = 13.5, 20.0, 6.0
BOLD = 7.4
CHARACTER = 6.5  # mean width of a letter at the size the style sheet gives
MARK = 13.0
TWO_COLUMNS_FROM = 4  # entries; a wide box with fewer is drawn half as wide


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
        lefts = (*COLUMNS, *(stage_left(index) for index in range(len(STAGES))))
        headings = tuple(Text(x, 15, title) for x, title in zip(lefts, titles, strict=True))
        width = stage_left(len(STAGES)) - GAP + 4
        return Picture(width, self.y, headings, tuple(self.nodes), tuple(self.edges), self.lights is not None)

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
            shared = self._shared(entity.branches, index)
            row_bottom = self._branch(branch, shared, below)
            self.y = row_bottom + ROW_GAP
            bottom = max(bottom, row_bottom)
        if entity.note:
            notes = self._texts(stage_left(1), top - 3, entity.note, STAGE_WIDTHS[1] + STAGE_WIDTHS[2])
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
            x = stage_left(box.stage)
            status = self.light(box.id).status
            if box.stage in shared:
                # The box stands in the row above: the line goes up to it.
                end = max(end for stage, end in below if stage == box.stage)
                self.edges.append(Edge(f"M{left:g} {top + 12:g}H{x + 16:g}V{end:g}", status))
                left = x + 16
                continue
            self.edges.append(Edge(f"M{left:g} {top + 12:g}H{x:g}", status))
            left = x + _width(box)
            end = top + self._box(box, x, top)
            below.append((box.stage, end))
            if not self._shared_with_next(branch, box):
                bottom = max(bottom, end)
        return max([bottom, *(end for stage, end in below if stage in shared)])

    def _box(self, box: Box, x: float, y: float) -> float:
        light, width = self.light(box.id), _width(box)
        note = f"Open: {', '.join(light.deciding)}" if light.deciding else ""
        texts = self._texts(x + PAD, y, box.title, width - PAD, BOLD)
        notes = self._texts(x + PAD, y + PITCH, note, width - PAD) if note else ()
        top = y + HEAD + PITCH * len(notes)
        columns = 2 if width > STAGE_WIDTHS[0] else 1
        each = -(-len(box.entries) // columns)
        rows: list[Row] = []
        bottom = top
        for column in range(columns):
            at, left = top, x + PAD + column * width / columns
            for entry in box.entries[column * each : (column + 1) * each]:
                rows.append(self._row(box, entry, left, at, width / columns - 2 * PAD))
                at += rows[-1].height
            bottom = max(bottom, at)
        height = bottom - y + PAD - 1
        title = f"{box.title}: {len(box.statements)} statements"
        self.nodes.append(
            Node("stage", x, y, width, height, texts, notes, self._titled(title, light), light.status,
                 urlencode(box.asks), tuple(rows))
        )  # fmt: skip
        return height

    def _row(self, box: Box, entry: Entry, x: float, y: float, width: float) -> Row:
        light = self.light(f"{box.id}/{entry.intervention}")
        statements = standing(entry, None if self.lights is None else light)
        stances = list(dict.fromkeys(one.stance for one in statements))
        texts = self._texts(x, y - 3, entry.label, width - MARK * len(stances) - 2)
        marks = tuple(
            Mark(x + width - MARK * (len(stances) - index) + 2, y + 1.5, stance)
            for index, stance in enumerate(stances)
        )
        title = f"{entry.label}: {', '.join(labels.STANCES[one] for one in stances)}"
        single = statements[0].id if len(statements) == 1 else ""
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
        texts = self._texts(x + PAD, y, label, width - PAD, BOLD)
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

    def _shared(self, branches: tuple[Branch, ...], index: int) -> set[int]:
        """Stages in which a branch says the same as the one before it, and stands alike for the case."""
        if not index or branches[index - 1].extent != branches[index].extent:
            return set()
        before = {box.stage: box for box in branches[index - 1].boxes}
        return {box.stage for box in branches[index].boxes if self._same(before.get(box.stage), box)}

    def _same(self, before: Box | None, box: Box) -> bool:
        if before is None or before.statements != box.statements:
            return False
        return self.light(before.id).status == self.light(box.id).status

    def _shared_with_next(self, branch: Branch, box: Box) -> bool:
        """Whether the next row shares this box, which then reaches down into it."""
        entity = next(one for one in self.tree.entities if one.code == branch.entity)
        index = entity.branches.index(branch) + 1
        return index < len(entity.branches) and box.stage in self._shared(entity.branches, index)

    def _elbow(self, x: float, y: float, to_x: float, to_y: float, light: Light) -> None:
        middle = (x + to_x) / 2
        self.edges.append(Edge(f"M{x:g} {y:g}H{middle:g}V{to_y:g}H{to_x:g}", light.status))

    def _texts(
        self, x: float, y: float, text: str, width: float, character: float = CHARACTER
    ) -> tuple[Text, ...]:
        """Text broken into lines that fit the width; `y` is the upper edge of the box it stands in."""
        lines = wrap(text, max(8, int(width / character)), break_long_words=False)
        return tuple(Text(x, y + 14 + index * PITCH, line) for index, line in enumerate(lines))


def stage_left(stage: int) -> float:
    """The left edge of a stage's column."""
    return COLUMNS[2] + EXTENT_WIDTH + GAP + sum(STAGE_WIDTHS[:stage]) + GAP * stage


def _width(box: Box) -> float:
    """A wide column holds two columns of entries, or a box of half its width."""
    width = STAGE_WIDTHS[box.stage]
    wide = width > STAGE_WIDTHS[0]
    return width / 2 if wide and len(box.entries) < TWO_COLUMNS_FROM else width
