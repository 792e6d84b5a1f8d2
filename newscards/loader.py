"""YAML text -> Python values, as libyaml reads it, within limits.

The reference is PyYAML's safe loader over libyaml (YAML 1.1, as Jekyll's Psych). It is changed in
one way: a plain scalar that its implicit type cannot hold (``2023-13-45``) stays text, an
``Unheld``, where PyYAML would give up on the whole card. And it is guarded: PyYAML's composer
recurses, and ``'[' * 30000`` ends the process, so depth and size are first measured on the events,
which do not recurse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, NamedTuple

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

from newscards.plain_words import in_plain_words

MAX_BYTES = 1 << 20
"""The longest front matter that is read, in bytes: seven times the largest of 5,632 real ones."""
MAX_DEPTH = 64
"""How many collections may stand in one another; a real card has five."""
MAX_NODES = 100_000
"""How many nodes a card may have after its aliases are expanded (a bomb has billions)."""
MAX_CHARACTERS = 16 << 20
"""How much text a card may have after its aliases are expanded, in code points."""
MAX_DIGITS = 4300
"""The longest number that is one: Python's own limit on reading and printing integers."""

MAX_LONG_KEYS = 1000
"""How many long integers a mapping may have as keys: Python's hashes of multiples of 2**61 - 1 collide."""
_LONG = 17  # decimal digits, or sixteen hexadecimal ones: shorter integers are their own hash
_INTEGER = "tag:yaml.org,2002:int"
_TOO_LONG = 10**MAX_DIGITS

HAS_LIBYAML: bool = yaml.__with_libyaml__

_Node = Any  # types-PyYAML leaves the values of nodes untyped


class Unheld(str):
    """A plain scalar that looks like a ``kind`` (``date``, ``number``) but cannot be one.

    It is its source text; ``why`` is Python's reason, such as ``month must be in 1..12``.
    """

    kind: str
    why: str

    def __new__(cls, text: str, kind: str = "", why: str = "") -> Unheld:
        """Make the text with its reason."""
        self = super().__new__(cls, text)
        self.kind, self.why = kind, why
        return self


