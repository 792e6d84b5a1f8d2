"""Hostile input ends in a value or in an error: the reading costs bounded time and memory."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from newscards.frontmatter import blocks, loader
from newscards.frontmatter.blocks import read_fields
from newscards.frontmatter.fences import UnreadableError, find_fences
from newscards.frontmatter.limits import LIMITS
from newscards.frontmatter.loader import InvalidScalar, load
from tests.support.yaml_strategies import fenced

MIB = (1 << 19) - 100
LETTERS = "abcdefghi"


def chain(first: str, link: str) -> str:
    """Return mappings of which each repeats the one before nine times: 9 to the eighth power values."""
    names = pairwise(LETTERS)
    return f"a: &a {first}\n" + "".join(
        f"{name}: &{name} {link.format(', '.join([f'*{before}'] * 9), name)}\n" for before, name in names
    )


def filled(text: str, start: str = "", end: str = "") -> str:
    """Return ``start``, ``text`` as often as half a MiB takes, and ``end``."""
    return start + text * ((MIB - len(start) - len(end)) // len(text.encode())) + end


TOO_MUCH = {
    "flow sequences": "[" * 30_000,
    "flow sequences without an end": filled("["),
    "flow sequences in a value": "a: " + "[" * 30_000,
    "flow mappings": "{a: " * 10_000,
    "flow mappings in a value": "a: " + "{a: " * 10_000,
    "flow sequences in an entry": "related:\n- a: b\n- " + "[" * 30_000,
    "block sequences": "- " * 30_000,
    "block sequences in a value": "a:\n  " + "- " * 30_000,
    "block sequences a line each": "".join(f"{' ' * i}-\n" for i in range(1200)),
    "block mappings a line each": "".join(f"{' ' * i}a:\n" for i in range(1200)),
    "keys of keys": filled("? "),
    "an alias bomb": chain("[x, x, x, x]", "[{}]"),
    "a bomb of merge keys": chain("{k: 1}", "{{<<: [{0}], {1}: 1}}"),
    "an alias within itself": "a: &a [*a]\n",
    "an alias within itself, deeper": "a: &a [b, {c: [*a]}]\n",
    "a merge of itself": "a: &a {<<: *a}\n",
    "a root within itself": "&a b: 1\nc: *a\nd: &d\n  e: *d\n",
    "two that hold each other": "a: &a [&b [*a, *b]]\n",
    "too many entries": "related:\n" + "- \n" * 110_000,
    "too many values": "a: [" + "a," * 110_000 + "]\n",
    "too many aliases": "a: &a x\nb: [" + "*a," * 110_000 + "]\n",
}

NOT_YAML = {
    "NULs": filled("\0"),
    "a NUL in a value": "a: \0\n",
    "tabs": filled("\t"),
    "double quotes": filled('"'),
    "colons": filled(":"),
    "question marks of a flow": filled("? ", "a: [", "]\n"),
    "exclamation marks": filled("! "),
    "a long tag": filled("x", "a: !", "\n"),
    "a long alias": filled("x", "a: *", "\n"),
    "percent signs": filled("%"),
    "a long key": filled("k", "", ": a\n"),
    "a long key in quotes": filled("k", '"', '": a\n'),
    "blocks that each open a quote": 'a: "\n' * 2001,
    "blocks that each open a list": "a: [\n" * 20,
    "a lone surrogate": 'a: "\\ud800"\n',
    "an alias without its anchor": "a: *a\n",
    "an anchor twice": "a: &a b\nc: &a d\n",
    "no integer": 'a: !!int "x"\n',
    "no boolean": "a: !!bool x\n",
    "no date": "a: !!timestamp x\n",
    "an object": "a: !!python/object/apply:os.system [id]\n",
    "a list for a key": "? [a]\n: b\n",
    "a merge of a number": "<<: 1\n",
    "bytes that are none": 'a: !!binary "é"\n',
}

READABLE = {
    "dashes": filled("-", "a: ", "\n"),
    "a long text in quotes": filled("x", 'a: "', '"\n'),
    "escapes": filled("\\U0001F600", 'a: "', '"\n'),
    "many lines in quotes": filled("x\n ", 'a: "', '"\n'),
    "a long plain text": filled("x ", "a: ", "\n"),
    "many lines of a text": filled(" x\n", "a: |\n", "\n"),
    "many blank lines of a text": filled("\n", "a: |\n"),
    "lone CRs": filled("\r", "a: ", "\n"),
    "U+2028s": filled("\u2028", "a: ", "\n"),
    "NELs": filled("\x85", "a: ", "\n"),
    "a long anchor": filled("x", "a: &", " b\n"),
    "many anchors": "a: [" + ",".join(f"&a{i} x" for i in range(3000)) + "]\n",
    "wide merges": "a: &a {"
    + ",".join(f"k{i}: 1" for i in range(300))
    + "}\nb: {<<: ["
    + "*a," * 50
    + "]}\n",
    "an anchored root's key": "&a a: *a\n",
    "many comments": "#\n" * 100_000 + "a: b\n",
    "many blocks": "".join(f"k{i}: b\n" for i in range(3000)),
    "one block many times": "a: b\n" * 3000,
    "base64": filled("AAAA", "a: !!binary ", "\n"),
}

NUMBERS = {
    "decimal": "1" * 10_000,
    "negative": "-" + "1" * 10_000,
    "hexadecimal": "0x" + "f" * 10_000,
    "octal": "0" + "7" * 10_000,
    "binary": "0b" + "1" * 100_000,
    "sexagesimal": "1" + ":59" * 5_000,
    "half a MiB of digits": "1" * MIB,
    "half a MiB of hexadecimal digits": "0x" + "f" * MIB,
    "a quarter of a MiB of sexagesimal digits": "1" + ":1" * (MIB // 4),
    "sexagesimal with a fraction": "1" + ":59" * 400 + ".5",
    "signs": "0x_",
    "a year 0": "0000-01-01",
    "a day 45": "2023-13-45",
    "an hour 25": "2023-06-20T25:00:00Z",
    "a zone of 99 hours": "2023-06-20T15:44:00+99:00",
}


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_is_too_much_is_refused(text: str) -> None:
    source = fenced(text.encode())
    with pytest.raises(UnreadableError) as caught:
        read_fields(find_fences(source))
    assert caught.value.kind == "limits"
    assert 0 <= caught.value.offset <= len(source)


@pytest.mark.parametrize("text", NOT_YAML.values(), ids=NOT_YAML)
def test_what_is_not_yaml_is_refused(text: str) -> None:
    source = fenced(text.encode())
    with pytest.raises(UnreadableError) as caught:
        read_fields(find_fences(source))
    assert caught.value.kind == "syntax"
    assert 0 <= caught.value.offset <= len(source)


@pytest.mark.parametrize("text", READABLE.values(), ids=READABLE)
def test_what_is_only_odd_is_read(text: str) -> None:
    front = find_fences(fenced(text.encode()))
    assert read_fields(front).values


@pytest.mark.parametrize("text", NUMBERS.values(), ids=NUMBERS)
def test_a_number_or_date_that_cannot_be_held_stays_text(text: str) -> None:
    places = ("a: {}\nb: 1\n", "related:\n- a: {}\nb: 1\n", "b: &b 1\na: {}\n")
    for front_matter in (place.format(text) for place in (places[:1] if len(text) > 500_000 else places)):
        values, irregular = read_fields(find_fences(fenced(front_matter.encode())))
        held = values["related"][0]["a"] if "related" in values else values["a"]
        assert type(held) is InvalidScalar
        assert held == text
        assert held.why
        assert irregular
        assert values["b"] == 1


def test_a_card_with_far_too_many_blocks_is_not_read_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of blocks are dearer one by one than at once: the shortcut gives up early."""
    texts: list[str] = []

    def counted(text: str, *limits: Any) -> loader.Loaded:
        texts.append(text)
        return load(text, *limits)

    monkeypatch.setattr(blocks, "load", counted)
    source = fenced("".join(f"k{i}: a b\n" for i in range(1900)).encode())
    assert len(read_fields(find_fences(source, LIMITS._replace(nodes=4000))).values) == 1900
    assert len(texts) <= 501
