"""Front matters as the two kinds of Jekyll read them, where these differ from PyYAML.

Debian's package of Jekyll reads YAML with Psych. Upstream's (3.9.5, 3.10.0, which GitHub Pages runs, 4.3.1
and 4.4.1) reads it with safe_yaml 1.0.5. Both get the same events from libyaml, and make different values of
them. Here are only the values that decide about a card, and the errors with which a card is not read at all.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple

from newscards.frontmatter.loader import MAX_DIGITS
from newscards.frontmatter.nodes import Node, Step, walk

LONG_AGO = datetime.min.replace(tzinfo=UTC)
FAR_FUTURE = datetime.max.replace(tzinfo=UTC)
"""The moments that stand for those before the year 1 and after 9999, which Python cannot represent."""


class Jekyll(Enum):
    """A kind of Jekyll, in the words of a sentence."""

    DEBIAN = "Debian's Jekyll"
    UPSTREAM = "Jekyll as GitHub Pages runs it"


class FaultError(Exception):
    """A value with which a Jekyll fails; the text says why, and ``advice``, how to write it."""

    def __init__(self, why: str, advice: str = "put it in double quotes") -> None:
        super().__init__(why)
        self.advice = advice


class OtherKey:
    """A key that is not text; it equals no other one."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Reading(NamedTuple):
    """The top-level fields that a Jekyll reads; or else the ``fault`` with which it fails, and its path."""

    fields: dict[Any, Any]
    fault: FaultError | None = None
    path: tuple[Step, ...] = ()


_WORDS = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}
_WORDS_AND_NULL: dict[str, bool | None] = {**_WORDS, "": None, "~": None, "null": None}
_NUMBERS = {".inf": float("inf"), "+.inf": float("inf"), "-.inf": float("-inf"), ".nan": float("nan")}
_NO_NUMBER = "a value looks like a number, and Ruby cannot read it"
_NO_TAG = "Psych does not permit this tag"
_WITHOUT_TAG = "write it without the tag"
_FLOAT = r"[-+]?(?:[0-9]+(?:_[0-9]+)*)?\.?[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+)?"
"""A number that Ruby's ``Float`` accepts."""
_DATE = r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
_TIME = (
    r"(?a)(-?[0-9]{4})-([0-9]{1,2})-([0-9]{1,2})([Tt]|\s+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]*)?"
    r"(?:\s*(Z|[-+][0-9]{1,2}:?(?:[0-9]{2})?))?"  # Ruby's \s is no no-break space
)
_HUGE: int = 10**MAX_DIGITS
_OFFSET = r"([-+])([0-9]{1,2}):?([0-9]{1,2})?"


@lru_cache(maxsize=1024)
def read_plain(value: str, jekyll: Jekyll) -> Any:
    """Return the value of a text without quotes, which may be a boolean, a number or a date.

    Raises ``FaultError`` where Jekyll fails. A date that Python cannot represent stays text.
    """
    if (word := value.lower()) in _WORDS_AND_NULL:
        return _WORDS_AND_NULL[word]
    if "\n" in value:
        return value
    read = _read_with_psych if jekyll is Jekyll.DEBIAN else _read_with_safe_yaml
    if value[0] in _FIRST:
        return read(value)
    return value


_FIRST = frozenset(":.+-0123456789,_")

_PSYCH_INTEGER = r"[-+]?(?:0b[01_,]+|0[0-7_,]+|0|[1-9](?:[,_]?[0-9])*|0x[0-9a-fA-F_,]+)"
_PSYCH_FLOAT = r"[-+]?(?:[0-9][0-9_,]*)?\.[0-9]*(?:[eE][-+][0-9]+)?"
_PSYCH_SEXAGESIMAL = r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}(\.[0-9_]*)?"


def _read_with_psych(value: str) -> Any:
    if match := re.fullmatch(_TIME, value):
        if not re.search("[ Tt]", match[4]):
            raise FaultError("Psych fails with a tab between date and time", "write a `T` instead of the tab")
        return _time(match, _psych_offset)
    if match := re.fullmatch(_DATE, value):
        return _day(match)
    if (number := value.lower()) in _NUMBERS:
        return _NUMBERS[number]
    if value[0] == ":" and len(value) > 1:
        raise FaultError("Psych takes a value that begins with `:` for a symbol")
    if match := re.fullmatch(_PSYCH_SEXAGESIMAL, value):
        count = _ruby_float if match[1] else _ruby_integer
        parts = [count(part) for part in value.split(":")]  # of `1:40`, the first is hours
        return sum(part * 60 ** (2 - index) for index, part in enumerate(parts))
    if re.fullmatch(_PSYCH_FLOAT, value):
        if value.strip("+-") == ".":
            return value
        return _number(re.sub(r"[,_]|\.(?=[eE]|\Z)", "", value))
    if re.fullmatch(_PSYCH_INTEGER, value):
        return _integer(re.sub("[,_]", "", value))
    return value


