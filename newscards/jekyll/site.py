"""The site's decision about a card, as Jekyll makes it (CARDS.md, "What Jekyll does with a card").

``tests/support/jekyll_cases.py`` and its sibling have the results of hundreds of cases that were built with
two kinds of a real Jekyll 4.3.1, Debian's and upstream's; tests compare the views with them.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple

import yaml

from newscards import clock
from newscards.cards.card import Card, CardOrUnreadable, Unreadable, is_hiding
from newscards.cards.reader import is_whole, parse, read_bytes
from newscards.errors import system_reason
from newscards.frontmatter.fences import find_fences
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.nodes import Node, Step, parse_tree
from newscards.jekyll.config import NO_DEFAULT, Collection, SiteConfig
from newscards.jekyll.dates import moment
from newscards.jekyll.readers import FAR_FUTURE, Jekyll, Reading, has_empty_key
from newscards.jekyll.readers import read as read_as


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
    UNDATED = "the file's name, which has no date"
    BYTES = "bytes that are not UTF-8"
    SETTING = "the site's configuration"
    COLLECTION = "the collection that the card is in"
    LINK = "a link that leads to nothing"


class View(NamedTuple):
    """The site's view of a card: the decision, its cause, and ``why``, the continuation of the sentence.

    ``path`` leads to the value that decides; it is empty if that is not in the card. ``jekyll`` is the one
    with which it is so, where Debian's and upstream's differ; ``None`` if it is so with both. ``advice`` says
    how to write what Jekyll cannot read.
    """

    record: Card | Unreadable
    fate: Fate
    cause: Cause
    why: str = ""
    path: tuple[Step, ...] = ()
    jekyll: Jekyll | None = None
    advice: str = ""

    @property
    def sentence(self) -> str:
        """The decision in words, with its reason where that is not obvious."""
        return f"{f'with {self.jekyll.value}, ' if self.jekyll else ''}{self.fate.value}{self.why}"

    @property
    def has_page(self) -> bool:
        """Whether it has a page of its own; a copy of its file is none."""
        return self.fate in (Fate.PUBLISHED, Fate.BARE)

    @property
    def is_listed(self) -> bool:
        """Whether it is in ``site.news``, or ``site.posts``, from which lists and feeds are made."""
        return self.fate in (Fate.PUBLISHED, Fate.BARE, Fate.LISTED, Fate.LISTED_BARE)

    @property
    def is_shown(self) -> bool:
        """Whether visitors will see something of it."""
        return self.has_page or self.is_listed or self.fate is Fate.VERBATIM


_HEADER = re.compile(rb"---[ \t\r\f\v]*\n")
"""The first line of a document (utils.rb, ``has_yaml_header?``). Jekyll copies any other file verbatim."""

_UNREAD_HEADER = re.compile(rb"---[ \t\r]*[\f\v]")
"""A first line that makes a document of a file, and that YAML does not allow."""

FILE_DATE = re.compile(r"(\d{2,4}-\d{1,2}-\d{1,2})-[^/]*\.[^.]+", re.ASCII)
"""A file's name that begins with a date (document.rb, ``DATE_FILENAME_MATCHER``)."""

_file_moment = lru_cache(maxsize=1024)(moment)
"""``moment`` for the date in a file's name, remembered because many files have the same day."""

_BARE_KINDS = frozenset({"no-closing-fence", "syntax", "not-a-mapping"})
"""The defects (``Unreadable.kind``) with which Jekyll still publishes a page, without data."""
_FLAG = ("published",)


class ViewedFile(NamedTuple):
    """A file as it was read, and the site's view of the card in it (``view_of``)."""

    record: CardOrUnreadable
    source: bytes
    view: View | None


def view_file(path: str, site: SiteConfig, limits: Limits = LIMITS) -> ViewedFile:
    """Read a file, and return it with the site's view of it. Never raises for what a file holds."""
    source = b""
    try:
        source = read_bytes(path, limits)
        record = parse(path, source, limits)
    except (OSError, ValueError) as error:
        source, record = b"", Unreadable(path, "io", system_reason(error))
    return ViewedFile(record, source, view_of(record, source, site, whole=is_whole(source, limits)))


