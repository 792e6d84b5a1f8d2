"""``validate`` through its door: which cards are seen, which are told, and how."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card


def of(number: int, **fields: str | None) -> str:
    """Return a sound card that is like no other."""
    url = f'"https://www.tide.example/{number}"'
    iv = f"{number:02}AAAAAAAAAAAAAAAAAAAA=="
    own = {"title": f'"Part {number}"', "webUrl": url, "originalUrl": url, "secured": f'"{"A" * 22}==;{iv}"'}
    return card(**(own | fields))


TWIN = 'https://www.tide.example/twin"'


def twin(number: int) -> str:
    return of(number, webUrl=f'"{TWIN}')


def told(run: Run, *args: str) -> list[tuple[str, list[str]]]:
    """Return the files that have a finding, each with the others that it names."""
    found = json.loads(run("validate", *args, "--format", "json").out)["findings"]
    assert {each["rule"] for each in found} <= {"duplicate-url"}
    return [(each["path"], [other["path"] for other in each["others"]]) for each in found]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([], ["_news/b/c.md"]),
        (["_news"], ["_news/b/c.md"]),
        (["_news/a.md"], ["_news/a.md"]),
        (["_news/b"], ["_news/b/c.md"]),
        (["_news/b", "_news/a.md"], ["_news/b/c.md"]),
        (["_news/d.md"], []),
    ],
)
def test_the_whole_news_of_a_site_is_seen_and_only_the_paths_are_told(
    args: list[str], expected: list[str], make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"_news/a.md": twin(1), "_news/b/c.md": twin(2), "_news/d.md": of(3)})
    assert [path for path, _ in told(run, *args)] == expected


def test_the_other_cards_are_named_as_the_user_would_write_them(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"_news/a.md": twin(1), "_news/b/c.md": twin(2)})
    assert told(run, "_news/b/c.md") == [("_news/b/c.md", ["_news/a.md"])]


def test_two_sites_are_two_corpora(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"x/_news/a.md": twin(1), "y/_news/b.md": twin(2)})
    assert told(run, "x", "y", "--select", "NC601") == []
    assert told(run, "x/_news/a.md", "--select", "NC601") == []


def test_folders_without_a_site_are_one_corpus(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"x/a.md": twin(1), "y/b.md": twin(2)})
    assert [path for path, _ in told(run, "x", "y")] == ["y/b.md"]
    assert told(run, "x") == []


def test_a_file_in_no_site_belongs_to_the_folder_that_it_is_in(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"x/a.md": twin(1), "x/deep/b.md": twin(2), "y/c.md": twin(3)})
    assert told(run, "x/a.md") == [("x/a.md", ["x/deep/b.md"])]
    assert told(run, "y/c.md") == []


def test_without_any_rule_nothing_is_said_to_be_fine(one_card: Path, run: Run) -> None:
    result = run("validate", "--ignore", "NC")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: no rule is left to be checked\n")


def test_a_file_in_the_corpus_that_is_set_belongs_to_that(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({"all/x/a.md": twin(1), "all/y/b.md": twin(2), "away/c.md": twin(3)})
    assert told(run, "--corpus", "all", "all/x") == [("all/x/a.md", ["all/y/b.md"])]
    monkeypatch.setenv("NEWSCARDS_CORPUS", "all")
    assert told(run, "all/x") == [("all/x/a.md", ["all/y/b.md"])]
    monkeypatch.delenv("NEWSCARDS_CORPUS")
    make_corpus({"newscards.toml": 'corpus = "all"'})
    assert told(run, "all/x") == [("all/x/a.md", ["all/y/b.md"])]


def test_a_broken_neighbour_is_not_told_and_not_in_the_way(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"_news/a.md": twin(1), "_news/b.md": "", "_news/c.md": twin(2)})
    assert told(run, "_news/a.md") == [("_news/a.md", ["_news/c.md"])]


def test_without_a_rule_that_compares_only_the_paths_are_read(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({"_news/a.md": twin(1), "_news/b.md": twin(2)})
    (folder / "_news" / "c.md").mkdir()
    assert told(run, "_news/a.md", "--ignore", "NC6") == []


def test_paths_from_standard_input_are_told(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"_news/a.md": twin(1), "_news/b.md": twin(2)})
    result = run("validate", "-", "--format", "concise", "-q", stdin=b"_news/b.md\n")
    assert [line.split(":")[0] for line in result.out.splitlines()] == ["_news/b.md"]
    assert "0 cards checked" in run("validate", "-", stdin=b"").out


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ([], 0),
        (["--strict"], 1),
        (["--strict", "--exit-zero"], 0),
        (["--select", "NC1", "--strict"], 0),
        (["--ignore", "NC411", "--strict"], 0),
    ],
)
def test_a_warning_fails_a_strict_run_alone(args: list[str], code: int, one_card: Path, run: Run) -> None:
    one_card.write_text(card(heat="1"))
    assert run("validate", *args).code == code


@pytest.mark.parametrize(("args", "code"), [([], 1), (["--exit-zero"], 0), (["--select", "NC1"], 0)])
def test_an_error_fails(args: list[str], code: int, one_card: Path, run: Run) -> None:
    one_card.write_text(card(published="0"))
    assert run("validate", *args).code == code


def test_a_wrong_rule_is_wrong_usage(one_card: Path, run: Run) -> None:
    for option in ("--select", "--ignore"):
        result = run("validate", option, "NC411,heat-below-qality", "--exit-zero")
        assert (result.code, result.out) == (2, "")
        assert "`heat-below-quality`" in result.err


def test_select_takes_the_place_of_the_configuration_and_ignore_adds_to_it(
    make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"newscards.toml": 'select = ["NC4"]\nignore = ["NC411"]', "a.md": card(heat="1", type="x")})

    def codes(*args: str) -> list[str]:
        found = json.loads(run("validate", "--format", "json", *args).out)["findings"]
        return [each["code"] for each in found]

    assert codes() == ["NC403"]
    assert codes("--select", "NC411") == ["NC411"]
    assert codes("--ignore", "NC403") == []
    assert codes("--select", "NC4") == ["NC403", "NC411"]
    assert codes("--select", "NC4", "--ignore", "unknown-choice") == ["NC411"]


def test_a_config_that_jekyll_cannot_read_is_told_once(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"_config.yml": "a: [", "_news/a.md": of(1), "_news/b.md": of(2)})
    result = run("validate")
    assert result.code == 0
    assert result.err.count("_config.yml") == 1
    assert result.err.startswith("warning: ")


def test_the_default_format_is_text_in_a_pipe_too(one_card: Path, run: Run) -> None:
    one_card.write_text(CARD.replace("heat: 67", "heat: 1"))
    assert run("validate").out == run("validate", "--format", "text").out


def test_a_card_that_is_named_in_two_ways_is_one(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({"_news/a.md": twin(1), "_news/b.md": twin(2)})
    here, there = "_news/a.md", str(folder / "_news" / "a.md")
    assert [len(others) for _, others in told(run, here, there)] == [1]
