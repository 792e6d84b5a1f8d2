"""What the rules about the site have in common: what the flag means."""

from __future__ import annotations

from newscards.cards.card import Card, Unreadable


def shows(record: Card | Unreadable) -> bool:
    """Tell whether a card's flag says that it is to be shown; a flag that is missing says nothing."""
    return isinstance(record, Card) and record.fields.get("published") is True


def hides(record: Card | Unreadable) -> bool:
    """Tell whether a card's flag says that it is to be hidden."""
    return isinstance(record, Card) and record.fields.get("published", True) in (False, None)
