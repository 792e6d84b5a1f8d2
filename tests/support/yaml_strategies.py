"""What YAML texts are made of for tests, and an independent reading of them to hold ours against.

``reference`` knows nothing of newscards: it is PyYAML over libyaml on the whole text, with the three
documented exceptions (what an implicit type cannot hold stays text, a moment in a form of Ruby is a date,
and the limits).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import yaml
from hypothesis import strategies as st
from yaml.constructor import SafeConstructor

from tests.support import CARD, ROOT

MAX_DEPTH, MAX_NODES, MAX_DIGITS = 64, 100_000, 4300
SAMPLES = sorted((ROOT / "sample_data" / "_news").glob("*.md"))


class Held(str):
    """What an implicit type cannot hold."""


class Reference(yaml.CSafeLoader):
    """PyYAML's safe loader; what it gives up on because of one scalar stays text."""


def _holding(construct: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def construct_or_hold(self: Any, node: Any) -> Any:
        try:
            value = construct(self, node)
            if type(value) is int and abs(value) >= 10**MAX_DIGITS:
                raise ValueError("too many digits")
        except (ValueError, ArithmeticError):
            if self.resolve(yaml.ScalarNode, node.value, (True, False)) != node.tag:
                raise
            return Held(node.value)
        return value

    return construct_or_hold


for _name in ("int", "float", "timestamp"):
    _tag = f"tag:yaml.org,2002:{_name}"
    Reference.add_constructor(_tag, _holding(SafeConstructor.yaml_constructors[_tag]))


_OF_RUBY = re.compile(
    r"(\d{4}-\d\d?-\d\d?(?:[Tt]| +)\d\d?:\d\d)(:\d\d(?:\.\d*)?)?(?:( *Z)|( *[-+]\d\d):?(\d\d)?)?\Z", re.ASCII
)


def _of_ruby(construct: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def construct_of_ruby(self: Any, node: Any) -> Any:
        if match := _OF_RUBY.match(node.value):
            day, seconds, utc, hours, minutes = match.groups("")
            whole = day + (seconds or ":00") + utc + hours + (minutes and ":" + minutes)
            return construct(self, yaml.ScalarNode(node.tag, whole))
        return construct(self, node)

    return construct_of_ruby


_tag = "tag:yaml.org,2002:timestamp"
Reference.add_constructor(_tag, _holding(_of_ruby(SafeConstructor.yaml_constructors[_tag])))
Reference.add_implicit_resolver(_tag, _OF_RUBY, list("0123456789"))


class Reading(NamedTuple):
    """What a text says, comparable (``form``), or why it cannot be read (``form`` is None)."""

    form: Any
    why: str = ""


UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, yaml.YAMLError)
"""What PyYAML raises, some of it only because it did not expect such a text."""


def reference(text: str) -> Reading:
    """Return what PyYAML reads in a front matter, as ``form_of`` its mapping."""
    try:
        if limit := _beyond_a_limit(text):
            return Reading(None, limit)
        value = yaml.load(text, Loader=Reference)  # noqa: S506
    except UNREADABLE as error:
        return Reading(None, repr(error))
    return Reading(form_of(value)) if isinstance(value, dict) else Reading(None, "no mapping")


def form_of(value: Any) -> Any:
    """Return a value with its types, key order, zones and NaNs as something that compares by ``==``."""
    if isinstance(value, dict):
        return "dict", tuple((form_of(key), form_of(inner)) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return type(value).__name__, tuple(map(form_of, value))
    if isinstance(value, set):
        return "set", frozenset(map(form_of, value))
    if isinstance(value, str):
        return ("str" if type(value) is str else "held"), str(value)
    if type(value) is int:
        return "int", value  # its text may have more digits than Python prints
    return type(value).__name__, repr(value)


def _beyond_a_limit(text: str) -> str:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return "too deep"
    sizes: dict[int, int] = {}

    def size(node: Any) -> int:
        if id(node) not in sizes:
            sizes[id(node)] = MAX_NODES + 1  # for a node that stands in itself
            inner = node.value if isinstance(node, yaml.CollectionNode) else ()
            nodes = (part for item in inner for part in (item if isinstance(item, tuple) else (item,)))
            sizes[id(node)] = 1 + sum(map(size, nodes))
        return sizes[id(node)]

    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    return "too many values" if root is not None and size(root) > MAX_NODES else ""


_ODD = [
    "", "\t", "\r", "\r\n", "\x85", "\u2028", "\u2029", "\ufeff", "\0", "\x07", "\x7f", "\xa0", "\u200b",
    "é", "😀", "#", " #", "# c", "- ", "-", "---", "...", "--- ", "...\n", "---\n", ": ", ":", '"', "'",
    "&a ", "*a", "!t ", "!!str ", "<<: ", "<<", "?", "? ", "?&a ", "%", "@", "`", "=", "[", "]", "{", "}",
    ",", ", ", "|", ">", "|+\n", ">-\n", "\\", "\\u2028", "\\ud800", "~", "null", "yes", ".nan", "-0",
    "007", "1_0", "0x_", "1:20", "1e3", "2023-13-45", "2023-06-20", " 09:05", " +0200",
    "title: ", "published: false\n",
    "\r...\r\n", "\u2028---\u2028", '"\n', 'title: "a\n', " ", "  ", "\n", "\n\n", "\n- ", "\n  - ", "x",
    "a: b",
]  # fmt: skip
PIECES = [*(piece.encode() for piece in _ODD), b"\xff"]
"""What is inserted into texts: characters, indicators and line ends that YAML or Jekyll gives a meaning."""

LINE_POOL = [
    'title: "x"', "title: plain text", 'title: "runs over', 'to here"', "published: true",
    "published: false", 'published: false # "', "quality: 12", "quality: -1", "related:", "related: # c",
    "topics:", "- a", "- b: c", '- title: "x"', "  - a", "  - b: c", "    d: e", "  d: e", "   x", "- - c",
    "- ? q", "- |", "- >-", '- "m', '  n"', "- [a, b]", "- {a: b}", "# c", "  # c", "a: {b: c,", "d: e }",
    "a: [b,", "c: d ]", "c: d]", "a: >", "  text", "a: |+", '"q": r', "z: 'it''s'", "z: 'it", "...", "-",
    "- \t", "\t", "", "? k", ": v", "key:", "k: &x 1", "k: *x", "<<: {a: b}", "m: !t x", "m: [?&x b]",
    "yes: 1", "null: 2", "y: 3", "n: .nan", "n: 0b_", "n: 1:99", "d: 2023-06-20T15:44:00Z", "d: 2023-13-45",
    "d: 2023-06-20 09:05:00 +0200", "d: 2023-06-20 09:05",
    "d: 2023-06-20", 't: "\\u2028"', "a: b: c", "a:\tb", "a : b", "1: b", "-a: b", "--- x", 'a: ""',
    "x: !!set {a, b}", "x: !!omap [a: b]", "x: !!binary aGk=", "%YAML 1.1", "@a: b", "a: =",
]  # fmt: skip
LINE_ENDS = ["\n"] * 12 + ["\r\n", "\r", "\x85\n", "\u2028", "\u2028\n"]

SMALL = [
    'title: "a b"\nquality: 3\npublished: true\n',
    'related:\n- a: b\n  c: "d"\n- a: e\nx: y\n',
    "related:\n  - a: b\n    c: |\n      t\n      u\n\n  - a: e\n    l:\n      - p\n      - q\nx: y\n",
    "a: >\n  f\n  g\n\nb: [1, {c: d}]\n",
    "a:\n- b\n- c\nd:\n  e: f\n",
    "a: 'x''y'\nb: p\n  q\nc: 1\n",
]

_CHANGES = [
    "insert",
    "insert",
    "overwrite",
    "delete",
    "copy",
    "swap",
    "line",
    "indent",
    "dedent",
    "end",
    "crlf",
]
_Operation = tuple[str, int, int, bytes]
_OPERATIONS = st.tuples(
    st.sampled_from(_CHANGES), st.integers(0, 5000), st.integers(0, 5000), st.sampled_from(PIECES)
)
_WHOLE_LINES = [line.encode() + end.encode() for line in LINE_POOL for end in ("\n", "\r\n", "\r", "\u2028")]


def mutate(text: bytes, operation: _Operation) -> bytes:
    """Change one place of a text: some bytes of it, or a line."""
    name, first, second, piece = operation
    at = first % (len(text) + 1)
    if name == "insert":
        return text[:at] + piece + text[at:]
    if name == "overwrite":
        return text[:at] + piece + text[at + 1 + second % 3 :]
    if name == "crlf":
        return text.replace(b"\n", b"\r\n")
    lines = re.findall(rb"[^\n]*\n|[^\n]+", text) or [b""]
    i, j = first % len(lines), second % len(lines)
    if name == "delete":
        del lines[i]
    elif name == "copy":
        lines.insert(j, lines[i])
    elif name == "swap":
        lines[i], lines[j] = lines[j], lines[i]
    elif name == "line":
        lines.insert(i, _WHOLE_LINES[second % len(_WHOLE_LINES)])
    elif name == "indent":
        lines[i] = (b" ", b"  ", b"\t")[second % 3] + lines[i]
    elif name == "dedent":
        lines[i] = lines[i].lstrip(b" ")
    else:
        lines[i] = lines[i].rstrip(b"\n") + LINE_ENDS[second % len(LINE_ENDS)].encode()
    return b"".join(lines)


@st.composite
def mutated(draw: st.DrawFn, texts: st.SearchStrategy[bytes]) -> bytes:
    """One of the texts with one to four changes."""
    text = draw(texts)
    for operation in draw(st.lists(_OPERATIONS, min_size=1, max_size=4)):
        text = mutate(text, operation)
    return text


def fenced(block: bytes) -> bytes:
    """Return a front matter as a card."""
    return b"---\n" + block + (b"" if block.endswith(b"\n") or not block else b"\n") + b"---\n"


def mutated_cards() -> st.SearchStrategy[bytes]:
    """The sample cards and smaller ones, mutated."""
    sample = [path.read_bytes() for path in SAMPLES]
    short = [CARD.encode(), *(fenced(small.encode()) for small in SMALL)] * 10
    return mutated(st.sampled_from(short + [card for card in sample if len(card) < 3000]))


def soup() -> st.SearchStrategy[bytes]:
    """Front matters with random pieces, and random bytes among them, between plain blocks."""
    piece = st.one_of(st.sampled_from(PIECES), st.sampled_from(PIECES), st.binary(max_size=2))
    before = st.sampled_from([b"", b"a: ", b"b: c\na: ", b"related:\n- ", b"related:\n  - d: e\n    a: "])
    after = st.sampled_from([b"", b"\nz: 1\n", b"\n- e\n"])
    middle = st.lists(piece, max_size=10).map(b"".join)
    return st.tuples(before, middle, after).map(b"".join).map(fenced)


def lines() -> st.SearchStrategy[bytes]:
    """Front matters of lines that are each something in YAML, between others that the cut may take."""
    line = st.tuples(st.sampled_from(LINE_POOL), st.sampled_from(LINE_ENDS)).map("".join)
    some = st.lists(line, min_size=1, max_size=6).map("".join)
    return st.tuples(st.sampled_from(["", *SMALL]), some).map("".join).map(str.encode).map(fenced)


SCALARS = [
    "x", "two words", "é😀", '"x"', r'"a \"b\" \u2028"', "''", "'it''s'", "12", "-1", "0", "007", "1_0",
    "0x1F", "1:20", "1.5", "1e3", "-.inf", ".nan", "true", "no", "~", "", "2023-06-20",
    "2023-06-20 09:05 +0200",
    "2023-06-20T15:44:00Z", "2001-12-14t21:59:43.10-05:00", "2023-13-45", "[]", "{}", '[a, "b", {c: d}]',
    '{a: 1, "b": [2]}', '"two\n~lines"', "two\n~lines", "'two\n\n~lines'", "x # c", "[a,\n~b]", "a#b",
    "http://x.example/?a=b:c", '"# no comment"', "- no list", '"a\n~published: false"', "\n~below",
    "|\n~text\n~ more", ">-\n~a\n~b\n\n~c", "|+\n~kept\n\n", "|2\n~   indented",
]  # fmt: skip
KEYS = ["a", "title", "published", "related", "b-c", "yes", "null", '"q"', "'r s'", "1", "a b", "? k"]


class _Writer:
    """Writes block mappings of random styles; each choice is the next number of a tape, then 0."""

    def __init__(self, tape: list[int]) -> None:
        self._tape = iter(tape)

    def choose(self, items: Sequence[str]) -> str:
        return items[next(self._tape, 0) % len(items)]

    def several(self, text: Callable[[], str]) -> str:
        return "".join(text() for _ in range(1 + next(self._tape, 0) % 3))

    def mapping(self, indent: int, depth: int = 0) -> str:
        return self.several(lambda: " " * indent + self.entry(indent, depth))

    def entry(self, indent: int, depth: int) -> str:
        key = self.choose(KEYS)
        colon = f"\n{' ' * indent}:" if key.startswith("?") else self.choose([":", ":", " :"])
        return key + colon + self.value(indent, depth)

    def value(self, indent: int, depth: int) -> str:
        kind = self.choose("ssssllmm") if depth < 4 else "s"
        if kind == "s":
            return f" {self.choose(SCALARS)}\n".replace("~", " " * (indent + 2))
        start = self.choose(["\n", "\n", " # c\n", "\n\n"])
        inner = indent + len(self.choose(["  ", " ", "    "]))
        if kind == "m":
            return start + self.mapping(inner, depth + 1)
        dash = " " * (indent if self.choose("yn") == "y" else inner)
        return start + self.several(lambda: dash + "-" + self.item(len(dash), depth))

    def item(self, indent: int, depth: int) -> str:
        if self.choose("yn") == "y":
            return self.value(indent + 1, depth + 1)
        return " " + self.mapping(indent + 2, depth + 1).removeprefix(" " * (indent + 2))


def documents() -> st.SearchStrategy[str]:
    """Block mappings of random styles, as text; nearly all good YAML, without tabs and exotic line ends."""
    return st.lists(st.integers(0, 999), min_size=1, max_size=60).map(lambda tape: _Writer(tape).mapping(0))
