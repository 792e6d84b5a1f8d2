"""What ``remove`` and ``restore`` ask of a card."""

from __future__ import annotations

from newscards.cards.card import Card
from newscards.commands.shared.editing import Request
from newscards.edits.operations import Operation, SetValue
from newscards.edits.plan import Asked


def remove() -> Request:
    """Return what takes cards down: ``removed: true`` and ``published: false``, as in every real one."""

    def ask(card: Card) -> Asked:
        operations = [Operation(("removed",), SetValue(True)), Operation(("published",), SetValue(False))]
        return Asked(operations, "removed already")

    return Request(ask)


def restore() -> Request:
    """Return what takes ``remove`` back: ``removed: false``; whether the site shows the card stays."""

    def ask(card: Card) -> Asked:
        if card.fields.get("removed") is None:
            return Asked([], "not removed")
        return Asked([Operation(("removed",), SetValue(False))], "not removed")

    return Request(ask)
