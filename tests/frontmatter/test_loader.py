"""Text -> values as libyaml reads it, within limits; and what PyYAML's own reader does otherwise."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.frontmatter import loader
from newscards.frontmatter.fences import UnreadableError, find_fences
from newscards.frontmatter.limits import Limits, LoadError
from newscards.frontmatter.loader import (
    HAS_LIBYAML,
    InvalidScalar,
    check_size,
    indicators,
    load,
    make_loader,
    needs_size_check,
)
from tests.support import ROOT
from tests.support.yaml_strategies import PIECES, SAMPLES, documents, form_of, lines, mutated_cards, reference

CASES = json.loads(
    (ROOT / "tests" / "support" / "yaml_test_suite" / "cases.json").read_text(encoding="utf-8")
)
LIBYAML, PURE = make_loader(yaml.CSafeLoader), make_loader(yaml.SafeLoader)
UNREADABLE = "unreadable"


def value_of(text: str, **options: Any) -> Any:
    return load(text, **options).value


def form(text: str, with_loader: type[Any]) -> Any:
    """Return a text's value as something comparable, or that it has none."""
    try:
        return form_of(value_of(text, loader=with_loader))
    except LoadError:
        return UNREADABLE


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("-0", 0), ("007", 7), ("0x1F", 31), ("0b11", 3), ("1_000", 1000), ("1:20:30", 4830),
        ("08", "08"), ("1.5", 1.5), ("1e3", "1e3"), ("1.0e+3", 1000.0), (".5", 0.5), ("-.inf", float("-inf")),
        ("1:20.5", 80.5),
        ("yes", True), ("off", False), ("True", True), ("TRUE", True), ("tRue", "tRue"), ("y", "y"),
        ("", None), ("~", None), ("null", None), ("Null", None), ("nULL", "nULL"), ('""', ""), ("'~'", "~"),
        ("2023-06-20", date(2023, 6, 20)), ("2023-6-2", "2023-6-2"),
        ("2023-06-20T15:44:00Z", datetime(2023, 6, 20, 15, 44, tzinfo=UTC)),
        ("2023-06-20 15:44:00", datetime(2023, 6, 20, 15, 44)),  # noqa: DTZ001
        ("2023-06-20t15:44:00.25+2", datetime(2023, 6, 20, 15, 44, 0, 250000, timezone(timedelta(hours=2)))),
        ("'2023-06-20'", "2023-06-20"), ("!!str 12", "12"), ("!!int '12'", 12), ("!!float 1", 1.0),
        ("[a, {b: [c]}]", ["a", {"b": ["c"]}]), ("- a\n- - b\n", ["a", ["b"]]),
        ("a: &x [1]\nb: *x\n", {"a": [1], "b": [1]}),
        ("a: &x {b: 1}\nc: {<<: *x, b: 2}\n", {"a": {"b": 1}, "c": {"b": 2}}),
        ("!!set {a, b}", {"a", "b"}), ("!!omap [a: 1]", [("a", 1)]), ("!!binary aGk=", b"hi"),
        ("a: 1\na: 2\n", {"a": 2}),
    ],
)  # fmt: skip
def test_values_have_the_types_of_yaml_1_1(text: str, value: object) -> None:
    assert form(text, LIBYAML) == form(text, PURE) == form_of(value)