def _psych_offset(text: str) -> timedelta:
    match = re.match(_OFFSET, text)
    sign, hours, minutes = match.groups(default="0") if match else ("+", "0", "0")
    backward = sign == "-" and int(hours) > 0  # it reads -00:30 as +00:30
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return -offset if backward else offset


_SAFE_INTEGER = r"[-+]?(?:0|[1-9][0-9]*)|0[0-7]+|[-+]?0x[0-9a-fA-F]+|0b[01]+"
_SAFE_FLOAT = r"[-+]?(?:[0-9][0-9_]*)?\.[0-9_]+(?:[eE][-+][0-9]+)?"
_SAFE_SEXAGESIMAL = r"([-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+)(?:\.([0-9_]*))?"


def _read_with_safe_yaml(value: str) -> Any:
    digits = re.sub("[_,]", "", value)
    if re.fullmatch(_SAFE_INTEGER, digits):
        return _integer(digits)
    if re.fullmatch(_SAFE_FLOAT, value):
        return _number(value)
    if value in _NUMBERS and value[0] != "+":
        return _NUMBERS[value]
    if (match := re.fullmatch(_SAFE_SEXAGESIMAL, digits)) and match[2] is None:
        return _sexagesimal(match[1])
    if (match := re.fullmatch(_SAFE_SEXAGESIMAL, value)) and match[2] is not None:
        return _sexagesimal(match[1]) + (_number("." + match[2]) if match[2] else 0)
    if (match := re.fullmatch(_DATE, value)) and len(value) == len("2023-06-20"):
        return _day(match)
    if (match := re.fullmatch(_TIME, value)) and value[0] != "-" and value[-1] != ":":
        return _time(match, _safe_offset)
    return value


def _sexagesimal(text: str) -> float:
    total = 0.0
    for part in text.split(":"):
        total = total * 60 + _number(part)
    return -total if text[0] == "-" else total  # of a negative number, the first part has its sign twice


