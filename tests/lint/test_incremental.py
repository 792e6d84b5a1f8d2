"""A corpus that is checked by way of its index: whatever changes, what is told is what a first run tells."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscards import clock
from newscards.corpus.discovery import find
from newscards.corpus.index.folder import open_index
from newscards.frontmatter.limits import LIMITS
from newscards.lint import conventions, incremental
from newscards.lint.findings import FindingFormat, Report
from newscards.lint.incremental import IncrementalLint
from newscards.lint.linter import Linter
from newscards.lint.stored_findings import Printed
from newscards.output.reports.json_report import DOCUMENT, LINES
from newscards.rules.selection import ruleset, selected
from tests.rules.cases import ENTRY, listing, north
from tests.support import card
from tests.support.random_corpus import World

MOMENTS = [
    datetime(2026, 1, 15, tzinfo=UTC),
    datetime(2026, 2, 1, tzinfo=UTC),
    datetime(2027, 6, 1, tzinfo=UTC),
]
FORMS: list[list[FindingFormat | None]] = [
    [None],
    [None, None],
    [LINES],
    [DOCUMENT],
    [LINES, DOCUMENT, LINES],
]
SEEDS = 6
"""How many sequences of changes each part tries; some thousands were tried once."""


pytestmark = pytest.mark.usefixtures("kept_of_few_cards")


def linters(rng: random.Random) -> Callable[[], Linter]:
    """Return what makes linters of one kind: with a registry or without, of some rules, apart or not."""
    rules = ruleset(
        selected(rng.choice([["NC"], ["NC1", "NC4"], *[["NC6", "NC111", "NC410"]] * 6]), []), {}, {}
    )
    topics = rng.choice([None, None, frozenset({"Oceans", "science"})])
    domains = rng.choice([{}, {}, {"a.example": "Tide"}])
    names = rng.choice([frozenset[str]()] * 4 + [frozenset({"Tide"})])
    apart = rng.random() < 0.4
    return lambda: Linter(rules, topics=topics, providers=domains, organizations=names, apart=apart)


def anew(folder: Path, make: Callable[[], Linter]) -> Report:
    linter = make()
    (found,) = find([str(folder)])
    for path in found.paths:
        linter.check(path)
    return linter.report()


def with_index(
    folder: Path, cache: Path, make: Callable[[], Linter], form: FindingFormat | None = None
) -> Report | Printed:
    (found,) = find([str(folder)])
    index = open_index(str(cache), str(folder), LIMITS)
    return IncrementalLint(found, LIMITS, index, b"", form, make, lambda checked, count: checked).report()


def told(report: Report | Printed) -> tuple[int, frozenset[str], Sequence[object]]:
    """Return all of a report that a format tells."""
    assert isinstance(report, Report)
    findings = [
        (
            each.rule, each.severity, each.path, each.line, each.column, each.end_line, each.end_column,
            each.source, each.field, each.message, each.help, each.others,
            each.fix and (each.fix.title, each.fix.safe),
        )
        for each in report.findings
    ]  # fmt: skip
    return report.cards, report.paths, findings


def sequence(seed: int, folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Change a corpus at random; yield what differs between runs with and without its index."""
    rng = random.Random(seed)
    world, make = World(folder, rng), linters(rng)
    monkeypatch.setattr(incremental, "_MIN_CARDS_PER_CHANGED", rng.choice([0, 0, 0, 1, 2]))
    monkeypatch.setattr(conventions, "_CARDS_PER_EXCEPTION", rng.choice([0, 1, 2, 3, 20]))
    done = ["made"]
    for _ in range(rng.randint(3, 8)):
        report = anew(folder, make)
        forms: list[FindingFormat | None] = rng.choice(FORMS)
        for form in forms:
            found = with_index(folder, cache, make, form)
            if isinstance(found, Printed):
                assert form
                assert found.summary == report.summary
                same = b"".join(found.parts()) == "".join(form.render(report)).encode()
            else:
                same = told(found) == told(report)
            if not same:
                yield f"seed {seed}: {done}"
        done += [world.change() for _ in range(rng.choice([1, 1, 1, 2, 3]))]
        if rng.random() < 0.1:
            moment = rng.choice(MOMENTS)
            monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
            done.append(str(moment))


@pytest.mark.exhaustive(always=1)
@pytest.mark.parametrize("part", range(4))
def test_whatever_changes_what_is_told_is_what_a_first_run_tells(
    part: int, tmp_path: Path, ways: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(part * SEEDS, (part + 1) * SEEDS):
        folder = tmp_path / str(seed)
        (folder / "cards").mkdir(parents=True)
        assert not [*sequence(seed, folder / "cards", folder / "kept", monkeypatch)]
    assert {*ways} == {"kept", "partly", "whole"}
    assert ways.count("partly") > SEEDS


def test_an_entry_depends_on_the_card_of_its_title_too(tmp_path: Path, ways: list[str]) -> None:
    """An entry with another URL copies the only card with its title, date and provider."""
    folder, cache = tmp_path / "cards", tmp_path / "kept"
    folder.mkdir()
    outdated = ENTRY.replace("/north", "/former")
    (folder / "gauges.md").write_text(card(related=listing(outdated)))
    (folder / "north.md").write_text(north(related=None, secured=None))
    rules = ruleset(selected(["related-unknown", "related-stale"], []), {}, {})

    def codes(report: Report | Printed) -> list[str]:
        assert isinstance(report, Report)
        return [finding.rule.code for finding in report.findings]

    assert codes(with_index(folder, cache, lambda: Linter(rules))) == ["NC606"]
    (folder / "north.md").write_text(north(related=None, secured=None, title='"Gauges far north"'))
    assert codes(with_index(folder, cache, lambda: Linter(rules))) == ["NC605"]
    assert ways == ["whole", "partly"]