HOURS = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2023-06-20 09:05:00 +0200", datetime(2023, 6, 20, 9, 5, tzinfo=HOURS)),
        ("2023-06-20T09:05:00+0200", datetime(2023, 6, 20, 9, 5, tzinfo=HOURS)),
        ("2023-6-2 9:05:00.5 -0730", datetime(2023, 6, 2, 16, 35, 0, 500000, UTC)),
        ("2023-06-20 09:05:00 +02", datetime(2023, 6, 20, 9, 5, tzinfo=HOURS)),
        ("2023-06-20 09:05 +0200", datetime(2023, 6, 20, 9, 5, tzinfo=HOURS)),
        ("2023-06-20 09:05 +02", datetime(2023, 6, 20, 9, 5, tzinfo=HOURS)),
        ("2023-06-20T09:05Z", datetime(2023, 6, 20, 9, 5, tzinfo=UTC)),
        ("2023-06-20 09:05", datetime(2023, 6, 20, 9, 5)),  # noqa: DTZ001
        ("!!timestamp '2023-06-20 09:05 +0200'", datetime(2023, 6, 20, 9, 5, tzinfo=HOURS)),
        ("'2023-06-20 09:05:00 +0200'", "2023-06-20 09:05:00 +0200"),
        ("2023-06-20 09:05:00 +200", "2023-06-20 09:05:00 +200"),  # 20 hours to Psych, 2 to safe_yaml
        ("2023-06-20 09:05:00 CET", "2023-06-20 09:05:00 CET"),
        ("2023-06-20 09:05 +2", "2023-06-20 09:05 +2"),  # Ruby ignores the offset
    ],
)
@pytest.mark.parametrize("with_loader", [LIBYAML, PURE], ids=["libyaml", "pure"])
def test_a_moment_in_a_form_that_ruby_reads_is_a_date(
    text: str, value: object, with_loader: type[Any]
) -> None:
    found, irregular = load(f"- {text}", loader=with_loader)
    assert (found, irregular) == ([value], not text.startswith("'"))


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        ("2023-06-20 09:05:00 +9900", "date", "less than 24 hours"),
        ("2023-13-20 09:05", "date", "month must be in 1..12"),
        ("2023-13-45", "date", "month must be in 1..12"),
        ("2023-02-29T00:00:00Z", "date", "day"),
        ("2023-06-20T15:44:00+99:00", "date", "less than 24 hours"),
        ("0x_", "number", "invalid literal"),
        ("1" * 4301, "number", "digits"),
        ("0x" + "f" * 4300, "number", "digits"),
        ("1:" + "59:" * 400 + "59.5", "number", "too large"),
    ],
    ids=lambda text: text[:30],
)
@pytest.mark.parametrize("with_loader", [LIBYAML, PURE], ids=["libyaml", "pure"])
def test_what_an_implicit_type_cannot_hold_stays_text(
    text: str, kind: str, why: str, with_loader: type[Any]
) -> None:
    value, irregular = load(f"- {text}", loader=with_loader)
    assert isinstance(value, list)
    (held,) = value
    assert isinstance(held, InvalidScalar)
    assert (held, held.kind, irregular) == (text, kind, True)
    assert why in held.why


LONG_BUT_HELD = {
    "4,299 digits": "9" * 4299,
    "4,300 digits": "9" * 4300,
    "4,300 digits and a sign": "-" + "9" * 4300,
    "4,300 digits and underscores": "9_" * 4299 + "9",
    "a long fraction": "0." + "1" * 5000,
    "a long fraction of a second": "2023-06-20T15:44:00." + "0" * 5000 + "Z",
}


@pytest.mark.parametrize("text", LONG_BUT_HELD.values(), ids=LONG_BUT_HELD)
def test_what_its_type_can_hold_does_not_stay_text(text: str) -> None:
    """Python reads and prints integers of 4,300 digits; floats and dates of any length have a value."""
    assert form(text, LIBYAML) == form_of(yaml.load(text, Loader=yaml.CSafeLoader))


@pytest.mark.parametrize(
    "text", ["!!int x", '!!int ""', "!!bool x", "!!float x", "!!timestamp x", "!!int 2023-13-45", "!!bool 12"]
)
def test_a_wrong_value_for_an_explicit_tag_is_an_error(text: str) -> None:
    with pytest.raises(LoadError):
        load(text)


@pytest.mark.parametrize(
    ("text", "irregular"),
    [
        ("a: 1\nb: 2\n", False), ("a: 1\na: 2\n", True), ("a: {b: 1, c: 2, b: 3}\n", True),
        ("a: 1.5\n", False),
        ("a: .nan\n", True), ("a: [.inf]\n", True), ("a: 2023-13-45\n", True), ("a: '2023-13-45'\n", False),
        ("a: !!binary aGk=\n", True), ("a: !!set {b}\n", True), ("a: !!omap [b: 1]\n", True),
        ("a: !!pairs [b: 1]\n", True),
        ("yes: 1\non: 2\n", True), ("a: 2023-06-20\n", False),
    ],
)  # fmt: skip
def test_what_is_out_of_the_ordinary_is_noted(text: str, irregular: bool) -> None:
    assert load(text).irregular is irregular


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("é: b\nc: d: e\n", 9), ("a: \x07\n", 3), ("é😀: \0", 4), ('é: "b\nc: d\n', 3), ("a: *b\n", 3),
        ("a: [*a]\nb: c\n", 4), ("é: @b\n", 3), ("a: b\n--- c\n", 5),
    ],
)  # fmt: skip
@pytest.mark.parametrize("with_loader", [LIBYAML, PURE], ids=["libyaml", "pure"])
def test_an_error_has_its_place_in_code_points(text: str, offset: int, with_loader: type[Any]) -> None:
    with pytest.raises(LoadError) as caught:
        load(text, loader=with_loader)
    where = caught.value.offset
    assert where is not None
    assert abs(where - offset) <= 1
    assert (not caught.value.limit, caught.value.reason != "") == (True, True)


