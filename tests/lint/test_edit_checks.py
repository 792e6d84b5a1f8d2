"""Edits that would create an error are refused, and those that create a warning say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscards.errors import EditRefusedError
from newscards.lint.edit_checks import EditCheck, findings_in
from newscards.lint.findings import Severity
from newscards.rules.selection import every_linter
from tests.conftest import MakeCorpus, Run
from tests.rules.cases import story
from tests.support import CARD, card


def test_an_error_in_a_field_that_is_set_is_refused_even_if_it_is_left_out(make_corpus: MakeCorpus) -> None:
    text = card(topics="\n" + "  - 5\n" * 299 + "  - 5", secured="5")
    make_corpus({"a.md": text})
    check = EditCheck(every_linter(), {Severity.ERROR})
    old, new = text.encode(), text.replace("secured: 5", "secured: 6").encode()
    check("a.md", old, new, {"quality"})
    with pytest.raises(EditRefusedError, match="NC302: `secured`"):
        check("a.md", old, new, {"secured"})


def test_a_linter_forgets_what_it_was_asked(one_card: Path) -> None:
    linter = every_linter()
    assert [each.rule.code for each in findings_in(linter, str(one_card), card(heat="x").encode())] == [
        "NC302"
    ]
    assert findings_in(linter, str(one_card), CARD.encode()) == []
    assert linter.overlay == {}


BELOW = "NC411: `heat` is 67, below the `quality` of"


def test_a_new_warning_is_said_in_the_plan_and_of_the_edit(run: Run, one_card: Path) -> None:
    warning = f"warning: {one_card.name}: it gets a warning: {BELOW} 80\n"
    for option in ("--dry-run", "--yes"):
        assert run("set", "quality", "80", one_card.name, option).err == warning
    # Only what is new is said: the card has had the warning.
    assert run("set", "quality", "81", one_card.name).err == ""


def test_a_new_warning_of_many_cards_is_one_line_with_their_number(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({f"{name}.md": card(heat=str(70 + number)) for number, name in enumerate("abcde")})
    result = run("set", "quality", "80", "--topic", "Oceans", "--yes", "--force")
    assert result.err == (
        "warning: 5 cards: they get a warning: NC411 heat-below-quality\n"
        "  a.md: `heat` is 70, below the `quality` of 80\n"
        "  b.md: `heat` is 71, below the `quality` of 80\n"
        "  c.md: `heat` is 72, below the `quality` of 80\n"
        "  and 2 more; --dry-run --format json shows them all\n"
        "note: 5 changed, 0 unchanged, 0 refused\n"
    )


def test_of_several_new_findings_of_a_rule_the_first_new_one_is_named(make_corpus: MakeCorpus) -> None:
    old = card(topics="\n  - A\n  - a\n  - B\n  - C\n  - D").encode()
    new = old.replace(b"- C", b"- b").replace(b"- D", b"- b")
    make_corpus({})
    (warning,) = EditCheck(every_linter()).warnings("a.md", old, new)
    assert warning.startswith("it gets a warning: NC506: ")
    assert warning.endswith("; and 1 more")
    assert "`b`" in warning


def test_an_error_that_is_forced_is_a_warning_of_the_edit(run: Run, one_card: Path) -> None:
    result = run("replace", "Oceans", "", "--field", "topics", one_card.name, "--force")
    assert result.code == 0
    assert f"warning: {one_card.name}: it gets an error: NC" in result.err


def test_a_rule_that_compares_cards_is_left_to_validate_even_if_it_is_an_error(
    run: Run, make_corpus: MakeCorpus
) -> None:
    settings = '[severities]\nrelated-unknown = "error"\n'
    make_corpus({**story(heat="90", quality="90"), "newscards.toml": settings})
    assert "NC605" not in run("set-published", "true", "north", "--dry-run").err
