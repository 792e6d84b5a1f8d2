"""YAML text as Python values, as libyaml reads it, within limits.

The reference is PyYAML's safe loader over libyaml (YAML 1.1, like Jekyll's Psych). It is changed in
two ways: a plain scalar that is invalid for its implicit type (``2023-13-45``) stays text, an
``InvalidScalar``, where PyYAML would reject the whole card; and a moment in a form that Ruby reads, and
YAML 1.1 does not know (``2023-06-20 09:05:00 +0200``, ``2023-06-20 09:05``), is a date, where PyYAML has a
text. It is also guarded: PyYAML's composer recurses, so ``'[' * 30000`` kills the process, and aliases of
aliases may expand to billions of values. So depth and size are first checked on libyaml's events, which do
not recurse.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

from newscards.frontmatter.limits import LIMITS, MAX_DEPTH, Limits, LoadError
from newscards.frontmatter.messages import in_plain_words

MAX_CHARACTERS = 16 << 20
"""The maximum text of a card after its aliases are expanded, in code points."""

_READ_AHEAD = 1100
"""The number of code points that libyaml may read before it yields an event: 1,024 and a token."""

HAS_LIBYAML: bool = yaml.__with_libyaml__


def indicators(text: str) -> int:
    """Return an upper bound n of the depth of ``text``; it has at most 4 * n nodes.

    Each collection, and each scalar in one, has an indicator of its own before it (YAML 1.1,
    chapter 4.1: ``-``, ``?``, ``:``, ``,``, ``[``, ``{``), and an indicator introduces at most three nodes.
    """
    return 1 + sum(map(text.count, "-?:,[{"))


# What may stand before a block collection on its line, behind any line end that libyaml knows.
_INDENTATION = re.compile(r"^[ \t?:\ufeff-]+|(?<=[\r\x85\u2028\u2029])[ \t?:\ufeff-]+", re.MULTILINE)


def needs_size_check(text: str, limits: Limits) -> bool:
    """Return whether ``text`` may exceed ``limits``: false only if its characters exclude that.

    Only an alias (``*``) repeats values. A flow collection has a bracket, and an entry of a flow list may be
    a mapping without one, ``[a: b]``. A block collection stands in a column of its own, right of that of the
    one around it, but for a list in the column of its key (YAML 1.1, chapter 9); behind a key on the same
    line there is none.
    """
    count = indicators(text)
    if "*" in text or count * 4 > limits.nodes:
        return True
    if count <= limits.depth:
        return False
    columns = max(map(len, _INDENTATION.findall(text)), default=0) + 1
    return 2 * (columns + text.count("[")) + text.count("{") > limits.depth


class _Size(NamedTuple):
    """The size of an anchored value, which each of its aliases adds again."""

    nodes: int
    characters: int
    height: int


def check_size(text: str, limits: Limits, loader: type[Any], *, first: bool = False) -> None:
    """Raise ``LoadError`` if ``text`` exceeds ``limits`` with its aliases expanded, or contains itself.

    With ``first`` only the first document counts. Raises ``yaml.YAMLError`` if it is not YAML.

    The result is the same with every version of libyaml. 0.2.6 refuses more than 1,000 levels, and reads up
    to 1,024 characters ahead of an event to see whether ``[`` begins a key, so its error may come before the
    events that would exceed a limit. If many brackets stand before an error, PyYAML's own scanner, which has
    no such limit, repeats the check.
    """
    try:
        _check_size(text, limits, loader, first)
    except yaml.MarkedYAMLError as error:
        if error.problem_mark is not None:
            end: int = error.problem_mark.index + 1
            read_ahead = text[max(0, end - _READ_AHEAD) : end]
            if read_ahead.count("[") + read_ahead.count("{") >= MAX_DEPTH:
                _check_size(text, limits, yaml.SafeLoader, first)
        raise


def _check_size(text: str, limits: Limits, loader: type[Any], first: bool) -> None:
    nodes = characters = 0
    started: list[tuple[str | None, int, int]] = []  # open collections: anchor, nodes, characters before
    heights: list[int] = [0]  # the deepest nesting so far in the document, and in each open collection
    sizes: dict[str | None, _Size] = {}
    events: Iterator[Any] = yaml.parse(text, Loader=loader)
    for event in events:
        where = code_point(event.start_mark, text)
        if first and isinstance(event, yaml.DocumentEndEvent):
            return
        if isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _, _ in started):
                raise LoadError(f"the alias *{event.anchor} stands inside itself", where, limit=True)
            size = sizes.get(event.anchor, _Size(1, 0, 0))
            nodes, characters = nodes + size.nodes, characters + size.characters
            heights[-1] = max(heights[-1], size.height)
        elif isinstance(event, yaml.ScalarEvent):
            nodes, characters = nodes + 1, characters + len(event.value)
            if event.anchor:
                sizes[event.anchor] = _Size(1, len(event.value), 0)
        elif isinstance(event, yaml.CollectionStartEvent):
            started.append((event.anchor, nodes, characters))
            heights.append(0)
            nodes += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, nodes_before, characters_before = started.pop()
            height = heights.pop() + 1
            heights[-1] = max(heights[-1], height)
            if anchor:
                sizes[anchor] = _Size(nodes - nodes_before, characters - characters_before, height)
        if len(started) + heights[-1] > limits.depth:
            raise LoadError(f"nested deeper than {limits.depth} levels", where, limit=True)
        if nodes > limits.nodes:
            reason = f"more than {limits.nodes:,} values once aliases are expanded"
            raise LoadError(reason, where, limit=True)
        if characters > MAX_CHARACTERS:
            reason = f"more than {MAX_CHARACTERS >> 20} MiB of text once aliases are expanded"
            raise LoadError(reason, where, limit=True)


def code_point(mark: Any, text: str) -> int:
    """Return the offset of a mark in ``text``; libyaml's marks do not count a BOM at its start."""
    index: int = mark.index
    return index + (text.startswith("\ufeff") and not isinstance(mark, yaml.Mark))


MAX_DIGITS = 4300
"""The maximum number of digits of an integer: Python's own limit on reading and printing integers."""

MAX_LONG_KEYS = 1000
"""The maximum number of long integer keys in a mapping: Python's hashes of multiples of 2**61 - 1 collide."""
_MAX_SHORT_DIGITS = 17  # an integer of up to 17 characters, also a hexadecimal one, is its own hash
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null"})
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)")
_SIGNS = frozenset(":.,+-_0123456789")
_NO_TEXT = re.compile(
    r":.|[-+]?(?:[0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|[_,]*[0-9][0-9_,]*(?:\.[0-9]*)?|[0-9_]+(?::[0-9_]+)+(?:\.[0-9_]*)?"
    r"|0[bx][0-9a-fA-F_,]*)\Z|-?[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|\s+)[0-9]"
)
"""A plain text that Psych or safe_yaml may read as a symbol, a number or a date, or fail with."""
_USUAL_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z?)?")
"""A timestamp that all readers read alike."""
_TIMESTAMP_OF_RUBY = re.compile(
    r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]| +)[0-9]{1,2}:[0-9]{2})(:[0-9]{2}(?:\.[0-9]*)?)?"
    r"(?:( *Z)|( *[-+][0-9]{2})(?::?([0-9]{2}))?)?"
)
"""A moment that may have no seconds, and no colon in its offset. The groups are its parts.

With seconds, Psych and safe_yaml take it for a date. Without seconds it is a text to them, and a date to
``Time.parse``, with which Jekyll reads ``date`` and its filters read any text.
"""
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_INTEGER = "tag:yaml.org,2002:int"
_TOO_LONG = 10**MAX_DIGITS

