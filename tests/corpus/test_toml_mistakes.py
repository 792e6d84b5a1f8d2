"""Mistakes in TOML: each frequent one is explained, marked and comes with what to write."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscards.corpus.settings import settings_in
from newscards.corpus.toml_mistakes import explained_mistake
from newscards.errors import NewscardsError
from tests.conftest import MakeCorpus, Run
from tests.support import CARD

CASES = [
    ("select = NC3", "1:10", "NC3", "a text must be in quotes", 'put it in quotes: "NC3"'),
    ("a = [mb, jh]", "1:6", "mb", "a text must be in quotes", 'put it in quotes: "mb"'),
    ('a = b "c" # d', "1:5", 'b "c"', "a text must be in quotes", "put it in quotes: 'b \"c\"'"),
    ("a = no", "1:5", "no", "true and false", 'write false; as a text, "no"'),
    ("a = True", "1:5", "True", "true and false", "write true"),
    ("a = “x”", "1:5", "“", "typographic quote", 'write straight quotes: "x"'),
    ("a =\nb = 1", "1:4", "", "a value is missing", 'as in editor = "mb"'),
    ("a =", "1:4", "", "a value is missing", ""),
    ("a = = 1", "1:5", "=", "one too many", ""),
    ("[rules.a]\neditor: mb", "2:7", ":", "`=` where YAML has `:`", "write editor = …"),
    ("a = {b: 1}", "1:7", ":", "`=` where YAML has `:`", "write b = …"),
    ("external url = 1", "1:1", "external url", "a key is one word", '"external url" = …'),
    ("- a", "1:3", "a", "`=` is expected", "a line is `key = value`"),
    ("“a” = 1", "1:1", "“", "neither a key nor a table", "a line is `key = value`"),
    ('a = "x\nb = 1', "1:5", '"', "this quote is never closed", 'write " at the end'),
    ('a = ["x", "y\\"]\nb = 1', "1:11", '"', "this quote is never closed", 'write " at the end'),
    ("a = 'x", "1:5", "'", "this quote is never closed", "write ' at the end"),
    ('a = """x\ny', "1:5", '"""', "this quote is never closed", 'write """ behind'),
    ("a = 1\nb = '''x\ny", "2:5", "'''", "this quote is never closed", "write ''' behind"),
    ("a = 'it's'", "1:9", "s'", "the value ends before it", 'stands between "'),
    ("a = 2023-01", "1:9", "-01", "the value ends before it", 'if it is a text: "2023-01"'),
    ("a = 1 b", "1:7", "b", "the value ends before it", ""),
    ("[x]\na = 1\n a = 2", "3:2", "a", "`a` stands here twice", "line 2 has it, too"),
    ("a = 1\nb = 1\na = 2\nc = 3", "3:1", "a", "`a` stands here twice", "line 1 has it, too"),
    ("a = 1\na = '''\nb = 2'''", "3:9", "", "Cannot overwrite", ""),
    ("a.b = 1\na = 2", "2:1", "a", "`a` stands here twice", "a key stands once"),
    ("[a.b]\n[c]\n[a.b] # d", "3:1", "[a.b]", "the table [a.b] is there twice", "line 1 begins it"),
    ("a.b.c = 1\n[a.b]", "2:1", "[a.b]", "is there twice", "put these beside them"),
    ('a = [\n"x"\n"y"]', "3:1", '"', "a comma or `]`", "commas separate"),
    ("a = { b = 1\n}", "1:12", "", "a comma or `}`", "stands on one line"),
    ("[fields.a\nb = 1", "1:10", "", "`]` is expected", ""),
    ("[fields a]", "1:9", "a", "`]` is expected", 'as in [fields."external url"]'),
    (r'a = "C:\Users"', "1:8", r"\U", "begins an escape", "single quotes"),
    (r'a = "\d"', "1:6", r"\d", "begins an escape", "single quotes"),
    ("a = 'x\x01'", "1:7", r"\x01", "control character", "leave it out"),
]


@pytest.mark.parametrize(
    ("text", "place", "marked", "message", "hint"), CASES, ids=[each[0] for each in CASES]
)
def test_a_mistake_is_explained_where_it_is(
    text: str, place: str, marked: str, message: str, hint: str
) -> None:
    with pytest.raises(NewscardsError) as caught:
        settings_in(text, "newscards.toml")
    first, line, carets = str(caught.value).split("\n")
    assert first.startswith(f"newscards.toml:{place}: not TOML: ")
    assert message in first
    assert line[carets.index("^") :][: carets.count("^")] == marked
    assert carets.count("^") == max(len(marked), 1)
    assert hint in caught.value.hint


def test_a_command_shows_the_line_and_the_hint(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD, "newscards.toml": "ignore = [NC1]\n"})
    result = run("list")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "error: newscards.toml:1:11: not TOML: a text must be in quotes\n"
        "  ignore = [NC1]\n"
        "            ^^^\n"
        'hint: put it in quotes: "NC1"\n'
    )


def test_a_mistake_without_words_of_its_own_has_those_of_tomllib() -> None:
    reason = "Something new (at line 1, column 3)"
    assert explained_mistake("a = 1", reason) == ("1:3", "Something new\n  a = 1\n    ^", "")
    assert explained_mistake("a = 1", "Too deep") == ("", "Too deep", "")


PIECES = ["a", "b c", "=", ":", "[", "]", "{", "}", ",", "\n", "\r\n", '"', "'", '"""', "'''", "\\", "#", " ",
          "1", "2023-01", ".", "é", "“", "\x00", "true", "No"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text())
def test_every_text_is_toml_or_has_a_mistake_within_it(text: str) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place, message, _ = explained_mistake(text, str(error))
        line, column = map(int, place.split(":"))
        assert 1 <= line <= text.count("\n") + 1
        assert 1 <= column <= len(text.split("\n")[line - 1]) + 1
        assert "^" in message.split("\n")[2]
