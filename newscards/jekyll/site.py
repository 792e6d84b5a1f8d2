"""The site's decision about a card, as Jekyll makes it (CARDS.md, "What Jekyll does with a card").

``tests/support/jekyll_cases.py`` and its sibling have the results of hundreds of cases that were built with a
real Jekyll 4.3.1; tests compare the views with them.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple

import yaml

from newscards import clock
from newscards.cards.card import Card, Unreadable
from newscards.frontmatter.fences import find_fences
from newscards.frontmatter.loader import LOADER
from newscards.frontmatter.nodes import Node, Step, parse_tree
from newscards.jekyll.config import NO_DEFAULT, Collection, SiteConfig
from newscards.jekyll.dates import moment


class Fate(Enum):
    """The site's decision about a card, in the words of a sentence."""

    PUBLISHED = "the site will publish this card"
    LISTED = "the site's lists show this card, but it has no page of its own"
    LISTED_BARE = "the site's lists show this card without its data"
    BARE = "the site will publish this card without its data"
    VERBATIM = "the site will publish this card verbatim"
    HIDDEN = "the site will not publish this card"
    FAILS = "the build will fail"
    UNREAD = "this card has no page of its own, and no list of the site shows it"


class Cause(Enum):
    """The fact that decides."""

    FLAG = "the flag"
    UNREADABLE = "a front matter that is not read"
    DATE = "date"
    FILE_DATE = "the date in the file's name"
    NAME = "the file's name"
    BYTES = "bytes that are not UTF-8"
    SETTING = "the site's configuration"
    COLLECTION = "the collection that the card is in"
    LINK = "a link that leads to nothing"


class View(NamedTuple):
    """The site's view of a card: the decision, its cause, and ``why``, the continuation of the sentence.

    ``path`` leads to the value that decides; it is empty if that is not in the card.
    """

    record: Card | Unreadable
    fate: Fate
    cause: Cause
    why: str = ""
    path: tuple[Step, ...] = ()

    @property
    def sentence(self) -> str:
        """The decision in words, with its reason where that is not obvious."""
        return self.fate.value + self.why

    @property
    def has_page(self) -> bool:
        """Whether a file is written for it."""
        return self.fate in (Fate.PUBLISHED, Fate.BARE, Fate.VERBATIM)

    @property
    def is_listed(self) -> bool:
        """Whether it is in ``site.news``, from which a site's lists and feeds are made."""
        return self.fate in (Fate.PUBLISHED, Fate.BARE, Fate.LISTED, Fate.LISTED_BARE)

    @property
    def is_shown(self) -> bool:
        """Whether visitors will see something of it."""
        return self.has_page or self.is_listed


_HEADER = re.compile(rb"---[ \t\r\f\v]*\n")
"""The first line of a document (utils.rb, ``has_yaml_header?``). Jekyll copies any other file verbatim."""

FILE_DATE = re.compile(r"(\d{2,4}-\d{1,2}-\d{1,2})-[^/]*\.[^.]+", re.ASCII)
"""A file's name that begins with a date (document.rb, ``DATE_FILENAME_MATCHER``)."""

_file_moment = lru_cache(maxsize=1024)(moment)
"""``moment`` for the date in a file's name, remembered because many files have the same day."""

_BARE_KINDS = frozenset({"no-closing-fence", "syntax", "not-a-mapping"})
"""The defects (``Unreadable.kind``) with which Jekyll still publishes a page, without data."""
_WORDS = {"false": False, "no": False, "off": False, "null": None}
_FLAG = ("published",)


def view_of(
    record: Card | Unreadable, source: bytes, site: SiteConfig, *, whole: bool = True, read: int = 0
) -> View | None:
    """Return the site's view of a card; ``None`` if its decision is not known.

    ``source`` is the content of the card's file; ``whole`` is false if it is cut behind the front matter. The
    first ``read`` bytes of it are known to be UTF-8.
    """
    if site.problem:
        return None
    if not site.collection.is_read:
        return View(record, Fate.UNREAD, Cause.COLLECTION, f", because {site.collection.value}")
    view = _view_of_document(record, source, site, whole=whole, read=read)
    if view is not None and view.is_shown and site.collection is not Collection.WRITTEN:
        return _without_page(view, site.collection)
    return view


