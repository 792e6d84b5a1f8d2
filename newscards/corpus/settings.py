"""The configuration: the nearest ``newscards.toml`` or ``[tool.newscards]`` in ``pyproject.toml``."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from newscards.cards.fields import FIELDS
from newscards.corpus.discovery import ENDINGS, path_not_found
from newscards.errors import NewscardsError
from newscards.frontmatter.limits import LIMITS, MAX_DEPTH, Limits
from newscards.layout import current_folder
from newscards.text import did_you_mean, nearest_or_all, path_text

if TYPE_CHECKING:
    from newscards.corpus.registry import Registry

OWN_FILE, SHARED_FILE = "newscards.toml", "pyproject.toml"


class Settings(NamedTuple):
    """The values of the configuration, or the defaults.

    ``file`` is the configuration file, ``given`` its content by key. Paths can be opened from the current
    folder. ``KEYS`` describes each key.
    """

    file: str = ""
    given: Mapping[str, Any] = MappingProxyType({})
    corpus: tuple[str, ...] = ()
    endings: tuple[str, ...] = ENDINGS
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    severities: Mapping[str, str] = MappingProxyType({})
    categories: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    topics: Registry | None = None
    organizations: Registry | None = None
    baseline: str = ""
    limits: Limits = LIMITS

    def relative(self, path: str) -> str:
        """Return a path relative to the configuration's folder, as in the patterns of per-file ignores."""
        folder = os.path.dirname(self.file) or os.curdir
        return os.path.relpath(path, folder).replace(os.sep, "/")


class WrongTypeError(Exception):
    """The error for a key whose value has the wrong type; the message says which type is right."""


