from __future__ import annotations

import re

import pytest

from tests.rules.cases import ENTRY, ODD, Found, block, listing, replaced, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def at(line: int, column: int) -> Found:
    return Found("NC104", line, column, column + 1)


FAILS = [
    # In one line: where the value goes wrong.
    pytest.param(card(title='"never closed'), at(3, 8), id="double-quote-never-closed"),
    pytest.param(card(title="'never closed"), at(3, 8), id="single-quote-never-closed"),
    pytest.param(card(title="[never closed"), at(3, 8), id="bracket-never-closed"),
    pytest.param(card(title="Ports: a survey"), at(3, 13), id="colon-in-plain-text"),
    pytest.param(card(title="@tide"), at(3, 8), id="at-sign"),
    pytest.param(card(title="`tide`"), at(3, 8), id="backtick"),
    pytest.param(card(title="%tide"), at(3, 8), id="percent-sign"),
    pytest.param(card(title="*tide* rises"), at(3, 13), id="asterisk"),
    pytest.param(card(title="*tide"), at(3, 8), id="alias-without-anchor"),
    pytest.param(card(title="!tide"), at(3, 8), id="exclamation-mark"),
    pytest.param(card(title="="), at(3, 8), id="equals-sign"),
    pytest.param(card(title='"The "old" wells"'), at(3, 14), id="quotes-in-quotes"),
    pytest.param(card(title="'The tide's wells'"), at(3, 18), id="apostrophe-in-quotes"),
    pytest.param(card(title="[AI] rises"), at(3, 13), id="brackets-in-front"),
    pytest.param(card(title="{{ page.title }}"), at(3, 9), id="liquid"),
    pytest.param(card(title=r'"C:\dir"'), at(3, 11), id="unknown-escape"),
    pytest.param(card(title='"\x1b[31m"'), at(3, 9), id="escape-character"),
    pytest.param(card(title="tide\x00"), at(3, 12), id="nul"),
    pytest.param(card(title="!!int x"), at(3, 8), id="tag-that-does-not-fit"),
    pytest.param(card(title="!!python/object:os.system x"), at(3, 8), id="python-tag"),
    # In a block of several lines, each of which could go wrong.
    pytest.param(card(title="x\nstray"), at(4, 1), id="stray-line"),
    pytest.param(card(title='"a\n---\nb"'), at(4, 1), id="fence-in-quotes"),
    pytest.param(card(title="x\n--- y"), at(4, 1), id="second-document"),
    pytest.param(card(title="x\n\ty: z"), at(4, 1), id="tab-as-indentation"),
    pytest.param(card(provider="\n  name: Tide\n   domain: x"), at(15, 4), id="indented-too-far"),
    pytest.param(card(provider="\n  name: Tide\n domain: x"), at(15, 2), id="indented-too-little"),
    pytest.param(card(topics="\n\t- Oceans"), at(18, 1), id="tab-before-an-item"),
    pytest.param(card(topics="\n  - Oceans\n  Science: x"), at(19, 3), id="item-without-a-dash"),
    pytest.param(card(topics="\n  - Oceans\n  - @tide"), at(19, 5), id="second-item"),
    pytest.param(block(" title: x\ntopics: []\n"), at(2, 2), id="first-line-indented"),
    pytest.param(block("title: a: b\n"), at(2, 9), id="first-block"),
    pytest.param(block("a: x\nb: y\nc: [1, 2\n"), at(4, 4), id="last-block"),
    pytest.param("\n\n---\ntitle: a: b\n---\n", at(4, 9), id="below-blank-lines"),
    pytest.param("\ufeff---\ntitle: a: b\n---\n", at(2, 9), id="below-a-bom"),
    # The first block that cannot be read alone, not where libyaml gives up on the whole.
    pytest.param(card(title='"never closed', type='"x" y'), at(3, 8), id="first-of-two"),
    pytest.param(card(excerpt='"a', webUrl="'b"), at(4, 10), id="quotes-of-two-kinds"),
    pytest.param(card(title='"x', excerpt="y\x00"), at(3, 8), id="before-a-character-that-is-no-yaml"),
    # What stands before it, and could be miscounted.
    pytest.param(card(title=f'"{ODD}" x'), at(3, 18), id="after-odd-characters"),
    pytest.param(card(title=f'"{ODD}"', excerpt='"x'), at(4, 10), id="below-odd-characters"),
    pytest.param(card(title=f'"{ODD}\x00"'), at(3, 16), id="nul-after-odd-characters"),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_broken_yaml_is_found_where_its_block_goes_wrong(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


FLOW = """\
{category: news, title: t, excerpt: e, publishedDateTime: 2023-06-20, webUrl: 'https://t.example',
 type: article, quality: 1, heat: 1, published: no, provider: {name: n, domain: n.example}, topics: [t]}
"""

PASSES = [
    pytest.param(card(title='"Ports: a survey"'), id="double-quotes"),
    pytest.param(card(title="'The tide''s wells'"), id="single-quotes"),
    pytest.param(card(title=">\n  Ports:\n  a survey"), id="folded"),
    pytest.param(card(title='"--- and ... and {{ x }} # y"'), id="anything-in-quotes"),
    pytest.param(card(title=f'"{ODD}"'), id="odd-characters"),
    pytest.param(card(title="tide # a comment: of mine"), id="comment"),
    pytest.param(replaced("category:", "# a: b: c\n\ncategory:"), id="comment-before-the-first-block"),
    pytest.param(block(FLOW), id="one-flow-mapping"),
]


@pytest.mark.parametrize("text", PASSES)
def test_what_is_yaml_is_fine(text: str, find: Find) -> None:
    assert find(text) == []


def test_an_alias_whose_anchor_stands_in_another_block_is_not_blamed(find: Find) -> None:
    text = card(category="&c news", title="*c", type='"never closed')
    assert find(text) == [at(8, 7)]


SITE = "the site will publish this card without its data"
MESSAGES = [
    ("Ports: a survey", "a second `: ` in a value without quotes"),
    ('"never closed', "a quote is opened and never closed"),
    ("[never closed", "a `[` is never closed, or a `,` is missing"),
    ("{never closed", "a `{` is never closed, or a `,` is missing"),
    ("@tide", "a value that begins with `@` needs quotes"),
    ("*t* is", "a value that begins with `&` or `*` needs quotes"),
    (r'"C:\dir"', "a `\\` in double quotes that begins no escape: write `\\\\`, or use single quotes"),
    ("tide\x00", "the character U+0000 is not allowed in YAML"),
    ("`tide`", "a value that begins with a backtick needs quotes"),
    ("x\nstray", "a line that is not `key: value`"),
    ("x\nwells dry", "a line that is not `key: value`"),
    ('"a\n---\nb"', "the front matter ends here, inside a text in quotes"),
]
ADVICE = [
    ("tide\x00", "delete it"),
    ("tide\x81", "delete it"),
    ("2019\x962021", "write `–`, which Windows-1252 has at this code"),
    ('"It\x92s"', "write `’`, which Windows-1252 has at this code"),
]
READ_BY_RUBY = [
    ("*tide", "an alias `*…` without its anchor: such a value needs quotes",
     f"with Debian's Jekyll, {SITE}, because there is no anchor for the alias `*tide`"),
    ("=", "a value that begins with `=` means something else to YAML: put it in quotes",
     "the site will publish this card"),
    ("x\n--- y", "a second document begins: `---` inside the block", "the site will publish this card"),
]  # fmt: skip
"""Values that Jekyll reads, or one kind of it."""


@pytest.mark.parametrize(("title", "message"), MESSAGES)
def test_the_message_is_in_plain_words(title: str, message: str, lint: Lint) -> None:
    assert [finding.message for finding in lint(card(title=title))] == [f"{message}: {SITE}"]


@pytest.mark.parametrize(("title", "advice"), ADVICE)
def test_a_character_that_is_not_allowed_is_to_be_deleted_or_what_was_misread(
    title: str, advice: str, lint: Lint
) -> None:
    assert [finding.help for finding in lint(card(title=title))] == [advice]


@pytest.mark.parametrize(("title", "message", "site"), READ_BY_RUBY)
def test_the_message_says_what_jekyll_reads_though_newscards_does_not(
    title: str, message: str, site: str, lint: Lint
) -> None:
    assert [finding.message for finding in lint(card(title=title))] == [f"{message}: {site}"]


SLIPS = [
    "- tide", "? tide", "|tide", ">tide", ", tide", "] tide", "[a,,b]", "!tide", "!! tide", "!a!tide",
    "!!seq tide", "!!binary x", "!!python/object:os.system x", r'"\u12"', r'"\ud800"', "|\n\ttide",
]  # fmt: skip
JARGON = (
    "block sequence|mapping keys|context|found|find|node|constructor|decode|URI|handle|hexdecimal|escape code"
)


@pytest.mark.parametrize("title", SLIPS)
def test_no_message_is_in_the_words_of_libyaml(title: str, lint: Lint) -> None:
    (finding,) = lint(card(title=title))
    assert not re.search(JARGON, finding.message)


def test_the_message_says_what_the_site_does_and_the_help_what_to_do(lint: Lint) -> None:
    (finding,) = lint(card(title='"never closed'))
    assert finding.message.endswith(f": {SITE}")
    assert finding.help == "close the quote at the end of the value"


SLIPS_OF_LINES = [
    (replaced("  name: Tide", "  name:Tide"), 14, "the blank after `name:` is missing", "write `name: …`"),
    (card(topics="\n  - Oceans\n  -Ports"), 19, "the blank after `-` is missing", "begin an item with `- `"),
    (replaced("quality:", "%quality:"), 9, "`%` before the key `quality`", "delete it"),
    (replaced("topics:", "topics: []"), 17, "`topics` has `[]` on its line, and more lines below",
     "delete what stands behind `topics:`"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message", "advice"), SLIPS_OF_LINES)
def test_a_slip_is_reported_on_its_line_with_what_to_do(
    text: str, line: int, message: str, advice: str, lint: Lint
) -> None:
    (finding,) = lint(text)
    assert (finding.line, finding.message, finding.help) == (line, f"{message}: {SITE}", advice)


@pytest.mark.parametrize("title", ["@tide", "=", r'"C:\dir"'])
def test_where_the_message_says_what_to_do_there_is_no_help(title: str, lint: Lint) -> None:
    (finding,) = lint(card(title=title))
    assert not finding.help


def test_what_is_not_allowed_in_yaml_is_to_be_deleted(lint: Lint) -> None:
    (finding,) = lint(card(title="tide\x00"))
    assert finding.help == "delete it"


def test_the_place_is_in_the_entry_and_on_the_line_that_goes_wrong(find: Find) -> None:
    entries = ENTRY + ENTRY.replace('title: "Gauges of the north"', 'title: "Gauges of the north')
    (found,) = find(card(related=listing(entries)))
    assert (found.code, found.line, found.column) == ("NC104", 26, 12)


@pytest.mark.parametrize(
    ("value", "column"), [('"Linux”', 14), ("'Linux’", 14), ("\"It's UX”", 16), ('"Linux“  ', 14)]
)
def test_a_curly_closing_quote_is_where_the_text_is_not_closed(value: str, column: int, lint: Lint) -> None:
    (finding,) = lint(card(title=value))
    assert (finding.line, finding.column) == (3, column)
    assert finding.message.startswith("the closing quote is a curly one, which is a letter to YAML")
    assert finding.help == "write a straight quote instead"


def test_a_curly_closing_quote_in_an_entry_is_found_there(lint: Lint) -> None:
    (finding,) = lint(with_entry('"A second look."', '"A second look.”'))
    assert (finding.line, finding.help) == (14, "write a straight quote instead")
