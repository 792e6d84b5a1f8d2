"""Which cards an edit is about: those that are named, or those that the selection options choose."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from newscards.cards.card import Unreadable
from newscards.commands.shared.corpora import open_corpus, resolve_cards
from newscards.commands.shared.selecting import SelectionOptions, is_choosing
from newscards.commands.shared.selection import Choice
from newscards.errors import NewscardsError
from newscards.frontmatter.limits import Limits
from newscards.output.ui import Ui


@dataclass
class Chosen:
    """The cards that are to be edited; ``of`` is how many there were to choose from, if they were chosen."""

    paths: list[str]
    limits: Limits
    of: int | None = None
    unreadable: list[Unreadable] = field(default_factory=list)


def selects(options: SelectionOptions, names: Sequence[str]) -> bool:
    """Tell whether the options choose the cards; raises ``NewscardsError`` where that is not clear."""
    chosen = is_choosing(options)
    if chosen and names:
        raise NewscardsError(
            "cards are named, and chosen by options, too",
            "name them, or choose them; `newscards list OPTIONS --format ids` shows what options choose",
        )
    if not chosen and not names:
        raise NewscardsError(
            "no card is named", "name cards, `-` to read them, or options that choose them, as --topic T"
        )
    return not names


def choose(ui: Ui, options: SelectionOptions, names: Sequence[str] | None) -> Chosen:
    """Return the cards that are named, or, without names, those that the options choose; each file once.

    Raises ``CardNotFoundError`` where a name means no card, or several.
    """
    corpus = open_corpus(())
    if names is not None:
        return Chosen(resolve_cards(corpus, names, part=False) if names else [], corpus.limits)
    choice = Choice(options)
    chosen = Chosen([], corpus.limits, len(corpus), choice.unreadable)
    files: set[str] = set()
    for card in choice.cards(corpus, ui, frozenset()):
        if (file := os.path.realpath(card.path)) not in files:
            files.add(file)
            chosen.paths.append(card.path)
    choice.tell_unknown(ui)
    return chosen
