"""Baselines: what was there before is left out, what is new is told."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from tests.commands.test_validate import of
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card

OLD = {"_news/a.md": of(1, heat="1"), "_news/b.md": of(2, heat="1", excerpt='"a\u200b"')}


@pytest.fixture
def folder(make_corpus: MakeCorpus, run: Run) -> Path:
    """Return a corpus with old findings, and a baseline of them."""
    folder = make_corpus(OLD)
    result = run("validate", "--write-baseline", "known.json")
    assert (result.code, result.out) == (0, "")
    assert result.err == "note: wrote 3 findings in 2 cards to known.json\n"
    return folder


def test_a_baseline_counts_by_file_and_rule(folder: Path) -> None:
    assert json.loads((folder / "known.json").read_text()) == {
        "version": 1,
        "findings": {
            "_news/a.md": {"heat-below-quality": 1},
            "_news/b.md": {"heat-below-quality": 1, "invisible-character": 1},
        },
    }


def test_what_the_baseline_knows_is_not_told(folder: Path, run: Run) -> None:
    result = run("validate", "--baseline", "known.json", "--strict")
    assert (result.code, result.out) == (0, "2 cards checked: all fine.\n")
    assert result.err == "note: left out 3 findings that the baseline known.json has\n"


def test_it_survives_lines_above_and_another_folder(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "_news" / "a.md"
    path.write_text(path.read_text().replace("type:", "# more\n\n\ntype:"))
    assert run("validate", "--baseline", "known.json", "--strict").code == 0
    monkeypatch.chdir(folder / "_news")
    assert run("validate", "--baseline", "../known.json", "--strict").code == 0
    assert run("validate", "--baseline", str(folder / "known.json"), "--strict", str(folder)).code == 0


def test_what_is_new_is_told(folder: Path, run: Run) -> None:
    (folder / "_news" / "c.md").write_text(of(3, published="0"))
    path = folder / "_news" / "a.md"
    path.write_text(path.read_text().replace('"Old wells', '"Old\u200b wells'))
    found = json.loads(run("validate", "--baseline", "known.json", "--format", "json").out)["findings"]
    assert [(each["path"], each["code"]) for each in found] == [
        ("_news/c.md", "NC201"),
        ("_news/a.md", "NC503"),
    ]


def test_of_more_findings_of_a_rule_all_are_told(folder: Path, run: Run) -> None:
    path = folder / "_news" / "b.md"
    path.write_text(path.read_text().replace('"Part 2"', '"Part\u200b 2"'))
    found = json.loads(run("validate", "--baseline", "known.json", "--format", "json").out)["findings"]
    assert [(each["code"], each["field"]) for each in found] == [("NC503", "title"), ("NC503", "excerpt")]


@pytest.mark.parametrize("index", ["from files", "from the index"])
def test_findings_beyond_those_that_are_reported_count(index: str, make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({"_news/2023-06-20-a.md": of(1, topics="\n" + "  - 5\n" * 150 + "  - x")})
    path = folder / "_news" / "2023-06-20-a.md"

    def findings_left() -> int:
        if index == "from the index":
            run("validate")
        result = run("validate", "--baseline", "known.json", "--format", "json")
        return len(json.loads(result.out)["findings"])

    result = run("validate", "--write-baseline", "known.json")
    assert result.err == "note: wrote 150 findings in 1 card to known.json\n"
    assert findings_left() == 0
    path.write_text(path.read_text().replace("  - x", "  - 5\n  - x"))
    assert findings_left() == 100


def test_findings_of_rules_that_were_not_run_are_not_gone(folder: Path, run: Run) -> None:
    result = run("validate", "--baseline", "known.json", "--select", "NC5")
    assert result.err == "note: left out 1 finding that the baseline known.json has\n"


def test_it_tells_when_it_can_shrink(folder: Path, run: Run) -> None:
    (folder / "_news" / "a.md").write_text(of(1))
    result = run("validate", "--baseline", "known.json")
    assert result.code == 0
    assert result.err.endswith(
        "note: 1 finding of the baseline no longer found: update it with --write-baseline known.json\n"
    )
    (folder / "_news" / "b.md").write_text(of(2))
    assert "note: 3 findings" in run("validate", "--baseline", "known.json").err
    run("validate", "--write-baseline", "known.json")
    assert run("validate", "--baseline", "known.json").err == ""


def test_what_was_not_checked_is_not_said_to_be_gone(folder: Path, run: Run) -> None:
    assert "gone" not in run("validate", "_news/a.md", "--baseline", "known.json").err


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2, "findings": {}}', '{"version": 1}',
             '{"version": 1, "findings": []}',
             '{"version": 1, "findings": {"a": 5}}', '{"version": 1, "findings": {"a": {"b": "c"}}}',
             '{"version": 1, "findings": {"a": {"b": -1}}}', "[" * 30000],
)  # fmt: skip
def test_a_broken_baseline_is_wrong_usage(text: str, one_card: Path, run: Run) -> None:
    (one_card.parent / "known.json").write_text(text)
    result = run("validate", "--baseline", "known.json")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: known.json is not a baseline")


def test_a_baseline_that_is_not_there_is_wrong_usage(one_card: Path, run: Run) -> None:
    result = run("validate", "--baseline", "known.json")
    assert result.code == 2
    assert "make one with --write-baseline" in result.err
    assert run("validate", "--write-baseline", "gone/known.json").code == 2


def test_a_sound_corpus_has_an_empty_baseline(one_card: Path, run: Run) -> None:
    assert one_card.read_text() == CARD
    run("validate", "--write-baseline", "known.json")
    assert json.loads((one_card.parent / "known.json").read_text()) == {"version": 1, "findings": {}}


def test_an_error_is_left_out_like_a_warning(one_card: Path, run: Run) -> None:
    one_card.write_text(card(published="0"))
    run("validate", "--write-baseline", "known.json")
    assert run("validate", "--baseline", "known.json").code == 0


def test_what_a_run_did_not_look_at_stays_in_the_baseline(folder: Path, run: Run) -> None:
    before = (folder / "known.json").read_text()
    run("validate", "_news/a.md", "--write-baseline", "known.json")
    run("validate", "--select", "NC5", "--write-baseline", "known.json")
    assert (folder / "known.json").read_text() == before


def test_a_file_that_is_no_baseline_is_not_overwritten(folder: Path, run: Run) -> None:
    result = run("validate", "--write-baseline", "_news/a.md")
    assert result.code == 2
    assert (folder / "_news" / "a.md").read_text() == OLD["_news/a.md"]


def test_a_baseline_is_written_whole_or_not_at_all(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, names = (folder / "known.json").read_bytes(), sorted(path.name for path in folder.iterdir())

    def full(source: str, target: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), target)

    monkeypatch.setattr(os, "replace", full)
    result = run("validate", "--write-baseline", "known.json", "--select", "NC5")
    assert (result.code, result.err) == (
        2, "error: cannot write the baseline known.json: No space left on device\n"
    )  # fmt: skip
    assert (folder / "known.json").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == names


def test_a_baseline_with_a_second_name_keeps_it(folder: Path, run: Run) -> None:
    os.link(folder / "known.json", folder / "second.json")
    assert run("validate", "--write-baseline", "known.json", "--select", "NC5").code == 0
    assert (folder / "known.json").samefile(folder / "second.json")


CONFIG = 'baseline = "known.json"\n'


def test_the_configuration_may_name_the_baseline(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "newscards.toml").write_text(CONFIG)
    result = run("validate", "--strict")
    assert (result.code, result.out) == (0, "2 cards checked: all fine.\n")
    assert result.err == "note: left out 3 findings that the baseline known.json has\n"
    assert run("validate", "--strict", "--no-baseline").code == 1
    (folder / "other.json").write_text('{"version": 1, "findings": {}}')
    assert run("validate", "--strict", "--baseline", "other.json").code == 1
    monkeypatch.chdir(folder / "_news")
    assert run("validate", "--strict").code == 0
    assert 'baseline = "known.json"' in run("config").out


def test_a_baseline_of_the_configuration_that_is_missing_is_an_error_until_it_is_written(
    folder: Path, run: Run
) -> None:
    (folder / "known.json").unlink()
    (folder / "newscards.toml").write_text(CONFIG)
    result = run("validate")
    assert (result.code, result.out) == (2, "")
    assert "cannot read the baseline known.json, which newscards.toml names: No such file" in result.err
    assert "make one with `--write-baseline known.json`, or use --no-baseline" in result.err
    assert run("list").code == 0
    assert run("validate", "--no-baseline").code == 0
    assert run("validate", "--write-baseline", "known.json").code == 0
    assert run("validate", "--strict").code == 0


def test_no_baseline_and_a_baseline_exclude_each_other(folder: Path, run: Run) -> None:
    result = run("validate", "--baseline", "known.json", "--no-baseline")
    assert result.code == 2
    assert "--no-baseline and --baseline exclude each other" in result.err


@pytest.mark.parametrize("value", ["5", '""', '["known.json"]'])
def test_a_baseline_of_the_configuration_is_a_path(folder: Path, run: Run, value: str) -> None:
    (folder / "newscards.toml").write_text(f"baseline = {value}\n")
    result = run("validate")
    assert result.code == 2
    assert "newscards.toml:1:12: `baseline` must be a path" in result.err
