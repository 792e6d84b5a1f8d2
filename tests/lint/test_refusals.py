"""Edits that would create an error are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscards.errors import EditRefusedError
from newscards.lint.refusals import errors_in, refuse_findings
from newscards.rules.selection import every_linter
from tests.conftest import MakeCorpus
from tests.support import CARD, card


def test_an_error_in_a_field_that_is_set_is_refused_even_if_it_is_left_out(make_corpus: MakeCorpus) -> None:
    text = card(topics="\n" + "  - 5\n" * 299 + "  - 5", secured="5")
    make_corpus({"a.md": text})
    linter = every_linter()
    old, new = text.encode(), text.replace("secured: 5", "secured: 6").encode()
    refuse_findings(linter, "a.md", old, new, {"quality"})
    with pytest.raises(EditRefusedError, match="NC302: `secured`"):
        refuse_findings(linter, "a.md", old, new, {"secured"})


def test_a_linter_forgets_what_it_was_asked(one_card: Path) -> None:
    linter = every_linter()
    assert [each.rule.code for each in errors_in(linter, str(one_card), card(heat="x").encode())] == ["NC302"]
    assert errors_in(linter, str(one_card), CARD.encode()) == []
    assert linter.overlay == {}