_Node = Any  # types-PyYAML leaves the values of nodes untyped


class InvalidScalar(str):
    """A plain scalar that looks like a ``kind`` (``date``, ``number``, ``boolean``) but is not a valid one.

    As a text it is its source; ``why`` is Python's reason, such as ``month must be in 1..12``.
    """

    __slots__ = ("kind", "why")
    kind: str
    why: str

    def __new__(cls, text: str, kind: str = "", why: str = "") -> InvalidScalar:
        """Return the text with its kind and reason."""
        self = super().__new__(cls, text)
        self.kind, self.why = kind, why
        return self


class Loaded(NamedTuple):
    """A value, and whether something in it is irregular.

    ``irregular``: somewhere a key stands twice or has no value, a scalar is an ``InvalidScalar``, a boolean
    is written ``yes``, ``no``, ``on`` or ``off``, an integer is not in plain decimal, a date is written in an
    unusual way, Ruby may read a number, a date or something else than a text, JSON cannot represent a value,
    or there is an anchor, an alias or a tag. Few cards are irregular, and only they need a second look at
    their text.
    """

    value: object
    irregular: bool


class _Constructor(SafeConstructor):
    """PyYAML's safe constructor; it records whether something is irregular, and checks integers."""

    irregular = False

    def construct_mapping(self, node: _Node, deep: bool = False) -> dict[Any, Any]:
        most = _MAX_SHORT_DIGITS
        long = [key for key, _ in node.value if key.tag == _INTEGER and len(key.value) > most]
        if len(long) > MAX_LONG_KEYS:
            reason = f"more than {MAX_LONG_KEYS:,} keys of one mapping are integers of over {most} digits"
            raise LoadError(reason, long[0].start_mark.index, limit=True)
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value) or None in mapping:
            self.irregular = True
        return mapping

    def construct_text(self, node: _Node) -> str:
        value: str = node.value
        if not isinstance(value, str):  # a mapping that is tagged !!str
            return str(self.construct_scalar(node))
        # Without quotes, Ruby reads `:x` as a symbol, `fALSE` as false and `1,000` as a number.
        if not node.style and (
            (value[:1] in _SIGNS and _NO_TEXT.match(value)) or (len(value) < 6 and value.lower() in _WORDS)
        ):
            self.irregular = True
        return value

    def construct_timestamp(self, node: _Node) -> object:
        if not _USUAL_TIMESTAMP.fullmatch(node.value):
            self.irregular = True
        return self.construct_yaml_timestamp(yaml.ScalarNode(node.tag, in_yaml_form(node.value)))

    def construct_boolean(self, node: _Node) -> bool:
        if node.value.lower() not in ("true", "false"):  # the value does not show the spelling
            self.irregular = True
        value: bool = self.construct_yaml_bool(node)
        return value

    def construct_float(self, node: _Node) -> float:
        number = self.construct_yaml_float(node)
        if number - number != 0 or "_" in node.value or ":" in node.value:  # NaN, the infinities, `1:40.5`
            self.irregular = True
        return number

    def construct_integer(self, node: _Node) -> int:
        if not _DECIMAL.fullmatch(node.value):
            self.irregular = True
        digits = node.value.lstrip("+-").replace("_", "")
        number = self.construct_yaml_int(node) if len(digits) <= MAX_DIGITS or digits[0] == "0" else _TOO_LONG
        if abs(number) >= _TOO_LONG:  # Python can read such a hexadecimal number, but not print it
            raise ValueError(f"it has more than {MAX_DIGITS:,} digits")
        return number


