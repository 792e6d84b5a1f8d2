"""Cards that are reported apart: each has the findings that it has where it alone is checked."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from newscards.corpus.discovery import find
from newscards.lint.findings import Finding, by_path
from newscards.lint.linter import Linter
from newscards.rules.selection import ruleset, selected
from tests.conftest import MakeCorpus
from tests.support import ROOT, card
from tests.support.corpus_generator import generate
from tests.support.random_corpus import World

SEEDS = 20


def make_linter() -> Linter:
    return Linter(ruleset(selected(["NC"], []), {}, {}))


def shown(finding: Finding) -> tuple[object, ...]:
    """Return what the tables of SQL show of a finding, and how many it stands for."""
    texts = finding.field, finding.message
    place = finding.path, finding.line, finding.column
    return finding.rule, finding.severity, *place, *texts, finding.more, finding.is_published


def apart(paths: Sequence[str], make: Callable[[], Linter]) -> dict[str, list[Finding]]:
    """Return the findings of cards that are reported apart, by path."""
    linter = make()
    linter.apart = True
    for file in linter.check_files((path, True) for path in paths):
        linter.add(file.checked)
    return by_path(linter.report().findings)


def differing(paths: Sequence[str], make: Callable[[], Linter], step: int = 1) -> list[str]:
    """Return the cards, of every ``step``-th, that have other findings where all others are neighbours."""
    found, linter = apart(paths, make), make()
    neighbours = [file.checked for file in linter.check_files((path, False) for path in paths)]
    for checked in neighbours:
        linter.add(checked)
    others: list[str] = []
    for path, neighbour in [*zip(paths, neighbours, strict=True)][::step]:
        linter.forget(path)
        linter.add(linter.check_file(path))
        alone = linter.report().findings
        linter.forget(path)
        linter.add(neighbour)
        if list(map(shown, alone)) != list(map(shown, found.get(path, []))):
            others.append(path)
    return others


def paths_of(folder: Path) -> list[str]:
    return [path for found in find([str(folder)]) for path in found.paths]


def test_each_card_of_a_random_corpus_has_the_findings_that_it_has_alone(tmp_path: Path) -> None:
    codes: set[str] = set()
    for seed in range(SEEDS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        rng = random.Random(seed)
        World(folder, rng)
        topics = rng.choice([None, frozenset({"Oceans", "science"})])
        names = rng.choice([frozenset[str](), frozenset({"Tide"})])
        rules = make_linter().rules

        def make() -> Linter:
            return Linter(rules, topics=topics, organizations=names)  # noqa: B023 - called in this turn

        paths = paths_of(folder)
        assert differing(paths, make) == [], seed
        codes |= {each.rule.code for found in apart(paths, make).values() for each in found}
    assert codes >= {f"NC{number}" for number in (601, 602, 605, 606, 607, 608, 609, 611, 612, 613, 614, 616)}


def test_each_card_of_a_corpus_with_oddities_has_the_findings_that_it_has_alone(tmp_path: Path) -> None:
    generate(tmp_path, 400, oddities=True)
    paths = paths_of(tmp_path)
    assert differing(paths, make_linter, step=9) == []
    assert len(apart(paths, make_linter)) > 10


def test_the_cards_of_the_sample_have_no_findings_apart_either() -> None:
    assert apart(paths_of(ROOT / "sample_data"), make_linter) == {}


def test_each_real_card_has_the_findings_that_it_has_alone(real_cards: Path) -> None:
    paths = paths_of(real_cards)
    assert differing(paths, make_linter, step=len(paths) // 25) == []


def test_what_is_wrong_in_a_card_does_not_explain_a_finding_of_its_copy(make_corpus: MakeCorpus) -> None:
    entry = '\n  - title: "A"\n    webUrl: "https://www.tide.example/a"\n    quality: 67'
    make_corpus(
        {
            "a.md": card(title='"A"', webUrl='"https://www.tide.example/a"', quality="6.5"),
            "b.md": card(title='"B"', webUrl='"https://www.tide.example/b"', related=entry),
        }
    )
    found = apart(["a.md", "b.md"], make_linter)
    assert "NC606" not in {each.rule.code for each in found["a.md"]}
    assert "NC606" in {each.rule.code for each in found["b.md"]}
    assert differing(["a.md", "b.md"], make_linter) == []


def test_a_finding_of_very_many_cards_is_in_each_of_them(make_corpus: MakeCorpus) -> None:
    names = [f"2023-06-20-{number:03}.md" for number in range(205)]
    make_corpus({name: card(title=f'"{name}"', topics="[oceans]", secured=None) for name in names})
    found = apart(names, make_linter)
    assert {each.rule.code for each in found[names[-1]]} >= {"NC601"}
    assert all([each.rule.code for each in found[name]].count("NC601") == 1 for name in names)
    assert differing(names, make_linter, step=40) == []
