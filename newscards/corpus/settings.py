"""The configuration: the nearest ``newscards.toml`` or ``[tool.newscards]`` in ``pyproject.toml``."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from newscards.cards.fields import FIELDS, Declaration, Field, card_with
from newscards.corpus.declared_fields import declared_fields
from newscards.corpus.declared_rules import DeclaredRule, declared_rules
from newscards.corpus.discovery import ENDINGS, path_not_found
from newscards.errors import DeclarationError, NewscardsError
from newscards.frontmatter.limits import LIMITS, MAX_DEPTH, Limits
from newscards.frontmatter.positions import position
from newscards.layout import current_folder
from newscards.text import did_you_mean, nearest_or_all, path_text

if TYPE_CHECKING:
    from newscards.corpus.registry import Registry

OWN_FILE, SHARED_FILE = "newscards.toml", "pyproject.toml"
_SHARED_TABLE = ("tool", "newscards")


class Settings(NamedTuple):
    """The values of the configuration, or the defaults.

    ``file`` is the configuration file, ``text`` its text, and ``given`` its content by key. Paths can be
    opened from the current folder. ``KEYS`` describes each key.
    """

    file: str = ""
    text: str = ""
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
    fields: tuple[Declaration, ...] = ()
    rules: tuple[DeclaredRule, ...] = ()

    @property
    def card_field(self) -> Field:
        """The table of the card's fields (``cards.fields``), with what the configuration says about it."""
        choices = {"category": self.categories, "type": self.types}
        declared = [Declaration(name, choices=values) for name, values in choices.items() if values]
        return card_with((*declared, *self.fields))

    def relative(self, path: str) -> str:
        """Return a path relative to the configuration's folder, as in the patterns of per-file ignores."""
        folder = os.path.dirname(self.file) or os.curdir
        return os.path.relpath(path, folder).replace(os.sep, "/")

    def place(self, *path: str | int, key: bool = False, offset: int | None = None) -> str:
        """Return ``FILE:LINE:COLUMN`` of the value at a path in the configuration, or of its ``key``.

        With an ``offset``, it is that of a character in the value, which is a text.
        """
        from newscards.corpus.toml_locations import TomlLocations

        locations = TomlLocations(self.text)
        inside = self.path(*path)
        if offset is not None:
            line, column = locations.character(inside, offset)
        else:
            line, column = locations.key(inside) if key else locations.value(inside)
        return f"{path_text(self.file)}:{line}:{column}"

    def located(self, error: DeclarationError) -> NewscardsError:
        """Return the error of a declaration with its place in the configuration."""
        place = self.place(*error.keys, key=error.at_key, offset=error.offset)
        text = "" if error.offset is None else f"`{'.'.join(map(str, error.keys))}`: "
        return NewscardsError(f"{place}: {text}{error}", error.hint)

    def path(self, *path: str | int) -> tuple[str | int, ...]:
        """Return a path in the configuration as a path in its file."""
        return (*_SHARED_TABLE, *path) if os.path.basename(self.file) == SHARED_FILE else path


class WrongTypeError(Exception):
    """The error for a value of the wrong type; the message says which type is right.

    ``path`` leads from the key's value to the wrong one.
    """

    def __init__(self, expected: str, *path: str | int) -> None:
        super().__init__(expected)
        self.path = path


def _texts(value: Any, folder: str) -> tuple[str, ...]:
    return _list_of_texts(value, "a list of texts")


def _list_of_texts(value: Any, expected: str) -> tuple[str, ...]:
    """Return a list of texts; raises ``WrongTypeError`` at the value, or at its first item that is none."""
    if not isinstance(value, list):
        raise WrongTypeError(expected)
    for index, each in enumerate(value):
        if not isinstance(each, str):
            raise WrongTypeError(expected, index)
    return tuple(value)


def _choices_of(value: Any, folder: str) -> tuple[str, ...]:
    if not (choices := _texts(value, folder)):
        raise WrongTypeError("a list of texts that is not empty")
    return choices


def _paths(value: Any, folder: str) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    texts = _list_of_texts(value, "a path, or a list of paths")
    paths = tuple(os.path.normpath(os.path.join(folder, each)) for each in texts)
    for path in paths:
        if not os.path.exists(path):
            raise path_not_found(path)
    return paths


def _file(value: Any, folder: str) -> str:
    if not isinstance(value, str) or not value:
        raise WrongTypeError("a path")
    return os.path.normpath(os.path.join(folder, value))


def _endings(value: Any, folder: str) -> tuple[str, ...]:
    endings, expected = _texts(value, folder), 'a list of endings as `".md"`'
    for index, ending in enumerate(endings):
        if len(ending) < 2 or not ending.startswith("."):
            raise WrongTypeError(expected, index)
    if not endings:
        raise WrongTypeError(expected)
    return endings


def _texts_by_text(value: Any, folder: str) -> dict[str, tuple[str, ...]]:
    expected, read = 'a table as `"archive/*" = ["NC5"]`', {}
    for key, inner in _table(value, expected).items():
        try:
            read[key] = _texts(inner, folder)
        except WrongTypeError as error:
            raise WrongTypeError(expected, key, *error.path) from None
    return read


def _severities(value: Any, folder: str) -> dict[str, str]:
    table = _table(value)
    for key, inner in table.items():
        if inner not in ("error", "warning"):
            raise WrongTypeError(f'a table of "error" and "warning" (`{key}` is neither)', key)
    return table


_MAX_LIMITS = {"bytes": 1 << 30, "depth": MAX_DEPTH, "nodes": 10_000_000}
"""The highest value of each limit: PyYAML recurses, and some thousand levels would crash the process."""


