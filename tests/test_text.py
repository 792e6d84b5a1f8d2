"""Text of a card, made safe to show."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.text import cut_middle, display_width, first_that_fit, harmless, json_text, one_line, path_text

PROPERTY = settings(max_examples=80, deadline=None, derandomize=True)
ORDINARY = "Plain – “quoted” naïve 日本語 🚢 \u00a0\u200c\u200d [red]x[/red] :smile: \\x1b %0a"
CONTROLS = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Zl", "Zp")]
BIDI = list("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SURROGATES = ["\ud800", "\udbff", "\udc00", "\udfff"]
WIDTHLESS = list("\u200b\u2060\u2061\u2062\u2063\u2064\u2065\ufeff")
UNSAFE = [*CONTROLS, *BIDI, *SURROGATES, *WIDTHLESS]
TEXTS = st.text(st.characters() | st.sampled_from(UNSAFE))


def test_there_are_as_many_controls_as_unicode_has() -> None:
    assert len(CONTROLS) == 32 + 33 + 2


def test_ordinary_text_stays_as_it_is() -> None:
    assert harmless(ORDINARY) == one_line(ORDINARY) == path_text(ORDINARY) == ORDINARY
    assert json_text(ORDINARY) == json.dumps(ORDINARY, ensure_ascii=False)


@pytest.mark.parametrize(
    ("text", "shown", "on_one_line"),
    [
        ("\x1b[31mred", "\\x1b[31mred", "\\x1b[31mred"),
        ("a\nb", "a\nb", "a b"),
        ("a\r\nb", "a\\x0d\nb", "a b"),
        ("a\rb\tc", "a\\x0db\\x09c", "a b c"),
        ("a\x0b\x0c\x85b", "a\\x0b\\x0c\\x85b", "a   b"),
        ("a\u2028b\u2029c", "a\\u2028b\\u2029c", "a b c"),
        ("\x00\x07\x7f\x9b", "\\x00\\x07\\x7f\\x9b", "\\x00\\x07\\x7f\\x9b"),
        ("\u202egpj.exe", "\\u202egpj.exe", "\\u202egpj.exe"),
        ("\ufeffa", "\\ufeffa", "\\ufeffa"),
        ("\udcff\udc80", "\ufffd\ufffd", "\ufffd\ufffd"),
        ("\ud83d", "\\ud83d", "\\ud83d"),
    ],
)
def test_what_is_unsafe_is_shown_as_an_escape_and_breaks_as_blanks(
    text: str, shown: str, on_one_line: str
) -> None:
    assert harmless(text) == shown
    assert one_line(text) == path_text(text) == on_one_line


def test_no_unsafe_character_comes_through() -> None:
    for unsafe in UNSAFE:
        assert unsafe not in one_line(f"a{unsafe}b")
        assert unsafe == "\n" or unsafe not in harmless(f"a{unsafe}b")
        assert unsafe not in json_text({f"a{unsafe}b": [f"a{unsafe}b"]})


@PROPERTY
@given(text=TEXTS)
def test_whatever_the_text_it_can_be_encoded_and_is_safe_and_shown_once(text: str) -> None:
    for shown in (one_line(text), harmless(text)):
        assert shown.encode().decode() == shown
        assert not set(UNSAFE) - {"\n"} & set(shown)
    assert "\n" not in one_line(text)
    assert harmless(text).count("\n") == text.count("\n")
    assert one_line(one_line(text)) == one_line(text)
    assert harmless(harmless(text)) == harmless(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=10,
)


@PROPERTY
@given(value=JSON, indent=st.sampled_from([None, 2]))
def test_json_is_safe_and_loses_nothing(value: object, indent: int | None) -> None:
    text = json_text(value, indent=indent)
    assert json.loads(text) == value
    assert not set(UNSAFE) - {"\n"} & set(text)
    assert indent or "\n" not in text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [-float("inf")]])
def test_what_json_has_no_word_for_is_no_json(value: object) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text(value)


def test_the_first_texts_that_fit_are_taken_and_no_more_are_made() -> None:
    def texts() -> Iterator[str]:
        yield from ("ab", "é", "abc")
        raise AssertionError("a text behind the first that does not fit")

    assert first_that_fit(texts(), 5) == ["ab", "é"]
    assert first_that_fit(["ab", "é"], 3, lambda text: len(text.encode())) == ["ab"]
    assert first_that_fit(["ab"], 2) == ["ab"]
    assert first_that_fit([], 0) == []


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("漢字", 4), ("é", 1), ("नमस्ते", 4), ("a\u200bb", 2)])
def test_the_width_of_a_text_is_that_in_a_terminal(text: str, width: int) -> None:
    assert display_width(text) == width


@given(st.text(st.sampled_from("ab-漢\u0301é"), max_size=40), st.integers(1, 30))
def test_a_text_that_is_cut_in_its_middle_has_both_its_ends(text: str, width: int) -> None:
    shown = cut_middle(text, width)
    assert display_width(shown) <= width
    if display_width(text) <= width:
        assert shown == text
    else:
        start, end = shown.split("…")
        assert text.startswith(start)
        assert text.endswith(end)
        assert not end or display_width(end[0])