def view_of(
    record: Card | Unreadable, source: bytes, site: SiteConfig, *, whole: bool = True, read: int = 0
) -> View | None:
    """Return the site's view of a card; ``None`` if its decision is not known, or if it is in no collection.

    ``source`` is the content of the card's file; ``whole`` is false if it is cut behind the front matter. The
    first ``read`` bytes of it are known to be UTF-8.
    """
    if site.problem or not site.label:
        return None
    if not site.collection.is_read:
        return View(record, Fate.UNREAD, Cause.COLLECTION, f", because {site.why_no_pages}")
    view = _view_of_document(record, source, site, whole=whole, read=read)
    if view is None:
        return None
    if site.is_posts and view.fate is Fate.LISTED:  # Jekyll drops a post that has no page (post_reader.rb)
        view = view._replace(fate=Fate.HIDDEN)
    if view.is_shown and site.collection is not Collection.WRITTEN:
        return _without_page(view, site)
    return view


def _without_page(view: View, site: SiteConfig) -> View:
    """Return the view of a card as it is in a collection whose pages are not written."""
    why = f", because {site.why_no_pages}"
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
        # Jekyll opens each file, and rescues the error only for posts. That it may not read a file depends on
        # who runs it; that a link leads to nothing, or to itself, does not.
        is_dead = os.path.islink(record.path) and not os.path.exists(record.path)
        if is_dead and site.is_posts and not site.strict:
            return View(record, Fate.HIDDEN, Cause.LINK, ", because it is a link that leads to nothing")
        return View(record, Fate.FAILS, Cause.LINK) if is_dead else None
    try:
        record.path.encode()
    except UnicodeEncodeError:
        return View(record, Fate.FAILS, Cause.NAME)
    if site.is_posts:
        if view := _odd_post(record, source, site, whole=whole, read=read):
            return view
        source = source.removeprefix(codecs.BOM_UTF8)
    elif not _HEADER.match(source):
        if is_hiding(site.default(inner.removeprefix("_"), "published")):
            return View(record, Fate.HIDDEN, Cause.SETTING, ", because `defaults` has `published: false`")
        return View(record, Fate.VERBATIM, Cause.UNREADABLE, ", `secured` included" * (b"secured:" in source))
    if not site.other_encoding and not _is_utf8(source[read:], whole):
        return View(record, Fate.FAILS, Cause.BYTES)
    if _UNREAD_HEADER.match(source):
        why = ", because a form feed stands behind the opening `---`"
        return _bare(record, site, True, why, advice="delete what stands behind `---`")
    if isinstance(record, Unreadable):
        return _unreadable(record, source, site)
    if record.irregular is None:
        return _read(record, record.fields, site)
    if record.irregular.text.startswith("\ufeff"):
        why = ", because a byte order mark stands behind the opening `---`"
        return _bare(record, site, True, why, advice="delete the byte order mark")
    root = record.irregular.root
    if has_empty_key(root):
        root = parse_tree(find_fences(source).text())
    return _worse(record, record.fields, root, site)


def _odd_post(
    record: Card | Unreadable, source: bytes, site: SiteConfig, *, whole: bool, read: int
) -> View | None:
    """Return the view of a post in which Jekyll finds no front matter, or that it leaves out.

    It looks for a date in the name, not for a fence in the file; it removes a byte order mark; and a file
    that is not UTF-8 is no post (post_reader.rb, document.rb). ``None`` for all others.
    """
    if not site.is_drafts and not FILE_DATE.fullmatch(os.path.basename(record.path)):
        why = ", because the name of a post begins with a date and a title: `2023-06-20-title.md`"
        return View(record, Fate.HIDDEN, Cause.UNDATED, why)
    if not site.other_encoding and not _is_utf8(source[read:], whole):
        if site.strict:
            return View(record, Fate.FAILS, Cause.BYTES)
        return View(record, Fate.HIDDEN, Cause.BYTES, ", because it holds bytes that are not UTF-8")
    if not _HEADER.match(source.removeprefix(codecs.BOM_UTF8)):
        return _bare(record, site, False, ", and all of its text as that of the page")
    return None


