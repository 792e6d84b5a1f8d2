"""CARDs as stories, and the words of ``--problem``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from newscards.cards.card import Card, Unreadable
from newscards.cards.stories import PROBLEMS, Story, stories_of
from newscards.commands.shared.corpora import current_workspace
from newscards.corpus.corpus import Corpus
from newscards.corpus.index.encoding import BRIEF_NAMES
from newscards.corpus.workspace import resolve_cards
from newscards.errors import NewscardsError
from newscards.text import nearest_or_all


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
