"""The settings in ``_config.yml`` about cards (Jekyll 4.3: configuration.rb, frontmatter_defaults.rb)."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, timedelta, timezone, tzinfo
from enum import Enum
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from newscards.cards.card import text
from newscards.frontmatter.limits import LoadError
from newscards.frontmatter.loader import load
from newscards.layout import POSTS_FOLDERS, SITE_FOLDER, collection_folders, config_files

_MAX_BYTES = 1 << 20
NEWS = SITE_FOLDER.removeprefix("_")
"""The label of the collection of cards."""
POSTS = "posts"
"""The label of Jekyll's own collection, to which drafts belong, too."""


class Collection(Enum):
    """The kinds of collection that a folder can be; the value is a clause that says why it has no pages.

    Jekyll reads the folder only as a collection that is declared, and writes pages only if ``output`` is set
    (collection.rb, ``write?``); posts need neither. Without any configuration newscards assumes the usual
    one.
    """

    WRITTEN = ""
    LISTED = "its collection has no `output: true`"
    UNDECLARED = "the site declares no collection `{label}`"
    ELSEWHERE = "`collections_dir` names another folder"
    DRAFTS = "it is a draft, which Jekyll reads only with `--drafts`"

    @property
    def is_read(self) -> bool:
        """Whether Jekyll reads the cards."""
        return self in (Collection.WRITTEN, Collection.LISTED)


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """The settings that decide which cards a site shows; the defaults are Jekyll's.

    ``folder`` is the folder of the collections, ``source`` that of the site (they differ with
    ``collections_dir``). ``label`` is that of the card's collection. All three are empty for a card that is
    in none. ``problem`` says why ``file`` could not be read.
    """

    file: str = ""
    folder: str = ""
    source: str = ""
    problem: str = ""
    unpublished: bool = False
    future: bool = False
    strict: bool = False
    safe: bool = False
    other_encoding: bool = False
    zone: tzinfo = UTC
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = (".htaccess",)
    defaults: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    topic: str = ""
    """The site's own topic, by which its theme lists cards; empty where ``_config.yml`` names none."""
    collection: Collection = Collection.WRITTEN
    permalink: str = "/:collection/:path:output_ext"
    """The template of the pages' addresses (collection.rb, ``url_template``)."""
    label: str = ""
    is_drafts: bool = False
    """Whether the folder is that of drafts, whose names need no date."""

    @property
    def is_posts(self) -> bool:
        """Whether the collection is that of the posts, which Jekyll reads in its own way."""
        return self.label == POSTS

    @property
    def why_no_pages(self) -> str:
        """The clause that says why the collection has no pages."""
        return self.collection.value.format(label=self.label)

    @property
    def has_patterns(self) -> bool:
        """Whether ``defaults`` has a path with ``*`` that may match cards, depending on which files exist.

        Where the text before the first wildcard leads elsewhere (``api/*/*``), no card can match.
        """
        scopes = (each.get("scope") for each in self.defaults)
        paths = (
            str(scope.get("path", ""))
            for scope in scopes
            if isinstance(scope, dict) and self._has_type(scope)
        )
        return any(self._may_match(path) for path in paths if "*" in path)

    def _may_match(self, pattern: str) -> bool:
        start = _WILDCARD.split(pattern, maxsplit=1)[0]
        cards = "" if self.is_posts else self._below_source(f"_{self.label}/")
        return cards.startswith(start) or start.startswith(cards)

    def inner_path(self, path: str) -> str:
        """Return a card's path below the collections' folder, ``_news/…``; its file name if it is in none.

        Folders may stand before ``_posts``: ``en/news/_posts/…``.
        """
        if not self.folder:
            return os.path.basename(path)
        return os.path.abspath(path)[len(self.folder) + 1 :].replace(os.sep, "/")

    def excludes(self, inner: str) -> str:
        """Return the pattern of ``exclude`` that matches a card's ``inner_path``, or an empty text."""
        if not self.exclude or not self.folder or self._included(inner):
            return ""
        return next((pattern or "/" for pattern in self.exclude if _matches(pattern, inner)), "")

    def hides_by_name(self, inner: str) -> bool:
        """Return whether Jekyll ignores a card for its name (entry_filter.rb, ``special?`` and ``backup?``).

        Jekyll checks the beginning of the path below the collection, and the file's own name.
        """
        entry = self._entry(inner)
        special = entry.startswith(_SPECIAL) or os.path.basename(entry).startswith(_SPECIAL)
        return entry.endswith(".") or ((special or entry.endswith("~")) and not self._included(inner))

    def _included(self, inner: str) -> bool:
        entry = self._entry(inner)
        return any(
            _matches(pattern, name) for pattern in self.include for name in (entry, os.path.basename(entry))
        )

    def _entry(self, inner: str) -> str:
        """Return a card's path below its collection."""
        for name in POSTS_FOLDERS if self.is_posts else ():
            before, found, entry = f"/{inner}".rpartition(f"/{name}/")
            if found:  # what hides the folder hides the post
                return next((part for part in before.split("/") if part.startswith(_SPECIAL)), entry)
        return inner.removeprefix(f"_{self.label}/")

    def leaves_out_link(self, path: str) -> bool:
        """Return whether a card is a link that leads out of a site with ``safe: true`` (``symlink?``)."""
        if not self.safe or not os.path.islink(path) or not os.path.exists(path):
            return False
        return not os.path.realpath(path).startswith(os.path.join(os.path.realpath(self.source), ""))

    def default(self, inner: str, name: str) -> Any:
        """Return the value that ``defaults`` gives to a field; ``NO_DEFAULT`` if there is none.

        ``inner`` is the card's ``inner_path``. The more specific scope wins: the longer path, then the one
        with a type.
        """
        default: Any = NO_DEFAULT
        before: Mapping[str, Any] | None = None
        for scope, values in self._matching(inner):
            wins = before is None or _has_precedence(before, scope)
            # No value overrules nothing (deep_merge_hashes).
            if name in values and (default in (NO_DEFAULT, None) or (wins and values[name] is not None)):
                default = values[name]
            if wins:
                before = scope
        return default

    def _matching(self, inner: str) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        for each in self.defaults:
            scope, values = each.get("scope", {}), each.get("values")
            if isinstance(values, dict) and isinstance(scope, dict) and self._applies(scope, inner):
                yield scope, values

    def _applies(self, scope: Mapping[str, Any], inner: str) -> bool:
        if not self._has_type(scope):
            return False
        path = scope.get("path")
        if not isinstance(path, str) or not path:
            return True
        if "*" in path:
            return any(inner.startswith(each) for each in self._globbed(path))
        return inner.startswith(self._below_collections(path))

    def _globbed(self, pattern: str) -> Sequence[str]:
        return [self._below_collections(path) for path in _glob(self.source, pattern)]

    def _has_type(self, scope: Mapping[str, Any]) -> bool:
        return str(scope.get("type", self.label)) == self.label

    def _below_collections(self, path: str) -> str:
        return path.removeprefix(self._below_source(""))

    def _below_source(self, path: str) -> str:
        """Return a path below the folder of the collections as one below that of the site."""
        inner = os.path.relpath(self.folder, self.source).replace(os.sep, "/")
        return path if inner == "." else f"{inner}/{path}"


