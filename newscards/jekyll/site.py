"""What the site does with a card, as Jekyll decides it (CARDS.md, "What Jekyll does with a card").

``tests/support/jekyll_cases.py`` and its sibling have hundreds of cases that were built with a real Jekyll
4.3.1, and what became of them; the views are held against them.
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
from newscards.frontmatter.nodes import Node, Step, parse_tree, walk
from newscards.jekyll.config import NO_DEFAULT, SiteConfig
from newscards.jekyll.dates import moment


class Fate(Enum):
    """What becomes of a card, in the sentence that says so."""

    PUBLISHED = "the site will publish this card"
    BARE = "the site will publish this card without its data"
    VERBATIM = "the site will publish this card verbatim"
    HIDDEN = "the site will not publish this card"
    FAILS = "the build will fail"


class Cause(Enum):
    """What it is that decides."""

    FLAG = "the flag"
    UNREADABLE = "a front matter that is not read"
    DATE = "date"
    FILE_DATE = "the date in the file's name"
    NAME = "the file's name"
    BYTES = "bytes that are not UTF-8"
    SETTING = "the site's configuration"


class View(NamedTuple):
    """A card as the site sees it: its fate, what decides it, and ``why``, as the sentence goes on.

    ``path`` leads to what decides, where that stands in the card.
    """

    record: Card | Unreadable
    fate: Fate
    cause: Cause
    why: str = ""
    path: tuple[Step, ...] = ()

    @property
    def sentence(self) -> str:
        """What the site does, and why where that is not obvious."""
        return self.fate.value + self.why

    @property
    def is_shown(self) -> bool:
        """Whether visitors will see something of it."""
        return self.fate in (Fate.PUBLISHED, Fate.BARE, Fate.VERBATIM)


_HEADER = re.compile(rb"---[ \t\r\f\v]*\n")
"""utils.rb, ``has_yaml_header?``: a file that does not begin so is copied as it is."""

FILE_DATE = re.compile(r"(\d{2,4}-\d{1,2}-\d{1,2})-[^/]*\.[^.]+", re.ASCII)
"""document.rb, ``DATE_FILENAME_MATCHER``: what it says of a file's own name."""

_file_moment = lru_cache(maxsize=1024)(moment)
"""A file's name has a day alone, which is that of many files."""

_BARE = frozenset({"no-closing-fence", "syntax", "not-a-mapping"})
_WORDS = {"false": False, "no": False, "off": False, "null": None}
_FLAG = ("published",)


def view(
    record: Card | Unreadable, source: bytes, site: SiteConfig, *, whole: bool = True, read: int = 0
) -> View | None:
    """Return what the site does with a card whose file holds ``source``; ``None`` where that is unknown.

    ``whole`` is false where ``source`` is cut behind the front matter; the first ``read`` bytes were read
    and are UTF-8.
    """
    if site.problem or (isinstance(record, Unreadable) and record.kind == "io"):
        return None
    inner = site.inner_path(record.path)
    if left_out := _left_out(record, inner, site):
        return left_out
    try:
        record.path.encode()
    except UnicodeEncodeError:
        return View(record, Fate.FAILS, Cause.NAME)
    if not _HEADER.match(source):
        if site.default(inner.removeprefix("_"), "published") in (False, None):
            return View(record, Fate.HIDDEN, Cause.SETTING, ", for `defaults` has `published: false`")
        return View(record, Fate.VERBATIM, Cause.UNREADABLE, ", `secured` included" * (b"secured:" in source))
    if not site.other_encoding and not _is_utf8(source[read:], whole):
        return View(record, Fate.FAILS, Cause.BYTES)
    if isinstance(record, Unreadable):
        return _unreadable(record, source, site)
    root = parse_tree(record.block) if record.irregular else None
    if root is not None:
        if any(each.is_merge for each, _, _ in walk(root)) or has_tags(root):
            return None  # Psych knows other tags, and merges in another order
        symbols = [(node.start, path) for node, path, _ in walk(root) if is_ruby_symbol(node)]
        if symbols:
            why = ", for to Ruby what begins with `:` is no text"
            return _bare(record, site, True, why, min(symbols, key=lambda symbol: symbol[0])[1])
    if record.block.startswith("\ufeff"):
        return _bare(record, site, True, ", for a byte order mark stands behind the opening `---`")
    if not isinstance(record.fields.get("categories", []), str | list | None):
        return _bare(record, site, True, ", for `categories` must be a text or a list", ("categories",))
    return _scheduled(record, record.fields, site) or _flagged(record, record.fields, site)


