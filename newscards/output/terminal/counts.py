"""Bars of two tones: what is published, and what is hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.segment import Segment
from rich.text import Text

from newscards.output.terminal.list import HIDDEN, SHOWN
from newscards.output.terminal.table import Column, T
from newscards.query.stats.tally import Count
from newscards.text import counted

_FULL, _HIDDEN = "█", "░"
_EIGHTHS = " ▏▎▍▌▋▊▉"
_LONGEST = 48


def total_text(total: Count) -> Text:
    """Return how many cards there are, published and hidden, with the tones that these have in a bar."""
    return Text.assemble(
        f"{counted(total.cards, 'card')}: ",
        (_FULL, SHOWN), f" {total.published:,} published, ",
        (_HIDDEN, HIDDEN), f" {total.hidden:,} hidden",
    )  # fmt: skip


def bar(count: Count, most: int, width: int) -> tuple[Segment, ...]:
    """Return the bar of a group, where one of ``most`` cards takes ``width`` columns.

    What there is at all can be seen, however little it is.
    """
    cells = count.cards * width / most
    room = width - 1 if count.hidden else width
    eighths = min(max(round(count.published * width * 8 / most), count.published > 0), room * 8)
    full, part = divmod(eighths, 8)
    shown = _FULL * full + (_EIGHTHS[part] if part else "")
    hidden = max(round(cells) - len(shown), 1) if count.hidden else 0
    return tuple(Segment(text, style) for text, style in ((shown, SHOWN), (_HIDDEN * hidden, HIDDEN)) if text)


def bar_column(count_of: Callable[[T], Count], rows: Iterable[T]) -> Column[T]:
    """Return the column of the rows' bars, the longest of which is of the one with the most cards."""
    most = max((count_of(row).cards for row in rows), default=0)
    return Column(
        "", lambda row: "", most=_LONGEST,
        draw=lambda row, width: bar(count_of(row), most, width) if count_of(row).cards else (),
    )  # fmt: skip