NO_DEFAULT: Any = object()
"""The result of ``SiteConfig.default`` for a field without a default."""

_SPECIAL = (".", "_", "#", "~")
_WILDCARD = re.compile(r"[*?\[]")


@lru_cache(maxsize=64)
def _glob(source: str, pattern: str) -> Sequence[str]:
    """Return the files of a site that match a pattern; none if the pattern leads out of the site."""
    if os.path.isabs(pattern) or os.pardir in pattern.split("/"):
        return ()
    return [path.replace(os.sep, "/") for path in glob.glob(pattern, root_dir=source, recursive=True)]


def _matches(pattern: str, entry: str) -> bool:
    """Return whether a pattern of ``exclude`` or ``include`` matches a path (``glob_include?``)."""
    pattern = pattern.strip("/") and pattern.strip("/") + "/" * pattern.endswith("/")
    return fnmatchcase(entry, pattern) or entry.startswith(pattern)


def _has_precedence(before: Mapping[str, Any], scope: Mapping[str, Any]) -> bool:
    old, new = (str(each.get("path") or "") for each in (before, scope))
    if len(old) != len(new):
        return len(new) >= len(old)
    return "type" in scope or "type" not in before


AS_NEWS = SiteConfig(label=NEWS)
"""The site that is assumed for a card in no collection where somebody asks for it."""


