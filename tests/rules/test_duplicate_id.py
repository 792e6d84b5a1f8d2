from __future__ import annotations

import pytest

from tests.rules.cases import Found, block, north
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD

EMPTY = block("a: 1\n")


def found(*others: str) -> list[Found]:
    return [Found("NC611", 1, 1, 1, "", "warning", others=tuple((path, 1) for path in others))]


def test_of_two_files_of_one_name_the_second_is_found_as_a_whole(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "old/a.md": north()}) == {"old/a.md": found("a.md")}


def test_three_files_of_one_name_are_one_finding(find_all: FindAll) -> None:
    assert find_all({"a.md": EMPTY, "a.markdown": EMPTY, "x/y/a.md": EMPTY, "b.md": EMPTY}) == {
        "x/y/a.md": found("a.markdown", "a.md")
    }


def test_below_a_byte_order_mark_too_the_whole_card_is_its_first_line(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "old/a.md": "\ufeff" + CARD}) == {"old/a.md": found("a.md")}


@pytest.mark.parametrize("name", ["b.md", "A.md", "a-.md", "a.b.md", "2023-06-20-a.md", "a .md"])
def test_a_file_of_another_name_is_fine(name: str, find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, name: CARD}) == {}


@pytest.mark.parametrize(
    "names",
    [
        ("a/index.md", "b/index.md"),
        ("a/index.md", "a/index.no.md", "a/index.pt-br.md"),
        ("en/a.md", "de/a.md", "zh-cn/a.md"),
        ("x/en/a/index.md", "x/de/a/index.md"),
        ("a.en.md", "a.de.md", "a.md"),
    ],
)
def test_bundles_and_translations_of_one_file_name_are_fine(
    names: tuple[str, ...], find_all: FindAll
) -> None:
    assert find_all(dict.fromkeys(names, EMPTY)) == {}


def test_bundles_of_one_name_in_one_language_are_found(find_all: FindAll) -> None:
    names = ["2023/a/index.md", "2024/a/index.md", "en/b.md", "de/b.md", "de/old/b.md"]
    assert find_all(dict.fromkeys(names, EMPTY)) == {
        "2024/a/index.md": found("2023/a/index.md"),
        "de/old/b.md": found("de/b.md"),
    }


def test_the_message_names_what_has_the_name(lint_all: LintAll) -> None:
    findings = lint_all(dict.fromkeys(["2023/a/index.md", "2024/a/index.md"], EMPTY))
    (finding,) = findings["2024/a/index.md"]
    assert finding.message == "the folder's name, which is the card's id, is also that of `2023/a/index.md`"


def test_files_of_one_name_on_two_sites_are_fine(find_all: FindAll) -> None:
    assert find_all({"one/_news/a.md": CARD, "two/_news/a.md": CARD, "three/a.md": CARD}) == {}


def test_files_of_one_name_on_one_site_are_found(find_all: FindAll) -> None:
    assert find_all({"one/_news/a.md": CARD, "one/_news/2023/a.md": CARD}) == {
        "one/_news/a.md": found("one/_news/2023/a.md")
    }


@pytest.mark.parametrize("broken", ["", "no card", b"\xff\xfe", CARD.removesuffix("---\n")])
def test_a_card_that_cannot_be_read_is_told_as_that_alone(broken: str | bytes, find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "old/a.md": broken}) == {}


def test_a_card_that_is_only_seen_is_named_and_not_told(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "old/a.md": CARD}, seen=["a.md"]) == {"old/a.md": found("a.md")}


def test_the_message_has_the_name_and_the_files(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": CARD, "old/a.md": CARD})["old/a.md"]
    assert finding.message == "the file's name, which is the card's id, is also that of `a.md`"
    assert finding.help == "rename all but one"


def test_the_message_names_two_of_many_files_and_counts_the_rest(lint_all: LintAll) -> None:
    findings = lint_all({f"{folder:03}/a.md": EMPTY for folder in range(300)})
    ((path, (finding,)),) = findings.items()
    assert path == "299/a.md"
    assert finding.message.endswith("/a.md` and 297 more")
    assert len(finding.others) == 100
    assert finding.path not in dict(finding.others)


def test_the_message_is_short_for_long_names(lint_all: LintAll) -> None:
    name = "n" * 200
    (finding,) = lint_all({f"{name}.md": CARD, f"old/{name}.md": CARD})[f"old/{name}.md"]
    assert len(finding.message) < 200


def test_a_name_that_is_not_harmless_is_shown_harmless(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a\x1b[31m\n.md": CARD, "b/a\x1b[31m\n.md": CARD})["b/a\x1b[31m\n.md"]
    assert finding.message == ("the file's name, which is the card's id, is also that of `a\\x1b[31m .md`")


def test_a_name_that_is_not_utf8_is_compared_too(find_all: FindAll) -> None:
    assert find_all({"Kr\udce4he.md": CARD, "old/Kr\udce4he.md": CARD, "Kr\udcc4ehe.md": CARD}) == {
        "old/Kr\udce4he.md": found("Kr\udce4he.md"),
    }
