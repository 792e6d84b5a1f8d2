"""Listings of whole corpora, real, generated and sample, held against PyYAML and plain loops."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW, Run
from tests.output.test_rows import in_json, reading, same_as_pyyaml
from tests.support import ROOT
from tests.support.corpus_generator import generate

Fields = Mapping[str, Any]
REAL = ["powerapps", "stories", "archive"]


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    generate(folder, 200)
    return folder / "_news"


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> Path:
    """Return the folder of the corpus that the test's parameter names."""
    name: str = request.param
    if name == "sample":
        return ROOT / "sample_data/_news"
    found: Path = request.getfixturevalue("generated" if name == "generated" else "real_cards")
    return found if name == "generated" else found / name


def all_of(folder: Path) -> dict[str, Fields]:
    """Return what PyYAML reads in a folder's cards, by id, in the order of a listing."""
    return {path.stem: reading(path) for path in sorted(folder.glob("*.md"))}


def some_of(folder: Path) -> tuple[list[str], dict[str, Fields]]:
    """Return at most 200 of a folder's cards, spread over it, as PATHs and as what PyYAML reads in them."""
    paths = sorted(folder.glob("*.md"))
    paths = paths[:: -(-len(paths) // 200)]
    return list(map(str, paths)), {path.stem: reading(path) for path in paths}


@pytest.mark.parametrize(
    ("args", "count"),
    [
        (["list"], 674),
        (["list", "--published"], 428),
        (["list", "--unpublished"], 674 - 428),
        (["list", "--min-quality", "80"], 230),
        (["filter-by-topic", "Portals"], 40),
        (["filter-by-topic", "pORTALS"], 40),
        (["filter-by-topic", "Portals", "--published", "--min-quality", "72"], 36),
    ],
)
def test_as_many_real_cards_are_chosen_as_there_are(
    run: Run, real_cards: Path, args: list[str], count: int
) -> None:
    result = run(*args, str(real_cards / "powerapps"), "--count")
    assert (result.code, result.out, result.err) == (0, f"{count}\n", "")


@pytest.mark.parametrize("folder", ["generated", *REAL], indirect=True)
def test_json_has_what_pyyaml_reads(run: Run, folder: Path) -> None:
    result = run("list", str(folder), "--format", "json")
    assert (result.code, result.err) == (0, "")
    assert same_as_pyyaml(result.raw, folder) == len(all_of(folder)) > 1


@pytest.mark.parametrize("folder", ["sample", "generated", *REAL], indirect=True)
def test_related_and_secured_are_there_where_they_are_asked_for(run: Run, folder: Path) -> None:
    result = run("list", str(folder), "--format", "jsonl", "--columns", "related,secured,related.title")
    for line, fields in zip(result.out.splitlines(), all_of(folder).values(), strict=True):
        expected: dict[str, Any] = {
            name: in_json(fields[name]) for name in ("related", "secured") if name in fields
        }
        if "related" in fields:
            expected["related.title"] = [entry["title"] for entry in fields["related"]]
        assert json.loads(line) == expected


@pytest.mark.parametrize("folder", ["sample", "generated", *REAL], indirect=True)
def test_csv_is_read_back_and_tsv_has_a_line_a_card(run: Run, folder: Path) -> None:
    cards = all_of(folder)
    raw = run("list", str(folder), "--format", "csv", "--columns", "id,title,excerpt,quality").raw
    rows = list(csv.reader(io.StringIO(raw.decode(), newline="")))
    assert rows.pop(0) == ["id", "title", "excerpt", "quality"]
    assert len(rows) == len(cards)
    for (identifier, title, excerpt, quality), (name, fields) in zip(rows, cards.items(), strict=True):
        assert (identifier, quality) == (name, str(fields["quality"]))
        assert title.removeprefix("'") == fields["title"]
        assert excerpt.removeprefix("'") == fields["excerpt"]
    lines = run("list", str(folder)).out.split("\n")
    assert [line.split("\t")[0] for line in lines[:-1]] == list(cards)
    assert {line.count("\t") for line in lines[:-1]} == {7}


Predicate = Callable[[Fields], bool]
Case = tuple[list[str], Predicate]


def cases(cards: dict[str, Fields]) -> list[Case]:
    """Return options with the plainest predicate of each, with values that these cards have."""
    found = list(cards.values())
    topics = [name for name, _ in Counter(t for f in found for t in f["topics"]).most_common()]
    first, rare = topics[min(1, len(topics) - 1)], topics[-1]
    by_quality = sorted(f["quality"] for f in found)
    low, high = by_quality[len(found) // 3], by_quality[2 * len(found) // 3]
    heat = sorted(f["heat"] for f in found)[len(found) // 2]
    dates = sorted(f["publishedDateTime"] for f in found)
    start, end = dates[len(found) // 4], dates[3 * len(found) // 4]
    middle = dates[len(found) // 2]
    age = (NOW.date() - middle.date()).days
    name, domain = (found[len(found) // 2]["provider"][key] for key in ("name", "domain"))

    def has(topic: str) -> Predicate:
        return lambda f: topic.casefold() in [name.casefold() for name in f["topics"]]

    def both(*tests: Predicate) -> Predicate:
        return lambda f: all(test(f) for test in tests)

    singles: dict[str, Case] = {
        "topic": (["--topic", first.swapcase()], has(first)),
        "rare": (["--topic", rare], has(rare)),
        "any": (["--topic", first, "--topic", rare], lambda f: has(first)(f) or has(rare)(f)),
        "all": (["--topic", first, "--topic", topics[0], "--all-topics"], both(has(first), has(topics[0]))),
        "least": (["--min-quality", str(low)], lambda f: f["quality"] >= low),
        "most": (["--max-quality", str(high)], lambda f: f["quality"] <= high),
        "heat": (["--min-heat", str(heat)], lambda f: f["heat"] >= heat),
        "published": (["--published"], lambda f: f["published"] is True),
        "unpublished": (["--unpublished"], lambda f: f["published"] is False),
        "article": (["--type", "article"], lambda f: f["type"] == "article"),
        "video": (["--type", "video"], lambda f: f["type"] == "video"),
        "name": (["--provider", name.upper()], lambda f: f["provider"]["name"] == name),
        "domain": (["--provider", domain], lambda f: f["provider"]["domain"] == domain),
        "since": (["--since", f"{start:%Y-%m-%d}"], lambda f: f["publishedDateTime"].date() >= start.date()),
        "until": (["--until", f"{end:%Y-%m-%d}"], lambda f: f["publishedDateTime"].date() <= end.date()),
        "from month": (["--since", f"{start:%Y-%m}"],
                       lambda f: f"{f['publishedDateTime']:%Y-%m}" >= f"{start:%Y-%m}"),
        "to month": (["--until", f"{end:%Y-%m}"],
                     lambda f: f"{f['publishedDateTime']:%Y-%m}" <= f"{end:%Y-%m}"),
        "younger": (["--since", f"{age}d"],
                    lambda f: NOW.date() - f["publishedDateTime"].date() <= timedelta(days=age)),
        "older": (["--until", f"{age}d"],
                  lambda f: NOW.date() - f["publishedDateTime"].date() >= timedelta(days=age)),
    }  # fmt: skip
    mixed = ["published least since", "topic unpublished most", "any heat article", "least most since until"]
    for names in map(str.split, mixed):
        parts = [singles[name] for name in names]
        options = [word for args, _ in parts for word in args]
        singles[" ".join(names)] = (options, both(*(test for _, test in parts)))
    return list(singles.values())


@pytest.mark.parametrize("folder", ["sample", "generated", *REAL], indirect=True)
def test_every_option_chooses_what_a_plain_loop_does(run: Run, folder: Path) -> None:
    paths, cards = some_of(folder)
    answers = set()
    for args, test in cases(cards):
        expected = [name for name, fields in cards.items() if test(fields)]
        result = run("list", *paths, *args, "--format", "ids")
        assert (result.code, result.err) == (0, "")
        assert result.out.split() == expected, args
        answers.add(len(expected))
    assert len(answers) > min(8, len(cards))


@pytest.mark.parametrize("folder", ["sample", *REAL], indirect=True)
def test_sorting_is_what_a_plain_sort_does(run: Run, folder: Path) -> None:
    paths, read = some_of(folder)
    cards = list(read.items())
    plain = {
        "quality": sorted(cards, key=lambda card: card[1]["quality"]),
        "-publishedDateTime": sorted(cards, key=lambda card: card[1]["publishedDateTime"], reverse=True),
        "type,-quality,id": sorted(cards, key=lambda card: (card[1]["type"], -card[1]["quality"], card[0])),
        "provider.name": sorted(cards, key=lambda card: card[1]["provider"]["name"].casefold()),
    }
    for order, expected in plain.items():
        found = run("list", *paths, "--sort", order, "--format", "ids").out.split()
        assert found == [name for name, _ in expected]
        assert (
            found[:3] == run("list", *paths, "--sort", order, "--limit", "3", "--format", "ids").out.split()
        )
