"""A corpus at a glance: headline numbers, then panels of bars, side by side where there is room."""

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
)
from newscards.output.terminal.findings import COLORS
from newscards.output.terminal.table import T, TableColumn, print_lines, row_lines
from newscards.query.stats.dimensions import TYPE
from newscards.query.stats.groups import Group
from newscards.query.stats.overview import Overview, RuleCount
from newscards.query.stats.scales import histogram, timeline
from newscards.query.stats.tally import Count
from newscards.text import counted

_TOP, _BINS = 10, 24
"""How many topics are shown, and how many bins of a scale."""
_SIZES = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, 20), (21, 50))
"""The sizes of stories that are shown together; larger ones are one more group."""
_BROAD, _GAP = 72, 3
"""From how many columns on panels stand side by side, and with how many between them."""
_TITLE, _DIM = Style.parse("bold"), Style.parse("dim")

Panel = list[list[Segment]]
"""A title and lines below it, of a given width."""


def print_survey(console: Console, survey: Overview) -> None:
    """Print all that was counted."""
    _print_headline(console, survey)
    stacks = 2 if console.width >= _BROAD else 1
    width = (console.width - _GAP * (stacks - 1)) // stacks
    panels = [panel for panel in _panels(survey, width) if len(panel) > 1]
    if panels:
        console.print()
        print_lines(console, _beside(_stacked(panels, stacks), width))
    if any(line.known is False for roster in (survey.topics, survey.providers) for line in roster.lines()):
        console.print()
        print_note(console, "? not in the site's registry")


def _print_headline(console: Console, survey: Overview) -> None:
    total = survey.total
    console.print(total_text(total), soft_wrap=True)
    facts = [
        " to ".join(dict.fromkeys(map(day, filter(None, (total.first, total.last))))),
        f"mean quality {whole(total.quality)}" if total.quality is not None else "",
        f"{counted(survey.unreadable, 'file')} cannot be read" if survey.unreadable else "",
    ]
    if told := ", ".join(filter(None, facts)):
        console.print(Text(told, "dim"), soft_wrap=True)


def _panels(survey: Overview, width: int) -> Iterator[Panel]:
    unit, times = timeline(survey.months, _BINS)
    topics, providers = survey.topics.lines(), survey.providers.lines()
    types = [Group(TYPE.text(key), count) for key, count in survey.types.ordered()]
    stories = sum(each.stories for each in survey.stories)
    yield [_title(f"By {unit.name}"), *_bars(times, width)]
    yield [_title("By quality"), *_bars(histogram(survey.quality, _BINS), width)]
    yield [_title("Topics", len(topics)), *_bars(_top(topics), width), *_more(topics)]
    yield [_title("Providers", len(providers)), *_bars(_top(providers), width), *_more(providers)]
    yield [_title("Types"), *_bars(_top(types), width), *_more(types)]
    yield [_title("Stories", stories), *_bars([*_by_size(survey)], width)]
    if survey.findings is not None:
        yield _findings(survey.findings, width)


def _title(words: str, number: int | None = None) -> list[Segment]:
    return [Segment(words, _TITLE), *([] if number is None else [Segment(f" {number:,}", _DIM)])]


def _bars(lines: Sequence[Group], width: int) -> Panel:
    columns: list[TableColumn[Group]] = [
        *([mark_column()] if any(line.known is False for line in lines) else []),
        name_column("", width // 2, 12),
        TableColumn("", lambda line: f"{line.count.cards:,}", right=True),
        bar_column(lambda line: line.count, lines),
    ]
    return row_lines(columns, lines, width)


def _top(rows: Sequence[T]) -> Sequence[T]:
    """Return the first rows; one alone that would be left is shown, too."""
    return rows if len(rows) <= _TOP + 1 else rows[:_TOP]


def _more(rows: Sequence[T]) -> Panel:
    """Return the line that says how many rows ``_top`` leaves out, if any."""
    more = len(rows) - len(_top(rows))
    return [[Segment(f"and {more:,} more", _DIM)]] if more else []


def _by_size(survey: Overview) -> Iterator[Group]:
    """Yield stories by size, up to the largest: what is counted here are stories, not cards."""
    largest = max((each.size for each in survey.stories), default=0)
    for first, last in (*_SIZES, (_SIZES[-1][1] + 1, largest)):
        own = [each for each in survey.stories if first <= each.size <= last]
        name = counted(first, "card") if first == last else f"{first}–{last} cards"
        if first <= largest:
            yield Group(name, Count(sum(each.stories for each in own), sum(each.published for each in own)))


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
    """Return panels below one another in so many stacks, each in the one that is the shortest by then."""
    stacks: list[Panel] = [[] for _ in range(count)]
    for panel in panels:
        stack = min(stacks, key=len)
        stack += [[], *panel] if stack else panel
    return stacks


def _beside(stacks: Sequence[Panel], width: int) -> Iterator[list[Segment]]:
    """Yield the lines of stacks that stand side by side, each so many columns wide."""
    for number in range(max(map(len, stacks))):
        line: list[Segment] = []
        for index, stack in enumerate(stacks):
            if number < len(stack) and stack[number]:
                room = index * (width + _GAP) - Segment.get_line_length(line)
                line += [Segment(" " * room)] * (room > 0) + stack[number]
        yield line
