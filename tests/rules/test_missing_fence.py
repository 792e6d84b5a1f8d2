from __future__ import annotations

import pytest

from tests.rules.cases import Found
from tests.rules.conftest import Find, Lint
from tests.support import CARD

AT_ONCE = [Found("NC103", 1, 1, 2)]
NO_TEXT = [Found("NC103", 1, 1, 1)]

OPEN = CARD.removesuffix("---\n")
LAST = CARD.count("\n")

VERBATIM = "the site will publish this card verbatim"

FAILS = [
    pytest.param("", NO_TEXT, id="empty"),
    pytest.param("\n\n", NO_TEXT, id="only-blank-lines"),
    pytest.param("\ufeff", NO_TEXT, id="only-a-bom"),
    pytest.param("title: x\n", AT_ONCE, id="no-fence-at-all"),
    pytest.param(CARD.removeprefix("---\n"), AT_ONCE, id="no-opening-fence"),
    pytest.param(f"# a comment\n{CARD}", AT_ONCE, id="text-before-the-opening-fence"),
    pytest.param(f"--- # news\n{CARD.removeprefix('---')}", AT_ONCE, id="comment-behind-the-opening-fence"),
    pytest.param(f"-{CARD}", AT_ONCE, id="four-dashes"),
    pytest.param(f" {CARD}", AT_ONCE, id="indented-opening-fence"),
    pytest.param("---", AT_ONCE, id="nothing-but-the-opening-fence"),
    pytest.param(f"{OPEN}\nA body.\n", AT_ONCE, id="no-closing-fence-above-a-body"),
    pytest.param("---\n", AT_ONCE, id="nothing-below-the-opening-fence"),
    pytest.param("\n\n---\nA body.\n", [Found("NC103", 3, 1, 2)], id="no-closing-fence-below-blank-lines"),
    pytest.param(OPEN, [Found("NC103", LAST - 1, 1, 2)], id="no-closing-fence"),
    pytest.param(OPEN[:300], [Found("NC103", OPEN[:300].count("\n") + 1, 1, 2)], id="cut-in-half"),
    pytest.param("\ufeff---\ntitle: x\n", [Found("NC103", 2, 1, 2)], id="no-closing-fence-below-a-bom"),
    *(
        pytest.param(f"{OPEN}{fence}\n", [Found("NC103", LAST, 1, 2)], id=f"closing-fence-{fence}")
        for fence in (" ---", "--- # end", "----", "--", "—", "–-", "===", "+++")
    ),
    pytest.param(f"{OPEN.rstrip()}---\n", [Found("NC103", LAST - 1, 1, 2)], id="closing-fence-behind-text"),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_missing_fence_is_found_where_it_is_to_be_written(
    text: str, expected: list[Found], find: Find
) -> None:
    assert find(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        CARD.removesuffix("\n"),
        CARD.replace("---\n", "--- \t\n"),
        CARD.removesuffix("---\n") + "...\n",
        f"{CARD}\nA body.\n---\nMore of it.\n",
    ],
    ids=["two-fences", "no-last-newline", "blanks-behind", "three-dots", "more-fences-in-the-body"],
)
def test_fences_as_jekyll_takes_them_are_fine(text: str, find: Find) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n", f"the file is empty: {VERBATIM}"),
        ("title: x\n", f"the file does not begin with a line `---`, but with a field: {VERBATIM}"),
        ("--- # news\ntitle: x\n---\n", f"the opening fence is not a line `---` alone: {VERBATIM}"),
        (
            CARD.replace("\n", "\r"),
            f"the lines end with a lone CR, which is not a line end: {VERBATIM}, `secured` included",
        ),
        (
            "---\ntitle: x\n",
            (
                "no line `---` ends the front matter: the site will publish this card without its data,"
                " and its YAML as the text of the page"
            ),
        ),
        (
            "---\ntitle: x\n--- # end\n",
            (
                "no line `---` ends the front matter, because this one is not `---` alone: the site will"
                " publish this card without its data, and its YAML as the text of the page"
            ),
        ),
    ],
)
def test_the_message_tells_which_fence_is_wrong_and_how_and_what_the_site_does(
    text: str, message: str, lint: Lint
) -> None:
    assert [finding.message for finding in lint(text)] == [message]


ON_THIS_LINE = "write `---`, and nothing else, on this line"


@pytest.mark.parametrize(("text", "advice"), [
    *((f"{fence}{CARD.removeprefix('---')}", ON_THIS_LINE)
      for fence in ("----", "--", " ---", "—", "--- # news", "-----\r")),
    *((f"{OPEN}{fence}\n", ON_THIS_LINE) for fence in ("----", "--", " ---", "—", "--- # end", "- ---")),
    (CARD.removeprefix("---\n"), "add a line `---` above line 1"),
    (OPEN, "add a line `---` below the last field"),
    (f"{OPEN.rstrip()}---\n", "write it on a line of its own"),
    (CARD.replace("\n", "\r"), "end each line with LF or CRLF"),
])  # fmt: skip
def test_the_help_says_what_to_write(text: str, advice: str, lint: Lint) -> None:
    assert [finding.help for finding in lint(text)] == [advice]


@pytest.mark.parametrize("text", ["", "---", f"# a comment\n{CARD}", "# Wells\n"])
def test_the_help_for_another_file_says_what_a_card_is(text: str, lint: Lint) -> None:
    (finding,) = lint(text)
    assert finding.help.startswith("a card is a line `---`")


def test_lone_cr_as_line_end_makes_the_whole_file_one_line(lint: Lint) -> None:
    assert [Found.of(finding) for finding in lint(CARD.replace("\n", "\r"))] == AT_ONCE
