"""Rules of the configuration as the linter calls them; ``query`` compiles their SQL and runs it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol
from zlib import crc32

from newscards.cards.card import Card
from newscards.clock import ALWAYS, Validity
from newscards.lint.rule import FoundProblem, Rule


class OwnProblems(NamedTuple):
    """The problems that rules of the configuration found, by the card's path, and how long they hold."""

    by_path: Mapping[str, Sequence[FoundProblem]]
    validity: Validity = ALWAYS

    def checksums(self) -> dict[str, int]:
        """Return a checksum of the problems of each card that has some, by its path."""
        return {path: _checksum(problems) for path, problems in self.by_path.items()}


def _checksum(problems: Iterable[FoundProblem]) -> int:
    found = sorted((rule.name, repr(steps), problem.message) for rule, problem, steps in problems)
    return crc32(repr(found).encode(errors="surrogatepass"))


NO_PROBLEMS = OwnProblems({})


class OwnRules(Protocol):
    """The compiled rules of the configuration.

    ``rules`` are those that may be checked. ``fields`` are the dotted names of the fields that they need of
    each card, and ``needs_stories`` says whether they need its ``identities``, too.
    """

    rules: Container[Rule]
    fields: frozenset[str]
    needs_stories: bool

    def of_single_cards(self) -> OwnRules | None:
        """Return those rules whose answer for a card depends on that card alone."""

    def values_of(self, card: Card) -> Card:
        """Return a card with only the values that the rules need."""

    def problems(self, cards: Sequence[Card], checked: Container[Rule]) -> OwnProblems:
        """Return what those of the rules that are ``checked`` find in the cards of a corpus.

        The cards are in the order of their absolute paths, and have the values that the rules need.
        """
