from __future__ import annotations

import json

import pytest

from tests.conftest import MakeCorpus, Run
from tests.rules.cases import Found, site
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card

WELLS = card(title='"Wells"', webUrl='"https://www.tide.example/wells"', originalUrl=None, secured=None)
FOUND = [Found("NC204", 1, 1, 1)]
NAMES = ["_x.md", ".x.md", "#x.md", "~x.md", "x.md~", "x."]
BELOW = ["p/_x.md", "p/q/.x.md", "p/x.md~", "_q/x.md", ".q/x.md", "#q/x.md", "~q/x.md", "_q/p/x.md", ".md"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_hides_a_card_is_found_on_the_card(name: str, find_all: FindAll) -> None:
    assert find_all({name: CARD, f"site/_news/{name}": CARD}) == {name: FOUND, f"site/_news/{name}": FOUND}


@pytest.mark.parametrize("name", BELOW)
def test_a_name_or_an_outermost_folder_that_hides_a_card_is_found(name: str, find_all: FindAll) -> None:
    assert find_all({f"_news/{name}": CARD}) == {f"_news/{name}": FOUND}


@pytest.mark.parametrize(
    "name",
    ["x.md", "-x.md", "x_.md", "x~.md", "x#.md", "x.md.bak", "p/_q/x.md", "p/.q/x.md", "p/q~/x.md",
     "old~/x.md", ".htaccess", ".htaccess-x.md", "(x).md", "2023-06-20-_x.md"],
)  # fmt: skip
def test_any_other_name_is_fine(name: str, find_all: FindAll) -> None:
    assert find_all({f"_news/{name}": CARD}) == {}


def test_a_folder_above_the_cards_hides_nothing(find_all: FindAll) -> None:
    assert find_all({"_site/_news/x.md": CARD, ".git/_news/x.md": CARD}) == {}


@pytest.mark.parametrize("flag", ["false", "no", "", "~", None, '"true"', "0"])
def test_a_card_whose_flag_does_not_say_true_is_fine(flag: str | None, find_all: FindAll) -> None:
    assert find_all({"_x.md": card(published=flag)}) == {}


@pytest.mark.parametrize("flag", ["true", "yes", "True", "on"])
def test_whatever_the_word_for_true(flag: str, find_all: FindAll) -> None:
    assert find_all({"_x.md": card(published=flag)}) == {"_x.md": FOUND}


@pytest.mark.parametrize("text", ["", "no card", CARD.removesuffix("---\n"), card(title='"x'), b"\xff"])
def test_a_file_that_cannot_be_read_has_no_flag(text: str | bytes, find_all: FindAll) -> None:
    assert find_all({"_x.md": text}) == {}


@pytest.mark.parametrize(
    "text", ["\ufeff" + CARD, card(date="2199-01-01"), card(date="foo"), card(excerpt=":x")]
)
def test_a_name_counts_before_all_that_stands_in_the_card(text: str, find_all: FindAll) -> None:
    assert find_all({"_x.md": text}) == {"_x.md": FOUND}


def test_a_name_that_the_configuration_includes_is_fine(find_all: FindAll) -> None:
    assert find_all(site(CARD, "include: [_x.md]\n", "_x.md")) == {}
    assert find_all({f"b/{name}": text for name, text in site(CARD, "include: [y]\n", "_x.md").items()}) == {
        "b/_news/_x.md": FOUND
    }


def test_the_message_says_what_the_site_does(lint_all: LintAll) -> None:
    (finding,) = lint_all({"_x.md": CARD})["_x.md"]
    assert "Jekyll leaves out" in finding.message
    assert finding.message.count("the site will not publish this card") == 1
    assert finding.help == "rename the file"


def reported(run: Run, *args: str) -> list[tuple[str, str]]:
    """Return path and message of what the rule finds; the index must give the same."""
    outs = [
        run("validate", "--select", "NC204", "--format", "json", *args, *more).out
        for more in (("--no-cache",), (), ())
    ]
    assert outs[0] == outs[1] == outs[2]
    return [(each["path"], each["message"]) for each in json.loads(outs[0])["findings"]]


@pytest.mark.parametrize(
    "name", ["_x.md", ".x.md", "#x.md", "~x.md", "p/_x.markdown", "_q/x.md", "_q/p/x.md"]
)
def test_a_published_card_that_its_name_hides_is_found_in_its_folder(
    name: str, run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"_news/wells.md": WELLS, f"_news/{name}": CARD})
    for args in ([], ["_news"], ["_news", f"_news/{name}"]):
        ((path, message),) = reported(run, *args)
        assert path == f"_news/{name}"
        assert message.startswith("Jekyll leaves out files and folders with such a name: ")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_x.md", card(published="false")), ("_x.md", card(published=None)), ("_x.md", "no card\n"),
        ("x.md~", CARD), (".x.md.swp", CARD), (".git/x.md", CARD), ("_x.html", CARD), ("_wells.md", WELLS),
        (".wells.md", CARD), ("_x.md", CARD.removesuffix("---\n")),
    ],
)  # fmt: skip
def test_no_other_file_with_such_a_name_is_found(
    name: str, text: str, run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"_news/wells.md": WELLS, f"_news/{name}": text})
    assert reported(run) == []


def test_a_folder_that_is_no_site_is_not_searched(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"cards/wells.md": WELLS, "cards/_x.md": CARD, "cards/_drafts/x.md": CARD})
    assert reported(run, "cards") == []