def _texts(value: Any, folder: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise WrongTypeError("a list of texts")
    return tuple(value)


def _choices_of(value: Any, folder: str) -> tuple[str, ...]:
    if not (choices := _texts(value, folder)):
        raise WrongTypeError("a list of texts that is not empty")
    return choices


def _paths(value: Any, folder: str) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise WrongTypeError("a path, or a list of paths")
    paths = tuple(os.path.normpath(os.path.join(folder, each)) for each in value)
    for path in paths:
        if not os.path.exists(path):
            raise path_not_found(path)
    return paths


def _file(value: Any, folder: str) -> str:
    if not isinstance(value, str) or not value:
        raise WrongTypeError("a path")
    return os.path.normpath(os.path.join(folder, value))


def _endings(value: Any, folder: str) -> tuple[str, ...]:
    endings = _texts(value, folder)
    if not endings or not all(len(each) > 1 and each.startswith(".") for each in endings):
        raise WrongTypeError('a list of endings as `".md"`')
    return endings


def _texts_by_text(value: Any, folder: str) -> dict[str, tuple[str, ...]]:
    try:
        return {key: _texts(inner, folder) for key, inner in _table(value).items()}
    except WrongTypeError:
        raise WrongTypeError('a table as `"archive/*" = ["NC5"]`') from None


def _severities(value: Any, folder: str) -> dict[str, str]:
    table = _table(value)
    for key, inner in table.items():
        if inner not in ("error", "warning"):
            raise WrongTypeError(f'a table of "error" and "warning" (`{key}` is neither)')
    return table


_MAX_LIMITS = {"bytes": 1 << 30, "depth": MAX_DEPTH, "nodes": 10_000_000}
"""The highest value of each limit: PyYAML recurses, and some thousand levels would crash the process."""


def _limits(value: Any, folder: str) -> Limits:
    table = _table(value)
    for key, number in table.items():
        if key not in Limits._fields:
            hint = did_you_mean(key, Limits._fields)
            raise WrongTypeError(f"a table of {', '.join(Limits._fields)} ({hint})")
        maximum = _MAX_LIMITS[key]
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= maximum:
            raise WrongTypeError(f"a table of whole numbers (`{key}` is from 1 to {maximum:,})")
    return LIMITS._replace(**table)


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WrongTypeError("a table")
    return value


def _topics(value: Any, folder: str) -> Registry:
    from newscards.corpus.registry import Registry, read_registry  # PyYAML is imported where it is needed

    if isinstance(value, str):
        return read_registry(os.path.normpath(os.path.join(folder, value)))
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return Registry(tuple(value))
    raise WrongTypeError("a list of names, or the path of the files that hold them")


def _organizations(value: Any, folder: str) -> Registry:
    from newscards.corpus.registry import Registry

    if isinstance(value, dict) and all(isinstance(each, str) for each in value.values()):
        return Registry(tuple(value.values()), {domain.casefold(): name for domain, name in value.items()})
    return _topics(value, folder)


class ConfigKey(NamedTuple):
    """A key of the configuration: the function that reads its value, its purpose, and its default."""

    name: str
    read: Callable[[Any, str], Any]
    purpose: str
    default: Any = None

    @property
    def attribute(self) -> str:
        """The name of the key's attribute in ``Settings``."""
        return self.name.replace("-", "_")


def _choices(name: str) -> list[str]:
    return next(list(each.choices) for each in FIELDS if each.name == name)


KEYS: tuple[ConfigKey, ...] = (
    ConfigKey("corpus", _paths, "the folder of the cards, or several, where no PATH is given", "."),
    ConfigKey("endings", _endings, "the endings that the files of cards have", list(ENDINGS)),
    ConfigKey("select", _texts, "the rules that are checked: codes, families and names", ["NC"]),
    ConfigKey("ignore", _texts, "the rules that are not", []),
    ConfigKey(
        "per-file-ignores", _texts_by_text, "patterns of paths, each with the rules not checked there", {}
    ),
    ConfigKey("severities", _severities, "rules whose severity is another one: `error` or `warning`", {}),
    ConfigKey("categories", _choices_of, "what `category` may be", _choices("category")),
    ConfigKey("types", _choices_of, "what `type` may be", _choices("type")),
    ConfigKey(
        "topics", _topics, "the site's topics: a list of names, or the path of files, as `_data/topics`"
    ),
    ConfigKey(
        "organizations", _organizations, "the providers: names, a table of domains and names, or a path"
    ),
    ConfigKey("baseline", _file, "the file of the findings that `validate` leaves out"),
    ConfigKey("limits", _limits, "how much of a card is read", LIMITS._asdict()),
)
"""Every key, in the order of ``newscards config`` and the manual."""


def load_settings(start: str, file: str | None = None, without: Collection[str] = ()) -> Settings:
    """Return the settings of ``file``, else of the nearest configuration from the folder ``start`` upward.

    The values of keys in ``without`` are not read, which saves time where a registry is many files. Raises
    ``NewscardsError`` for a file that cannot be read or is not TOML, for an unknown key and for a value of a
    wrong type.
    """
    if file is not None:
        return _settings(file, _table_of(file, named=True) or {}, without)
    folder = os.path.abspath(start)
    while True:
        for name in (OWN_FILE, SHARED_FILE):
            path = os.path.join(folder, name)
            if os.path.isfile(path) and (table := _table_of(path)) is not None:
                return _settings(_near(path), table, without)
        above = os.path.dirname(folder)
        if above == folder:
            return Settings()
        folder = above


def _near(path: str) -> str:
    """Return an absolute path relative to the current folder if it lies below it."""
    here = current_folder()
    return path.removeprefix(os.path.join(here, "")) if here else path


def _table_of(path: str, *, named: bool = False) -> dict[str, Any] | None:
    """Return the configuration in a file; ``None`` for a ``pyproject.toml`` without newscards' table."""
    import tomllib  # only where there is a configuration

    try:
        with open(path, encoding="utf-8-sig") as opened:
            values = tomllib.loads(opened.read())
    except OSError as error:
        raise NewscardsError(f"cannot read the configuration {path_text(path)}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NewscardsError(f"{path_text(path)} is not TOML: {error}") from error
    if os.path.basename(path) != SHARED_FILE:
        return values
    tool = values.get("tool", {})
    table = tool.get("newscards") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise NewscardsError(f"{path_text(path)}: `tool.newscards` is not a table")
    if table is None and named:
        raise NewscardsError(f"{path_text(path)} has no table `[tool.newscards]`")
    return table


def _settings(file: str, table: dict[str, Any], without: Collection[str]) -> Settings:
    known = {key.name: key for key in KEYS}
    read: dict[str, Any] = {}
    for name, value in table.items():
        if name not in known:
            hint = nearest_or_all(name, known)
            if name == "tool":
                hint = f"in {OWN_FILE} the keys stand without the header `[tool.newscards]`"
            raise NewscardsError(f"{path_text(file)}: unknown key `{name}`", hint)
        if name in without:
            continue
        try:
            read[known[name].attribute] = known[name].read(value, os.path.dirname(file))
        except WrongTypeError as expected:
            raise NewscardsError(f"{path_text(file)}: `{name}` must be {expected}") from None
        except NewscardsError as error:
            raise NewscardsError(f"{path_text(file)}: `{name}`: {error}", error.hint) from error
    return Settings(file, table, **read)