@pytest.mark.parametrize("text", ["a\n--- b\n", "--- a\n--- b\n", "a\n...\n--- b\n"])
def test_more_than_one_document_is_an_error(text: str) -> None:
    assert form(text, LIBYAML) == form(text, PURE) == UNREADABLE


@pytest.mark.parametrize("levels", ["[", "- ", "{a: ", "? "])
@pytest.mark.parametrize("with_loader", [LIBYAML, PURE], ids=["libyaml", "pure"])
def test_64_levels_are_read_and_65_are_not(levels: str, with_loader: type[Any]) -> None:
    closing = {"[": "]", "{a: ": "}"}.get(levels, "")
    if levels == "? ":  # keys must be hashable: only the last may be a collection
        assert form("? " * 65, with_loader) == UNREADABLE
    else:
        assert form(levels * 64 + closing * 64, with_loader) != UNREADABLE
    with pytest.raises(LoadError) as caught:
        load(levels * 65 + closing * 65, loader=with_loader)
    assert caught.value.limit


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("[" + "a," * 99_999 + "]", True),
        ("[" + "a," * 100_000 + "]", False),
        ("- &a [" + "x," * 997 + "]\n" + "- *a\n" * 99, True),  # 1 + 100 * 998 = 99,801
        ("- &a [" + "x," * 998 + "]\n" + "- *a\n" * 100, False),  # 1 + 101 * 999 = 100,900
        ("- &a [" + "x," * 999 + "]\n" + "- *a\n" * 99, False),  # 1 + 100 * 1,000 = 100,001
    ],
    ids=["100,000", "100,001", "99,801 by aliases", "100,900 by aliases", "100,001 by aliases"],
)
def test_values_are_counted_after_aliases_are_expanded(text: str, readable: bool) -> None:
    assert (form(text, LIBYAML) != UNREADABLE) is readable


_RANDOM = st.lists(st.sampled_from(PIECES)).map(lambda pieces: b"".join(pieces).decode(errors="replace"))


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.one_of(_RANDOM, documents()))
def test_indicators_bound_depth_and_number_of_values(text: str) -> None:
    depth = deepest = nodes = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            deepest, nodes = max(deepest, depth), nodes + isinstance(event, yaml.NodeEvent)
    except yaml.YAMLError:
        return
    assert deepest <= indicators(text)
    assert nodes <= 4 * indicators(text)


SUITE_DIFFERENCES = {
    "libyaml takes a tab for a blank": (
        "6HB6 DC7X DK95/05 DK95/07 HS5T J3BT K54U NB6Z UV7Q Y79Y/002 Y79Y/003 MUS6/03"
    ),
    "libyaml refuses a tab at the start of a text after `|` or `>`": "96NN/00 96NN/01 R4YG Y79Y/001",
    "libyaml refuses unknown directives and versions": "2LFX 6LVF MUS6/05 MUS6/06 BEC7",
    "libyaml takes a comment right behind a version or behind `|` and `>`": "MUS6/00 X4QW",
    "libyaml refuses a key without a value within `{}`, `a:,`": "4ABK",
    "libyaml takes a `?` within plain text in `[]` and `{}`": "JR7V",
    "libyaml takes a tag without a value within `{}`": "WZ62",
    "libyaml takes a lone `!` for an empty text, the pure reader for null": "UKK6/02",
}