def in_yaml_form(timestamp: str) -> str:
    """Return a timestamp in the form of YAML 1.1: with seconds, and with a colon in its offset.

    One that is in this form already, and any other text, is returned as it is.
    """
    match = _TIMESTAMP_OF_RUBY.fullmatch(timestamp)
    if match is None:
        return timestamp
    time, seconds, utc, hours, minutes = match.groups(default="")
    return f"{time}{seconds or ':00'}{utc}{hours}{minutes and f':{minutes}'}"


def _text_if_invalid(
    construct: Callable[[_Constructor, _Node], object], kind: str
) -> Callable[[_Constructor, _Node], object]:
    """Wrap a scalar's constructor: a plain scalar that is invalid for its implicit type stays text."""

    def construct_or_text(self: _Constructor, node: _Node) -> object:
        try:
            # Sexagesimal numbers (1:20:30) cost the square of their length.
            if kind == "number" and ":" in node.value and len(node.value) > MAX_DIGITS:
                raise ValueError(f"it has more than {MAX_DIGITS:,} digits")
            return construct(self, node)
        except (ValueError, ArithmeticError, LookupError, AttributeError) as error:
            # PyYAML's constructors raise all of these for `!!int ""`, `!!bool x` and the like.
            resolver: Any = self
            if resolver.resolve(yaml.ScalarNode, node.value, (True, False)) != node.tag:
                name = node.tag.rpartition(":")[2]
                raise ConstructorError(
                    None, None, f"this is not a value for the tag !!{name}", node.start_mark
                ) from error
            self.irregular = True
            why = str(error)
            if why.startswith("offset must be"):  # datetime.timezone, which shows its own types
                why = "an offset is less than 24 hours"
            return InvalidScalar(node.value, kind, sys.intern(why))

    return construct_or_text


