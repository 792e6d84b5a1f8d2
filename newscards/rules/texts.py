"""What the rules that show texts have in common."""

from __future__ import annotations

from collections.abc import Iterator

from newscards.card import Card
from newscards.fixes import Fix, SetValue
from newscards.plain_text import cleaned


def own_texts(card: Card) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of the title and of the excerpt; empty where there is no text."""
    yield "title", card.title
    yield "excerpt", card.excerpt


def first_difference(one: str, other: str) -> int:
    """Return where two texts begin to differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def cleaning(name: str, text: str) -> Fix | None:
    """Return the fix that cleans a text of all that these rules tell of it; ``None`` where it needs none."""
    clean = cleaned(text).strip() if name == "title" else cleaned(text)
    return Fix(f"clean `{name}`", SetValue(clean)) if clean and clean != text else None


def and_more(first: str, count: int) -> str:
    """Return the first of ``count`` things, and how many more there are."""
    return f"{first} and {count - 1} more" if count > 1 else first
