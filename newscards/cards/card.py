"""Card: the content of a file, with types. Unreadable: a file that cannot be read, and why."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from newscards.cards.fields import BULKY
from newscards.layout import is_skipped_name
from newscards.text import path_text

if TYPE_CHECKING:
    from newscards.frontmatter.nodes import IrregularText

Identity = tuple[str, str, datetime | None]
"""The key by which a card's ``related`` names another card: ``webUrl``, title and date."""


def card_id(path: str) -> str:
    """Return a card's id: the name of its file without the ending.

    In a page bundle (``slug/index.md``) it is the name of the folder, with the language of a translation
    behind it: ``slug.no`` of ``slug/index.no.md``.
    """
    stem = os.path.splitext(os.path.basename(path))[0]
    return stem if "index" not in stem else "".join(_bundle(path, stem)) or stem


def is_bundle(path: str) -> bool:
    """Return whether a card is a page bundle, which is named after its folder."""
    stem = os.path.splitext(os.path.basename(path))[0]
    return "index" in stem and bool(_bundle(path, stem))


def _bundle(path: str, stem: str) -> tuple[str, ...]:
    """Return the folder's name and the ending for the language of a page bundle; of another card nothing.

    A file in a folder that Jekyll leaves out by its name, or takes for a collection, as ``_news/index.md``,
    is none.
    """
    from newscards.cards.languages import split_language  # not at the top, because few cards need it

    name, language = split_language(stem)
    folder = os.path.basename(os.path.dirname(os.path.abspath(path)))
    if name not in _BUNDLE_NAMES or not folder or is_skipped_name(folder):
        return ()
    return folder, f".{language}" if language else ""


_BUNDLE_NAMES = ("index", "_index")
"""The names of the file that is the page of its folder, in Hugo (leaf bundles and branch bundles)."""


def whole_number(value: object) -> int | float | None:
    """Return ``value`` if it is a number, ``None`` for anything else, booleans included."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def moment(value: object) -> datetime | None:
    """Return a YAML date as a moment in UTC; one without a zone is UTC. ``None`` for any other value."""
    try:
        if isinstance(value, datetime):
            if value.tzinfo is UTC:
                return value
            return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, date):
            return datetime.combine(value, time(), UTC)
    except OverflowError:  # 0001-01-01T00:00:00+23:00 is before Python's first year
        return None
    return None


def is_hiding(flag: object) -> bool:
    """Return whether a value of ``published`` hides a card: only false and no value do (CARDS.md), not 0."""
    return flag is False or flag is None


def text(value: object) -> str:
    """Return ``value`` if it is text, else an empty text."""
    return value if isinstance(value, str) else ""


class Image(NamedTuple):
    """An image of a card; a value that is missing or of another type is ``None``, or an empty text."""

    url: str
    width: int | float | None
    height: int | float | None
    title: str
    is_cached: bool | None
    """Whether the site serves a copy of its own."""

    @staticmethod
    def of(fields: Mapping[Any, Any]) -> Image:
        """Return an image from its entry in ``images``."""
        cached = fields.get("isCached")
        return Image(
            text(fields.get("url")),
            whole_number(fields.get("width")),
            whole_number(fields.get("height")),
            text(fields.get("title")),
            cached if isinstance(cached, bool) else None,
        )


@dataclass(slots=True)
class Card:
    """A card that could be read. Do not change it; it is not frozen only because that is slower.

    ``fields`` has the file's keys and values in their order, unknown keys too, as PyYAML reads them. Do not
    change the values: they may be shared with other cards. The properties below return the usual fields with
    their types, whatever the file holds (CARDS.md, "The fields").

    ``path`` is as the user named it. ``before_fence`` is what stands before the opening fence, a BOM or
    blank lines (the site copies such a file verbatim). ``irregular`` is the text of the blocks that are
    irregular, as in ``loader.Loaded``, or the whole one if it has a lone CR, or a text that a comment may cut
    or curly quotes may enclose; ``None`` for nearly all cards.
    ``identities`` are those of the card and of its ``related`` (``related.identities_of``), if requested.
    ``body`` is the text below the front matter, empty if that is blank, or if the card comes from an index.
    """

    path: str
    fields: Mapping[Any, Any] = field(repr=False)
    before_fence: bytes = field(default=b"", repr=False)
    irregular: IrregularText | None = field(default=None, repr=False, compare=False)
    identities: bytes = field(default=b"", repr=False, compare=False)
    body: bytes = field(default=b"", repr=False, compare=False)

    @property
    def id(self) -> str:
        """The name of the file or of its bundle (``card_id``)."""
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
        """The rank in the story: -1 if another card of it is better, else 0 and above."""
        return whole_number(self.fields.get("heat"))

    @property
    def is_head(self) -> bool:
        """Whether the card is the head of its story: its heat is above 0 (CARDS.md, "Stories")."""
        return (self.heat or 0) > 0

    @property
    def is_taken_down(self) -> bool:
        """Whether the card has ``removed: true``."""
        return self.fields.get("removed") is True

    @property
    def published(self) -> bool:
        """Whether the flag shows the card; a missing flag does."""
        return not is_hiding(self.fields.get("published", True))

    @property
    def provider(self) -> Mapping[Any, Any]:
        """The provider's mapping; empty where there is none."""
        provider = self.fields.get("provider")
        return provider if isinstance(provider, dict) else {}

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics; a single text counts as a list of one."""
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
    def images(self) -> tuple[Image, ...]:
        """The images that have a URL."""
        images = self.fields.get("images")
        found = (
            (Image.of(each) for each in images if isinstance(each, dict)) if isinstance(images, list) else ()
        )
        return tuple(image for image in found if image.url)

    @property
    def url(self) -> str:
        """``webUrl``, or ``originalUrl`` where there is none (videos)."""
        return text(self.fields.get("webUrl")) or text(self.fields.get("originalUrl"))

    @property
    def identity(self) -> Identity:
        """The key that names this card in another card's ``related``: URL, title and date (CARDS.md)."""
        return identity(self.fields)

    def without_bulk(self) -> Card:
        """Return the card without ``related`` and ``secured``, for listings of many."""
        fields = {name: value for name, value in self.fields.items() if name not in BULKY}
        return Card(self.path, fields, self.before_fence, self.irregular)


def identity(fields: Mapping[Any, Any]) -> Identity:
    """Return the identity of a card, or of an entry of ``related``, from its fields.

    The title is in the form of ``text_cleanup.plain``, so that a card whose title was cleaned is still found.
    """
    from newscards.cards.text_cleanup import plain  # not at the top, because most listings do not need it

    return (
        text(fields.get("webUrl")),
        plain(text(fields.get("title"))),
        moment(fields.get("publishedDateTime")),
    )


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that should be a card and cannot be read.

    ``kind`` is that of ``fences.UnreadableError``, or ``io``; ``reason`` says it in words.
    ``line`` and ``column`` are positions in the file, from 1; columns count code points.
    """

    path: str
    kind: str
    reason: str
    line: int = 1
    column: int = 1

    @property
    def message(self) -> str:
        """Path, position and reason, on one line."""
        return f"{path_text(self.path)}:{self.line}:{self.column}: cannot be read: {self.reason}"

    @property
    def id(self) -> str:
        """The name of the file or of its bundle (``card_id``)."""
        return card_id(self.path)


CardOrUnreadable: TypeAlias = Card | Unreadable
"""The result of reading a file."""
