"""The figures as tables, of plain text or of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan

from tests.benchmarks.contenders import COLD, FILTER, VALIDATE, WARM
from tests.benchmarks.goals import GOALS, LINEAR, Runs, a_card, growth, medians

Row = tuple[str, ...]


@dataclass(frozen=True)
class Measured:
    """The runs on one corpus, what kind it is of, and how large it is."""

    kind: str
    cards: int
    megabytes: float
    runs: Runs

    @property
    def title(self) -> str:
        """What the corpus is called."""
        return f"{self.cards:,} {self.kind}, {self.megabytes:.1f} MB"


def medians_table(measured: Measured) -> list[Row]:
    """Return what each contender took, in the median."""
    rows: list[Row] = [("command", "rounds", "wall s", "CPU s", "MiB")]
    for name, runs in measured.runs.items():
        usage = medians(runs)
        figures = (f"{usage.wall:.3f}", f"{usage.cpu:.3f}", f"{usage.memory:.0f}")
        rows.append((name, str(len(runs)), *figures))
    return rows


def goals_table(measured: Measured) -> list[Row]:
    """Return the ratios that the goals are about; of other kinds of corpora without the goal."""
    rows: list[Row] = [("command", "against", "goal", "wall", "CPU", "met")]
    for goal in GOALS:
        if ratio := goal.ratio(measured.runs):
            asked = measured.kind in goal.kinds
            met = _met(ratio.wall, goal.is_met(ratio)) if asked else ""
            against = f"{goal.ruler}, {'times faster' if goal.faster else 'times its time'}"
            figures = (_times(ratio.wall), _times(ratio.cpu))
            rows.append((goal.contender, against, goal.bound if asked else "", *figures, met))
    return rows


def growth_table(corpora: Sequence[Measured]) -> list[Row]:
    """Return what a card costs in corpora of one kind, and how that grows from the first to the others."""
    rows: list[Row] = [("command", "cards", "µs a card", "CPU µs", "goal", "wall", "CPU", "met")]
    for command in (FILTER, VALIDATE):
        for state in (COLD, WARM):
            costs = [(each.cards, a_card(each.runs, command, state, each.cards)) for each in corpora]
            known = [(cards, cost) for cards, cost in costs if cost]
            ratios = growth([cost for _, cost in known])
            for (cards, cost), ratio in zip(known, ratios, strict=True):
                first = cards == known[0][0]
                bound = ("", "1", "1", "") if first else _linear(ratio.wall, ratio.cpu)
                figures = (f"{cost.wall * 1e6:.1f}", f"{cost.cpu * 1e6:.1f}")
                rows.append((f"{command}, {state}", f"{cards:,}", *figures, *bound))
    return rows


def _linear(wall: float, cpu: float) -> Row:
    return f"≤ {LINEAR:g}", _times(wall), _times(cpu), _met(wall, wall <= LINEAR)


def _met(ratio: float, is_met: bool) -> str:
    return "" if isnan(ratio) else "yes" if is_met else "no"


def _times(ratio: float) -> str:
    if isnan(ratio):
        return "-"
    return f"{ratio:.0f}" if ratio >= 100 else f"{ratio:.1f}" if ratio >= 10 else f"{ratio:.2f}"


def rendered(title: str, rows: Sequence[Row], markdown: bool) -> str:
    """Return a table below its title, words to the left and figures to the right."""
    words = [_is_words(column) for column in zip(*rows, strict=True)]
    if markdown:
        marks = ("---" if left else "---:" for left in words)
        lines = [_piped(rows[0]), _piped(marks), *map(_piped, rows[1:])]
        return "\n".join([f"**{title}**", "", *lines, ""])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    texts = (
        "  ".join(
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(row, widths, words, strict=True)
        ).rstrip()
        for row in rows
    )
    return "\n".join([title, *(f"  {text}" for text in texts), ""])


def _piped(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _is_words(column: Sequence[str]) -> bool:
    return not any(cell[:1].isdigit() or cell == "-" for cell in column[1:])
