from __future__ import annotations

import time

import pytest

from newscards.edits.operations import SetValue
from tests.rules.cases import Found, block
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card


def of(*topics: str) -> str:
    return card(topics="\n" + "\n".join(f"  - {topic}" for topic in topics))


def found(index: int, end_column: int, *others: tuple[str, int]) -> Found:
    return Found("NC613", 18 + index, 5, end_column, f"topics[{index}]", "warning", others=others)


def test_the_rarer_spelling_is_found_and_the_cards_with_the_usual_one_are_named(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": of("Ports", "science"), "c.md": CARD}) == {
        "b.md": [found(1, 12, ("a.md", 19), ("c.md", 19))]
    }


def test_of_two_spellings_that_are_as_common_the_later_is_found_and_has_no_fix(lint_all: LintAll) -> None:
    ((path, (finding,)),) = lint_all({"a.md": of("AI"), "b.md": of("ai")}).items()
    assert (path, finding.others, finding.fix) == ("b.md", (("a.md", 18),), None)


def test_a_spelling_in_several_cards_is_one_finding_whose_fix_is_made_in_all(lint_all: LintAll) -> None:
    files = {f"{name}.md": of("ai") for name in "ab"} | {f"{name}.md": of("AI") for name in "cde"}
    ((path, (finding,)),) = lint_all(files).items()
    assert (path, finding.others) == ("a.md", (("b.md", 18),))
    assert finding.message == "the topic `ai` is `AI` in `c`, `d` and 1 more; the same in 1 other place"
    assert finding.fix
    assert [(each.path, each.change) for each in finding.fix.elsewhere] == [("b.md", SetValue("AI"))]


def test_of_three_spellings_each_is_held_against_the_most_common_one(find_all: FindAll) -> None:
    assert find_all({"a.md": of("Ai"), "b.md": of("AI"), "c.md": of("AI"), "d.md": of("ai")}) == {
        "a.md": [found(0, 7, ("b.md", 18), ("c.md", 18))],
        "d.md": [found(0, 7, ("b.md", 18), ("c.md", 18))],
    }


@pytest.mark.parametrize(
    ("topic", "seen", "odd"),
    [
        ("Deep\xa0Sea", "Deep Sea", "U+00A0 NO-BREAK SPACE"),
        ('"Deep Sea "', "Deep Sea", "U+0020 SPACE"),
        ("Deep\u200bSea", "DeepSea", "U+200B ZERO WIDTH SPACE"),
        ("Ho\u0302tels", "H\xf4tels", "U+0302 COMBINING CIRCUMFLEX ACCENT"),
    ],
)
def test_an_odd_spelling_is_found_though_it_is_the_only_one(
    topic: str, seen: str, odd: str, lint_all: LintAll
) -> None:
    ((path, (finding,)),) = lint_all({"a.md": of(topic), "b.md": of(topic), "c.md": CARD}).items()
    assert (path, finding.others) == ("a.md", (("b.md", 18),))
    name = topic.strip('"')
    assert finding.message == f"the topic `{name}` (with {odd}) reads as `{seen}`; the same in 1 other place"
    assert finding.fix
    assert finding.fix.change == SetValue(seen)
    assert [(each.path, each.change) for each in finding.fix.elsewhere] == [("b.md", SetValue(seen))]


def test_each_topic_of_a_card_is_told(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": of("OCEANS", "SCIENCE"), "c.md": CARD}) == {
        "b.md": [found(0, 11, ("a.md", 18), ("c.md", 18)), found(1, 12, ("a.md", 19), ("c.md", 19))]
    }


@pytest.mark.parametrize(
    ("usual", "odd", "name"),
    [
        ("Café", "Cafe\u0301", "U+0301 COMBINING ACUTE ACCENT"),
        ("Sea level", "Sea\xa0level", "U+00A0 NO-BREAK SPACE"),
        ("Ports", "Po\u200brts", "U+200B ZERO WIDTH SPACE"),
        ("Ports", '"Ports "', "U+0020 SPACE"),
    ],
)
def test_a_spelling_with_what_cannot_be_seen_is_never_the_right_one(
    usual: str, odd: str, name: str, lint_all: LintAll
) -> None:
    found = lint_all({"a.md": of(odd), "b.md": of(usual), "c.md": of(odd)})
    assert {path: len(findings) for path, findings in found.items()} == {"a.md": 1}
    (finding,) = found["a.md"]
    assert f"(with {name}) is `{usual}` in `b`" in finding.message
    assert finding.fix
    assert finding.fix.change == SetValue(usual)