def _limits(value: Any, folder: str) -> Limits:
    table = _table(value)
    for key, number in table.items():
        if key not in Limits._fields:
            hint = did_you_mean(key, Limits._fields)
            raise WrongTypeError(f"a table of {', '.join(Limits._fields)} ({hint})", key)
        maximum = _MAX_LIMITS[key]
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= maximum:
            raise WrongTypeError(f"a table of whole numbers (`{key}` is from 1 to {maximum:,})", key)
    return LIMITS._replace(**table)


def _table(value: Any, expected: str = "a table") -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WrongTypeError(expected)
    return value


def _fields(value: Any, folder: str) -> tuple[Declaration, ...]:
    return declared_fields(_table(value), folder)


def _rules(value: Any, folder: str) -> tuple[DeclaredRule, ...]:
    return declared_rules(_table(value))


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


def _choices(name: str) -> list[Any]:
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
    ConfigKey("fields", _fields, "the fields of your cards: a table for each, as `[fields.editor]`", {}),
    ConfigKey("rules", _rules, "rules of your own, in SQL: a table `[rules.NAME]` for each", {}),
)
"""Every key, in the order of ``newscards config`` and the manual."""


def load_settings(start: str, file: str | None = None, without: Collection[str] = ()) -> Settings:
    """Return the settings of ``file``, else of the nearest configuration from the folder ``start`` upward.

    The values of keys in ``without`` are not read, which saves time where a registry is many files. Raises
    ``NewscardsError`` for a file that cannot be read or is not TOML, for an unknown key and for a value of a
    wrong type.
    """
    if file is not None:
        return _settings(_file_at(file, named=True) or Settings(file), without)
    folder = os.path.abspath(start)
    while True:
        for name in (OWN_FILE, SHARED_FILE):
            path = os.path.join(folder, name)
            if os.path.isfile(path) and (read := _file_at(path)) is not None:
                return _settings(read, without)
        above = os.path.dirname(folder)
        if above == folder:
            return Settings()
        folder = above


def settings_in(text: str, file: str) -> Settings:
    """Return the settings in the text of a ``newscards.toml``, which need not exist yet.

    Raises ``NewscardsError`` as ``load_settings`` does; its cause is a ``DeclarationError`` where a field is
    declared wrongly.
    """
    return _settings(Settings(file, text, _parsed(text, file)), ())


def configuration_in(folder: str) -> str:
    """Return the path of the configuration in a folder, empty if there is none.

    A ``newscards.toml`` counts even where it is a link to nothing. Raises ``NewscardsError`` for a
    ``pyproject.toml`` that cannot be read.
    """
    own, shared = os.path.join(folder, OWN_FILE), os.path.join(folder, SHARED_FILE)
    if os.path.lexists(own):
        return own
    return shared if os.path.isfile(shared) and _file_at(shared) is not None else ""


def _near(path: str) -> str:
    """Return an absolute path relative to the current folder if it lies below it."""
    here = current_folder()
    return path.removeprefix(os.path.join(here, "")) if here else path


def _file_at(path: str, *, named: bool = False) -> Settings | None:
    """Return the configuration in a file, its values not read yet.

    Returns ``None`` for a ``pyproject.toml`` without newscards' table.
    """
    file = path if named else _near(path)
    try:
        with open(path, encoding="utf-8-sig") as opened:
            text = opened.read()
    except OSError as error:
        raise NewscardsError(f"cannot read the configuration {path_text(path)}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line, column = position(error.object, error.start)
        raise NewscardsError(f"{path_text(file)}:{line}:{column}: not UTF-8, and so not TOML") from error
    values = _parsed(text, file)
    if os.path.basename(path) != SHARED_FILE:
        return Settings(file, text, values)
    tool, newscards = _SHARED_TABLE
    tools = values.get(tool, {})
    table = tools.get(newscards) if isinstance(tools, dict) else None
    read = Settings(file, text, table or {})
    if table is not None and not isinstance(table, dict):
        raise NewscardsError(f"{read.place()}: `tool.newscards` is not a table")
    if table is None and named:
        raise NewscardsError(f"{path_text(file)} has no table `[tool.newscards]`")
    return None if table is None else read


def _parsed(text: str, file: str) -> dict[str, Any]:
    """Return the values in a text of TOML; ``file`` is for the message."""
    import tomllib  # only where there is a configuration

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _not_toml(file, text, str(error)) from error


def _not_toml(file: str, text: str, reason: str) -> NewscardsError:
    """Return the error for a text that is not TOML; ``reason`` is that of ``tomllib``."""
    from newscards.corpus.toml_mistakes import explained_mistake

    place, message, hint = explained_mistake(text, reason)
    where = f"{path_text(file)}:{place}: not TOML" if place else f"{path_text(file)} is not TOML"
    return NewscardsError(f"{where}: {message}", hint)


def _settings(settings: Settings, without: Collection[str]) -> Settings:
    """Return the settings with the values that its file gives."""
    known = {key.name: key for key in KEYS}
    read: dict[str, Any] = {}
    for name, value in settings.given.items():
        if name not in known:
            hint = nearest_or_all(name, known)
            if name == "tool":
                hint = f"in {OWN_FILE} the keys stand without the header `[tool.newscards]`"
            raise NewscardsError(f"{settings.place(name, key=True)}: unknown key `{name}`", hint)
        if name in without:
            continue
        try:
            read[known[name].attribute] = known[name].read(value, os.path.dirname(settings.file))
        except WrongTypeError as expected:
            place = settings.place(name, *expected.path)
            raise NewscardsError(f"{place}: `{name}` must be {expected}") from None
        except DeclarationError as error:
            raise settings.located(error) from error
        except NewscardsError as error:
            raise NewscardsError(f"{settings.place(name)}: `{name}`: {error}", error.hint) from error
    return settings._replace(**read)
