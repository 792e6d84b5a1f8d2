"""Card: what a file says, typed. Unreadable: a file that says nothing, and why."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias

from newscards.cards.fields import BULKY
from newscards.text import path_text

Identity = tuple[str, str, datetime | None]
"""What names a card in the ``related`` of another: ``webUrl``, title and date."""


def card_id(path: str) -> str:
    """Return a card's id: its file's name without the ending."""
    return os.path.splitext(os.path.basename(path))[0]


def whole_number(value: object) -> int | float | None:
    """Return ``value`` where it is a number to compare with, ``None`` for all else, also booleans."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def moment(value: object) -> datetime | None:
    """Return a YAML date as a moment in UTC, as which one without a zone counts; else ``None``."""
    try:
        if isinstance(value, datetime):
            if value.tzinfo is UTC:
                return value
            return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, date):
            return datetime.combine(value, time(), UTC)
    except OverflowError:  # 0001-01-01T00:00:00+23:00 is before the first year there is
        return None
    return None


def text(value: object) -> str:
    """Return ``value`` where it is text, else an empty text."""
    return value if isinstance(value, str) else ""


@dataclass(slots=True)
class Card:
    """A card that could be read. Not to be changed; frozen, it would take longer to make.

    ``fields`` is what the file has, in its order, unknown keys too, as PyYAML reads it. Its values
    may be shared with other cards and are not to be changed; the attributes below give the usual ones with
    their types, whatever the file holds (CARDS.md, "The fields").

    ``path`` is as the user named it; ``before_fence`` the bytes before the opening fence (a BOM or
    blank lines: the site copies such a file verbatim); ``irregular`` as in ``loader.Loaded``, or that a lone
    CR or a text that a comment cuts stands in the front matter, and then ``block`` is its text;
    ``identities`` those of the card and of its ``related`` (``related.identities_of``), where asked for.
    """

    path: str
    fields: Mapping[Any, Any]
    before_fence: bytes = b""
    irregular: bool = False
    block: str = field(default="", repr=False)
    identities: bytes = field(default=b"", repr=False, compare=False)

    @property
    def id(self) -> str:
        """The file's name without its ending."""
        return card_id(self.path)

    @property
    def title(self) -> str:
        """The headline; empty where there is none."""
        return text(self.fields.get("title"))

    @property
    def excerpt(self) -> str:
        """The summary; may be empty, and may hold line ends and HTML entities."""
        return text(self.fields.get("excerpt"))

    @property
    def date(self) -> datetime | None:
        """``publishedDateTime`` in UTC."""
        return moment(self.fields.get("publishedDateTime"))

    @property
    def type(self) -> str:
        """``article`` or ``video``."""
        return text(self.fields.get("type"))

    @property
    def quality(self) -> int | float | None:
        """The score, 0 and above, not capped at 100."""
        return whole_number(self.fields.get("quality"))

    @property
    def heat(self) -> int | float | None:
        """-1 where another card of the story is better, else 0 and above."""
        return whole_number(self.fields.get("heat"))

    @property
    def is_head(self) -> bool:
        """Whether it stands for its story: a head has a heat above 0 (CARDS.md, "Stories")."""
        return (self.heat or 0) > 0

    @property
    def published(self) -> bool:
        """What the site makes of the flag: everything but false and no value shows (CARDS.md)."""
        flag = self.fields.get("published", True)
        return flag is not False and flag is not None

    @property
    def provider(self) -> Mapping[Any, Any]:
        """The provider's mapping; empty where there is none."""
        provider = self.fields.get("provider")
        return provider if isinstance(provider, dict) else {}

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics; a lone text counts as a list of one."""
        topics = self.fields.get("topics")
        if isinstance(topics, str):
            return (topics,)
        return tuple([t for t in topics if isinstance(t, str)]) if isinstance(topics, list) else ()

    @property
    def related(self) -> tuple[Mapping[Any, Any], ...]:
        """The copies of the story's other cards, best first."""
        related = self.fields.get("related")
        return tuple(e for e in related if isinstance(e, dict)) if isinstance(related, list) else ()

    @property
    def url(self) -> str:
        """``webUrl``, or ``originalUrl`` where there is none (videos)."""
        return text(self.fields.get("webUrl")) or text(self.fields.get("originalUrl"))

    @property
    def identity(self) -> Identity:
        """What names this card in another card's ``related``: URL, title and date (CARDS.md)."""
        return identity(self.fields)

    def without_bulk(self) -> Card:
        """Return the card without ``related`` and ``secured``, for listings of many."""
        kept = {name: value for name, value in self.fields.items() if name not in BULKY}
        return Card(self.path, kept, self.before_fence, self.irregular, self.block)


def identity(fields: Mapping[Any, Any]) -> Identity:
    """Return what identifies a card, or an entry of ``related``, from its fields.

    The title is as ``text_cleanup.plain`` has it: where a card's was cleaned, its copies are still found.
    """
    from newscards.cards.text_cleanup import plain  # only here: listings need nothing of it

    return (
        text(fields.get("webUrl")),
        plain(text(fields.get("title"))),
        moment(fields.get("publishedDateTime")),
    )


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that should be a card and cannot be read.

    ``kind`` names the defect as in ``fences.UnreadableError`` (or is ``io``), ``reason`` says it in
    words; ``line`` and ``column`` count from 1, in the file, columns in code points.
    """

    path: str
    kind: str
    reason: str
    line: int = 1
    column: int = 1

    @property
    def message(self) -> str:
        """Where and why it cannot be read, on one line."""
        return f"{path_text(self.path)}:{self.line}:{self.column}: cannot be read: {self.reason}"

    @property
    def id(self) -> str:
        """The file's name without its ending."""
        return card_id(self.path)


CardOrUnreadable: TypeAlias = Card | Unreadable
"""What there is at a path."""
