"""A text as its author meant it: good text is left alone, and what is plain stays so."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscards.cards.text_cleanup import (
    breaks,
    character_name,
    entities,
    invisible,
    on_one_line,
    plain,
    tags,
    unescaped,
    without_entities,
    without_invisible,
    without_mojibake,
)

GOOD = [
    "“Café”, dit-elle : « L’été à Évreux… » – à l’Élysée — “voilà” l’œuvre",
    "“LE CAFÉ” – L’ÉTÉ… « ÇA » ÎLE",
    "„Spaß“ und „Äpfel“ – die Straße, „GRÖSSE“; »Öl«‚Maß‘",
    "“Hà Nội” – đã ‘đến’… cà phê, “ĐÔ THỊ”, xã “Mã” và “ĐÃ”",
    "„Zażółć gęślą jaźń” – Łódź… «ŁÓDŹ»",
    "“A MANH\xc3” – “AMANH\xc3”… ‘IRM\xc3’ N\xc3O, S\xc3O, MAÇ\xc3» IRM\xc3® ROM\xc3—F\xc3",
    "“amanhã”, “maçã” – “não”…",
    "„Verið“ og „VERI\xd0“ – „Þingið“",
    "„Coborî” și «COBOR\xce»… țară, “CJARI\xc2”",
    "«Прилив» – “отлив”… ПОРТ — ВГ “В”",
    "«Παλίρροια» – “λιμάνι”… ΑΘΗΝΑ’",
    "「潮汐」——“港口”……‘海’、タイド… 조수 ‘항구’",
    "«Città» – “CITTÀ”… perché «PERCHÉ»",
    "Ångström – “Å” Ørsted™ Nestlé® 20 °C ±3 × 4 £5 €6 §7 ½",
    "“naïveté”“déjà vu”",
    "�",
    "“�”",
    "\U0001f600 “ok” ✓ ☕ – →",
    "\ud800 “lone” é",
]


@pytest.mark.parametrize("text", GOOD)
def test_good_text_is_left_alone(text: str) -> None:
    assert without_mojibake(text) == text


@pytest.mark.parametrize(
    "word", ["AMANH\xc3", "IRM\xc3", "VERI\xd0", "COBOR\xce", "CAFÉ", "Đ\xc3", "été", "Maß", "là", "VÅ"]
)
@pytest.mark.parametrize(
    "frame", ["“{}”", "‘{}’", "«{}»", "« {} »", "“{}”…", "{}…", "{} – a", "{} — a", "“{}”,", "“‘{}’”"]
)
def test_a_word_is_left_alone_in_all_sorts_of_quotes(word: str, frame: str) -> None:
    text = frame.format(word)
    assert without_mojibake(text) == text


MEANT = [
    "The tide’s turn", "Häfen", "café", "CÔTE D’IVOIRE", "NOËL", "“Ebbe”", "Ebbe – Flut", "10 € … 5 £", "🌊",
    "Прилив", "Παλίρροια", "潮汐", "Là où", "Đà Nẵng", "SOCIÉTÉ", "ACME®", "«USA»",
]  # fmt: skip


def read_as(encoding: str, text: str) -> str:
    return text.encode().decode(encoding, "ignore")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (text, code)
        for text in MEANT
        for code in ("cp1252", "latin-1")
        if read_as(code, text).encode(code) == text.encode()
    ],
)
def test_utf_8_that_was_read_as_something_else_is_mended(text: str, encoding: str) -> None:
    garbled = read_as(encoding, text)
    assert garbled != text
    assert without_mojibake(garbled) == text
    assert without_mojibake(f"“good” {garbled}") == f"“good” {text}"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2019\x962021", "2019–2021"),
        ("It\x92s a \x93tide\x94\x85", "It’s a “tide”…"),
        ("5 \x80", "5 €"),
        ("a\x81b", "ab"),
        ("â€œEbbâ€\x9d", "“Ebb”"),
        ("â\x80\x99", "’"),
        ("\xc2\x96", "–"),
        ("It\x92s, â€™", "It’s, ’"),
        ("גאות\x96שפל", "גאות–שפל"),
    ],
)
def test_c1_controls_are_windows_1252_that_was_read_as_latin_1(text: str, meant: str) -> None:
    assert without_mojibake(text) == meant


@pytest.mark.parametrize("code", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_c1_controls_without_a_meaning_are_removed(code: int) -> None:
    assert invisible(f"a{chr(code)}b") == []
    assert without_mojibake(f"a{chr(code)}b") == "ab"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("2019&#150;2021, it&#146;s &#x85;", "2019–2021, it’s …"),
        ("a&shy;b&#8203;c&#65279;d&#129;e", "abcde"),
        ("a&#13;b", "a b"),
        ("&lt;b&gt; &amp; &quot;&#65533;", "&lt;b&gt; &amp; &quot;&#65533;"),
        ("a&zwj;b&rlm;", "a&zwj;b&rlm;"),
    ],
)
def test_entities_are_replaced_but_for_markup_and_joiners_and_those_for_the_invisible_go(
    text: str, clean: str
) -> None:
    assert without_entities(text) == clean


@pytest.mark.parametrize(
    ("text", "expected", "line"),
    [
        ("a\nb", "\n", "a b"),
        ("a \t\n b\tc", "\t\n\t", "a b c"),
        ("a\xa0\u2028b", "\u2028", "a b"),
        ("a\r\nb", "", "a\r\nb"),
        ("\ta b\n", "", "\ta b\n"),
        ("a\xa0b  c", "", "a\xa0b  c"),
    ],
)
def test_breaks_are_tabs_and_line_ends_between_words(text: str, expected: str, line: str) -> None:
    assert "".join(breaks(text)) == expected
    assert on_one_line(text) == line


TAGGED = [
    ("<b>Wells</b>", ["<b>", "</b>"]),
    ("<p>Old</p><script>x()</script>", ["<p>", "</p>", "<script>", "</script>"]),
    ("Old wells<br/>new<BR>sensors", ["<br/>", "<BR>"]),
    ("H<sub>2</sub>O", ["<sub>", "</sub>"]),
    ('<img src=x onerror="y">', ['<img src=x onerror="y">']),
    ("<svg/onload=x>", ["<svg/onload=x>"]),
    ("<A\nHREF='x'>y</A>", ["<A\nHREF='x'>", "</A>"]),
    ('an excerpt that is cut <a href="https://tide.exa', ['<a href="https://tide.exa']),
    ("<!-- hidden --> <!DOCTYPE html>", ["<!--", "<!DOCTYPE"]),
    ("the tide falls <p>", ["<p>"]),
]


@pytest.mark.parametrize(("text", "expected"), TAGGED)
def test_tags_are_those_of_html(text: str, expected: list[str]) -> None:
    assert tags(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "I <3 tides", "a < b > c", "x<y", "List<T>", "Map<String, int>", "Box<Object>", "Some<A>", "<T>",
        "<harbour@tide.example>", "<https://tide.example>", "if a <b and c is", "<-- ebb -->",
        "<>", "</>", "< b>", "&lt;b&gt;", "<tide>", "<b", "<1>",
    ],
)  # fmt: skip
def test_other_angle_brackets_are_no_tags(text: str) -> None:
    assert tags(text) == []


@pytest.mark.parametrize("text", ["<a " * 50_000, "x<A>" * 50_000, "<a" + " " * 500_000, "</A>x<A>" * 25_000])
def test_many_brackets_take_no_long_time(text: str) -> None:
    start = time.monotonic()
    tags(text)
    assert time.monotonic() - start < 5


def test_a_character_that_is_lost_stays_lost() -> None:
    assert without_mojibake("â€œEbbâ€� and \ufffd") == "“Ebbâ€� and \ufffd"


def test_ftfy_is_imported_only_where_something_may_be_garbled() -> None:
    code = (
        "import sys; from newscards.cards.text_cleanup import plain; plain(sys.argv[1]);"
        "print('ftfy' in sys.modules, 'unicodedata' in sys.modules)"
    )
    for text, expected in (("“Café” – l’été à Évreux…", "False False"), ("itâ€™s", "True True")):
        done = subprocess.run([sys.executable, "-c", code, text], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("&amp; &#8217;&#x2019; &nbsp;", ["&amp;", "&#8217;", "&#x2019;", "&nbsp;"]),
        ("R&D; AT&T &copy &nope; &#; & amp;", []),
        ("", []),
    ],
)
def test_entities_are_those_of_html_with_their_semicolon(text: str, expected: list[str]) -> None:
    assert entities(text) == expected
    assert (unescaped(text) == text) == (not expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\tb\nc\xa0d\u2028e", ""),
        ("a\r\nb\x00\x7f\x9d", "\r\x00\x7f"),
        ("a\xadb\ufffe", "\xad\ufffe"),
        ("2019\x962021", ""),
        ("\ufeffa\u200bb\u2060c", "\ufeff\u200b\u2060"),
        ("\u202aa\u202c \u2067b\u2069 \u200e", "\u202a\u202c\u2067\u2069\u200e"),
        ("می‌خواهم ۵‌ساله", ""),
        ("क्‍ष ක්‍ර", ""),
        ("👩🏽‍❤️‍💋‍👨 🙂‍↔️ 🏴‍☠️ 🐈‍⬛", ""),
        ("a\u200d b", "\u200d"),
        ("\u200ca", "\u200c"),
        ("a\u200c\u200cb", "\u200c\u200c"),
        ("a\u200c, b", "\u200c"),
    ],
)
def test_controls_and_what_has_no_width_are_invisible_but_joiners_that_join(text: str, expected: str) -> None:
    assert "".join(invisible(text)) == expected


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u200b", "U+200B ZERO WIDTH SPACE"),
        ("\r", "U+000D CARRIAGE RETURN"),
        ("\x9b", "U+009B CONTROL CHARACTER"),
        ("\u3000", "U+3000 IDEOGRAPHIC SPACE"),
    ],
)
def test_a_character_is_named_by_number_and_name(character: str, name: str) -> None:
    assert character_name(character) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  It&#8217;s\r\n ", "It’s"),
        ("Itâ€™s\u200b", "It’s"),
        ("&amp;amp;", "&"),
        ("&am\u200bp;", "&"),
        ("R&D &copy 2020", "R&D &copy 2020"),
        ("&nbsp;a", "a"),
    ],
)
def test_a_plain_text_has_nothing_of_all_that(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_a_text_of_entities_in_entities_takes_no_endless_time() -> None:
    assert len(plain("&" + "amp;" * 250_000)) > 900_000


ODD_LETTERS = st.sampled_from(
    [
        *"aZ é&;#x8217ÃÂâ€™œ\x9dãÐÎ”“’«»…–\r\n\xa0\u200b\u200d\ufeff�\x1a\x85\ud800√ГВ",
        *("&amp;", "&#8217;", "â€™", "Ã©"),
    ]
)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.lists(ODD_LETTERS).map("".join),
    st.text().map(lambda text: text.encode().decode("latin-1")),
    st.text().map(lambda text: text.encode().decode("cp1252", "replace")),
)


@given(TEXTS)
def test_what_is_plain_stays_so(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert invisible(once) == entities(once) == []
    assert without_mojibake(once) == once == once.strip()


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_is_never_garbled(text: str) -> None:
    assert without_mojibake(text) == text


@given(st.text(st.sampled_from("a é’Ãâ€™вЂГ©√├Ă‚ÄΓÇ&;\u200b\u200d\u2029\x85\n\xa0 ")))
def test_the_quick_look_at_a_text_sees_all_that_the_close_one_does(text: str) -> None:
    from newscards.cards import text_cleanup

    assert invisible(text) == re.findall(text_cleanup._INVISIBLE, text)
    assert text_cleanup._LEADING.search(text) or not re.search(text_cleanup._MAYBE_MOJIBAKE, text)
    assert plain(text) == text_cleanup._made_plain(text)


@given(TEXTS)
def test_each_cleaner_leaves_nothing_for_a_second_time(text: str) -> None:
    for cleaner in (without_mojibake, without_invisible, on_one_line):
        once = cleaner(text)
        assert cleaner(once) == once
    assert breaks(on_one_line(text)) == []
