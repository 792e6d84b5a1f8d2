"""A card through ``lint_card``, from a real file, with LF and with CRLF line ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import pytest

from newscards.lint.findings import Finding
from newscards.lint.linter import Linter
from newscards.lint.ruleset import Ruleset
from newscards.rules import RULES
from tests.conftest import MakeCorpus
from tests.rules.cases import Found
from tests.support import lint_card

Lint = Callable[[str | bytes], list[Finding]]
Find = Callable[[str | bytes], list[Found]]
Files = Mapping[str, str | bytes]


class LintAll(Protocol):
    """What ``lint_all`` returns."""

    def __call__(
        self, files: Files, *, seen: Collection[str] = (), **options: Any
    ) -> dict[str, list[Finding]]: ...


class FindAll(Protocol):
    """What ``find_all`` returns."""

    def __call__(
        self, files: Files, *, seen: Collection[str] = (), **options: Any
    ) -> dict[str, list[Found]]: ...


@pytest.fixture
def lint(make_corpus: MakeCorpus, request: pytest.FixtureRequest) -> Lint:
    """Return a function that writes a card and returns its findings of the rules that the test module names.

    Most cards that show one thing show others too, and those have tests of their own.
    """
    codes = set(re.findall(r"NC\d{3}", Path(request.path).read_text(encoding="utf-8")))

    def lint_text(text: str | bytes) -> list[Finding]:
        make_corpus({"card.md": text})
        return [finding for finding in lint_card("card.md") if finding.rule.code in codes]

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


@pytest.fixture
def lint_all(make_corpus: MakeCorpus, request: pytest.FixtureRequest) -> LintAll:
    """Return a function that writes files and returns what the test module's rule finds in them, by path.

    Cards that are only ``seen`` are compared with, and not told of. ``options`` are those of ``Linter``;
    all cards are taken for those of a ``_news``.
    """
    module = import_module(f"newscards.rules.{Path(request.path).stem.removeprefix('test_')}")

    def lint_files(files: Files, *, seen: Collection[str] = (), **options: Any) -> dict[str, list[Finding]]:
        make_corpus(files)
        rules = Ruleset({module.RULE: module.RULE.severity}, RULES)
        linter = Linter(rules, **{"as_news": True} | options)
        for path in files:
            if not path.endswith(".yml"):
                (linter.add_neighbour if path in seen else linter.check)(path)
        found: dict[str, list[Finding]] = {}
        for finding in linter.report().findings:
            found.setdefault(finding.path, []).append(finding)
        return found

    return lint_files


@pytest.fixture
def find_all(lint_all: LintAll) -> FindAll:
    """Return a function as ``lint_all``, for where the findings are: the same with LF and with CRLF."""

    def find_in(files: Files, *, seen: Collection[str] = (), **options: Any) -> dict[str, list[Found]]:
        sources = {name: text if isinstance(text, bytes) else text.encode() for name, text in files.items()}
        windows = {name: source.replace(b"\n", b"\r\n") for name, source in sources.items()}
        with_lf, with_crlf = (
            {
                path: [Found.of(each) for each in found]
                for path, found in lint_all(each, seen=seen, **options).items()
            }
            for each in (sources, windows)
        )
        assert with_crlf == with_lf, "CRLF"
        return with_lf

    return find_in