def _without_page(view: View, collection: Collection) -> View:
    """Return the view of a card as it is in a collection whose pages are not written."""
    why = f", because {collection.value}"
    if view.fate is Fate.VERBATIM:
        return View(view.record, Fate.HIDDEN, Cause.COLLECTION, why)
    if view.fate is Fate.BARE:
        return view._replace(fate=Fate.LISTED_BARE)
    if view.fate is Fate.PUBLISHED and view.cause is Cause.SETTING:
        return view._replace(fate=Fate.LISTED, why=f"{why}; it is listed{view.why}")
    return View(view.record, Fate.LISTED, Cause.COLLECTION, why)


def _view_of_document(
    record: Card | Unreadable, source: bytes, site: SiteConfig, *, whole: bool, read: int
) -> View | None:
    """Return the view of a card in a collection whose pages are written; else as ``view_of``."""
    inner = site.inner_path(record.path)
    if hidden := _hidden_by_name_or_exclude(record, inner, site):
        return hidden
    if isinstance(record, Unreadable) and record.kind == "io":
        # Jekyll opens each file, and does not rescue the error. That it may not read a file depends on who
        # runs it; that a link leads to nothing, or to itself, does not.
        is_dead = os.path.islink(record.path) and not os.path.exists(record.path)
        return View(record, Fate.FAILS, Cause.LINK) if is_dead else None
    try:
        record.path.encode()
    except UnicodeEncodeError:
        return View(record, Fate.FAILS, Cause.NAME)
    if not _HEADER.match(source):
        if site.default(inner.removeprefix("_"), "published") in (False, None):
            return View(record, Fate.HIDDEN, Cause.SETTING, ", because `defaults` has `published: false`")
        return View(record, Fate.VERBATIM, Cause.UNREADABLE, ", `secured` included" * (b"secured:" in source))
    if not site.other_encoding and not _is_utf8(source[read:], whole):
        return View(record, Fate.FAILS, Cause.BYTES)
    if isinstance(record, Unreadable):
        return _unreadable(record, source, site)
    if irregular := record.irregular:
        if any(node.is_merge or getattr(node.event, "tag", None) for node, _, _ in irregular.nodes):
            return None  # Psych supports other tags, and merges in another order
        symbols = [(node.start, path) for node, path, _ in irregular.nodes if is_ruby_symbol(node)]
        if symbols:
            why = ", because Ruby does not read a value that begins with `:` as text"
            return _bare(record, site, True, why, min(symbols, key=lambda symbol: symbol[0])[1])
    if irregular and irregular.text.startswith("\ufeff"):
        return _bare(record, site, True, ", because a byte order mark stands behind the opening `---`")
    if not isinstance(record.fields.get("categories", []), str | list | None):
        return _bare(record, site, True, ", because `categories` must be a text or a list", ("categories",))
    return _scheduled(record, record.fields, site) or _flagged(record, record.fields, site)


def _hidden_by_name_or_exclude(record: Card | Unreadable, inner: str, site: SiteConfig) -> View | None:
    if site.hides_by_name(inner):
        return View(record, Fate.HIDDEN, Cause.NAME, "")
    if pattern := site.excludes(inner):
        why = f", because `exclude` has `{pattern}`"
        return View(record, Fate.HIDDEN, Cause.SETTING, why, _flag_path(record))
    if site.leaves_out_link(record.path):
        why = ", because it is a link that leads out of the site, and `safe` is set"
        return View(record, Fate.HIDDEN, Cause.SETTING, why, _flag_path(record))
    return None


def _is_utf8(source: bytes, whole: bool) -> bool:
    if source.isascii():
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(source, final=whole)
    except UnicodeDecodeError:
        return False
    return True


def _unreadable(record: Unreadable, source: bytes, site: SiteConfig) -> View | None:
    if record.kind not in _BARE_KINDS:
        return None
    broken = record.kind != "no-closing-fence"
    if broken:
        text = find_fences(source).text()
        if record.kind == "syntax" and _is_yaml(text):
            return None  # a value that PyYAML has no type for, and Ruby may have one
        broken = record.kind == "syntax" or parse_tree(text) is not None
    return _bare(record, site, broken)