def _left_out(record: Card | Unreadable, inner: str, site: SiteConfig) -> View | None:
    if site.leaves_out(inner):
        return View(record, Fate.HIDDEN, Cause.NAME, "")
    if pattern := site.excludes(inner):
        return View(record, Fate.HIDDEN, Cause.SETTING, f", for `exclude` has `{pattern}`", _path(record))
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
    if record.kind not in _BARE:
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
    """Return the view of a card of whose fields the site knows nothing.

    ``broken``: reading them raises, and nothing further is looked at, not even the file's name.
    """
    if broken and site.strict:
        return View(record, Fate.FAILS, Cause.UNREADABLE, ", for `strict_front_matter` is set", path)
    if isinstance(record, Unreadable) and record.kind == "no-closing-fence":
        why = ", and its YAML as the text of the page"
    seen = _scheduled(record, {}, site, named=not broken) or _flagged(record, {}, site)
    return View(record, Fate.BARE, Cause.UNREADABLE, why, path) if seen.fate is Fate.PUBLISHED else seen


def _is_yaml(text: str) -> bool:
    """Tell whether the first document of a text is YAML, the only one that Ruby reads."""
    try:
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.DocumentEndEvent):
                break
    except yaml.YAMLError:
        return False
    return True


def has_tags(root: Node) -> bool:
    """Tell whether a tag stands somewhere."""
    return any(getattr(node.event, "tag", None) for node, _, _ in walk(root))


def _flagged(record: Card | Unreadable, fields: Mapping[Any, Any], site: SiteConfig) -> View:
    flag, path = fields.get("published", NO_DEFAULT), _path(record)
    if isinstance(record, Card) and isinstance(flag, str) and flag.lower() in _WORDS and _is_plain(record):
        flag = _WORDS[flag.lower()]  # Ruby does not mind the case: `fALSE` is false
    default = NO_DEFAULT
    if flag in (NO_DEFAULT, None):  # a field without a value does not overrule a default
        default = site.default(site.inner_path(record.path), "published")
        flag = flag if default is NO_DEFAULT else default
    hidden = flag is None or flag is False  # and not where nothing says anything
    if hidden and site.unpublished:
        return View(record, Fate.PUBLISHED, Cause.SETTING, ", for `unpublished` is set", path)
    if default is not NO_DEFAULT:
        fate = Fate.HIDDEN if hidden else Fate.PUBLISHED
        return View(record, fate, Cause.SETTING, ", for `defaults` has the flag", path)
    return View(record, Fate.HIDDEN if hidden else Fate.PUBLISHED, Cause.FLAG, "", path)


def _path(record: Card | Unreadable) -> tuple[Step, ...]:
    return _FLAG if isinstance(record, Card) and "published" in record.fields else ()


def _is_plain(card: Card) -> bool:
    """Tell whether the flag stands without quotes."""
    root = parse_tree(card.block) if card.irregular else None
    pair = root.by_key.get((str, "'published'")) if root else None
    return pair is not None and _is_plain_scalar(pair[1])


def _is_plain_scalar(node: Node) -> bool:
    return node.is_scalar and not node.event.style and not node.event.tag


def _scheduled(
    record: Card | Unreadable, fields: Mapping[Any, Any], site: SiteConfig, *, named: bool = True
) -> View | None:
    """Return the view of a card whose date hides it, or breaks the build; ``None`` for all others.

    ``named``: whether the date in the file's name counts.
    """
    cause, when = Cause.DATE, fields.get("date", NO_DEFAULT)
    if when is NO_DEFAULT and site.defaults:
        when = site.default(site.inner_path(record.path), "date")
    if when is NO_DEFAULT and named and (found := FILE_DATE.fullmatch(os.path.basename(record.path))):
        cause, when = Cause.FILE_DATE, found[1]
    if when is NO_DEFAULT:
        return None
    found_moment = (_file_moment if cause is Cause.FILE_DATE else moment)(when, site.zone)
    path = ("date",) if "date" in fields else ()
    if found_moment is None:
        return View(record, Fate.FAILS, cause, "", path)
    if not site.future and not clock.is_past(found_moment):
        return View(record, Fate.HIDDEN, cause, f" before {found_moment.date()}", path)
    return None


def is_ruby_symbol(node: Node) -> bool:
    """Tell whether a scalar without quotes begins with a colon.

    To Psych it is a Ruby symbol (scalar_scanner.rb), which Jekyll does not permit: it reads nothing.
    """
    return _is_plain_scalar(node) and len(node.event.value) > 1 and node.event.value[0] == ":"