def _marking_irregular(
    construct: Callable[[_Constructor, _Node], object],
) -> Callable[[_Constructor, _Node], object]:
    """Wrap the constructor of a type that JSON cannot represent."""

    def construct_and_mark(self: _Constructor, node: _Node) -> object:
        self.irregular = True
        return construct(self, node)

    return construct_and_mark


def make_loader(base: type[Any]) -> type[Any]:
    """Return our loader class based on one of PyYAML's (``CSafeLoader``, or ``SafeLoader`` without C)."""

    class Loader(_Constructor, base):  # type: ignore[misc]
        yaml_constructors: ClassVar[dict[str | None, Any]] = dict(SafeConstructor.yaml_constructors)

    tag = "tag:yaml.org,2002:"
    Loader.yaml_constructors |= {
        tag + "int": _text_if_invalid(_Constructor.construct_integer, "number"),
        tag + "float": _text_if_invalid(_Constructor.construct_float, "number"),
        _TIMESTAMP: _text_if_invalid(_Constructor.construct_timestamp, "date"),
        tag + "bool": _text_if_invalid(_Constructor.construct_boolean, "boolean"),
        tag + "str": _Constructor.construct_text,
    }
    for name in ("binary", "set", "omap", "pairs"):
        Loader.yaml_constructors[tag + name] = _marking_irregular(
            SafeConstructor.yaml_constructors[tag + name]
        )
    whole = re.compile(rf"(?:{_TIMESTAMP_OF_RUBY.pattern})\Z")
    Loader.add_implicit_resolver(_TIMESTAMP, whole, "0123456789")
    return Loader


LOADER: type[Any] = make_loader(yaml.CSafeLoader if HAS_LIBYAML else yaml.SafeLoader)


def load(text: str, limits: Limits = LIMITS, *, loader: type[Any] = LOADER, first: bool = False) -> Loaded:
    """Return the value of a YAML ``text``; with ``first`` that of its first document, as Psych.load does.

    Raises ``LoadError`` if it is not YAML, exceeds a limit, or has a value of a type that PyYAML does not
    know (``!!python/…``, a bare ``=``), and without ``first`` if it has several documents. With ``first``,
    the documents after the first may hold anything but characters that are not allowed in YAML.
    """
    try:
        if needs_size_check(text, limits):
            check_size(text, limits, loader, first=first)
        reader = loader(text)
        try:
            value = reader.get_data() if first else reader.get_single_data()
            return Loaded(value, reader.irregular)
        finally:
            reader.dispose()
    except yaml.YAMLError as error:
        raise _load_error(error, text) from None
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
        raise LoadError(f"PyYAML cannot make a value of it: {error}", None) from error


def construct_key(event: yaml.ScalarEvent) -> Any:
    """Return the value of a scalar as a mapping's key: ``yes`` is true, ``"yes"`` and ``-`` are texts."""
    return _construct_key(event.tag, event.implicit, event.value)


@lru_cache(maxsize=1024)
def _construct_key(tag: str | None, implicit: tuple[bool, bool], value: str) -> Any:
    reader = LOADER("")
    try:
        if tag in (None, "!"):
            tag = reader.resolve(yaml.ScalarNode, value, implicit)
        return reader.construct_object(yaml.ScalarNode(tag, value))
    except yaml.YAMLError:
        return value
    finally:
        reader.dispose()


def _load_error(error: yaml.YAMLError, text: str) -> LoadError:
    """Return PyYAML's error as a ``LoadError`` in plain words, its offset counted in code points."""
    if isinstance(error, yaml.reader.ReaderError):
        # libyaml counts bytes and PyYAML's own reader counts characters, so find the character in the text.
        where = text.find(chr(error.character))
        return LoadError(f"the character U+{error.character:04X} is not allowed in YAML", where)
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return LoadError(str(error), None)
    problem, where = error.problem or "", code_point(error.problem_mark, text)
    if error.context_mark is not None and where >= len(text.rstrip()):
        where = code_point(error.context_mark, text)  # the error of an unclosed quote is where it opens
    return LoadError(in_plain_words(problem, text, where), where)