def _bare(
    record: Card | Unreadable, site: SiteConfig, broken: bool, why: str = "", path: tuple[Step, ...] = ()
) -> View:
    """Return the view of a card whose fields Jekyll cannot read.

    ``broken``: Ruby raises an error for the front matter; then Jekyll ignores even the date in the file's
    name.
    """
    if broken and site.strict:
        return View(record, Fate.FAILS, Cause.UNREADABLE, ", because `strict_front_matter` is set", path)
    if isinstance(record, Unreadable) and record.kind == "no-closing-fence":
        why = ", and its YAML as the text of the page"
    view = _scheduled(record, {}, site, named=not broken) or _flagged(record, {}, site)
    return View(record, Fate.BARE, Cause.UNREADABLE, why, path) if view.fate is Fate.PUBLISHED else view


def _is_yaml(text: str) -> bool:
    """Return whether the first document of a text, the only one that Ruby reads, is valid YAML."""
    try:
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.DocumentEndEvent):
                break
    except yaml.YAMLError:
        return False
    return True


def _flagged(record: Card | Unreadable, fields: Mapping[Any, Any], site: SiteConfig) -> View:
    """Return the view of a card by its flag, or by the configuration that overrules the flag."""
    flag, path = fields.get("published", NO_DEFAULT), _flag_path(record)
    is_word = isinstance(flag, str) and flag.lower() in _WORDS
    if is_word and isinstance(record, Card) and _is_plain_flag(record):
        flag = _WORDS[flag.lower()]  # Ruby compares case-insensitively: `fALSE` is false
    default = NO_DEFAULT
    if flag in (NO_DEFAULT, None):  # a field without a value does not overrule a default
        default = site.default(site.inner_path(record.path), "published")
        flag = flag if default is NO_DEFAULT else default
    # Only false takes the card out of the collection (document.rb, ``published?``); no value keeps its page
    # from being written (publisher.rb). NO_DEFAULT, no flag at all, does neither.
    fate = Fate.HIDDEN if flag is False else Fate.LISTED if flag is None else Fate.PUBLISHED
    if fate is not Fate.PUBLISHED and site.unpublished:
        return View(record, Fate.PUBLISHED, Cause.SETTING, ", because `unpublished` is set", path)
    if default is not NO_DEFAULT:
        return View(record, fate, Cause.SETTING, ", because `defaults` has the flag", path)
    return View(record, fate, Cause.FLAG, "", path)


def _flag_path(record: Card | Unreadable) -> tuple[Step, ...]:
    return _FLAG if isinstance(record, Card) and "published" in record.fields else ()


def _is_plain_flag(card: Card) -> bool:
    """Return whether the flag is written without quotes."""
    node = card.irregular.find(_FLAG) if card.irregular else None
    return node is not None and _is_plain_scalar(node)


def _is_plain_scalar(node: Node) -> bool:
    return node.is_scalar and not node.event.style and not node.event.tag


def _scheduled(
    record: Card | Unreadable, fields: Mapping[Any, Any], site: SiteConfig, *, named: bool = True
) -> View | None:
    """Return the view of a card whose date keeps its page from being written, or breaks the build.

    ``None`` for all others, and for a card that its flag hides: then the date makes no difference.
    ``named`` says whether the date in the file's name counts.
    """
    cause, when = Cause.DATE, fields.get("date", NO_DEFAULT)
    if when is NO_DEFAULT and site.defaults:
        when = site.default(site.inner_path(record.path), "date")
    if when is NO_DEFAULT and named and (match := FILE_DATE.fullmatch(os.path.basename(record.path))):
        cause, when = Cause.FILE_DATE, match[1]
    if when is NO_DEFAULT:
        return None
    found_moment = (_file_moment if cause is Cause.FILE_DATE else moment)(when, site.zone)
    path = ("date",) if "date" in fields else ()
    if found_moment is None:
        return View(record, Fate.FAILS, cause, "", path)
    if not site.future and not clock.is_past(found_moment):
        is_listed = _flagged(record, fields, site).fate is not Fate.HIDDEN
        return View(record, Fate.LISTED, cause, f" before {found_moment.date()}", path) if is_listed else None
    return None


def is_ruby_symbol(node: Node) -> bool:
    """Return whether a scalar is written without quotes and begins with a colon.

    Psych reads it as a Ruby symbol (scalar_scanner.rb). Jekyll does not permit symbols, so it reads no field.
    """
    return _is_plain_scalar(node) and len(node.event.value) > 1 and node.event.value[0] == ":"