class LoadError(Exception):
    """The text is not YAML, or more than is read: ``reason``, and where, in code points.

    ``limit`` is true where the text may be good YAML but exceeds a limit.
    """

    def __init__(self, reason: str, offset: int | None, *, limit: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.offset, self.limit = reason, offset, limit


class Loaded(NamedTuple):
    """A value, and whether something in it is out of the ordinary.

    ``irregular``: somewhere a key stands twice, a scalar is ``Unheld``, or a value is one that JSON
    has no word for. Few cards are, and only for them is it worth to look at the text again.
    """

    value: object
    irregular: bool


class _Constructor(SafeConstructor):
    """PyYAML's safe constructor, noting what is irregular and keeping what cannot be held."""

    irregular = False

    def construct_mapping(self, node: _Node, deep: bool = False) -> dict[Any, Any]:
        long = [key for key, _ in node.value if key.tag == _INTEGER and len(key.value) > _LONG]
        if len(long) > MAX_LONG_KEYS:
            reason = f"more than {MAX_LONG_KEYS:,} keys of one mapping are integers of over {_LONG} digits"
            raise LoadError(reason, long[0].start_mark.index, limit=True)
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            self.irregular = True
        return mapping

    def construct_float(self, node: _Node) -> float:
        number = self.construct_yaml_float(node)
        if number - number != 0:  # NaN and the infinities
            self.irregular = True
        return number

    def construct_integer(self, node: _Node) -> int:
        digits = node.value.lstrip("+-").replace("_", "")
        number = self.construct_yaml_int(node) if len(digits) <= MAX_DIGITS or digits[0] == "0" else _TOO_LONG
        if abs(number) >= _TOO_LONG:  # a hexadecimal one can be read, and not printed
            raise ValueError(f"it has more than {MAX_DIGITS:,} digits")
        return number


def _holding(
    construct: Callable[[_Constructor, _Node], object], kind: str
) -> Callable[[_Constructor, _Node], object]:
    """Wrap a scalar's constructor: what an implicit type cannot hold stays text."""

    def construct_or_keep(self: _Constructor, node: _Node) -> object:
        try:
            # Sexagesimal numbers (1:20:30) cost the square of their length.
            if kind == "number" and ":" in node.value and len(node.value) > MAX_DIGITS:
                raise ValueError(f"it has more than {MAX_DIGITS:,} digits")
            return construct(self, node)
        except (ValueError, ArithmeticError, LookupError, AttributeError) as error:
            # PyYAML's constructors fail in all these ways on `!!int ""`, `!!bool x` and the like.
            implicit: Any = self
            if implicit.resolve(yaml.ScalarNode, node.value, (True, False)) != node.tag:
                name = node.tag.rpartition(":")[2]
                raise ConstructorError(
                    None, None, f"this is no value for the tag !!{name}", node.start_mark
                ) from error
            self.irregular = True
            return Unheld(node.value, kind, str(error))

    return construct_or_keep


def _noting(
    construct: Callable[[_Constructor, _Node], object],
) -> Callable[[_Constructor, _Node], object]:
    """Wrap the constructor of a type that JSON has no word for."""

    def construct_and_note(self: _Constructor, node: _Node) -> object:
        self.irregular = True
        return construct(self, node)

    return construct_and_note


def make_loader(base: type[Any]) -> type[Any]:
    """Return our loader class over one of PyYAML's (``CSafeLoader``, or ``SafeLoader`` without C)."""

    class Loader(_Constructor, base):  # type: ignore[misc]
        yaml_constructors: ClassVar[dict[str | None, Any]] = dict(SafeConstructor.yaml_constructors)

    tag = "tag:yaml.org,2002:"
    Loader.yaml_constructors |= {
        tag + "int": _holding(_Constructor.construct_integer, "number"),
        tag + "float": _holding(_Constructor.construct_float, "number"),
        tag + "timestamp": _holding(_Constructor.construct_yaml_timestamp, "date"),
        tag + "bool": _holding(_Constructor.construct_yaml_bool, "boolean"),
    }
    for name in ("binary", "set", "omap", "pairs"):
        Loader.yaml_constructors[tag + name] = _noting(SafeConstructor.yaml_constructors[tag + name])
    return Loader


LOADER: type[Any] = make_loader(yaml.CSafeLoader if HAS_LIBYAML else yaml.SafeLoader)


def load(text: str, *, max_depth: int = MAX_DEPTH, loader: type[Any] = LOADER) -> Loaded:
    """Return what YAML ``text`` says.

    Raises ``LoadError``: not YAML, several documents, beyond a limit, or a value that PyYAML has no
    type for (``!!python/…``, a bare ``=``).
    """
    try:
        # A collection needs an indicator of its own, so few of them cannot be deep or many.
        if indicators(text) > max_depth or "*" in text:
            _measure(text, max_depth, loader)
        reader = loader(text)
        try:
            value = reader.get_single_data()
            return Loaded(value, reader.irregular)
        finally:
            reader.dispose()
    except yaml.YAMLError as error:
        raise _load_error(error, text) from None
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
        raise LoadError(f"PyYAML cannot make a value of it: {error}", None) from error


def construct_key(event: yaml.ScalarEvent) -> Any:
    """Return what a scalar is as a key of a mapping: ``yes`` is true, ``"yes"`` and ``-`` are texts."""
    reader = LOADER("")
    try:
        tag = event.tag or reader.resolve(yaml.ScalarNode, event.value, event.implicit)
        return reader.construct_object(yaml.ScalarNode(tag, event.value))
    except yaml.YAMLError:
        return event.value
    finally:
        reader.dispose()


def indicators(text: str) -> int:
    """Return a number that the depth of ``text`` cannot exceed, nor its nodes four times as many.

    Every collection and every scalar in one is introduced by an indicator of its own (YAML 1.1,
    chapter 4.1: ``-``, ``?``, ``:``, ``,``, ``[``, ``{``), which introduces at most three nodes.
    """
    return 1 + sum(map(text.count, "-?:,[{"))


class _Weight(NamedTuple):
    """What an anchored value weighs wherever an alias repeats it."""

    nodes: int
    characters: int
    height: int


def _measure(text: str, max_depth: int, loader: type[Any]) -> None:
    """Raise ``LoadError`` where ``text`` is too deep or too large with its aliases, or holds itself."""
    nodes = characters = 0
    started: list[tuple[str | None, int, int]] = []  # open collections: anchor, nodes, characters before
    heights: list[int] = [0]  # of what stands in each open collection, and in the document
    weights: dict[str | None, _Weight] = {}
    events: Iterator[Any] = yaml.parse(text, Loader=loader)
    for event in events:
        where = code_point(event.start_mark, text)
        if isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _, _ in started):
                raise LoadError(f"the alias *{event.anchor} stands inside itself", where, limit=True)
            weight = weights.get(event.anchor, _Weight(1, 0, 0))
            nodes, characters = nodes + weight.nodes, characters + weight.characters
            heights[-1] = max(heights[-1], weight.height)
        elif isinstance(event, yaml.ScalarEvent):
            nodes, characters = nodes + 1, characters + len(event.value)
            if event.anchor:
                weights[event.anchor] = _Weight(1, len(event.value), 0)
        elif isinstance(event, yaml.CollectionStartEvent):
            started.append((event.anchor, nodes, characters))
            heights.append(0)
            nodes += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, nodes_before, characters_before = started.pop()
            height = heights.pop() + 1
            heights[-1] = max(heights[-1], height)
            if anchor:
                weights[anchor] = _Weight(nodes - nodes_before, characters - characters_before, height)
        if len(started) + heights[-1] > max_depth:
            raise LoadError(f"nested deeper than {MAX_DEPTH} levels", where, limit=True)
        if nodes > MAX_NODES:
            reason = f"more than {MAX_NODES:,} values once aliases are expanded"
            raise LoadError(reason, where, limit=True)
        if characters > MAX_CHARACTERS:
            reason = f"more than {MAX_CHARACTERS >> 20} MiB of text once aliases are expanded"
            raise LoadError(reason, where, limit=True)


def code_point(mark: Any, text: str) -> int:
    """Return the place of a mark in ``text``; libyaml takes a BOM at its start away and does not count it."""
    index: int = mark.index
    return index + (HAS_LIBYAML and text.startswith("\ufeff"))


def _load_error(error: yaml.YAMLError, text: str) -> LoadError:
    """Return PyYAML's error as ours, in plain words, its place counted in code points."""
    if isinstance(error, yaml.reader.ReaderError):
        # libyaml counts bytes and PyYAML's own reader characters: look where it stands ourselves.
        where = text.find(chr(error.character))
        return LoadError(f"the character U+{error.character:04X} is not allowed in YAML", where)
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return LoadError(str(error), None)
    problem, where = error.problem or "", code_point(error.problem_mark, text)
    if error.context_mark is not None and where >= len(text.rstrip()):
        where = code_point(error.context_mark, text)  # what is never closed shows where it was opened
    return LoadError(in_plain_words(problem, text, where), where)
