"""The benchmark runs, changes nothing that is not its own, and reckons rightly; no time is tested."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from newscards.lint.findings import MAX_FINDINGS
from tests.benchmarks import __main__ as benchmark
from tests.benchmarks import contenders as names
from tests.benchmarks import hostile
from tests.benchmarks.corpora import change_quality, changer, prepare, usual_topic
from tests.benchmarks.goals import GOALS, SMALL, WHOLE, Goal, Ratio, a_card, growth, medians, paired
from tests.benchmarks.measuring import Contender, RunFailedError, Usage, in_turn, run
from tests.benchmarks.tables import Measured, goals_table, growth_table, medians_table, rendered
from tests.conftest import Run
from tests.support import ROOT, card
from tests.support.corpus_generator import generate


def usages(*walls: float) -> list[Usage]:
    return [Usage(wall, wall * 2, 10) for wall in walls]


def contents(folder: Path) -> dict[Path, tuple[bytes, int]]:
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*.md")}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    generate(tmp_path / "site", 12, oddities=True)
    return tmp_path / "site"


@pytest.mark.exhaustive
def test_it_gives_a_table_of_medians_and_one_of_ratios() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--cards", "12", "--rounds", "1", "--settle", "0"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert result.stderr == ""
    lines = [line for line in result.stdout.splitlines() if not line.startswith("note:")]
    medians, goals, machine = (table.splitlines() for table in "\n".join(lines).split("\n\n"))
    assert re.fullmatch(r"12 cards, 0\.\d MB: medians", medians[0])
    assert medians[1].split() == ["command", "rounds", "wall", "s", "CPU", "s", "MiB"]
    assert [re.sub(r"  +1( +[\d.]+){3}$", "", line).strip() for line in medians[2:]] == [
        "python-frontmatter, C loader", "read all bytes", "stat all files", "import click",
        "import click + stat all files", "filter-by-topic, cold", "filter-by-topic, first",
        "filter-by-topic, warm", "filter-by-topic, one changed", "filter-by-topic, one card",
        "validate, cold", "validate, first", "validate, warm", "validate, one changed", "validate, one card",
        "list --limit 20, cold", "list --limit 20, warm", "list --count, cold", "list --count, warm",
            "list --where, cold", "list --where, warm", "list --search, cold", "list --search, warm",
            "stories, cold", "stories, warm",
        "--version",
    ]  # fmt: skip
    assert goals[1].split() == ["command", "against", "goal", "wall", "CPU", "met"]
    assert [line.split("  ")[1] for line in goals[2:]] == [goal.contender for goal in GOALS]
    assert re.fullmatch(r"\d+ CPUs, \w+, Python 3\.[\d.]+, newscards .*, click .*", machine[0])


def test_a_corpus_that_is_given_stays_as_it_is(tmp_path: Path, corpus: Path) -> None:
    before = contents(corpus)
    place = prepare(str(tmp_path), str(corpus), 0, False)
    found = list(names.commands(names.Newscards(("newscards",), ()), place, 1))
    for contender in found:
        contender.before()
    assert contents(corpus) == before
    copied = contents(Path(place.copy))
    assert len(copied) == len(before)
    same = [copied[Path(place.copy) / path.relative_to(corpus)][0] == before[path][0] for path in before]
    assert same.count(False) == 1
    assert {each.name for each in found if place.copy in each.command} == {
        "filter-by-topic, one changed", "validate, one changed",
    }  # fmt: skip


def test_a_folder_of_cards_without_a_site_is_copied_as_it_is(tmp_path: Path, corpus: Path) -> None:
    place = prepare(str(tmp_path), str(corpus / "_news"), 0, False)
    assert (place.cards, len(contents(Path(place.copy)))) == (12, 12)


@pytest.mark.parametrize(
    ("args", "asked"),
    [
        ([], [(WHOLE, 1000), (WHOLE, 5000), (SMALL, 1000), (SMALL, 10_000), (SMALL, 100_000)]),
        (["--small"], [(SMALL, 1000), (SMALL, 10_000), (SMALL, 100_000)]),
        (["--quick"], [(WHOLE, 1000), (SMALL, 1000)]),
        (["--cards", "7,8"], [(WHOLE, 7), (WHOLE, 8)]),
        (["--cards", "7", "--small"], [(SMALL, 7)]),
        (["--corpus", "somewhere"], [(WHOLE, 0)]),
    ],
)
def test_the_options_choose_the_corpora(args: list[str], asked: list[tuple[str, int]]) -> None:
    assert benchmark.kinds_and_sizes(benchmark.options_of(args)) == asked


@pytest.mark.parametrize("args", [["--cards", "0"], ["--rounds", "0"], ["--corpus", ".", "--small"]])
def test_what_cannot_be_measured_is_refused(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        benchmark.options_of(args)
    assert "error" in capsys.readouterr().err


def test_ratios_are_made_pair_by_pair() -> None:
    assert paired(usages(2, 30, 8), usages(1, 10, 2)) == Ratio(3, 3)


def test_a_ruler_of_one_round_is_that_of_all_rounds() -> None:
    assert paired(usages(40), usages(1, 2, 4)) == Ratio(20, 20)


def test_what_took_nothing_has_no_ratio() -> None:
    assert math.isnan(paired(usages(1), usages(0)).wall)
    assert math.isnan(growth([Usage(1, 1, 0), Usage(-1, 1, 0)])[1].wall)


def test_the_median_of_each_figure_is_taken_alone() -> None:
    assert medians([Usage(1, 9, 5), Usage(2, 8, 6), Usage(3, 7, 4)]) == Usage(2, 8, 5)


@pytest.mark.parametrize(("own", "met"), [(1.0, True), (2.5, True), (2.6, False)])
def test_faster_is_the_rulers_time_by_ones_own(own: float, met: bool) -> None:
    goal = Goal("one", "ruler", 40, faster=True)
    ratio = goal.ratio({"one": usages(own), "ruler": usages(100)})
    assert ratio
    assert ratio.wall == pytest.approx(100 / own)
    assert (goal.bound, goal.is_met(ratio)) == ("≥ 40", met)


@pytest.mark.parametrize(("own", "met"), [(1.0, True), (2.4, True), (2.6, False)])
def test_slower_is_ones_own_time_by_the_rulers(own: float, met: bool) -> None:
    goal = Goal("one", "ruler", 1.2)
    ratio = goal.ratio({"one": usages(own), "ruler": usages(2)})
    assert ratio
    assert ratio.wall == pytest.approx(own / 2)
    assert (goal.bound, goal.is_met(ratio)) == ("≤ 1.2", met)


def test_a_goal_without_its_ruler_is_left_out() -> None:
    assert Goal("one", "ruler", 2).ratio({"one": usages(1)}) is None
    assert len(goals_table(Measured(WHOLE, 1, 0, {"--version": usages(1)}))) == 1


def test_every_goal_is_about_what_is_measured(tmp_path: Path, corpus: Path) -> None:
    place = prepare(str(tmp_path), str(corpus), 0, False)
    found = {each.name for each in names.contenders(names.Newscards(("newscards",), ()), place, 1, 1)}
    assert {goal.contender for goal in GOALS} | {goal.ruler for goal in GOALS} <= found


def test_no_contender_shares_the_cache_of_the_user_and_first_has_none(tmp_path: Path, corpus: Path) -> None:
    place = prepare(str(tmp_path), str(corpus), 0, False)
    found = list(names.commands(names.Newscards(("newscards",), ("--no-cache",)), place, 1))
    caches = {each.name: each.environment["NEWSCARDS_CACHE_DIR"] for each in found}
    assert all(cache.startswith(place.caches) for cache in caches.values())
    assert caches["validate, warm"] == caches["filter-by-topic, warm"] != caches["validate, one changed"]
    assert {each.name for each in found if "--no-cache" in each.command} == {
        name for name in caches if name.endswith((", cold", ", one card"))
    }
    first = next(each for each in found if each.name == "validate, first")
    Path(caches["validate, first"]).mkdir()
    first.before()
    assert not Path(caches["validate, first"]).exists()


def test_goals_are_asked_of_the_corpora_that_they_are_about() -> None:
    runs = {"filter-by-topic, cold": usages(1), "python-frontmatter, C loader": usages(50)}
    header, whole = goals_table(Measured(WHOLE, 9, 1, runs))
    assert header == ("command", "against", "goal", "wall", "CPU", "met")
    assert whole[2:] == ("≥ 40", "50.0", "50.0", "yes")
    assert goals_table(Measured(SMALL, 9, 1, runs))[1][2:] == ("", "50.0", "50.0", "")


def test_a_card_costs_what_a_run_takes_beyond_its_start() -> None:
    runs = {"validate, cold": usages(11), "validate, one card": usages(1)}
    assert a_card(runs, "validate", "cold", 101) == Usage(0.1, 0.2, 0)
    assert a_card(runs, "validate", "warm", 101) is None
    assert a_card(runs, "validate", "cold", 1) is None


def test_growth_is_held_against_the_first_size() -> None:
    sizes = [
        Measured(SMALL, cards, 1, {"validate, cold": usages(1 + wall), "validate, one card": usages(1)})
        for cards, wall in ((101, 1), (1001, 11), (10_001, 130))
    ]
    _, *rows = growth_table(sizes)
    assert [row[1:3] for row in rows] == [
        ("101", "10000.0"), ("1,001", "11000.0"), ("10,001", "13000.0"),
    ]  # fmt: skip
    assert [row[4:] for row in rows] == [
        ("", "1", "1", ""), ("≤ 1.2", "1.10", "1.10", "yes"), ("≤ 1.2", "1.30", "1.30", "no"),
    ]  # fmt: skip


def test_words_stand_to_the_left_and_figures_to_the_right() -> None:
    rows = [("command", "s"), ("a", "1.5"), ("bcd", "12.5")]
    assert rendered("T", rows, False) == "T\n  command     s\n  a         1.5\n  bcd      12.5\n"
    assert rendered("T", rows, True).splitlines() == [
        "**T**", "", "| command | s |", "| --- | ---: |", "| a | 1.5 |", "| bcd | 12.5 |",
    ]  # fmt: skip
    assert medians_table(Measured(WHOLE, 1, 1, {"a": usages(1, 3)}))[1] == ("a", "2", "2.000", "4.000", "10")


def test_contenders_are_run_in_turn_each_as_often_as_it_is_to_be(tmp_path: Path) -> None:
    order: list[str] = []

    def contender(name: str, rounds: int) -> Contender:
        return Contender(name, (sys.executable, "-c", ""), rounds, before=lambda: order.append(name))

    runs = in_turn([contender("a", 1), contender("b", 3), contender("c", 2)], str(tmp_path))
    assert "".join(order) == "abcbcb"
    assert {name: len(each) for name, each in runs.items()} == {"a": 1, "b": 3, "c": 2}


def test_memory_is_that_of_the_process_and_not_of_the_benchmark(tmp_path: Path) -> None:
    mine = bytearray(100 << 20)
    mine[:: 1 << 12] = b"x" * len(mine[:: 1 << 12])
    nothing = run(Contender("nothing", (sys.executable, "-c", ""), 1), str(tmp_path))
    much = run(Contender("much", (sys.executable, "-c", "'x' * 100_000_000"), 1), str(tmp_path))
    assert 1 < nothing.memory < 90 < much.memory
    assert all(figure > 0 for figure in much)


def test_a_run_that_fails_is_told_with_what_it_said(tmp_path: Path) -> None:
    code = "import sys; print('oh', file=sys.stderr); sys.exit(2)"
    with pytest.raises(RunFailedError, match="it: exit code 2\noh"):
        run(Contender("it", (sys.executable, "-c", code), 1), str(tmp_path))
    assert run(Contender("it", (sys.executable, "-c", "exit(1)"), 1), str(tmp_path))


def test_one_cards_quality_changes_and_nothing_else(corpus: Path) -> None:
    before = contents(corpus / "_news")
    changer(str(corpus))()
    after = contents(corpus / "_news")
    changed = [path for path in before if before[path][0] != after[path][0]]
    assert len(changed) == 1
    lines = [lines.splitlines() for lines in (before[changed[0]][0], after[changed[0]][0])]
    different = [pair for pair in zip(*lines, strict=True) if pair[0] != pair[1]]
    assert [line.partition(b":")[0] for line in different[0]] == [b"quality"] * 2


def test_a_card_without_a_quality_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "2023-06-20-gauges.md"
    path.write_text(card(quality=None))
    assert not change_quality(str(path))
    with pytest.raises(ValueError, match="no card"):
        changer(str(tmp_path))()


def test_the_topic_is_the_one_that_the_nearest_to_a_tenth_of_the_cards_has(tmp_path: Path) -> None:
    for at in range(10):
        topics = "\n  - Oceans\n" + "  - Science\n" * (at < 4) + '  - "Rare one"\n' * (at < 2)
        (tmp_path / f"2023-06-20-{at}.md").write_text(card(topics=topics))
    assert usual_topic([str(path) for path in sorted(tmp_path.iterdir())]) == "Rare one"
    assert usual_topic([]) == "none"


@pytest.mark.parametrize("full_of", hostile.CARDS)
def test_a_hostile_card_is_checked_fixed_and_edited_whatever_it_is_full_of(
    full_of: str, tmp_path: Path, run: Run
) -> None:
    path = tmp_path / hostile.NAME
    path.write_text(hostile.CARDS[full_of](20_000), encoding="utf-8", newline="")
    before = path.read_bytes()
    for name, command in hostile.commands((), str(path)).items():
        result = run(*command)
        assert result.code in (0, 1), (name, result.err)
        assert "newscards failed" not in result.err, name
    report = json.loads(run("validate", str(path), "--format", "json").out)
    counts = Counter(finding["code"] for finding in report["findings"])
    assert all(number <= MAX_FINDINGS for number in counts.values())
    assert path.read_bytes() == before
    run("validate", str(path), "--unsafe-fixes")
    after = json.loads(run("validate", str(path), "--format", "json").out)
    assert after["summary"]["fixable"] == 0


def test_the_table_of_hostile_cards_has_the_worst_command_of_each() -> None:
    found = [
        ("a", "list", Usage(0.1, 0.1, 250)),
        ("a", "why", Usage(2, 2, 50)),
        ("b", "list", Usage(1, 1, 1)),
    ]
    assert hostile.table(iter(found))[1:] == [
        ("a", "why", "2.00", "list", "250", "no"),
        ("b", "list", "1.00", "list", "1", "yes"),
    ]
