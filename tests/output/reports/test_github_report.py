"""``validate --format github``: workflow commands that the runner reads back, and the step's summary."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from newscards.lint.findings import Finding, Report, Severity
from newscards.output.reports import github_report
from newscards.rules import RULES
from newscards.text import harmless, one_line, path_json
from tests.conftest import MakeCorpus, Run
from tests.output.reports.test_sarif_report import NASTY
from tests.output.terminal.test_findings import BROKEN, HOSTILE
from tests.support import CARD, card

Command = tuple[str, dict[str, str], str]


def parse(line: str) -> Command:
    """Read a line as the runner does (actions/runner, ActionCommand.TryParseV2): ``%25`` is the last."""
    found = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
    assert found

    def data(text: str) -> str:
        return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")

    properties = (part.split("=", 1) for part in found[2].split(","))
    read = {key: data(value.replace("%3A", ":").replace("%2C", ",")) for key, value in properties}
    return found[1], read, data(found[3])


def commands(run: Run, *args: str) -> list[Command]:
    result = run("validate", "--format", "github", *args)
    assert (result.code < 2, result.err) == (True, "")
    assert not re.search(rb"[\x00-\x09\x0b-\x1f]", result.raw)
    return [parse(line) for line in result.raw.decode().split("\n")[:-1]]


def finding(number: int, severity: Severity, message: str = "wrong") -> Finding:
    return Finding(RULES[number % 2].rule_name, severity, f"{number}.md", 1, 1, 1, 4, "---", "", message, "")


def test_a_finding_is_an_annotation_with_its_place(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({"site/_news/2023-06-20-a.md": card(heat='"67"')})
    (folder / ".git").mkdir()
    [(level, properties, message)] = commands(run, "site")
    assert level == "error"
    assert properties == {
        "file": "site/_news/2023-06-20-a.md",
        "line": "10",
        "col": "7",
        "endColumn": "11",
        "title": "NC302 wrong-type",
    }
    assert message.startswith("`heat` ")


@pytest.mark.parametrize("name", NASTY)
def test_a_path_is_read_back_whatever_it_holds(name: str, make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({name: card(heat='"67"')})
    expected = re.sub("\x1b", lambda match: harmless(match[0]), path_json(name))
    assert {properties["file"] for _, properties, _ in commands(run)} == {expected}


@pytest.mark.parametrize("files", [BROKEN, HOSTILE])
def test_nothing_in_a_card_begins_a_command(
    files: dict[str, str | bytes], make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus(files)
    assert {level for level, _, _ in commands(run)} <= {"error", "warning", "notice"}


def test_a_finding_of_several_lines_has_no_columns() -> None:
    several = Finding(
        RULES[0].rule_name, Severity.ERROR, "a.md", 2, 3, 4, 5, "x", "", "100%\r\n::stop::", "a, b: c"
    )
    level, properties, message = parse(github_report.render(Report(1, [several])).removesuffix("\n"))
    assert (level, message) == ("error", "100% ::stop::\nHelp: a, b: c")
    assert properties == {
        "file": "a.md",
        "line": "2",
        "endLine": "4",
        "title": f"{RULES[0].code} {RULES[0].name}",
    }


def test_after_ten_of_a_level_the_rest_is_counted_by_rule() -> None:
    findings = [finding(number, Severity.WARNING) for number in range(13)]
    findings += [finding(number, Severity.ERROR) for number in range(12)]
    lines = github_report.render(Report(25, findings)).splitlines()
    assert [line.split()[0] for line in lines] == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"]
    level, properties, message = parse(lines[-1])
    assert (level, properties) == ("notice", {"title": "newscards"})
    # The warnings 10, 11 and 12 and the errors 10 and 11 are left.
    first, second = (f"{rule.code} {rule.name}" for rule in RULES[:2])
    assert message == f"5 more findings: {first}: 3, {second}: 2"


def test_ten_of_each_need_no_notice() -> None:
    findings = [finding(number, severity) for number in range(10) for severity in Severity]
    assert len(github_report.render(Report(10, findings)).splitlines()) == 20


def rows(text: str) -> list[list[str]]:
    """Return the cells of the rows of the first table, as a reader of Markdown sees them."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    found: list[list[str]] = []
    for token, inner in pairwise(tokens):
        if token.type == "tr_open":
            found.append([])
        elif token.type in ("td_open", "th_open"):
            children = inner.children or []
            assert {child.type for child in children} <= {"text", "text_special"}, inner.content
            found[-1].append("".join(child.content for child in children))
    return found[1:]


def summarized(run: Run, monkeypatch: pytest.MonkeyPatch, file: Path, *args: str) -> str:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    result = run("validate", *(args or ("--format", "github")))
    assert result.err == ""
    return file.read_text(encoding="utf-8") if file.exists() else ""


@pytest.mark.parametrize("files", [BROKEN, HOSTILE, {name: card(heat='"67"') for name in NASTY}])
def test_the_summary_has_every_finding_as_text(
    files: dict[str, str | bytes],
    make_corpus: MakeCorpus,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    make_corpus(files)
    found = rows(summarized(run, monkeypatch, tmp_path / "summary.md"))
    told = run("validate", "--format", "concise", "-q").out.splitlines()
    assert sorted(
        f"{place}: {level}[{rule.replace(' ', '] ')}: {what}" for level, rule, place, what in found
    ) == (sorted(told))
    assert [row[0] for row in found] == sorted(row[0] for row in found)


def test_a_cell_shows_what_it_was_made_of() -> None:
    nasty = "a|b <b>`c` *d* _e_ [f](https://x) &amp; \\| ~~g~~ \x1b[0m\nh"
    text = github_report.summary(Report(1, [finding(0, Severity.ERROR, nasty)]))
    assert rows(text)[0][3] == one_line(nasty)


def test_the_summary_is_appended(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_corpus({"a.md": CARD})
    file = tmp_path / "summary.md"
    file.write_text("# Before\n\n")
    assert summarized(run, monkeypatch, file) == "# Before\n\n### newscards\n\n1 card checked: all fine.\n\n"


def test_another_format_writes_no_summary_and_an_output_does(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_corpus({"a.md": CARD})
    assert summarized(run, monkeypatch, tmp_path / "s.md", "--format", "json") == ""
    output = f"github:{tmp_path}/annotations"
    assert summarized(run, monkeypatch, tmp_path / "s.md", "--output", output).startswith("### newscards")


def test_a_summary_that_cannot_be_written_is_told_and_fails_nothing(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_corpus({"a.md": CARD})
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "gone" / "summary.md"))
    result = run("validate", "--format", "github")
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith("warning: the summary of the step cannot be written")


@pytest.mark.parametrize("room", [1 << 20, 5000, 600, 100, 0, -5])
def test_a_summary_has_room_and_says_what_is_left_out(room: int) -> None:
    findings = [finding(number, Severity.WARNING, "é" * 100) for number in range(9000)]
    text = github_report.summary(Report(9000, findings), room)
    assert len(text.encode()) <= max(room, 0)
    if text:
        left = re.search(r"^([\d,]+) more findings are left out", text, re.MULTILINE)
        assert left
        assert len(rows(text)) + int(left[1].replace(",", "")) == 9000


def test_what_the_step_said_before_counts(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_corpus({"a.md": card(heat='"67"')})
    file = tmp_path / "summary.md"
    file.write_bytes(b"x" * (github_report.LIMIT - 100))
    summarized(run, monkeypatch, file)
    assert os.path.getsize(file) == github_report.LIMIT - 100