def test_a_card_with_both_spellings_does_not_hide_another(lint_all: LintAll) -> None:
    found = lint_all({"a.md": of("Café", "Cafe\u0301"), "b.md": of("Cafe\u0301")})
    assert list(found) == ["b.md"]
    assert found["b.md"][0].others == (("a.md", 18),)


def test_two_spellings_in_one_card_alone_are_told_by_repeated_topic(find_all: FindAll) -> None:
    assert find_all({"a.md": of("AI", "ai")}) == {}


def test_capitals_beyond_ascii_are_seen(find_all: FindAll) -> None:
    assert set(find_all({"a.md": of("Énergie"), "b.md": of("énergie"), "c.md": of("Énergie")})) == {"b.md"}


@pytest.mark.parametrize("topic", ["Ocean", "Oceans and ports", "Océans", "Science", "0ceans", '""', "' '"])
def test_another_topic_is_fine(topic: str, find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": of(topic), "c.md": CARD, "d.md": of(topic)}) == {}


@pytest.mark.parametrize(
    "topics",
    [
        None, "", "oceans", "5", "{oceans: science}", "[]", "[5, true, ~, [oceans], {oceans: science}]",
        "[2023-06-20, 5.5]", "\n  - oceans: science",
    ],
)  # fmt: skip
def test_what_is_no_list_of_topics_is_left_to_other_rules(topics: str | None, find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": card(topics=topics), "c.md": CARD}) == {}


def test_cards_of_two_sites_are_two_corpora(find_all: FindAll) -> None:
    assert find_all({"one/_news/a.md": CARD, "two/_news/b.md": of("oceans")}) == {}


def test_with_a_registry_it_is_left_to_unknown_topic(find_all: FindAll) -> None:
    files = {"a.md": CARD, "b.md": of("oceans")}
    assert find_all(files, topics=frozenset({"Oceans"})) == find_all(files, topics=frozenset()) == {}


@pytest.mark.parametrize("broken", ["", "no card", of("oceans").removesuffix("---\n")])
def test_a_card_that_cannot_be_read_has_no_topics(broken: str, find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": broken}) == {}


def test_a_card_that_is_only_seen_counts_and_is_not_told(find_all: FindAll) -> None:
    files = {"a.md": of("AI"), "b.md": of("ai"), "c.md": of("AI")}
    assert find_all(files, seen=["a.md", "c.md"]) == {"b.md": [found(0, 7, ("a.md", 18), ("c.md", 18))]}
    assert find_all(files, seen=["b.md"]) == {}


def test_the_message_has_both_spellings_and_the_help_the_usual_one(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": CARD, "b.md": of("oceans"), "c.md": CARD})["b.md"]
    assert finding.message == "the topic `oceans` is `Oceans` in `a` and `c`"
    assert finding.help == "write `Oceans`"


def test_the_message_is_short_for_long_topics(lint_all: LintAll) -> None:
    for findings in lint_all({"a.md": of("x" * 5000), "b.md": of("X" * 5000)}).values():
        assert len(findings[0].message) < 200
        assert len(findings[0].help) < 200


def test_very_many_cards_in_two_spellings_cost_little(lint_all: LintAll) -> None:
    start = time.monotonic()
    found = lint_all({f"{n:04}.md": block(f"topics: [{'AI' if n % 2 else 'ai'}]\n") for n in range(2000)})
    assert time.monotonic() - start < 30
    assert [len(finding.others) for findings in found.values() for finding in findings] == [100]


def test_a_card_that_has_a_topic_many_times_is_one_card(lint_all: LintAll) -> None:
    cards = {f"{name}.md": card(topics="\n  - Portals") for name in "ab"}
    found = lint_all(cards | {"c.md": card(topics="\n  - PORTALS" * 3)})
    assert {path for path, findings in found.items() if findings} == {"c.md"}
    assert found["c.md"][0].message.startswith("the topic `PORTALS` is `Portals` in `a` and `b`")