def site_of(path: str) -> SiteConfig:
    """Return the configuration of the site of the card at ``path``; one without a label if it is in none."""
    return _first(_config_of(folder) for folder in collection_folders(os.path.dirname(path)))


def former_site_of(path: str, sources: Mapping[str, bytes | None]) -> SiteConfig:
    """Return what ``site_of`` would return if some files had other bytes.

    ``sources`` has these by the files' absolute paths; ``None`` means that there is no such file.
    """
    return _first(_read_config(folder, sources) for folder in collection_folders(os.path.dirname(path)))


def _first(sites: Iterator[SiteConfig]) -> SiteConfig:
    """Return the first site whose collection a card is in. A folder ``_links`` alone does not make a site."""
    known = (site for site in sites if site.file or site.label in (NEWS, POSTS))
    return next(known, SiteConfig())


@lru_cache(maxsize=64)
def _config_of(collection: str) -> SiteConfig:
    return _read_config(collection, {})


def _read_config(collection: str, sources: Mapping[str, bytes | None]) -> SiteConfig:
    """Return the configuration of the site that a collection belongs to, by the collection's folder.

    It is beside that, or one folder up where ``collections_dir`` says so; of posts it is the nearest above.
    """
    folder, name = os.path.split(collection)
    label = _label(collection)
    for file in config_files(collection):
        source = os.path.dirname(file)
        try:
            content = sources[file] if file in sources else _read(file)
            if content is None:
                continue
            values = load(content[:_MAX_BYTES].decode("utf-8-sig"), first=True).value
        except (OSError, UnicodeDecodeError, LoadError) as error:
            return SiteConfig(file, folder, source, str(error) or type(error).__name__, label=label)
        values = values if isinstance(values, dict) else {}
        if problem := _unread_problem(content) or _wrong_type(values):
            return SiteConfig(file, folder, source, problem, label=label)
        if label == POSTS:
            return _config_from(file, _collections_folder(source, values), source, values, collection)
        if source == folder or _collections_folder(source, values) == folder:
            return _config_from(file, folder, source, values, collection)
    kind = Collection.DRAFTS if name == _DRAFTS else Collection.WRITTEN
    return SiteConfig(folder=folder, source=folder, label=label, collection=kind)


_DRAFTS = POSTS_FOLDERS[1]


def _label(collection: str) -> str:
    name = os.path.basename(collection)
    return POSTS if name in POSTS_FOLDERS else name.removeprefix("_")


def _unread_problem(content: bytes) -> str:
    """Return why no kind of Jekyll reads a configuration that PyYAML can read; empty if one does.

    A configuration that only one of them reads is taken as that one reads it.
    """
    from newscards.frontmatter.nodes import parse_tree
    from newscards.jekyll.readers import Jekyll, read

    root = parse_tree(content[:_MAX_BYTES].decode("utf-8-sig"), first=True)
    readings = [read(root, jekyll) for jekyll in Jekyll]
    faults = [reading.fault for reading in readings if reading and reading.fault]
    return str(faults[0]) if len(faults) == len(readings) else ""


def _wrong_type(values: Mapping[Any, Any]) -> str:
    """Return the setting with whose type Jekyll cannot build, in words; empty if there is none."""
    for name in ("timezone", "encoding", "collections_dir", "permalink"):
        if _true(values.get(name)) and not isinstance(values[name], str):
            return f"`{name}` is not a text"
    for name in ("exclude", "include"):
        if not isinstance(values.get(name, []), list):
            return f"`{name}` is not a list"
    if not all(isinstance(each, str) for each in values.get("include", [])):
        return "`include` has an item that is not a text"
    for each in _list(values.get("defaults")):
        scope = each.get("scope", {}) if isinstance(each, dict) else {}
        if not isinstance(scope, dict) or not isinstance(scope.get("type", ""), str):
            return "`defaults` has a scope that is not one"
    return ""


def _collections_folder(source: str, values: Mapping[Any, Any]) -> str:
    """Return the folder of the collections of the site in a folder (Jekyll: ``collections_path``)."""
    return os.path.normpath(os.path.join(source, text(values.get("collections_dir")).lstrip("/")))


