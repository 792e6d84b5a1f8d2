"""What the rules that show texts have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from newscards.cards.card import Card
from newscards.cards.text_cleanup import (
    is_written_from_right_to_left,
    mended,
    without_entities,
    without_invisible,
)
from newscards.edits.operations import SetValue
from newscards.lint.findings import Fix


def own_texts(card: Card) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of the title and of the excerpt; empty where there is no text."""
    yield "title", card.title
    yield "excerpt", card.excerpt


def first_difference(one: str, other: str) -> int:
    """Return where two texts begin to differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


Cleaner = Callable[[str], str]
CLEANERS: tuple[Cleaner, ...] = (without_entities, mended, without_invisible, str.strip)
"""What the rules about texts mend, each its own; the last is for titles alone."""


def cleaning(name: str, text: str, cleaner: Cleaner) -> Fix | None:
    """Return the fix that cleans a text of what one rule tells of it; ``None`` where it needs none.

    What comes to light by that, and was not there before, is cleaned too: a blank at the end that was an
    entity.
    """
    if cleaner is without_invisible and is_written_from_right_to_left(text):
        return None  # its marks may be meant
    cleaners = CLEANERS if name == "title" else CLEANERS[:-1]
    sound = [other for other in cleaners if other is not cleaner and other(text) == text]
    clean = cleaner(text)
    for other in sound:
        clean = other(clean)
    return Fix(f"clean `{name}`", SetValue(clean)) if clean and clean != text else None


def and_more(first: str, count: int) -> str:
    """Return the first of ``count`` things, and how many more there are."""
    return f"{first} and {count - 1} more" if count > 1 else first
