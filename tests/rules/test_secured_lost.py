from __future__ import annotations

import pytest

from newscards.lint.conventions import Convention
from tests.rules.cases import Found
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card

WITHOUT = card(secured=None)
FOUND = [Found("NC617", 2, 1, 15, "secured", "warning")]


def corpus(with_secured: int, without: int, text: str = WITHOUT) -> dict[str, str | bytes]:
    cards: dict[str, str | bytes] = {f"with-{number}.md": CARD for number in range(with_secured)}
    return cards | {f"without-{number}.md": text for number in range(without)}


def test_the_only_card_without_it_is_found_on_the_first_line(find_all: FindAll) -> None:
    assert find_all(corpus(1, 1)) == {"without-0.md": FOUND}
    assert find_all(corpus(30, 1)) == {"without-0.md": FOUND}


def test_a_few_of_many_are_found_each(find_all: FindAll) -> None:
    assert find_all(corpus(39, 3)) == {f"without-{number}.md": FOUND for number in range(3)}


@pytest.mark.parametrize(("having", "without"), [(0, 2), (1, 2), (18, 2), (37, 3), (0, 30), (30, 30)])
def test_a_corpus_in_which_several_lack_it_is_fine(having: int, without: int, find_all: FindAll) -> None:
    assert find_all(corpus(having, without)) == {}


def test_a_corpus_in_which_all_have_it_is_fine(find_all: FindAll) -> None:
    assert find_all(corpus(3, 0)) == {}


def test_the_only_card_of_a_site_should_have_it(find_all: FindAll) -> None:
    assert find_all({"_news/a.md": WITHOUT}) == {"_news/a.md": FOUND}


def test_a_file_outside_of_any_site_is_no_corpus(find_all: FindAll) -> None:
    assert find_all({"a.md": WITHOUT}) == {}


@pytest.mark.parametrize("value", ["", '""', "5", "[]", '"AAAA"'])
def test_a_value_that_is_wrong_is_left_to_other_rules(value: str, find_all: FindAll) -> None:
    assert find_all(corpus(30, 1, card(secured=value))) == {}


@pytest.mark.parametrize("key", ["Secured", "secure", "securd", "SECURED", "sercured"])
def test_a_misspelt_key_is_left_to_the_rule_about_it(key: str, find_all: FindAll) -> None:
    assert find_all(corpus(30, 1, CARD.replace("secured:", f"{key}:"))) == {}


def test_secured_in_the_body_is_left_to_the_rule_about_it(find_all: FindAll) -> None:
    assert find_all(corpus(30, 1, CARD.replace("\nsecured:", "---\nsecured:"))) == {}


def test_other_keys_are_no_reason(find_all: FindAll) -> None:
    text = WITHOUT.replace("heat: 67\n", "heat: 67\nlayout: news\n5: x\nsource: y\n")
    assert find_all(corpus(30, 1, text)) == {"without-0.md": FOUND}


def test_a_card_that_cannot_be_read_is_one_of_the_others(find_all: FindAll) -> None:
    assert find_all(corpus(18, 2)) == {}
    broken: dict[str, str | bytes] = {"x.md": "no card"}
    assert find_all(corpus(18, 2) | broken) == {"without-0.md": FOUND, "without-1.md": FOUND}


def test_two_sites_are_two_corpora(find_all: FindAll) -> None:
    one = {f"one/_news/{name}": text for name, text in corpus(30, 0).items()}
    two = {f"two/_news/{name}": text for name, text in corpus(0, 2).items()}
    assert find_all(one | two) == {}


def test_a_card_that_is_only_seen_counts_and_is_not_told(find_all: FindAll) -> None:
    assert find_all(corpus(1, 2), seen=["without-0.md"]) == {}
    assert find_all(corpus(2, 1), seen=["without-0.md"]) == {}
    assert find_all(corpus(2, 1), seen=["with-0.md", "with-1.md"]) == {"without-0.md": FOUND}


def test_the_conventions_of_a_corpus_can_be_given(find_all: FindAll) -> None:
    given = frozenset({Convention.SECURED})
    assert find_all(corpus(0, 2), conventions=given) == {"without-0.md": FOUND, "without-1.md": FOUND}
    assert find_all(corpus(30, 1), conventions=frozenset()) == {}


def test_the_message_says_what_to_do(lint_all: LintAll) -> None:
    (finding,) = lint_all(corpus(1, 1))["without-0.md"]
    assert finding.message == "`secured` is missing, which nearly every card has"
    assert (
        finding.help
        == "restore it from the card's history; a new card, which never had it, gets it from the pipeline"
    )
