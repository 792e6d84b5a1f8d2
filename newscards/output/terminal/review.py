"""``newscards review``: a page of the screen for each step, with the keys below it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from newscards.cards.card import Card, CardOrUnreadable, text
from newscards.output.terminal.console import make_console
from newscards.output.terminal.list import HIDDEN, flag, flag_style, number
from newscards.output.terminal.show import LABEL_WIDTH, MAX_PROSE_WIDTH, clean, facts_of
from newscards.output.terminal.table import TableColumn, fixed, print_lines, row_lines
from newscards.text import one_line, path_text

Row = Sequence[Segment]
"""A row of the screen."""

_BLANK: Row = ()
_ALL = 1 << 16
_LEAST = (
    (_ALL, 6, 12, 4),
    (6, 3, 6, 4),
    (6, 2, 4, 4),
    (5, 1, 4, 1),
    (3, 1, 1, 0),
    (2, 0, 0, 0),
    (0, 0, 0, 0),
)
"""The rows that the facts, the excerpt, the story and the gaps keep: each of them, before one goes below."""
_IMPORTANT = ("Flag", "Quality", "Date", "Provider", "Topics", "URL", "Images", "Type", "File")
"""The facts that a low window keeps longest, the most important first; it drops all others before them."""
_LEAST_STORY = 3
"""The rows in which the cards of a story are shown; in fewer of them only what is said of it."""
_ENOUGH = 8
"""The rows that the facts, the excerpt and the story need at least, before the remarks get all of theirs."""
_MAX_STATUS_HEIGHT = 3
"""The number of rows that a message above the keys may take."""


class Binding(NamedTuple):
    """A key: the word for it below the page, empty if it is only in the help, and what the help says."""

    key: str
    word: str
    help: str


class Remark(NamedTuple):
    """A line below the card: its label, its text, and rich's style of the text.

    It is wrapped into up to ``height`` rows, one less where a window is too low for all.
    """

    label: str
    text: str
    style: str = ""
    height: int = 2


@dataclass(frozen=True)
class ReviewPage:
    """What a step shows.

    ``heading`` is the position, ``note`` stands on its right. ``record`` is the card, ``story`` the cards of
    its story, numbered from 1, of which ``shown`` is this one; ``place`` says where it stands in the story.
    ``remarks`` are the lines below them. ``status`` is what the last key did, and its style. Instead of the
    ``bindings`` a ``question`` is shown, and what is typed behind it.
    """

    heading: str
    note: str
    record: CardOrUnreadable
    story: Sequence[CardOrUnreadable]
    shown: int
    place: str
    remarks: Sequence[Remark]
    status: tuple[str, str]
    bindings: Sequence[Binding]
    question: tuple[str, str] | None = None


def page_rows(page: ReviewPage, width: int, height: int, *, color: bool) -> list[str]:
    """Return the rows of a step, ``height`` of them; what has no room is left out, the keys never."""
    canvas = _Canvas(width, color)
    heading = canvas.sides(Text(page.heading, "bold"), Text(page.note, "dim"))
    title, remarks = canvas.title(page.record), canvas.remarks(page.remarks)
    facts, excerpt = canvas.facts(page.record), canvas.excerpt(page.record)
    gaps = 2 + bool(excerpt) + (len(page.story) > 1)
    wanted = (len(facts), len(excerpt), canvas.story_height(page.story), gaps)
    bottom = canvas.bottom(page, page.bindings)[-height:]
    if len(heading) + len(title) + len(remarks) + min(sum(wanted), _ENOUGH) + len(bottom) > height:
        remarks = canvas.remarks(page.remarks, is_low=True)
    above = len(heading) + len(title) + len(remarks)
    shares = _shares(wanted, height - above - len(bottom))
    if len(page.story) > 1 and shares[2] < _LEAST_STORY:  # its cards have no room, but their keys work
        others = Binding(f"1-{min(len(page.story), 9)}", "other cards", "")
        bottom = canvas.bottom(page, [others, *page.bindings])[-height:]
        shares = _shares(wanted, height - above - len(bottom))
    groups = [
        heading,
        [*title, *_most_important(facts, shares[0])],
        canvas.cut_excerpt(excerpt, shares[1]),
        canvas.story(page.story, page.shown, page.place, shares[2]),
        remarks,
    ]
    middle: list[Row] = []
    gaps = max(height - len(bottom) - sum(map(len, groups)), 0)
    for group in filter(None, groups):
        if middle and gaps:
            middle.append(_BLANK)
            gaps -= 1
        middle += group
    middle = middle[: height - len(bottom)]
    filler = [_BLANK] * (height - len(middle) - len(bottom))
    return canvas.rendered([*middle, *filler, *bottom])


def _shares(wanted: Sequence[int], room: int) -> Sequence[int]:
    """Return how many rows the facts, the excerpt, the story and the gaps get of the ``room``."""
    shares = [*wanted]
    for leasts in _LEAST:
        for part, least in enumerate(leasts):
            excess = max(sum(shares) - max(room, 0), 0)
            shares[part] -= min(excess, max(shares[part] - least, 0))
    return shares


def _most_important(facts: Sequence[tuple[str, Row]], count: int) -> list[Row]:
    """Return the rows of the most important facts, in their order."""
    ranks = {label: rank for rank, label in enumerate(_IMPORTANT)}
    ranked = sorted(range(len(facts)), key=lambda at: ranks.get(facts[at][0], len(ranks)))
    return [facts[at][1] for at in sorted(ranked[:count])]


def help_rows(bindings: Iterable[Binding], width: int, *, color: bool) -> list[str]:
    """Return the rows of the help: each key, and what it does."""
    canvas = _Canvas(width, color)
    rows: list[Row] = []
    for binding in bindings:
        head = Text.assemble((f"  {binding.key:<12}", "bold cyan"))
        for line in canvas.wrapped(Text(binding.help), width - len(head)):
            rows += canvas.row(head + line)
            head = Text(" " * len(head))
    return canvas.rendered(rows)


def end_rows(
    heading: str,
    made: Sequence[str],
    status: tuple[str, str],
    bindings: Iterable[Binding],
    width: int,
    height: int,
    *,
    color: bool,
) -> list[str]:
    """Return the rows of the page behind the last step: the decisions, the last ones if there is no room."""
    canvas = _Canvas(width, color)
    bottom = [*canvas.status(*status), *canvas.bindings(bindings)][-height:]
    room = max(height - len(bottom) - 3, 0)
    shown = [
        row for words in made[len(made) - min(room, len(made)) :] for row in canvas.row(Text(one_line(words)))
    ]
    top = [*canvas.row(Text(heading, "bold")), _BLANK, *shown][: height - len(bottom)]
    filler = [_BLANK] * (height - len(top) - len(bottom))
    return canvas.rendered([*top, *filler, *bottom])


def overlay_rows(
    rows: Sequence[str], start: int, title: str, width: int, height: int, *, color: bool
) -> list[str]:
    """Return a part of longer text: ``rows`` from ``start`` on, under a title, and the keys that move it."""
    canvas = _Canvas(width, color)
    room = max(height - 4, 1)
    shown = [*rows[start : start + room]]
    words = "any key goes back to the card"
    if len(rows) > room:
        words = f"rows {start + 1:,}-{start + len(shown):,} of {len(rows):,}; space and b turn pages, {words}"
    head = canvas.rendered([*canvas.row(Text(title, "bold")), _BLANK])
    foot = canvas.rendered([_BLANK, *canvas.row(Text(words, "dim"))])
    return [*head, *shown, *[""] * (room - len(shown)), *foot][:height]


def printed_rows(draw: Callable[[Console], None], width: int, *, color: bool) -> list[str]:
    """Return what a function prints on a console, as rows; a longer line is cut into several."""
    console = make_console(io.StringIO(), color=color, width=width)
    with console.capture() as capture:
        draw(console)
    lines = (
        piece
        for line in Text.from_ansi(capture.get()).split()
        for piece in line.divide(accumulate(map(len, chop_cells(line.plain, width)[:-1])))
    )
    return _Canvas(width, color).rendered([[*line.render(console)] for line in lines])


class _Canvas:
    """What turns the parts of a page into rows of a given width."""

    def __init__(self, width: int, color: bool) -> None:
        self.width, self._color = width, color
        self._console = make_console(io.StringIO(), color=color, width=width)

    def rendered(self, rows: Sequence[Row]) -> list[str]:
        """Return rows as text with escape sequences."""
        stream = io.StringIO()
        print_lines(make_console(stream, color=self._color, width=self.width), rows)
        return stream.getvalue().split("\n")[: len(rows)]

    def row(self, line: Text) -> list[Row]:
        """Return a text as one row, cut if it is longer."""
        line.truncate(self.width, overflow="ellipsis")
        line.stylize_before(line.style)  # `render` leaves out the style of a text that has no spans
        return [[*line.render(self._console)]]

    def wrapped(self, line: Text, width: int) -> list[Text]:
        """Return a text as lines."""
        lines = [*line.wrap(self._console, max(width, 10))]
        for each in lines:
            each.rstrip()
        return lines

    def sides(self, left: Text, right: Text) -> list[Row]:
        """Return a row of two texts; the right one is left out if there is no room."""
        gap = self.width - left.cell_len - right.cell_len
        return self.row(Text.assemble(left, " " * gap, right) if gap > 1 else left)

    def title(self, record: CardOrUnreadable) -> list[Row]:
        """Return the headline in up to two rows."""
        words = clean(record.title) if isinstance(record, Card) else ""
        lines = _first(self.wrapped(Text(words or path_text(record.id), "bold"), self.width), 2, self.width)
        return [row for line in lines for row in self.row(line)]

    def facts(self, record: CardOrUnreadable) -> list[tuple[str, Row]]:
        """Return the facts about a card, each with its label."""
        if not isinstance(record, Card):
            message = Text(one_line(record.message), "red")
            lines = [_label("Problem" if not at else "") + line for at, line in
                     enumerate(self.wrapped(message, self.width - 10))]  # fmt: skip
            return [("Flag", row) for line in lines for row in self.row(line)]
        facts = [*facts_of(record)]
        images = record.fields.get("images")
        if isinstance(images, list) and images:
            facts.insert(len(facts) - 1, ("Images", Segment(str(len(images)))))
        return [
            (label, row)
            for label, value in facts
            if value.text
            for row in self.row(_label(label) + Text(value.text, value.style or ""))
        ]

    def excerpt(self, record: CardOrUnreadable) -> list[Text]:
        """Return the lines of the excerpt."""
        words = clean(record.excerpt) if isinstance(record, Card) else ""
        if not words:
            return []
        lines = self.wrapped(Text(words), min(self.width - 4, MAX_PROSE_WIDTH))
        return [Text("  ") + line for line in lines]

    def cut_excerpt(self, lines: Sequence[Text], count: int) -> list[Row]:
        """Return the first lines of the excerpt."""
        shown = _first(lines, count, min(self.width, MAX_PROSE_WIDTH))
        return [row for line in shown for row in self.row(line)]

    def story_height(self, story: Sequence[CardOrUnreadable]) -> int:
        """Return the number of rows of a story; of one card there is nothing to say."""
        return len(story) + 2 if len(story) > 1 else 0

    def story(self, story: Sequence[CardOrUnreadable], shown: int, place: str, count: int) -> list[Row]:
        """Return a story in ``count`` rows: where the card stands in it, and the cards around that one."""
        if not count:
            return []
        heading = Text.assemble(_label("Story"), place)
        if count < _LEAST_STORY:
            return self.row(heading)
        room = count - 2
        start = min(max(shown - room // 2, 0), max(len(story) - room, 0))
        part = f"{start + 1:,}-{start + room:,} of {len(story):,}" if room < len(story) else ""
        numbered = [*enumerate(story)][start : start + room]
        columns = _story_columns(shown)
        style = Style(bold=True) if self._color else Style()
        rows = row_lines(columns, numbered, self.width, style)
        return [*self.sides(heading, Text(part, "dim")), *rows]

    def remarks(self, remarks: Iterable[Remark], *, is_low: bool = False) -> list[Row]:
        """Return the lines below the card."""
        rows: list[Row] = []
        for each in remarks:
            head = _label(each.label)
            lines = self.wrapped(Text(one_line(each.text), each.style), self.width - len(head))
            for line in _first(lines, max(each.height - is_low, 1), self.width - len(head)):
                rows += self.row(head + line)
                head = Text(" " * len(head))
        return rows

    def bottom(self, page: ReviewPage, bindings: Sequence[Binding]) -> list[Row]:
        """Return the last rows: what the last key did, and the keys, or a question."""
        keys = self.question(*page.question) if page.question else self.bindings(bindings)
        return [*self.status(*page.status), *keys]

    def status(self, words: str, style: str) -> list[Row]:
        """Return the row above the keys."""
        lines = self.wrapped(Text(one_line(words), style), self.width) if words else [Text()]
        return [row for line in _first(lines, _MAX_STATUS_HEIGHT, self.width) for row in self.row(line)]

    def question(self, question: str, answer: str) -> list[Row]:
        """Return the row of a question, with what is typed, and a cursor."""
        room = max(self.width - cell_len(question) - 2, 1)
        shown = one_line(answer)
        while cell_len(shown) > room:
            shown = shown[1:]
        return self.row(
            Text.assemble((question, "bold"), " ", shown, (" ", "reverse") if self._color else "_")
        )

    def bindings(self, bindings: Iterable[Binding]) -> list[Row]:
        """Return the rows of the keys, as many as they need."""
        rows: list[Row] = []
        line = Text()
        for binding in bindings:
            if not binding.word:
                continue
            words = Text.assemble((binding.key, "bold cyan"), " ", binding.word)
            if line and len(line) + 2 + len(words) > self.width:
                rows += self.row(line)
                line = Text()
            line = Text.assemble(line, "  " if line else "", words)
        return [*rows, *self.row(line)]


def _label(label: str) -> Text:
    """Return the label before a value, as wide as all of them."""
    return Text.assemble((f"{label:<{LABEL_WIDTH - 1}} ", "dim"))


def _first(lines: Sequence[Text], count: int, width: int) -> list[Text]:
    """Return the first lines; the last of them ends with an ellipsis behind a whole word if more follow."""
    shown = [*lines[:count]]
    if shown and len(lines) > count:
        line = shown[-1] = shown[-1].copy()
        line.rstrip()
        if line.cell_len > width - 2:
            line.truncate(max(width - 2, 1))
            line.right_crop(len(line) - line.plain.rfind(" ") if " " in line.plain.strip() else 0)
        line.append(" …")
    return shown


def _story_columns(shown: int) -> list[TableColumn[tuple[int, CardOrUnreadable]]]:
    bold, normal = Style(bold=True), Style()

    def of_card(function: Callable[[Card], str]) -> Callable[[tuple[int, CardOrUnreadable]], str]:
        return lambda row: function(row[1]) if isinstance(row[1], Card) else ""

    def sign_style(row: tuple[int, CardOrUnreadable]) -> Style:
        return flag_style(row[1]) if isinstance(row[1], Card) else HIDDEN

    def title(row: tuple[int, CardOrUnreadable]) -> str:
        record = row[1]
        return (clean(record.title) if isinstance(record, Card) else record.reason) or path_text(record.id)

    return [
        TableColumn("", lambda row: ("▸" if row[0] == shown else " ") + str(row[0] + 1), fixed("cyan")),
        TableColumn("", lambda row: flag(row[1]) if isinstance(row[1], Card) else "!", sign_style),
        TableColumn("Date", of_card(lambda card: str(card.date.date()) if card.date else ""),
                    fixed("cyan"), drop_order=1),
        TableColumn("Qual", of_card(lambda card: number(card.quality)), max_width=6, right=True,
                    drop_order=3),
        TableColumn("Heat", of_card(lambda card: number(card.heat)), max_width=6, right=True, drop_order=2),
        TableColumn("Provider", of_card(lambda card: text(card.provider.get("name"))), max_width=18,
                    drop_order=4),
        TableColumn("Title", title, lambda row: bold if row[0] == shown else normal, elastic=16),
    ]  # fmt: skip
