"""CARDs as stories, and the words of ``--problem``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from newscards.cards.card import Card, Identity, Unreadable, identity
from newscards.cards.stories import PROBLEMS, Story, StoryOfCard, stories_of
from newscards.commands.shared.corpora import current_workspace
from newscards.commands.shared.editing import CardsToEdit
from newscards.corpus.corpus import Corpus
from newscards.corpus.index.encoding import BRIEF_NAMES
from newscards.corpus.workspace import resolve_cards
from newscards.edits.plan import Planner
from newscards.errors import NewscardsError
from newscards.lint.publishing import nothing_shown
from newscards.output.ui import current
from newscards.text import nearest_or_all

if TYPE_CHECKING:
    from newscards.lint.edit_checks import CardName


def named_stories(
    names: Sequence[str], unreadable: list[Unreadable], *, part: bool
) -> tuple[list[str], dict[str, Story]]:
    """Return the real paths of CARDs, and by these the stories of all cards around them.

    Cards that cannot be read are added to ``unreadable``; ``part`` is as in ``resolve_cards``.
    """
    corpus = current_workspace().open_for_cards()
    paths = [*map(os.path.realpath, resolve_cards(corpus, names, part=part))]
    story_of: dict[str, Story] = {}
    for around in _corpora(corpus, paths):
        cards = current_workspace().readable(around, BRIEF_NAMES, unreadable, identities=True)
        story_of |= {
            os.path.realpath(card.path): story for story in stories_of(cards) for card in story.cards
        }
    for path in paths:
        if path not in story_of and isinstance(card := corpus.read(path), Card):  # e.g. with another ending
            (story_of[path],) = stories_of([card])
    return paths, story_of


def _corpora(corpus: Corpus, paths: Sequence[str]) -> Iterable[Corpus]:
    """Return the corpora of cards: ``corpus`` if it has any of them, and those around the other cards."""
    inside = {*map(os.path.realpath, corpus.paths)}
    outside = [path for path in paths if path not in inside]
    return [*([corpus] if len(outside) < len(paths) else ()), *current_workspace().corpora_around(outside)]


def chosen_problems(words: Sequence[str]) -> frozenset[str]:
    """Return the problems that the words of ``--problem`` mean; raises ``NewscardsError``."""
    for word in words:
        if word not in PROBLEMS and word != "any":
            hint = nearest_or_all(word, (*PROBLEMS, "any"))
            raise NewscardsError(f"--problem: unknown problem `{word}`", hint)
    return frozenset(PROBLEMS if "any" in words else words)


def named_by_cards(
    cards: CardsToEdit, concerns: Callable[[Card], bool] = lambda card: True
) -> tuple[set[str], dict[Identity, Card]]:
    """Return the real paths of those cards to edit that ``concerns`` is true for, of those that can be read.

    Return, too, the cards that their ``related`` names, by identity.
    """

    def track(paths: list[str]) -> Iterable[str]:
        return current().track(paths, len(paths), "Reading stories")

    files: set[str] = set()
    wanted: set[Identity] = set()
    for path in track(cards.paths):
        record = Corpus(limits=cards.limits).read(path)
        if isinstance(record, Card) and concerns(record):
            files.add(os.path.realpath(path))
            wanted |= {*map(identity, record.related)} - {record.identity}
    found: dict[Identity, Card] = {}
    for corpus in current_workspace().corpora_around(cards.paths) if wanted else ():
        found |= corpus.find(wanted, track)
    return files, found


def cards_meant(entries: Iterable[Mapping[Any, Any]], paths: Sequence[str]) -> dict[CardName, list[str]]:
    """Return the paths of the cards that entries of ``related`` may mean, by name (``card_names``).

    They are searched for in the corpora around ``paths``. Cards that cannot be read, which may be any, have
    an empty name.
    """
    from newscards.lint.edit_checks import card_names

    found: dict[CardName, list[str]] = {name: [] for entry in entries for name in card_names(identity(entry))}
    unreadable = found.setdefault("", [])
    for corpus in current_workspace().corpora_around(paths) if len(found) > 1 else ():
        for record in corpus.summaries(identities=True):
            if isinstance(record, Unreadable):
                unreadable.append(record.path)
                continue
            for name in card_names(record.identity):
                if name in found:
                    found[name].append(record.path)
    return found


class HidingWarnings:
    """Warnings of a planner about cards to hide: those with which a story loses its last published card."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._hidden: set[str] = set()
        """The real paths of the published cards to hide."""
        self._others: dict[Identity, Card] = {}
        """The other cards of their stories."""

    def prepare(self, cards: CardsToEdit) -> None:
        """Find the stories of the cards to hide, and set the planner's warnings."""
        self._hidden, self._others = named_by_cards(cards, lambda card: card.published)
        self._planner.find_warnings = self._warnings

    def _warnings(self, card: Card, old: bytes, new: bytes) -> list[str]:
        return nothing_shown(StoryOfCard.of(card, self._others), self._hidden) if card.published else []
