"""A site's registry of topics or organizations: their names, from the site's data files."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from newscards.errors import NewscardsError
from newscards.frontmatter.fences import UnreadableError, find_fences
from newscards.frontmatter.limits import LoadError
from newscards.frontmatter.loader import load
from newscards.text import path_text

_DATA, _CARDS, _LINES = (".yaml", ".yml", ".json"), (".md", ".markdown"), (".txt",)
_MAX_FILE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Registry:
    """The ``names`` in their order, and ``by_domain`` those of known domains (in folded case)."""

    names: tuple[str, ...]
    by_domain: Mapping[str, str] = field(default_factory=dict)


def read_registry(path: str) -> Registry:
    """Return the registry in the files at ``path``: a file, a folder of files, or a pattern.

    A YAML or JSON file contains a mapping with a ``name`` (and a ``domain``), a list of names or of such
    mappings, or a mapping of domains to names. A Markdown file has one such mapping as front matter, like
    those in a site's ``_data`` and ``_organizations``. A text file has one name per line. Raises
    ``NewscardsError``.
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
    """Yield the names in a file, each with its domain or an empty text."""
    try:
        with open(file, "rb") as opened:
            source = opened.read(_MAX_FILE_BYTES)
        if file.endswith(_LINES):
            lines = source.decode("utf-8-sig").splitlines()
            yield from ((line.strip(), "") for line in lines if line.strip())
            return
        block = find_fences(source).text() if file.endswith(_CARDS) else source.decode("utf-8-sig")
        value = load(block).value
    except OSError as error:
        raise NewscardsError(f"cannot read {path_text(file)}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise NewscardsError(f"{path_text(file)} is not UTF-8") from error
    except (UnreadableError, LoadError) as error:
        raise NewscardsError(f"{path_text(file)}: {error}") from error
    found = list(_named_entries(value))
    if not found:
        raise NewscardsError(f"{path_text(file)} has no `name`, and is not a list of names")
    yield from found


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
