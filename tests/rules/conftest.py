"""A card through ``lint_card``, from a real file, with LF and with CRLF line ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newscards.lint import Finding, lint_card
from tests.conftest import MakeCorpus
from tests.rules.cases import Found

Lint = Callable[[str | bytes], list[Finding]]
Find = Callable[[str | bytes], list[Found]]


@pytest.fixture
def lint(make_corpus: MakeCorpus) -> Lint:
    """Return a function that writes a card and returns its findings."""

    def lint_text(text: str | bytes) -> list[Finding]:
        make_corpus({"card.md": text})
        return lint_card("card.md")

    return lint_text


@pytest.fixture
def find(lint: Lint) -> Find:
    """Return a function that writes a card, with LF and with CRLF, and returns where its findings are.

    They are the same with both: a line's end is no column of it.
    """

    def find_in(text: str | bytes) -> list[Found]:
        source = text if isinstance(text, bytes) else text.encode()
        with_lf = [Found.of(finding) for finding in lint(source)]
        with_crlf = [Found.of(finding) for finding in lint(source.replace(b"\n", b"\r\n"))]
        assert with_crlf == with_lf, "CRLF"
        return with_lf

    return find_in
