"""Comments that suppress findings, and those that suppress nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newscards.lint.suppressions import suppressions_in
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card


def codes(run: Run, *args: str) -> list[str]:
    found = json.loads(run("validate", "--format", "json", *args).out)["findings"]
    return [each["code"] for each in found]


@pytest.mark.parametrize(
    "comment",
    [
        "1 # newscards: ignore[heat-below-quality]",
        "1  #newscards:ignore[ NC411 ]",
        "1 # newscards: ignore[NC4]",
        "1 # newscards: ignore[duplicate-key, heat-below-quality]",
        "1 # why: newscards: ignore[x] # newscards: ignore[NC411]",
    ],
)
def test_a_comment_on_the_line_suppresses_its_rule(comment: str, one_card: Path, run: Run) -> None:
    one_card.write_text(card(heat=comment))
    assert codes(run) == []


@pytest.mark.parametrize("between", ["", "\n", "# because\n", "  # because\n\n"])
def test_a_comment_above_the_line_suppresses_its_rule(between: str, one_card: Path, run: Run) -> None:
    comment = f"# newscards: ignore[NC411]\n{between}heat: 1\n"
    one_card.write_text(CARD.replace("heat: 67\n", comment))
    assert codes(run) == []
    one_card.write_text(CARD.replace("heat: 67\n", comment).replace("\n", "\r\n"), newline="")
    assert codes(run) == []


@pytest.mark.parametrize(
    "value",
    [
        "|\n  Ebb\n  &amp; flow",
        "| # newscards: ignore[NC501]\n  Ebb\n  &amp; flow",
        "Ebb\n  &amp; flow",
        '"Ebb\n  &amp; flow"',
        "Ebb\n  &amp; flow # newscards: ignore[NC501]",
    ],
)
def test_a_comment_at_a_value_suppresses_what_is_wrong_on_its_later_lines(
    value: str, one_card: Path, run: Run
) -> None:
    comment = "" if "ignore" in value else "# newscards: ignore[NC501]\n"
    text = CARD.replace('excerpt: "Old wells, new sensors."', f"{comment}excerpt: {value}")
    one_card.write_text(text)
    assert codes(run) == []
    one_card.write_text(
        text.replace(" # newscards: ignore[NC501]", "").replace("# newscards: ignore[NC501]\n", "")
    )
    assert codes(run) == ["NC501"]


def test_another_rule_and_another_line_are_told_and_so_is_the_comment(one_card: Path, run: Run) -> None:
    one_card.write_text(card(heat="1 # newscards: ignore[NC2]"))
    assert codes(run) == ["NC411", "NC111"]
    one_card.write_text(card(heat="1", type="article # newscards: ignore[NC411]"))
    assert codes(run) == ["NC111", "NC411"]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# newscards: ignore[NC411]", "this suppresses nothing: `NC411`"),
        ("# newscards: ignore[heat-below-qality]", "this suppresses nothing: `heat-below-qality`"),
        ("# newscards: ignore[]", "this comment names no rule"),
        ("# newscards: ignore", "this comment names no rule"),
    ],
)
def test_a_comment_that_suppresses_nothing_is_told_where_it_stands(
    comment: str, message: str, one_card: Path, run: Run
) -> None:
    one_card.write_text(card(heat=f"67 {comment}"))
    (found,) = json.loads(run("validate", "--format", "json").out)["findings"]
    assert (found["code"], found["line"], found["column"], found["message"]) == ("NC111", 10, 10, message)
    assert found["endColumn"] == 10 + len(comment)


def test_where_its_rule_is_not_checked_a_comment_is_not_said_to_be_left_behind(
    one_card: Path, run: Run
) -> None:
    one_card.write_text(card(heat="67 # newscards: ignore[NC411]"))
    assert codes(run, "--ignore", "NC411") == []
    assert codes(run, "--select", "NC1") == []


def test_what_looks_like_a_comment_within_a_value_is_none(one_card: Path, run: Run) -> None:
    text = card(title='"a # newscards: ignore[NC411]"', excerpt="|\n  # newscards: ignore[NC411]", heat="1")
    one_card.write_text(text)
    assert codes(run) == ["NC411"]
    assert suppressions_in(text.encode()) == []


def test_a_finding_over_several_cards_is_suppressed_in_the_card_with_the_comment(
    make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"a.md": card(title='"x" # newscards: ignore[NC602]'), "b.md": card(title='"x"')})
    found = json.loads(run("validate", "--select", "NC602", "--format", "json").out)["findings"]
    assert [each["path"] for each in found] == ["b.md"]


def test_what_is_suppressed_is_not_fixed(one_card: Path, run: Run) -> None:
    text = card(published="yes # newscards: ignore[boolean-spelling]")
    one_card.write_text(text)
    run("validate", "--fix")
    assert one_card.read_text() == text


def test_a_card_that_cannot_be_read_suppresses_nothing(one_card: Path, run: Run) -> None:
    one_card.write_text(card(title='"never closed # newscards: ignore[NC104]'))
    assert codes(run) == ["NC104"]


def test_a_comment_behind_the_mark_of_a_block_text_counts(one_card: Path, run: Run) -> None:
    one_card.write_text(card(excerpt="| # newscards: ignore[NC501]\n  It&#8217;s"))
    assert codes(run) == []


def test_very_many_comments_cost_little() -> None:
    """Each is looked up among the lines and values, and not all of them for each."""
    lines = "".join(f"k{number}: 1 # newscards: ignore[x]\n" for number in range(20_000))
    assert len(suppressions_in(f"---\n{lines}---\n".encode())) == 20_000


def twin(name: str, comment: str = "") -> str:
    """Return a card with the URL that all twins have, and with a comment behind it."""
    url = f'webUrl: "https://www.tide.example/gauges"{comment}'
    text = CARD.replace('webUrl: "https://www.tide.example/gauges"', url)
    return text.replace("Tide gauges get a second life", name)


IGNORE = "  # newscards: ignore[NC601]"


@pytest.mark.parametrize(
    ("comments", "told"),
    [
        (["", "", ""], [("NC601", "c.md", 2)]),
        (["", "", IGNORE], [("NC601", "b.md", 2)]),
        (["", IGNORE, IGNORE], [("NC601", "a.md", 2)]),
        ([IGNORE, IGNORE, IGNORE], []),
        ([IGNORE, "", ""], [("NC601", "c.md", 2)]),
    ],
)
def test_a_problem_of_several_cards_is_reported_at_one_without_a_comment(
    comments: list[str], told: list[tuple[str, str, int]], make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({f"{name}.md": twin(name, comment) for name, comment in zip("abc", comments, strict=True)})
    found = json.loads(run("validate", "--select", "NC601,NC111", "--format", "json").out)["findings"]
    assert [(each["code"], each["path"], len(each["others"])) for each in found] == told


def test_it_is_reported_at_one_for_which_the_configuration_does_not_ignore_the_rule(
    make_corpus: MakeCorpus, run: Run
) -> None:
    config = '[per-file-ignores]\n"c.md" = ["NC601"]\n'
    make_corpus({**{f"{name}.md": twin(name) for name in "abc"}, "newscards.toml": config})
    found = json.loads(run("validate", "--select", "NC601", "--format", "json").out)["findings"]
    assert [(each["path"], len(each["others"])) for each in found] == [("b.md", 2)]
