from __future__ import annotations

import pytest

from newscards.edits.operations import SetValue
from newscards.lint.findings import Fix
from tests.rules.cases import Found
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card

KNOWN = frozenset({"Oceans", "Science"})


def of(*topics: str) -> str:
    return card(topics="\n" + "\n".join(f"  - {topic}" for topic in topics))


def found(index: int, end_column: int) -> Found:
    return Found("NC615", 18 + index, 5, end_column, f"topics[{index}]", "error")


def test_a_topic_that_the_registry_does_not_have_is_found_on_it(find_all: FindAll) -> None:
    assert find_all(
        {"a.md": of("Oceans", "Ports"), "b.md": CARD, "c.md": of("Ebb", "Flow")}, topics=KNOWN
    ) == {
        "a.md": [found(1, 10)],
        "c.md": [found(0, 8), found(1, 9)],
    }


@pytest.mark.parametrize("topic", ["oceans", "OCEANS", "Ocean", '"Oceans "', '" "', "Ocèans"])
def test_a_topic_is_compared_letter_by_letter(topic: str, find_all: FindAll) -> None:
    assert find_all({"a.md": of(topic)}, topics=KNOWN) == {"a.md": [found(0, 5 + len(topic))]}


def test_each_of_very_many_unknown_topics_is_found(find_all: FindAll) -> None:
    expected = [found(index, 10) for index in range(100)]
    assert find_all({"a.md": of(*["Ports"] * 100)}, topics=KNOWN) == {"a.md": expected}


def test_all_topics_are_unknown_to_an_empty_registry(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD}, topics=frozenset()) == {"a.md": [found(0, 11), found(1, 12)]}


def test_a_topic_of_the_registry_is_fine(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": of('"Oceans"', "'Science'", "Oceans")}, topics=KNOWN) == {}


def test_without_a_registry_every_topic_is_fine(find_all: FindAll) -> None:
    assert find_all({"a.md": of("Ports"), "b.md": CARD}) == {}


@pytest.mark.parametrize(
    "topics",
    [
        None,
        "",
        "Ports",
        "5",
        "{Ports: 5}",
        "[]",
        "['']",
        "[5, 5.5, true, ~, 2023-06-20, [Ports], {Ports: 5}]",
    ],
)
def test_what_is_no_list_of_topics_is_left_to_other_rules(topics: str | None, find_all: FindAll) -> None:
    assert find_all({"a.md": card(topics=topics)}, topics=KNOWN) == {}


@pytest.mark.parametrize("broken", ["", "no card", of("Ports").removesuffix("---\n")])
def test_a_card_that_cannot_be_read_has_no_topics(broken: str, find_all: FindAll) -> None:
    assert find_all({"a.md": broken}, topics=KNOWN) == {}


def test_a_card_that_is_only_seen_is_not_told(find_all: FindAll) -> None:
    assert find_all({"a.md": of("Ports"), "b.md": of("Ports")}, seen=["a.md"], topics=KNOWN) == {
        "b.md": [found(0, 10)]
    }


def test_the_message_has_the_topic_and_the_help_what_was_meant(lint_all: LintAll) -> None:
    findings = lint_all({"a.md": of("Ocaens", "science", "Ports")}, topics=KNOWN)["a.md"]
    assert [finding.message for finding in findings] == [
        f"the topic `{topic}` is not in the registry" for topic in ("Ocaens", "science", "Ports")
    ]
    assert [finding.help for finding in findings] == [
        "did you mean `Oceans`?", "write `Science`", "correct it, or add it to the registry",
    ]  # fmt: skip
    assert findings[0].others == ()


@pytest.mark.parametrize(
    ("topic", "odd"),
    [
        ("Cafe\u0301", "U+0301 COMBINING ACUTE ACCENT"), ('"Café\xa0"', "U+00A0 NO-BREAK SPACE"),
        ("Ca\xadfé", "U+00AD SOFT HYPHEN"), ("caf&eacute;", ""), ("CAFÉ", ""),
    ],
)  # fmt: skip
def test_a_topic_that_a_reader_takes_for_one_of_the_registry_is_written_as_that(
    topic: str, odd: str, lint_all: LintAll
) -> None:
    (finding,) = lint_all({"a.md": of(topic)}, topics=frozenset({"Café", "Oceans"}))["a.md"]
    assert (f"(with {odd})" in finding.message) is bool(odd)
    assert finding.help == "write `Café`"
    assert finding.fix == Fix("write `Café`", SetValue("Café"))


def test_the_message_is_short_for_a_long_topic(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": of("x" * 100_000)}, topics=KNOWN)["a.md"]
    assert len(finding.message) < 200
