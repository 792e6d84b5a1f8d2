"""Locations in a TOML text, held against what ``tomllib`` reads."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscards.corpus.toml_locations import Location, Path, TomlLocations


@pytest.mark.parametrize(
    ("text", "path", "key", "value"),
    [
        ('select = ["NC1"]', ("select",), (1, 1), (1, 10)),
        ('select = [\n  "NC1", # one\n  "NC2",\n]', ("select", 1), (3, 3), (3, 3)),
        ("[fields.editor]\n  type = 'text'", ("fields", "editor", "type"), (2, 3), (2, 10)),
        ("[fields.editor]", ("fields", "editor"), (1, 9), (1, 9)),
        ("[fields.editor]", ("fields",), (1, 2), (1, 2)),
        ('[ fields . "provider.country" ]\nchoices=[]', ("fields", "provider.country"), (1, 12), (1, 12)),
        ('fields."a\\u0062".x = 5', ("fields", "ab", "x"), (1, 18), (1, 22)),
        ("rules = { a = { where = 'x' }, b.c = 1 }", ("rules", "b", "c"), (1, 34), (1, 38)),
        ("[a.b]\nx = 1\n[a]\ny = 1\n", ("a",), (3, 2), (3, 2)),
        ("[[a]]\nx = 1\n[[a]]\nx = 2\n[a.b]\ny = 3", ("a", 1, "b", "y"), (6, 1), (6, 5)),
        ("[[a]]\nx = 1\n[[a]]\nx = 2", ("a", 1), (3, 3), (3, 3)),
        ("a = 1979-05-27 07:32:00 # day\nb = 1", ("b",), (2, 1), (2, 5)),
        ("a = '''\n[b]\n'''\r\nb = 1", ("b",), (4, 1), (4, 5)),
        ('é = 1\n"ß" = 2'.replace("é", '"é"'), ("ß",), (2, 1), (2, 7)),
        ("[a]\nx = 1", ("a", "gone", "y"), (1, 2), (1, 2)),
        ("x = 1", ("gone",), (1, 1), (1, 1)),
    ],
)
def test_a_key_and_its_value_have_a_location(
    text: str, path: Path, key: tuple[int, int], value: tuple[int, int]
) -> None:
    locations = TomlLocations(text)
    assert (locations.key(path), locations.value(path)) == (key, value)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('a = "xy"', [(1, 6), (1, 7), (1, 8)]),
        ("a = 'x\\y'", [(1, 6), (1, 7), (1, 8), (1, 9)]),
        ('a = "x\\"\\u00e9y"', [(1, 6), (1, 7), (1, 9), (1, 15), (1, 16)]),
        ('a = """\nx\n y"""', [(2, 1), (2, 2), (3, 1), (3, 2), (3, 3)]),
        ('a = """\r\nx\r\ny"""', [(2, 1), (2, 2), (3, 1), (3, 2)]),
        ('a = """x\\\n   y"""', [(1, 8), (2, 4), (2, 5)]),
        ("a = '''x\n''y'''", [(1, 8), (1, 9), (2, 1), (2, 2), (2, 3), (2, 4)]),
        ("a = 5", [(1, 5)]),
    ],
)
def test_a_character_of_a_text_has_a_location(text: str, places: list[tuple[int, int]]) -> None:
    locations = TomlLocations(text)
    value = tomllib.loads(text)["a"]
    length = len(value) + 1 if isinstance(value, str) else 1
    assert [locations.character(("a",), offset) for offset in range(length)] == places
    assert locations.character(("a",), 1000) == places[-1]


def test_a_line_is_returned_without_its_end() -> None:
    locations = TomlLocations("a = 1\r\nb = 2\n")
    assert (locations.line(1), locations.line(2)) == ("a = 1", "b = 2")


_TEXTS = st.text("ab'\"\\é\n\x00\U0001f600 #]", max_size=5)
_NAMES = st.sampled_from(["a", "b", "a b", "c.d", "é", "#", "]", '"', "'", "\n"])
_VALUES = st.recursive(
    _TEXTS | st.integers(-9, 9) | st.booleans(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_NAMES, inner, max_size=2),
    max_leaves=4,
)


def _quoted(text: str) -> str:
    """Write a text between double quotes, with escapes for all that needs or may have one."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if " " <= each <= "~" else f"\\U{ord(each):08x}" for each in escaped) + '"'


def _text(text: str, kind: int) -> str:
    """Write a text as one of the kinds of TOML's strings, or as the next kind that can hold it."""
    if kind == 0 and not {*text} & {*"'\n\0"}:
        return f"'{text}'"
    if kind <= 1 and "\0" not in text and "'''" not in text and not text.endswith("'''"):
        return f"'''\n{text}'''"
    if kind <= 2 and not {*text} & {*'"\0'}:
        return '"""\n' + text.replace("\\", "\\\\") + '"""'
    return _quoted(text)


def _key(key: str, kind: int) -> str:
    if key.isascii() and key.isalnum():
        return key
    return f"'{key}'" if kind < 2 and not {*key} & {*"'\n"} else _quoted(key)


def _written(value: Any, kind: int) -> str:
    if isinstance(value, str):
        return _text(value, kind)
    if isinstance(value, dict):
        pairs = [f"{_key(key, kind)} ={_written(inner, kind)}" for key, inner in value.items()]
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, list):
        blank = ["", " ", "\n", " # ] }\n"][kind]
        return f"[{blank}{f',{blank}'.join(_written(each, kind) for each in value)}{blank}]"
    return str(value).lower()


@st.composite
def _documents(draw: st.DrawFn) -> str:
    """Write a file: keys, then tables and arrays of tables, with headers."""
    tables = st.dictionaries(_NAMES, _VALUES, max_size=2)
    kinds = st.integers(0, 3)

    def pairs() -> list[str]:
        return [
            f"{_key(key, draw(kinds))}\t= {_written(value, draw(kinds))}"
            for key, value in draw(tables).items()
        ]

    lines = pairs()
    for number in range(draw(st.integers(0, 2))):
        header = f"t{number} . {_key(draw(_NAMES), draw(kinds))}"
        many = draw(st.booleans())
        for _ in range(1 + many):
            lines += [f"[[ {header} ]]" if many else f"[{header}] # ]", *pairs()]
            lines.append(f"sub . {_key(draw(_NAMES), draw(kinds))}.x = 1")
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)


def _values(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inner:
        yield from _values(each, (*path, step))


@given(_documents())
def test_what_stands_at_a_location_is_the_value_that_tomllib_reads(text: str) -> None:
    read = tomllib.loads(text)
    locations = TomlLocations(text)
    lines = text.split("\n")

    def rest(at: Location) -> str:
        return "\n".join([lines[at.line - 1][at.column - 1 :], *lines[at.line :]])

    for path, value in _values(read):
        if path and isinstance(path[-1], str):
            key = rest(locations.key(path))
            assert key.startswith((path[-1], '"', "'"))
        if isinstance(value, str):
            assert rest(locations.value(path)).startswith(('"', "'"))
            for offset, character in enumerate(value):
                assert rest(locations.character(path, offset)).startswith((character, "\\", "\r\n"))
            assert rest(locations.character(path, len(value))).startswith(('"', "'"))
        elif isinstance(value, (bool, int)):
            assert rest(locations.value(path)).startswith(str(value).lower())
