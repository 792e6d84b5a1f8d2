"""What is known of a corpus as a whole: a row for each card, with what other cards are compared with.

A row holds no card: what its card says at length, and the entries of ``related``, are kept as the few
values that the rules NC6 look at, and equal entries once.
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
    """A card, as far as other cards are concerned. Not to be changed; frozen, it would take longer to make.

    ``copy`` is what an entry for it would say; ``published`` is true for a flag that is ``true``: others are
    told by rules of their own; ``iv`` is the second part of ``secured``, without the long first one.
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
    """The entries of ``related``, each at its index; ``None`` for one that is no mapping."""
    simple: int = 0
    """How many bytes were read of the file, where its YAML is simple (``read_simple_card``); else 0."""

    @property
    def id(self) -> str:
        """The file's name without its ending."""
        return card_id(self.path)

    @property
    def web_url(self) -> str:
        """``webUrl``; empty where there is none."""
        return self.copy.url


def row_of(card: Card, simple: int = 0) -> Row:
    """Return the row of a card; ``simple`` is as in ``Row``."""
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
        simple,
    )


@dataclass(frozen=True)
class Facts:
    """The rows of one corpus, and what the configuration knows of its topics and providers.

    ``topics`` are the names of the registry, ``None`` without one; ``providers`` its names by domain, and
    ``organizations`` all of them where it has no domains;
    ``lost`` the URLs that stand in cards that cannot be read.
    """

    rows: list[Row] = field(default_factory=list)
    topics: frozenset[str] | None = None
    providers: Mapping[str, str] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()

    @cached_property
    def by_identity(self) -> dict[Identity, list[Row]]:
        """The rows by what names them in a ``related``; more than one where cards are copies."""
        return grouped((row.copy.identity, row) for row in self.rows)

    @cached_property
    def by_web_url(self) -> dict[str, list[Row]]:
        """The rows that have a ``webUrl``, by it."""
        return grouped((row.web_url, row) for row in self.rows if row.web_url)

    @cached_property
    def sharing_titles(self) -> set[str]:
        """The paths of the cards whose title another card has, but for what a fix takes away."""
        titles = grouped((row.copy.title, row) for row in self.rows if row.copy.title)
        return {row.path for rows in titles.values() if len(rows) > 1 for row in rows}

    @cached_property
    def entries(self) -> dict[int, Copy | None]:
        """The entries of all cards by their ids: each once, for equal ones are one object."""
        entries: dict[int, Copy | None] = {}
        for row in self.rows:
            entries.update(zip(map(id, row.related), row.related, strict=True))
        return entries

    def named(self, copy: Copy | None) -> Row | None:
        """Return the card that an entry of ``related`` names; ``None`` where no card has its identity."""
        found = self.by_identity.get(copy.identity) if copy and copy.names_something else None
        return found[0] if found else None

    @cached_property
    def listed(self) -> dict[Row, tuple[Row | None, ...]]:
        """For each row, the card that each of its entries names."""
        named = {entry: self.named(copy) for entry, copy in self.entries.items()}
        return {row: tuple(map(named.__getitem__, map(id, row.related))) for row in self.rows}

    @cached_property
    def stories(self) -> list[list[Row]]:
        """The stories: sets of cards that list each other under ``related``, single cards left out."""
        listed = {row: [other for other in others if other] for row, others in self.listed.items()}
        return [rows for rows in connected_groups(listed) if len(rows) > 1]
