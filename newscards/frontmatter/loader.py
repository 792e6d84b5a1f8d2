"""YAML text -> Python values, as libyaml reads it, within limits.

The reference is PyYAML's safe loader over libyaml (YAML 1.1, as Jekyll's Psych). It is changed in
one way: a plain scalar that its implicit type cannot hold (``2023-13-45``) stays text, an
``Unheld``, where PyYAML would give up on the whole card. And it is guarded: PyYAML's composer
recurses, and ``'[' * 30000`` ends the process, and aliases that stand for aliases may be billions of values;
so depth and size are first measured on libyaml's events, which do not recurse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

from newscards.frontmatter.limits import LIMITS, MAX_DEPTH, Limits, LoadError
from newscards.frontmatter.messages import in_plain_words

MAX_CHARACTERS = 16 << 20
"""How much text a card may have after its aliases are expanded, in code points."""

_READ_AHEAD = 1100
"""How far, in code points, libyaml may have read before it yields an event: 1,024 and a token."""

HAS_LIBYAML: bool = yaml.__with_libyaml__


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


def measure(text: str, limits: Limits, loader: type[Any]) -> None:
    """Raise ``LoadError`` where ``text`` is too deep or too large with its aliases, or holds itself.

    Raises ``yaml.YAMLError`` where it is not YAML. The answer is the same with every version of libyaml:
    0.2.6 refuses more than 1,000 levels, and reads up to 1,024 characters ahead of its first event to see
    whether ``[`` begins a key, so its error may come before the events that are measured. Where so many
    brackets stand before an error, PyYAML's own scanner, which has no such limit, measures instead.
    """
    try:
        _measure(text, limits, loader)
    except yaml.MarkedYAMLError as error:
        if error.problem_mark is not None:
            end: int = error.problem_mark.index + 1
            read_ahead = text[max(0, end - _READ_AHEAD) : end]
            if read_ahead.count("[") + read_ahead.count("{") >= MAX_DEPTH:
                _measure(text, limits, yaml.SafeLoader)
        raise


def _measure(text: str, limits: Limits, loader: type[Any]) -> None:
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
        if len(started) + heights[-1] > limits.depth:
            raise LoadError(f"nested deeper than {limits.depth} levels", where, limit=True)
        if nodes > limits.nodes:
            reason = f"more than {limits.nodes:,} values once aliases are expanded"
            raise LoadError(reason, where, limit=True)
        if characters > MAX_CHARACTERS:
            reason = f"more than {MAX_CHARACTERS >> 20} MiB of text once aliases are expanded"
            raise LoadError(reason, where, limit=True)


def code_point(mark: Any, text: str) -> int:
    """Return the place of a mark in ``text``: libyaml's marks do not count a BOM at its start."""
    index: int = mark.index
    return index + (text.startswith("\ufeff") and not isinstance(mark, yaml.Mark))


MAX_DIGITS = 4300
"""The longest number that is one: Python's own limit on reading and printing integers."""

MAX_LONG_KEYS = 1000
"""How many long integers a mapping may have as keys: Python's hashes of multiples of 2**61 - 1 collide."""
_LONG = 17  # decimal digits, or sixteen hexadecimal ones: shorter integers are their own hash
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null"})
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)")
_INTEGER = "tag:yaml.org,2002:int"
_TOO_LONG = 10**MAX_DIGITS

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


class Loaded(NamedTuple):
    """A value, and whether something in it is out of the ordinary.

    ``irregular``: somewhere a key stands twice, a scalar is ``Unheld``, a boolean is not ``true`` or
    ``false``, an integer not in plain decimal, a text is something else to Ruby, a value is one that JSON
    has no word for, or there is an anchor, an alias or a tag. Few cards are, and only for them is it
    worth to look at the text again.
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

    def construct_text(self, node: _Node) -> str:
        value: str = node.value
        if not isinstance(value, str):  # a mapping that is tagged !!str
            return str(self.construct_scalar(node))
        # To Ruby `:x` is a symbol and `fALSE` false, if there are no quotes around them.
        if not node.style and (value[:1] == ":" or (len(value) < 6 and value.lower() in _WORDS)):
            self.irregular = True
        return value

    def construct_boolean(self, node: _Node) -> bool:
        if node.value not in ("true", "false"):  # `no`, `On`, ... of which the value tells nothing
            self.irregular = True
        held: bool = self.construct_yaml_bool(node)
        return held

    def construct_float(self, node: _Node) -> float:
        number = self.construct_yaml_float(node)
        if number - number != 0:  # NaN and the infinities
            self.irregular = True
        return number

    def construct_integer(self, node: _Node) -> int:
        if not _DECIMAL.fullmatch(node.value):
            self.irregular = True
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
        tag + "bool": _holding(_Constructor.construct_boolean, "boolean"),
        tag + "str": _Constructor.construct_text,
    }
    for name in ("binary", "set", "omap", "pairs"):
        Loader.yaml_constructors[tag + name] = _noting(SafeConstructor.yaml_constructors[tag + name])
    return Loader


LOADER: type[Any] = make_loader(yaml.CSafeLoader if HAS_LIBYAML else yaml.SafeLoader)


def load(text: str, limits: Limits = LIMITS, *, loader: type[Any] = LOADER) -> Loaded:
    """Return what YAML ``text`` says.

    Raises ``LoadError``: not YAML, several documents, beyond a limit, or a value that PyYAML has no
    type for (``!!python/…``, a bare ``=``).
    """
    try:
        # A collection needs an indicator of its own, so few of them cannot be deep or many.
        if indicators(text) > limits.depth or "*" in text:
            measure(text, limits, loader)
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
    return _construct_key(event.tag, event.implicit, event.value)


@lru_cache(maxsize=1024)
def _construct_key(tag: str | None, implicit: tuple[bool, bool], value: str) -> Any:
    reader = LOADER("")
    try:
        tag = tag or reader.resolve(yaml.ScalarNode, value, implicit)
        return reader.construct_object(yaml.ScalarNode(tag, value))
    except yaml.YAMLError:
        return value
    finally:
        reader.dispose()


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
