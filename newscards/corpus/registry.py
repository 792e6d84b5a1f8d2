"""A site's registry of topics or organizations: their names, from the site's data files."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from newscards.errors import NewscardsError
from newscards.frontmatter.fences import BOM, FrontMatter, UnreadableError, find_fences
from newscards.frontmatter.limits import LoadError
from newscards.frontmatter.loader import load
from newscards.frontmatter.positions import position
from newscards.layout import site_root
from newscards.text import path_text

_DATA, _CARDS, _LINES = (".yaml", ".yml", ".json"), (".md", ".markdown"), (".txt",)
_MAX_FILE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Registry:
    """The ``names`` in their order, and ``by_domain`` those of known domains (in folded case)."""

    names: tuple[str, ...]
    by_domain: Mapping[str, str] = field(default_factory=dict)


REGISTRY_KEYS = ("topics", "organizations")
"""The keys of the configuration that name registries; a site has each in its ``_data``, by the same name."""


def registry_beside(folder: str, key: str) -> str:
    """Return the path of a site's registry for one of ``REGISTRY_KEYS``, from its folder; empty without one.

    It is a folder or a file in ``_data`` (Jekyll, "Data Files"), or a collection, as ``_organizations``.
    """
    places = [f"_data/{key}", *(f"_data/{key}{ending}" for ending in _DATA), f"_{key}"]
    return next((place for place in places if os.path.exists(os.path.join(folder, place))), "")


def registry_around(folder: str, key: str) -> str:
    """Return the path of the registry of the site that a folder of cards is, or is in; empty without one."""
    for place in dict.fromkeys([folder, os.path.dirname(os.path.abspath(site_root(folder)))]):
        if name := registry_beside(place, key):
            return os.path.join(place, name)
    return ""


def read_registry(path: str) -> Registry:
    """Return the registry in the files at ``path``: a file, a folder of files, or a pattern.

    A YAML or JSON file contains a mapping with a ``name`` (and a ``domain``), a list of names or of such
    mappings, or a mapping of domains to names. A Markdown file has one such mapping as front matter, like
    those in a site's ``_data`` and ``_organizations``. A text file has one name per line. Of several YAML
    documents the first counts, as in Jekyll. Raises ``NewscardsError``.
    """
    names: dict[str, None] = {}
    by_domain: dict[str, str] = {}
    for file in _files(path):
        for name, domain in _entries(file):
            names[name] = None
            if domain:
                by_domain[domain.casefold()] = name
    if not names:
        raise NewscardsError(f"{path_text(path)} holds no names")
    return Registry(tuple(names), by_domain)


def _files(path: str) -> list[str]:
    if os.path.isdir(path):
        inside = (os.path.join(path, name) for name in sorted(os.listdir(path)) if not name.startswith("."))
        files = [file for file in inside if file.endswith(_DATA + _CARDS + _LINES) and os.path.isfile(file)]
    elif os.path.exists(path):
        files = [path]
    else:
        files = sorted(glob.glob(path, recursive=True))
    if not files:
        raise NewscardsError(f"there is no file at {path_text(path)}")
    return files


def _entries(file: str) -> Iterator[tuple[str, str]]:
    """Yield the names in a file, each with its domain or an empty text; none in a file without a value."""
    try:
        with open(file, "rb") as opened:
            source = opened.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise NewscardsError(f"cannot read {path_text(file)}: {error.strerror}") from error
    if len(source) > _MAX_FILE_BYTES:
        raise NewscardsError(f"{path_text(file)} is larger than {_MAX_FILE_BYTES >> 20} MiB")
    try:
        front = find_fences(source) if file.endswith(_CARDS) else _whole(source)
        text = front.text()
        if file.endswith(_LINES):
            yield from ((line.strip(), "") for line in text.splitlines() if line.strip())
            return
        value = load(text, first=True).value  # as Jekyll reads data files (data_reader.rb, Psych.safe_load)
    except UnreadableError as error:
        raise _unreadable(file, source, error.offset, error.reason) from error
    except LoadError as error:
        offset = None if error.offset is None else front.byte_offset(text, error.offset)
        raise _unreadable(file, source, offset, error.reason) from error
    if value is None:
        return
    found = list(_named_entries(value))
    if not found:
        raise NewscardsError(f"{path_text(file)} has no `name`, and is not a list of names")
    yield from found


def _whole(source: bytes) -> FrontMatter:
    """Return a file without fences as a block, after a BOM."""
    before = BOM if source.startswith(BOM) else b""
    return FrontMatter(source, len(before), len(source), len(source), before)


def _unreadable(file: str, source: bytes, offset: int | None, reason: str) -> NewscardsError:
    """Return the error for a file that is broken at a byte; ``None`` if the place is unknown."""
    place = path_text(file)
    if offset is not None:
        line, column = position(source, offset)
        place = f"{place}:{line}:{column}"
    return NewscardsError(f"{place}: {reason}")


def _named_entries(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for each in value:
            yield from (
                _named_entries(each) if isinstance(each, dict) else [(str(each), "")] * (each is not None)
            )
    elif isinstance(value, dict):
        name, domain = value.get("name"), value.get("domain")
        if isinstance(name, str):
            yield name, domain if isinstance(domain, str) else ""
        elif all(isinstance(each, str) for pair in value.items() for each in pair):
            yield from ((name, domain) for domain, name in value.items())
