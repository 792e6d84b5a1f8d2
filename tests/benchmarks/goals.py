"""The goals, and the arithmetic of ratios: pair by pair, the median of them."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tests.benchmarks.contenders import (
    CHANGED,
    CLICK,
    CLICK_STAT,
    COLD,
    FILTER,
    FRONTMATTER,
    LIMIT,
    START,
    VALIDATE,
    VERSION,
    WARM,
    name,
)
from tests.benchmarks.measuring import Usage

Runs = Mapping[str, Sequence[Usage]]
WHOLE, SMALL = "cards", "small cards"
LINEAR = 1.2


class Ratio(NamedTuple):
    """How many times more one takes than the other, on the clock and of the processors."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Goal:
    """A bound of a ratio: at least ``limit`` times faster than a ruler, or at most ``limit`` times its time.

    ``kinds`` are the corpora of which it is asked; of others the ratio is shown alone.
    """

    contender: str
    ruler: str
    limit: float
    faster: bool = False
    kinds: tuple[str, ...] = (WHOLE, SMALL)

    @property
    def bound(self) -> str:
        """The goal in words."""
        return f"{'≥' if self.faster else '≤'} {self.limit:g}"

    def ratio(self, runs: Runs) -> Ratio | None:
        """Return the ratio that the goal is about; ``None`` where one of the two was not measured."""
        one, other = runs.get(self.contender), runs.get(self.ruler)
        if not one or not other:
            return None
        return paired(other, one) if self.faster else paired(one, other)

    def is_met(self, ratio: Ratio) -> bool:
        """Tell whether the clock says that the goal is met."""
        return ratio.wall >= self.limit if self.faster else ratio.wall <= self.limit


GOALS = (
    Goal(name(FILTER, COLD), FRONTMATTER, 40, True, (WHOLE,)),
    Goal(name(VALIDATE, COLD), FRONTMATTER, 25, True, (WHOLE,)),
    Goal(name(FILTER, WARM), FRONTMATTER, 200, True, (WHOLE,)),
    Goal(name(VALIDATE, WARM), FRONTMATTER, 200, True, (WHOLE,)),
    Goal(name(FILTER, WARM), CLICK_STAT, 2),
    Goal(name(VALIDATE, WARM), CLICK_STAT, 2),
    Goal(name(LIMIT, WARM), CLICK_STAT, 2),
    Goal(name(FILTER, CHANGED), name(FILTER, WARM), 1.2),
    Goal(name(VALIDATE, CHANGED), name(VALIDATE, WARM), 1.2),
    Goal(VERSION, CLICK, 1.5),
)


def paired(ones: Sequence[Usage], others: Sequence[Usage]) -> Ratio:
    """Return the median of the ratios of the runs of each round.

    Where one was run in fewer rounds, its last run stands for those that it lacks.
    """
    pairs = list(zip(*_filled(ones, others), strict=True))
    return Ratio(
        statistics.median(_divided(one.wall, other.wall) for one, other in pairs),
        statistics.median(_divided(one.cpu, other.cpu) for one, other in pairs),
    )


def a_card(runs: Runs, command: str, state: str, cards: int) -> Usage | None:
    """Return what each card costs: the run less that on one card, pair by pair, by the cards; in seconds."""
    ones, starts = runs.get(name(command, state)), runs.get(name(command, START))
    if not ones or not starts or cards < 2:
        return None
    pairs = list(zip(*_filled(ones, starts), strict=True))
    wall = statistics.median(one.wall - start.wall for one, start in pairs)
    cpu = statistics.median(one.cpu - start.cpu for one, start in pairs)
    return Usage(wall / (cards - 1), cpu / (cards - 1), 0)


def growth(costs: Sequence[Usage]) -> list[Ratio]:
    """Return how many times more a card costs at each size than at the first."""
    return [Ratio(_divided(cost.wall, costs[0].wall), _divided(cost.cpu, costs[0].cpu)) for cost in costs]


def medians(runs: Sequence[Usage]) -> Usage:
    """Return the median of each figure."""
    return Usage(*(statistics.median(figures) for figures in zip(*runs, strict=True)))


def _filled(ones: Sequence[Usage], others: Sequence[Usage]) -> tuple[list[Usage], ...]:
    most = max(len(ones), len(others))
    return tuple([*runs, *[runs[-1]] * (most - len(runs))] for runs in (ones, others))


def _divided(one: float, other: float) -> float:
    """Return the quotient; not a number where one of the two is less than nothing, by chance."""
    return one / other if one >= 0 and other > 0 else float("nan")
