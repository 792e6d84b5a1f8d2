"""What the rules that show texts have in common."""

from __future__ import annotations

from collections.abc import Iterator

from newscards.card import Card


def own_texts(card: Card) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of the title and of the excerpt; empty where there is no text."""
    yield "title", card.title
    yield "excerpt", card.excerpt


def first_difference(one: str, other: str) -> int:
    """Return where two texts begin to differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def and_more(first: str, count: int) -> str:
    """Return the first of ``count`` things, and how many more there are."""
    return f"{first} and {count - 1} more" if count > 1 else first
