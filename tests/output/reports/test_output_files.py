"""``validate --output FORMAT:FILE``: further reports in the same run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newscards.output.reports.formats import FORMATS, LISTING_FORMATS
from tests.conftest import MakeCorpus, Run, nothing_listed
from tests.lint.test_linter import apart
from tests.support import ROOT, card

BAD = apart({"a.md": card(heat='"67"'), "b.md": card(title='"\x1b[31m"')})
MACHINE = [form for form in FORMATS if form not in ("text", "concise")]


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_holds_what_the_format_prints(form: str, make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus(BAD)
    printed = run("validate", "--format", form)
    result = run("--color", "always", "validate", "--format", "jsonl", "--output", f"{form}:report.txt")
    assert (result.code, result.err) == (1, "")
    assert (folder / "report.txt").read_bytes() == printed.raw
    assert result.raw == run("validate", "--format", "jsonl").raw


def test_several_reports_are_written_in_one_run(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus(BAD)
    wanted = [f"--output={form}:{form}.report" for form in FORMATS]
    assert run("validate", *wanted).out == run("validate").out
    assert sorted(each.name for each in folder.glob("*.report")) == sorted(
        f"{form}.report" for form in FORMATS
    )
    assert not list(folder.glob(".newscards-*"))


def test_a_hyphen_is_standard_output(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(BAD)
    both = run("validate", "--format", "concise", "-q", "--output", "jsonl:-").raw
    assert both == run("validate", "--format", "concise", "-q").raw + run("validate", "--format", "jsonl").raw


def test_statistics_are_for_standard_output_alone(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus(BAD)
    run("validate", "--statistics", "--output", "jsonl:all.jsonl")
    assert (folder / "all.jsonl").read_bytes() == run("validate", "--format", "jsonl").raw


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in LISTING_FORMATS])
def test_a_format_that_cannot_count_says_so(form: str, make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(BAD)
    assert nothing_listed(run("validate", "--format", form, "--statistics"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["sarf:x"], "did you mean `sarif`"),
        (["\x1b[31m:x"], "there is no format"),
        (["sarif"], "takes FORMAT:FILE"),
        (["sarif:"], "takes FORMAT:FILE"),
        (["sarif:gone/x"], "its folder does not exist"),
        (["sarif:a.md/x"], "its folder does not exist"),
        (["sarif:."], "it is a folder"),
        (["sarif:x", "junit:./x"], "two reports"),
    ],
)
def test_what_cannot_be_written_is_told_before_the_run(
    words: list[str], told: str, make_corpus: MakeCorpus, run: Run
) -> None:
    folder = make_corpus(BAD)
    result = run("validate", *(f"--output={word}" for word in words))
    assert nothing_listed(result)
    assert told in result.err
    assert "\x1b" not in result.err
    assert sorted(os.listdir(folder)) == ["a.md", "b.md"]


def test_a_file_that_fails_while_written_is_told_and_is_as_it_was(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus(BAD)
    (folder / "x.json").write_text("before")

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    result = run("validate", "--output", "json:x.json")
    assert nothing_listed(result)
    assert "No space left on device" in result.err
    assert (folder / "x.json").read_text() == "before"
    assert sorted(os.listdir(folder)) == ["a.md", "b.md", "x.json"]


def test_a_file_keeps_its_mode_and_a_link_its_target(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus(BAD)
    (folder / "real.json").write_text("before")
    (folder / "real.json").chmod(0o640)
    (folder / "link.json").symlink_to("real.json")
    run("validate", "--output", "json:link.json")
    assert (folder / "link.json").is_symlink()
    assert (folder / "real.json").stat().st_mode & 0o777 == 0o640
    assert (folder / "real.json").read_text().startswith("{")


def test_a_new_file_has_the_mode_of_any_new_file(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus(BAD)
    (folder / "usual").touch()
    run("validate", "--output", "json:x.json")
    assert (folder / "x.json").stat().st_mode == (folder / "usual").stat().st_mode


def test_what_is_no_regular_file_is_written_into(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(BAD)
    assert run("validate", "--output", "json:/dev/null").code == 1
    assert Path("/dev/null").is_char_device()


VALIDATE = f"{sys.executable} -m newscards validate -q --exit-zero"
LOGGED = [
    ("{{ echo before; {}; echo after; }} > log", "json:/dev/stdout"),
    ("{{ echo before; {}; echo after; }} > log", "json:/proc/self/fd/1"),
    ("{{ echo before; {}; echo after; }} > log", "json:log"),
    ("{{ echo before; {}; echo after; }} > log", "json:link"),
    ("{{ echo before; {}; echo after; }} >> log", "json:/dev/stdout"),
    ("{{ echo before; {}; echo after; }} | cat > log", "json:/dev/stdout"),
    ("{{ echo before >&2; {}; echo after >&2; }} 2> log > /dev/null", "json:/dev/stderr"),
    ("{{ echo before >&3; {}; echo after >&3; }} 3> log > /dev/null", "json:/dev/fd/3"),
    ("mkfifo pipe; {{ echo before; cat pipe; echo after; }} > log & {} > /dev/null; wait", "json:pipe"),
]


def run_in_shell(line: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a line of bash in a folder."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(["bash", "-c", line], cwd=folder, env=environment, capture_output=True, check=False)


@pytest.mark.parametrize(("line", "output"), LOGGED)
def test_a_stream_keeps_what_is_before_and_after_the_report(
    line: str, output: str, make_corpus: MakeCorpus, run: Run
) -> None:
    folder = make_corpus(BAD)
    (folder / "link").symlink_to("/dev/stdout")
    report = run("validate", "--format", "json").raw
    done = run_in_shell(line.format(f"{VALIDATE} a.md b.md --format concise --output {output}"), folder)
    assert (done.returncode, done.stderr) == (0, b"")
    text = (
        run("validate", "-q", "--format", "concise").raw
        if output.endswith(("stdout", "/1", "g", "k"))
        else b""
    )
    assert (folder / "log").read_bytes() == b"before\n" + text + report + b"after\n"


def test_a_process_substitution_gets_the_report(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus(BAD)
    done = run_in_shell(f"{VALIDATE} --output json:>(cat >&2; echo end >&2) > /dev/null; wait $!", folder)
    assert (done.returncode, done.stderr) == (0, run("validate", "--format", "json").raw + b"end\n")
    done = run_in_shell(f"{VALIDATE} --output json:>(true) > /dev/null", folder)
    assert (done.returncode, done.stderr) == (141, b"")


def test_several_reports_may_go_into_one_stream(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(BAD)
    assert run("validate", "--output", "json:/dev/null", "--output", "sarif:/dev/null").code == 1


@pytest.mark.parametrize("output", ["json:/dev/fd/77", "json:/dev/fd/3 3< a.md", "json:/dev/fd/99999999999"])
def test_a_descriptor_that_cannot_be_written_is_an_error(output: str, make_corpus: MakeCorpus) -> None:
    folder = make_corpus(BAD)
    done = run_in_shell(f"{VALIDATE} --output {output}", folder)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b" cannot be written: " in done.stderr


def test_a_baseline_and_a_summary_go_into_streams_too(make_corpus: MakeCorpus) -> None:
    folder = make_corpus(BAD)
    done = run_in_shell(f"{VALIDATE} --write-baseline /dev/stdout", folder)
    assert (done.returncode, done.stdout[:15]) == (0, b'{\n "version": 1')
    line = f"{{ echo before; GITHUB_STEP_SUMMARY=/dev/stdout {VALIDATE} --format github; echo after; }} > log"
    assert run_in_shell(line, folder).returncode == 0
    lines = (folder / "log").read_text().splitlines()
    assert (lines[0], lines[-1], lines.count("### newscards")) == ("before", "after", 1)


@pytest.mark.parametrize("form", MACHINE)
def test_a_machine_format_does_not_import_rich(form: str, tmp_path: Path) -> None:
    code = "import sys; from newscards.cli import main; main(sys.argv[1:]); sys.exit('rich' in sys.modules)"
    args = ["validate", str(ROOT / "sample_data"), "--format", form, "--output", f"{form}:{tmp_path / 'x'}"]
    subprocess.run([sys.executable, "-c", code, *args], capture_output=True, check=True)
    assert (tmp_path / "x").exists()


def test_a_card_is_not_overwritten_by_a_report(one_card: Path, run: Run) -> None:
    before = one_card.read_text()
    result = run("validate", "--output", f"sarif:{one_card}")
    assert result.code == 2
    assert "its name is that of a card" in result.err
    assert one_card.read_text() == before
