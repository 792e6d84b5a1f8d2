"""The overview of a corpus: totals, then panels of bars, side by side if there is room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from newscards.output.terminal.counts import (
    bar_column,
    day,
    mark_column,
    name_column,
    print_note,
    total_text,
    whole,
    without_common,
)
from newscards.output.terminal.findings import COLORS
from newscards.output.terminal.table import T, TableColumn, print_lines, row_lines
from newscards.query.stats.dimensions import TOPIC, TYPE
from newscards.query.stats.groups import Group
from newscards.query.stats.overview import Overview, RuleCount
from newscards.query.stats.scales import histogram, timeline
from newscards.query.stats.tally import Count
from newscards.text import counted

_MAX_ROWS, _MAX_BINS = 10, 24
"""How many rows a panel has, and how many bins a scale."""
_SIZES = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, 20), (21, 50))
"""The sizes of stories that are shown together; larger ones are one group."""
_SIDE_BY_SIDE_WIDTH, _GAP = 72, 3
"""The terminal width from which panels stand side by side, and the gap between them."""
_TITLE, _DIM = Style.parse("bold"), Style.parse("dim")

Panel = list[list[Segment]]
"""A title and the lines below it, all of a given width."""


def print_overview(console: Console, overview: Overview) -> None:
    """Print an overview."""
    _print_headline(console, overview)
    for note in without_common(overview.topics.ordered(), overview.total, TOPIC)[1]:
        print_note(console, note)
    stacks = 2 if console.width >= _SIDE_BY_SIDE_WIDTH else 1
    width = (console.width - _GAP * (stacks - 1)) // stacks
    panels = [panel for panel in _panels(overview, width) if len(panel) > 1]
    if panels:
        console.print()
        print_lines(console, _beside(_stacked(panels, stacks), width))
    if any(
        group.known is False for groups in (overview.topics, overview.providers) for group in groups.ordered()
    ):
        console.print()
        print_note(console, "? not in the site's registry")


def _print_headline(console: Console, overview: Overview) -> None:
    total = overview.total
    console.print(total_text(total), soft_wrap=True)
    facts = [
        " to ".join(dict.fromkeys(map(day, filter(None, (total.first, total.last))))),
        f"mean quality {whole(total.quality)}" if total.quality is not None else "",
        f"{counted(overview.unreadable, 'file')} cannot be read" if overview.unreadable else "",
    ]
    if text := ", ".join(filter(None, facts)):
        console.print(Text(text, "dim"), soft_wrap=True)


def _panels(overview: Overview, width: int) -> Iterator[Panel]:
    unit, times = timeline(overview.months, _MAX_BINS)
    topics = overview.topics.ordered()
    own_topics, _ = without_common(topics, overview.total, TOPIC)
    providers = overview.providers.ordered()
    types = [Group(TYPE.text(key), count) for key, count in overview.types.ordered()]
    stories = sum(each.stories for each in overview.stories)
    yield [_title(f"By {unit.name}"), *_bars(times, width)]
    yield [_title("By quality"), *_bars(histogram(overview.quality, _MAX_BINS), width)]
    yield [_title("Topics", len(topics)), *_bars(_top(own_topics), width), *_more(own_topics)]
    yield [_title("Providers", len(providers)), *_bars(_top(providers), width), *_more(providers)]
    yield [_title("Types"), *_bars(_top(types), width), *_more(types)]
    yield [_title("Stories", stories), *_bars([*_by_size(overview)], width)]
    if overview.findings is not None:
        yield _findings(overview.findings, width)


def _title(words: str, number: int | None = None) -> list[Segment]:
    return [Segment(words, _TITLE), *([] if number is None else [Segment(f" {number:,}", _DIM)])]


def _bars(lines: Sequence[Group], width: int) -> Panel:
    columns: list[TableColumn[Group]] = [
        *([mark_column()] if any(group.known is False for group in lines) else []),
        name_column("", width // 2, 12),
        TableColumn("", lambda group: f"{group.count.cards:,}", right=True),
        bar_column(lambda group: group.count, lines),
    ]
    return row_lines(columns, lines, width)


def _top(rows: Sequence[T]) -> Sequence[T]:
    """Return the first rows; a single further one is included, because "and 1 more" takes as much room."""
    return rows if len(rows) <= _MAX_ROWS + 1 else rows[:_MAX_ROWS]


def _more(rows: Sequence[T]) -> Panel:
    """Return a line with the number of rows that ``_top`` leaves out, if any."""
    more = len(rows) - len(_top(rows))
    return [[Segment(f"and {more:,} more", _DIM)]] if more else []


def _by_size(overview: Overview) -> Iterator[Group]:
    """Yield groups of stories by size, up to the largest. Their counts are of stories, not of cards."""
    largest = max((each.size for each in overview.stories), default=0)
    for first, last in (*_SIZES, (_SIZES[-1][1] + 1, largest)):
        sizes = [each for each in overview.stories if first <= each.size <= last]
        name = counted(first, "card") if first == last else f"{first}–{last} cards"
        if first <= largest:
            yield Group(
                name, Count(sum(each.stories for each in sizes), sum(each.published for each in sizes))
            )


def _findings(rules: Sequence[RuleCount], width: int) -> Panel:
    columns: list[TableColumn[RuleCount]] = [
        TableColumn("", lambda rule: rule.code, lambda rule: Style.parse(COLORS[rule.severity])),
        TableColumn("", lambda rule: rule.rule, elastic=12),
        TableColumn("", lambda rule: f"{rule.findings:,}", right=True),
    ]
    title = _title("Findings", sum(rule.findings for rule in rules))
    if not rules:
        return [title, [Segment("none", _DIM)]]
    return [title, *row_lines(columns, _top(rules), width), *_more(rules)]


def _stacked(panels: Iterable[Panel], count: int) -> list[Panel]:
    """Return panels distributed over ``count`` stacks, each on the stack that is the shortest so far."""
    stacks: list[Panel] = [[] for _ in range(count)]
    for panel in panels:
        stack = min(stacks, key=len)
        stack += [[], *panel] if stack else panel
    return stacks


def _beside(stacks: Sequence[Panel], width: int) -> Iterator[list[Segment]]:
    """Yield the lines of stacks side by side, each ``width`` columns wide."""
    for number in range(max(map(len, stacks))):
        line: list[Segment] = []
        for index, stack in enumerate(stacks):
            if number < len(stack) and stack[number]:
                room = index * (width + _GAP) - Segment.get_line_length(line)
                line += [Segment(" " * room)] * (room > 0) + stack[number]
        yield line
