"""Names of topics and providers: what a reader takes for one is one, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscards.cards.names import as_read, name_key, oddity

NFD = "Cafe\u0301"

SAME = [
    pytest.param("AI", "ai", id="case"),
    pytest.param("ÉNERGIE", "énergie", id="case-beyond-ascii"),
    pytest.param("Straße", "STRASSE", id="case-that-makes-longer"),
    pytest.param("Café", NFD, id="normal-forms"),
    pytest.param("CAFÉ", NFD, id="normal-forms-and-case"),
    pytest.param("\u00c5ngström", "\u212bngström", id="angstrom-sign"),
    pytest.param("\uac00", "\u1100\u1161", id="hangul"),
    pytest.param("Sea level", "Sea\xa0level", id="no-break-space"),
    pytest.param("Sea level", "Sea \u2009 level", id="several-blanks"),
    pytest.param("Sea level", " Sea\tlevel\n", id="outer-blanks-and-tab"),
    pytest.param("Ports", "Po\u200brts", id="zero-width-space"),
    pytest.param("Ports", "Po\xadrts\ufeff", id="soft-hyphen-and-byte-order-mark"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_look_alike_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CO₂", "CO2"),
        ("Ⅷ", "VIII"),
        ("½", "1⁄2"),
        ("Cafe", "Café"),
        ("Sealevel", "Sea level"),
        ("A", "А"),
        ("a\x1b[1m", "a[1m"),
    ],
)
def test_names_that_a_reader_tells_apart_have_two_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("name", "seen", "odd"),
    [
        ("Sea level", "Sea level", ""),
        ("Café", "Café", ""),
        (NFD, "Café", "U+0301 COMBINING ACUTE ACCENT"),
        ("\u212bngström", "\u00c5ngström", "U+212B ANGSTROM SIGN"),
        ("Sea\xa0level", "Sea level", "U+00A0 NO-BREAK SPACE"),
        ("Sea  level", "Sea level", "U+0020 SPACE"),
        ("Ports ", "Ports", "U+0020 SPACE"),
        ("Po\u200brts", "Ports", "U+200B ZERO WIDTH SPACE"),
        ("\ufeffPorts", "Ports", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("", "", ""),
    ],
)
def test_a_name_as_it_is_read_and_the_first_character_that_cannot_be_seen(
    name: str, seen: str, odd: str
) -> None:
    assert (as_read(name), oddity(name)) == (seen, odd)


NAMES = st.text(
    st.sampled_from("aAéÉßıİſ\u0301\u0345\u200b\u200d\xad \xa0\t\r\n\u2028\x85\u1100\u1161漢क्ष\ud800")
)


@given(st.one_of(st.text(), NAMES))
def test_the_key_of_a_key_is_itself_and_so_is_what_is_read(name: str) -> None:
    assert as_read(as_read(name)) == as_read(name)
    assert oddity(as_read(name)) == ""
    assert bool(oddity(name)) == (as_read(name) != name)
    assert name_key(as_read(name)) == name_key(name)
    assert name_key(name_key(name)) == name_key(name)


@given(st.text())
def test_normal_forms_have_one_key(name: str) -> None:
    assert name_key(unicodedata.normalize("NFD", name)) == name_key(unicodedata.normalize("NFC", name))


def test_a_long_name_takes_no_long_time() -> None:
    start = time.monotonic()
    for text in ("a" * 1_000_000, "e\u0301" * 200_000, " \xa0" * 200_000, "a\u0301\u0327" * 100_000):
        name_key(text)
    assert time.monotonic() - start < 10


def test_a_plain_name_needs_no_unicode_tables() -> None:
    code = (
        "import sys; from newscards.cards.names import name_key; name_key(sys.argv[1]);"
        "print('unicodedata' in sys.modules, 'newscards.cards.text_cleanup' in sys.modules)"
    )
    for name, expected in (("Sea level", "False False"), ("Café", "True False")):
        done = subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == expected