def _safe_offset(text: str) -> timedelta:
    match = re.fullmatch(r"([-+])([0-9]{1,2}):?([0-9]{2})?", text)
    sign, hours, minutes = match.groups(default="0") if match else ("+", "0", "0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    if offset > timedelta(days=1):
        return timedelta()  # DateTime.parse ignores it
    return -offset if sign == "-" else offset


def _time(match: re.Match[str], offset_of: Any) -> datetime | str:
    """Return a moment in UTC; as text if there is no such moment in Python, or none in Ruby."""
    year, month, day, _, hour, minute, second, zone = match.groups()
    offset = timedelta() if zone in (None, "Z") else offset_of(zone)
    lenient = offset_of is _psych_offset  # Time.utc reads February 30 as a day in March, DateTime does not
    try:
        seconds = int(second) if lenient or int(second) != 60 else 59
        if not (1 <= int(day) <= 31 and int(minute) <= 59 and seconds <= 60):
            return match[0]
        if int(hour) > 24 or (int(hour) == 24 and (int(minute) or seconds)):
            return match[0]
        if (number := int(year)) < 1:
            datetime(2000, int(month), int(day), tzinfo=timezone(offset))
            return LONG_AGO
        first = datetime(number, int(month), 1 if lenient else int(day), tzinfo=timezone(offset))
        days = int(day) - 1 if lenient else 0
        after = timedelta(days=days, hours=int(hour), minutes=int(minute), seconds=seconds)
        return (first + after).astimezone(UTC)
    except (ValueError, OverflowError):
        return match[0]


def _day(match: re.Match[str]) -> date | str:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return match[0]


def _integer(text: str) -> int:
    """Return the integer of Ruby's ``Integer``; raise ``FaultError`` if there is none in the text."""
    digits = text.lstrip("+-").lower()
    if len(digits) > MAX_DIGITS:
        return _HUGE
    base = {"0x": 16, "0b": 2}.get(digits[:2]) or (8 if digits[:1] == "0" and len(digits) > 1 else 10)
    try:
        number = int(digits[2:] if base in (2, 16) else digits, base)
    except ValueError:
        raise FaultError(_NO_NUMBER) from None
    return -number if text[0] == "-" else number


def _number(text: str) -> float:
    if not re.fullmatch(_FLOAT, text):
        raise FaultError(_NO_NUMBER)
    return float(text)


def _ruby_integer(text: str) -> int:
    """Return the integer at the beginning of a text, as Ruby's ``to_i`` reads it."""
    match = re.match(r"[-+]?[0-9]+(?:_[0-9]+)*", text)
    return int(match[0]) if match else 0


def _ruby_float(text: str) -> float:
    match = re.match(r"[-+]?[0-9]+(?:_[0-9]+)*(?:\.[0-9]+(?:_[0-9]+)*)?", text)
    return float(match[0]) if match else 0.0


def read_scalar(node: Node, jekyll: Jekyll) -> Any:
    """Return the value of a scalar. Raises ``FaultError`` where Jekyll fails."""
    event = node.event
    if event.implicit[1]:  # quotes, and no tag
        return event.value
    tag = (event.tag or "").removeprefix("tag:yaml.org,2002:")
    if tag.lstrip("!") == "binary":
        return _binary(event.value)
    if jekyll is Jekyll.UPSTREAM:
        return read_plain(event.value, jekyll)
    if tag in _TEXT_TAGS:
        return event.value
    if re.match(_FORBIDDEN_SCALAR, tag):
        raise FaultError(_NO_TAG, _WITHOUT_TAG)
    if tag == "!ruby/encoding" and not re.fullmatch(_ENCODING, event.value):
        raise FaultError("Ruby does not know the encoding", _WITHOUT_TAG)
    value = read_plain(event.value, jekyll)
    if tag in ("float", "!float"):
        return _tagged_float(value)
    return value


def _binary(text: str) -> str:
    """Return what is encoded in base 64, as Ruby's ``unpack1("m")`` reads it: without what is no digit."""
    digits = re.sub(r"[^A-Za-z0-9+/]", "", text.partition("=")[0])
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return b64decode(digits + "=" * (-len(digits) % 4)).decode(errors="surrogateescape")


_TEXT_TAGS = frozenset({"str", "!str", "!str:", "!ruby/string", "!ruby/string:"})
_FORBIDDEN_SCALAR = (
    r"!(?:(?:str|ruby/string):.|ruby/(?:sym|object:(?:BigDecimal|DateTime|Complex|Rational)\Z"
    r"|(?:class|module|regexp|range)\Z))"
)
_FORBIDDEN_LIST = r"!(?:seq|ruby/array):"
_FORBIDDEN_MAPPING = (
    r"!(?:ruby/(?!object:Hash\Z|string:?\Z|encoding\Z|hash\Z|hash-with-ivars\Z)|map:|str:.|set\Z|omap\Z)"
    r"|(?:set|omap)\Z"
)


_ENCODING = (
    r"(?i)utf-8|(?:utf-(?:16|32)(?:be|le)?)|(?:us-)?ascii|binary|iso-8859-[0-9]{1,2}|windows-125[0-8]|shift_jis"
    r"|euc-jp|locale|external|filesystem"
)
"""The names of the usual encodings that Ruby knows."""


def _tagged_float(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and re.fullmatch(_FLOAT, value):
        return float(value)
    raise FaultError("Psych cannot make a number of it, as its tag says", _WITHOUT_TAG)


def read(root: Node | None, jekyll: Jekyll) -> Reading | None:
    """Return how a Jekyll reads a front matter; ``None`` if that is no mapping."""
    if root is None or not root.is_mapping:
        return None
    return (_with_psych if jekyll is Jekyll.DEBIAN else _with_safe_yaml)(root)


def _with_psych(root: Node) -> Reading:
    for node, path, _ in walk(root):
        try:
            _check_with_psych(node)
        except FaultError as error:
            return Reading({}, error, path)
    return Reading(_psych_mapping(root))


def _check_with_psych(node: Node) -> None:
    """Raise ``FaultError`` if Psych fails with a node itself."""
    if node.is_alias:
        if node.target is None:
            raise FaultError(f"there is no anchor for the alias `*{node.event.anchor}`")
    elif node.is_scalar:
        read_scalar(node, Jekyll.DEBIAN)
    else:
        tag = (node.event.tag or "").removeprefix("tag:yaml.org,2002:")
        forbidden = _FORBIDDEN_MAPPING if node.is_mapping else _FORBIDDEN_LIST
        if tag and re.match(forbidden, tag):
            raise FaultError(_NO_TAG, _WITHOUT_TAG)
        if tag in _TEXT_TAGS and node.is_mapping and node.children and "str" not in _keys(node):
            raise FaultError("Psych cannot make a text of it, as its tag says", _WITHOUT_TAG)
        if tag in ("omap", "!omap") and not node.is_mapping and not all(map(_has_children, node.children)):
            raise FaultError("Psych cannot make a mapping of it, as its tag says", _WITHOUT_TAG)


def _keys(node: Node) -> list[str]:
    return [key.event.value for key, _ in node.pairs() if key.is_scalar]


def _has_children(node: Node) -> bool:
    return not node.is_scalar and not node.is_alias and bool(node.children)


def _psych_value(node: Node) -> Any:
    node = node.target or node
    if node.is_scalar:
        return read_scalar(node, Jekyll.DEBIAN)
    if not node.is_mapping and (node.event.tag or "").endswith("omap"):
        each = [child.children for child in node.children]
        return {_key(_psych_value(inner[0])): _psych_value(inner[-1]) for inner in each}
    if node.is_mapping and (node.event.tag or "").removeprefix("tag:yaml.org,2002:") in _TEXT_TAGS:
        return "a text" if node.children else None
    return _psych_mapping(node) if node.is_mapping else [_psych_value(child) for child in node.children]


def _psych_mapping(node: Node) -> dict[Any, Any]:
    """Return a mapping. A merge counts where it stands: what comes later wins, be it a key or a merge."""
    fields: dict[Any, Any] = {}
    for key_node, value_node in node.pairs():
        key, value = _key(_psych_value(key_node)), _psych_value(value_node)
        merged: Any = [value]
        if isinstance(value, list) and not value_node.is_alias:
            merged = value[::-1]
        is_merge = key == "<<" and key_node.event.tag != "tag:yaml.org,2002:str"
        if is_merge and all(isinstance(each, dict) for each in merged):
            for each in merged:
                fields.update(each)
        else:
            fields[key] = value
    return fields


def _key(value: Any) -> Any:
    """Return a value as a key: only texts are looked up, and a list or a mapping can be none in Python."""
    return value if isinstance(value, str) else OtherKey(value)


def _with_safe_yaml(root: Node) -> Reading:
    reader = _SafeYaml()
    for node, path in _events(root):
        try:
            reader.add(node)
        except FaultError as error:
            return Reading({}, error, path)
    return Reading(reader.root)


def has_empty_key(root: Node | None) -> bool:
    """Return whether safe_yaml reads a key of a mapping as no value, which shifts all that stands behind."""
    return root is not None and any(
        is_key and node.is_scalar and not node.event.implicit[1] and node.event.value.lower() in _EMPTY
        for node, _, is_key in walk(root)
    )


_EMPTY = frozenset({"", "~", "null"})


def _events(root: Node) -> Iterator[tuple[Node | None, tuple[Step, ...]]]:
    """Yield the nodes of a tree in the order of the text with their paths, and ``None`` where one ends."""
    stack: list[tuple[Node | None, tuple[Step, ...]]] = [(root, ())]
    while stack:
        node, path = stack.pop()
        yield node, path
        if node is None or node.is_scalar or node.is_alias:
            continue
        stack.append((None, path))
        if node.is_mapping:
            steps = [((*path, key.key()), key, value) for key, value in node.pairs()]
            for step, key, value in reversed(steps):
                stack += [(value, step), (key, step)]
        else:
            stack += [(child, (*path, index)) for index, child in reversed([*enumerate(node.children)])]


class _SafeYaml:
    """The fields of a front matter, filled event by event.

    The pending key is one for all mappings, and a key without a value (``~: x``) is none: then the next value
    becomes a key, and so do all that follow.
    """

    def __init__(self) -> None:
        self.root: dict[Any, Any] = {}
        self._open: list[Any] = []
        self._anchors: dict[str, Any] = {}
        self._key: Any = None

    def add(self, node: Node | None) -> None:
        """Add a node, or end the innermost collection. Raises ``FaultError`` where Jekyll fails."""
        if node is None:
            self._open.pop()
            return
        if node.is_alias:
            self._put(self._anchors.get(node.event.anchor))
            return
        value: Any = {} if node.is_mapping else []
        if node.is_scalar:
            value = read_scalar(node, Jekyll.UPSTREAM)
        if node.event.anchor:
            self._anchors[node.event.anchor] = value
        if self._open:
            self._put(value)
        elif node.is_mapping:
            self.root = value
        if not node.is_scalar:
            self._open.append(value)

    def _put(self, value: Any) -> None:
        inside = self._open[-1]
        if isinstance(inside, list):
            inside.append(value)
        elif self._key is None:
            self._key = value
        else:
            key, self._key = self._key, None
            if key == "<<":
                if not isinstance(value, dict):
                    raise FaultError("safe_yaml merges nothing but a mapping", "write the keys out")
                inside.update(value)
            else:
                inside[_key(key)] = value