DIFFERENCES: dict[str, tuple[str, Any, Any]] = {
    "a lone surrogate": ('"\\ud800"', UNREADABLE, "\ud800"),
    "a pair of surrogates": ('"\\ud83d\\ude00"', UNREADABLE, "\ud83d\ude00"),
    "a tab behind a colon": ("a:\tb", {"a": "b"}, UNREADABLE),
    "a tab that indents a text": ("|\n \ta\n", UNREADABLE, "\ta\n"),
    "a second BOM": ("\ufeff\ufeffa", "a", "\ufeffa"),
    "a BOM that begins a line": ("a: b\n\ufeffc: d", UNREADABLE, {"a": "b", "\ufeffc": "d"}),
    "a BOM on the last line": ("a: b\n\ufeff", {"a": "b"}, UNREADABLE),
    "a lone exclamation mark": ("a: !", {"a": ""}, {"a": None}),
    "a comment behind a pipe": ("|# c\n a\n", "a\n", UNREADABLE),
    "a question mark within brackets": ("[a?]", ["a?"], UNREADABLE),
    "a colon before a brace": ("{a:}", UNREADABLE, {"a": None}),
    "a colon before a bracket": ("[a:]", UNREADABLE, [{"a": None}]),
    "a tag right before a comma": ("{a : !!str, b: c}", {"a": "", "b": "c"}, UNREADABLE),
    "an unknown directive": ("%FOO\n--- a", UNREADABLE, "a"),
    "a version above 1.2": ("%YAML 1.3\n--- a", UNREADABLE, "a"),
}
"""The differences of the pure reader: a text, what libyaml reads in it, what PyYAML's own reader does."""


def as_form(expected: Any) -> Any:
    return expected if expected == UNREADABLE else form_of(expected)


@pytest.mark.parametrize(("text", "libyaml", "pure"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_the_known_differences_of_the_pure_reader_are_still_these(text: str, libyaml: Any, pure: Any) -> None:
    assert form(text, LIBYAML) == as_form(libyaml)
    assert form(text, PURE) == as_form(pure)


def test_the_pure_reader_differs_on_no_other_case_of_the_yaml_test_suite() -> None:
    known = {name: why for why, names in SUITE_DIFFERENCES.items() for name in names.split()}
    differing = {
        name for name, case in CASES.items() if form(case["yaml"], LIBYAML) != form(case["yaml"], PURE)
    }
    assert differing == known.keys()


def test_the_pure_reader_reads_sample_cards_as_libyaml_does() -> None:
    for path in SAMPLES[::3]:
        text = find_fences(path.read_bytes()).text()
        assert form(text, PURE) == form(text, LIBYAML) == reference(text).form


def test_the_pure_reader_reads_real_cards_as_libyaml_does(real_cards: Path) -> None:
    for path in sorted(real_cards.rglob("*.md"))[::50]:
        text = find_fences(path.read_bytes()).text()
        assert form(text, PURE) == form(text, LIBYAML) != UNREADABLE


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(
    documents() | lines().map(lambda source: source.decode(errors="replace")),
    st.integers(1, 9),
    st.integers(4, 400),
)
def test_a_text_whose_characters_exclude_that_it_exceeds_a_limit_does_not(
    text: str, depth: int, nodes: int
) -> None:
    limits = Limits(depth=depth, nodes=nodes)
    if not needs_size_check(text, limits):
        with suppress(yaml.YAMLError):  # no LoadError
            check_size(text, limits, LIBYAML)


@pytest.mark.parametrize(
    "text",
    [
        "- - - a",
        "? ? ? a",
        "a:\n- b:\n  - c",
        "[a: [b: c]]",
        "- {a: [b]}",
        "a:\r b:\r  - c",
        "? - a\n: - - b",
    ],
)
def test_a_deep_text_needs_the_check_of_its_size(text: str) -> None:
    with pytest.raises(LoadError, match="deeper"):
        check_size(text, Limits(depth=2), LIBYAML)
    assert needs_size_check(text, Limits(depth=2))


_KNOWN = ("\t", "\ufeff", "ud800", "%", "! ", "|#", ">#", "+#", "-#", "?", ":,", ":]", ":}", "!!", "!t ")


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(documents())
def test_the_pure_reader_reads_random_documents_as_libyaml_does(text: str) -> None:
    assert form(text, PURE) == form(text, LIBYAML)


def test_the_pure_reader_differs_on_random_lines_only_where_it_is_known_to() -> None:
    forms: list[Any] = []

    @settings(max_examples=200, deadline=None, derandomize=True, database=None)
    @given(st.one_of(lines(), mutated_cards().filter(lambda card: len(card) < 900)))
    def each(source: bytes) -> None:
        try:
            text = find_fences(source).text()
        except UnreadableError:
            return
        if not any(known in text for known in _KNOWN):
            forms.append(form(text, LIBYAML))
            assert form(text, PURE) == forms[-1]

    each()
    assert sum(read != UNREADABLE for read in forms) > 25


def test_without_libyaml_the_pure_reader_is_taken() -> None:
    assert HAS_LIBYAML
    assert issubclass(loader.LOADER, yaml.CSafeLoader)
    assert value_of("a: [1, 2023-13-45]", loader=PURE) == {"a": [1, "2023-13-45"]}