def _collection(
    folder: str, source: str, values: Mapping[Any, Any], path: str, label: str
) -> tuple[Collection, Mapping[Any, Any]]:
    """Return what a configuration makes of the collection at a path, and its settings of that.

    Raises ``ValueError`` for a configuration with which Jekyll cannot build.
    """
    collections = values.get("collections")
    if not isinstance(collections, dict | list | None):
        raise ValueError("`collections` is neither a mapping nor a list")
    if isinstance(collections, list) and not all(isinstance(each, str) for each in collections):
        raise ValueError("`collections` has an item that is not a name")
    if not all(isinstance(each, str) for each in collections or ()):
        raise ValueError("`collections` has a name that is not a text")
    is_declared = label in (collections or ())
    if not is_declared and label != POSTS:
        return Collection.UNDECLARED, {}
    settings = collections[label] if is_declared and isinstance(collections, dict) else {}
    if not isinstance(settings or {}, dict):
        raise ValueError(f"the settings of the collection `{label}` are not a mapping")
    if label == POSTS:
        return _kind_of_posts(folder, values, path, settings or {}), settings or {}
    if _collections_folder(source, values) != folder:
        return Collection.ELSEWHERE, {}
    settings = settings or {}
    return Collection.WRITTEN if _true(settings.get("output")) else Collection.LISTED, settings


def _kind_of_posts(
    folder: str, values: Mapping[Any, Any], path: str, settings: Mapping[Any, Any]
) -> Collection:
    """Return what the folder of posts, or of drafts, at a path is (reader.rb, post_reader.rb)."""
    if not path.startswith(os.path.join(folder, "")):
        return Collection.ELSEWHERE
    if os.path.basename(path) == _DRAFTS and not _true(values.get("show_drafts")):
        return Collection.DRAFTS
    return Collection.WRITTEN if _true(settings.get("output", True)) else Collection.LISTED


def _template(settings: Mapping[Any, Any], style: Any) -> str:
    """Return the template of a collection's addresses; ``style`` is ``permalink`` of the whole site.

    Jekyll: utils.rb, ``add_permalink_suffix``.
    """
    if isinstance(settings.get("permalink"), str):
        return str(settings["permalink"])
    style = style if isinstance(style, str) else "date"
    if style == "pretty" or style.endswith("/"):
        return "/:collection/:path/"
    is_plain = style in ("date", "ordinal", "none") or style.endswith(":output_ext")
    return "/:collection/:path" + ":output_ext" * is_plain


def _read(file: str) -> bytes | None:
    if not os.path.isfile(file):
        return None
    with open(file, "rb") as opened:
        return opened.read(_MAX_BYTES)


def _config_from(file: str, folder: str, source: str, values: Mapping[Any, Any], path: str) -> SiteConfig:
    label = _label(path)
    try:
        collection, settings = _collection(folder, source, values, path, label)
    except ValueError as error:
        return SiteConfig(file, folder, source, str(error), label=label)
    return SiteConfig(
        file,
        folder,
        source,
        unpublished=_true(values.get("unpublished")),
        future=_true(values.get("future")),
        strict=_true(values.get("strict_front_matter")),
        safe=_true(values.get("safe")),
        other_encoding=str(values.get("encoding", "utf-8")).lower() not in ("utf-8", "utf8"),
        zone=_zone(values.get("timezone")),
        exclude=_texts(values.get("exclude")),
        include=_texts(values.get("include", [".htaccess"])),
        defaults=tuple(each for each in _list(values.get("defaults")) if isinstance(each, dict)),
        topic=text(values.get("topic")),
        collection=collection,
        permalink=_template(settings, values.get("permalink")),
        label=label,
        is_drafts=os.path.basename(path) == _DRAFTS,
    )


def _true(value: Any) -> bool:
    """Return whether a value is true in Ruby: all but false and nil are."""
    return value is not None and value is not False


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(each for each in _list(value) if isinstance(each, str))


_POSIX_ZONE = r"(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)([-+]?)([0-9]{1,2})(?::([0-5]?[0-9]))?"
"""A zone as POSIX writes it, with the hours that must be added to get UTC: ``GMT-5`` is UTC+5."""


def _zone(name: Any) -> tzinfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name) if isinstance(name, str) else UTC
    except (ValueError, OSError, LookupError):  # no such zone, or no time zone database on this machine
        match = re.fullmatch(_POSIX_ZONE, name)
        if match is None or int(match[2]) >= 24:
            return UTC
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return timezone(offset if match[1] == "-" else -offset)