def _worse(record: Card | Unreadable, fields: Mapping[Any, Any], root: Node | None, site: SiteConfig) -> View:
    """Return the view of the kind of Jekyll with which it costs a curator more; if equal, Debian's.

    ``root`` is the tree of what the two may read in another way than PyYAML read ``fields``.
    """
    views = [_read_by(jekyll, record, fields, root, site) for jekyll in Jekyll]
    if len({(view.fate, view.cause) for view in views}) == 1:
        return views[0]
    jekyll, worst = max(zip(Jekyll, views, strict=True), key=lambda pair: _cost(pair[1]))
    same = len({view.fate for view in views}) == 1
    return worst if same else worst._replace(jekyll=jekyll)


def _cost(view: View) -> int:
    """Return how much a view costs a curator: more if the site does what the flag does not say."""
    shows = isinstance(view.record, Card) and view.record.fields.get("published") is True
    return 0 if view.fate is Fate.PUBLISHED and shows else _BY_COST.index(view.fate) + 1


_BY_COST = (
    Fate.UNREAD, Fate.HIDDEN, Fate.LISTED, Fate.PUBLISHED, Fate.VERBATIM, Fate.LISTED_BARE, Fate.BARE,
    Fate.FAILS,
)  # fmt: skip
"""The decisions about a card that its flag hides, by what they cost."""


def _read_by(
    jekyll: Jekyll, record: Card | Unreadable, fields: Mapping[Any, Any], root: Node | None, site: SiteConfig
) -> View:
    """Return the view of a kind of Jekyll, which may read other values than PyYAML, or fail."""
    reading = read_as(root, jekyll) or Reading({})
    if reading.fault:
        why = f", because {reading.fault}"
        return _bare(record, site, True, why, reading.path, reading.fault.advice)
    if root is not None and (root.merge_key() or has_empty_key(root)):
        fields = {}  # then it is the reading of all fields, and another one than PyYAML's
    return _read(record, {**fields, **reading.fields}, site)


def _read(record: Card | Unreadable, fields: Mapping[Any, Any], site: SiteConfig) -> View:
    """Return the view of a card that Jekyll reads."""
    if not isinstance(fields.get("categories", []), str | list | None):
        why = ", because `categories` must be a text or a list"
        return _bare(record, site, True, why, ("categories",), "write a text, or a list")
    return _scheduled(record, fields, site) or _flagged(record, fields, site)


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
        try:
            root = parse_tree(find_fences(source).text(), first=True)
        except yaml.YAMLError:
            return _bare(record, site, True)
        if (
            root is not None and root.is_mapping and root.children
        ):  # it has what PyYAML cannot read, and Ruby perhaps can
            return _worse(record, {}, root, site)
        broken = root is not None and not root.is_mapping
    return _bare(record, site, broken)


def _bare(
    record: Card | Unreadable,
    site: SiteConfig,
    broken: bool,
    why: str = "",
    path: tuple[Step, ...] = (),
    advice: str = "",
) -> View:
    """Return the view of a card whose fields Jekyll cannot read.

    ``broken``: Ruby raises an error for the front matter; then Jekyll ignores even the date in the file's
    name.
    """
    if broken and site.strict:
        why = ", because `strict_front_matter` is set"
        return View(record, Fate.FAILS, Cause.UNREADABLE, why, path, advice=advice)
    if isinstance(record, Unreadable) and record.kind == "no-closing-fence" and not why:
        why = ", and its YAML as the text of the page"
    view = _scheduled(record, {}, site, named=not broken) or _flagged(record, {}, site)
    if view.fate is not Fate.PUBLISHED:
        return view
    return View(record, Fate.BARE, Cause.UNREADABLE, why, path, advice=advice)


def _flagged(record: Card | Unreadable, fields: Mapping[Any, Any], site: SiteConfig) -> View:
    """Return the view of a card by its flag, or by the configuration that overrules the flag."""
    flag, path = fields.get("published", NO_DEFAULT), _flag_path(record)
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
        day = day_text(found_moment)
        return View(record, Fate.LISTED, cause, f" before {day}", path) if is_listed else None
    return None


def day_text(moment: datetime) -> str:
    """Return the day of a moment as text."""
    return "the year 10000" if moment == FAR_FUTURE else str(moment.date())
