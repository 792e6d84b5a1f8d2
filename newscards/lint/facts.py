"""Facts about a corpus for the rules that compare cards (NC6): a row for each card.

A row does not hold the card, only the few values that those rules need of it and of its entries of
``related``. Equal entries are one object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from newscards.cards.card import Card, Identity, card_id, text
from newscards.cards.related import Copy, connected_groups, copies_of, copy_from, grouped


@dataclass(slots=True, eq=False)
class Row:
    """The values of a card that are compared with those of others.

    Do not change a row; it is not frozen only because a frozen one takes longer to make. ``copy`` is what an
    entry of ``related`` for this card would say. ``published`` is true if the flag is ``true``; other rules
    report other flags. ``iv`` is the second part of ``secured``.
    """

    path: str
    url: str
    title: str
    excerpt: str
    domain: str
    provider: str
    published: bool
    topics: tuple[Any, ...]
    iv: str
    copy: Copy
    related: tuple[Copy | None, ...]
    """The entries of ``related``, each at its index; ``None`` for one that is not a mapping."""
    simple_size: int = 0
    """The size of the file in bytes, if its YAML is simple (``read_simple_card``); else 0."""

    @property
    def id(self) -> str:
        """The file's name without its ending."""
        return card_id(self.path)

    @property
    def web_url(self) -> str:
        """``webUrl``; empty if there is none."""
        return self.copy.url


def row_of(card: Card, simple_size: int = 0) -> Row:
    """Return the row of a card; ``simple_size`` is as in ``Row``."""
    fields, provider = card.fields, card.provider
    topics = fields.get("topics")
    return Row(
        card.path,
        card.url,
        card.title,
        card.excerpt,
        text(provider.get("domain")),
        text(provider.get("name")),
        fields.get("published") is True,
        tuple(topics) if isinstance(topics, list) else (),
        text(fields.get("secured")).partition(";")[2].strip(),
        copy_from(fields),
        copies_of(card),
        simple_size,
    )


@dataclass(frozen=True)
class Facts:
    """The rows of one corpus, and the registries of topics and providers from the configuration.

    ``topics`` are the names in the registry of topics, ``None`` without one. ``providers`` are the names in
    the registry of organizations by domain; if that has no domains, ``organizations`` are its names.
    ``urls_of_unreadable`` are the URLs in the files of unreadable cards.
    """

    rows: list[Row] = field(default_factory=list)
    topics: frozenset[str] | None = None
    providers: Mapping[str, str] = field(default_factory=dict)
    urls_of_unreadable: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()

    @cached_property
    def by_identity(self) -> dict[Identity, list[Row]]:
        """The rows by the identity that an entry of ``related`` names; several if cards are duplicates."""
        return grouped((row.copy.identity, row) for row in self.rows)

    @cached_property
    def by_web_url(self) -> dict[str, list[Row]]:
        """The rows that have a ``webUrl``, by ``webUrl``."""
        return grouped((row.web_url, row) for row in self.rows if row.web_url)

    @cached_property
    def sharing_titles(self) -> set[str]:
        """The paths of the cards that share their title, as fixes would clean it, with another card."""
        titles = grouped((row.copy.title, row) for row in self.rows if row.copy.title)
        return {row.path for rows in titles.values() if len(rows) > 1 for row in rows}

    @cached_property
    def entries(self) -> dict[int, Copy | None]:
        """The entries of all cards by their ``id()``: equal entries are one object, so each comes once."""
        entries: dict[int, Copy | None] = {}
        for row in self.rows:
            entries.update(zip(map(id, row.related), row.related, strict=True))
        return entries

    def named_by(self, copy: Copy | None) -> Row | None:
        """Return the card that an entry of ``related`` names; ``None`` if no card has its identity."""
        found = self.by_identity.get(copy.identity) if copy and copy.names_something else None
        return found[0] if found else None

    @cached_property
    def listed(self) -> dict[Row, tuple[Row | None, ...]]:
        """The rows that the entries of each row name, in order."""
        named = {entry: self.named_by(copy) for entry, copy in self.entries.items()}
        return {row: tuple(map(named.__getitem__, map(id, row.related))) for row in self.rows}

    @cached_property
    def stories(self) -> list[list[Row]]:
        """The stories: sets of two or more cards that list each other under ``related``."""
        listed = {row: [other for other in others if other] for row, others in self.listed.items()}
        return [rows for rows in connected_groups(listed) if len(rows) > 1]
