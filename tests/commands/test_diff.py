"""``diff``: which revisions are compared, which cards, what is told in which format, and the exit codes."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newscards import parallel
from newscards.diff.card_diff import ChangeKind
from tests.conftest import MakeCorpus, Result, Run
from tests.support import card, matches_snapshot, written
from tests.support.git_repository import commit, git
from tests.support.terminal import run_in_terminal

ENTRIES = """
  - title: "Part 1"
    webUrl: "https://www.tide.example/1"
    quality: 70
  - title: "Part 2"
    webUrl: "https://www.tide.example/2"
    quality: 60"""


def of(name: str, **fields: str | None) -> str:
    """Return a card of its own title and URL."""
    own: dict[str, str | None] = {"title": f'"{name}"', "webUrl": f'"https://www.tide.example/{name}"'}
    return card(**(own | fields))


@pytest.fixture
def site(make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a site in git, with a commit of five cards."""
    folder = make_corpus({f"_news/{name}.md": of(name) for name in "abcde"} | {"about.md": of("about")})
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    return folder


def told(run: Run, *args: str, code: int = 0) -> list[dict[str, Any]]:
    """Return what ``diff`` tells of each card, where it does not complain."""
    result = run("diff", *args, "--format", "json")
    assert (result.code, result.err) == (code, "")
    objects: list[dict[str, Any]] = json.loads(result.out)
    return objects


def changed(run: Run, *args: str) -> dict[str, str]:
    """Return the status of each card that changed, by id."""
    return {each["id"]: each["status"] for each in told(run, *args)}


def refused(result: Result) -> str:
    assert (result.code, result.out) == (2, "")
    return result.err


def put(folder: Path, name: str, text: str) -> None:
    (folder / "_news" / f"{name}.md").write_text(text)


def test_without_a_revision_what_is_not_committed_is_told(site: Path, run: Run) -> None:
    assert changed(run) == {}
    put(site, "a", of("a", heat="99"))
    git(site, "add", "_news/a.md")
    put(site, "b", of("b", heat="99"))
    put(site, "f", of("f"))
    (site / "_news/c.md").unlink()
    git(site, "rm", "--quiet", "_news/d.md")
    (site / "about.md").write_text(of("about", heat="1"))
    assert changed(run) == {"a": "changed", "b": "changed", "c": "gone", "d": "gone", "f": "added"}
    assert changed(run, "HEAD") == changed(run)


def test_two_revisions_are_compared_and_a_range_is_two(site: Path, run: Run) -> None:
    put(site, "a", of("a", heat="99"))
    second = commit(site)
    put(site, "b", of("b", heat="99"))
    commit(site)
    put(site, "c", of("c", heat="99"))
    for words in (["HEAD~2", "HEAD~"], [f"HEAD~2..{second}"]):
        assert changed(run, *words) == {"a": "changed"}
    for words in (["HEAD~", "HEAD"], ["HEAD~.."], ["main~..main"], [f"{second[:8]}..HEAD"]):
        assert changed(run, *words) == {"b": "changed"}
    assert changed(run, "..HEAD~") == {"b": "changed"}
    assert changed(run, "HEAD~") == {"b": "changed", "c": "changed"}


def test_what_changed_on_the_other_branch_is_left_out_from_the_merge_base(site: Path, run: Run) -> None:
    git(site, "checkout", "--quiet", "-b", "topic")
    put(site, "a", of("a", heat="99"))
    commit(site)
    git(site, "checkout", "--quiet", "main")
    put(site, "b", of("b", heat="99"))
    commit(site)
    git(site, "checkout", "--quiet", "topic")
    put(site, "c", of("c", heat="99"))
    assert changed(run, "main", "topic").keys() == {"a", "b"}
    for words in (["main...topic"], ["main..."], ["main", "topic", "--merge-base"]):
        assert changed(run, *words).keys() == {"a"}
    assert changed(run, "main", "--merge-base").keys() == {"a", "c"}
    assert changed(run, "...main").keys() == {"b"}


def test_each_change_is_told_by_its_field_with_what_was_and_is(site: Path, run: Run) -> None:
    put(site, "a", of("a", published="false", heat="-1", topics="[Oceans, AI]", quality=None))
    put(site, "b", of("b", provider="{name: Ebb, domain: tide.example}", featuredContent="new"))
    (a, b) = told(run)
    assert a["kinds"] == ["hidden", "quality", "heat", "topics"]
    assert a["published"] == {"was": True, "now": False}
    assert a["changes"] == [
        {"field": "quality", "was": 67},
        {"field": "heat", "was": 67, "now": -1},
        {"field": "published", "was": True, "now": False},
        {"field": "topics", "was": ["Oceans", "Science"], "now": ["Oceans", "AI"]},
    ]
    assert b == {
        "path": "_news/b.md",
        "id": "b",
        "status": "changed",
        "title": "b",
        "published": {"was": True, "now": True},
        "quality": {"was": 67, "now": 67},
        "heat": {"was": 67, "now": 67},
        "kinds": ["other"],
        "changes": [
            {"field": "featuredContent", "now": "new"},
            {"field": "provider.name", "was": "Tide", "now": "Ebb"},
        ],
    }


def test_a_renamed_card_is_told_as_one_with_what_changed_in_it(site: Path, run: Run) -> None:
    git(site, "mv", "_news/a.md", "_news/new-a.md")
    git(site, "mv", "_news/b.md", "_news/new-b.md")
    put(site, "new-b", of("b", heat="99"))
    a, b = told(run)
    assert (a["status"], a["id"], a["wasPath"], a["changes"]) == ("renamed", "new-a", "_news/a.md", [])
    assert (b["kinds"], b["wasPath"]) == (["renamed", "heat"], "_news/b.md")
    assert b["changes"] == [{"field": "heat", "was": 67, "now": 99}]
    commit(site)
    assert told(run, "HEAD~", "HEAD") == [a, b]


def test_a_rename_is_one_where_it_can_be_only_one(site: Path, run: Run) -> None:
    text = of("a").replace("https://www.tide.example/a", "https://www.tide.example/twin")
    put(site, "one", text)
    put(site, "two", text + "\n")
    commit(site)
    for name in ("one", "two"):
        (site / f"_news/{name}.md").unlink()
    put(site, "three", text.replace("heat: 67", "heat: 68"))
    # Two cards that are gone had its identity.
    assert changed(run) == {"one": "gone", "three": "added", "two": "gone"}
    put(site, "three", text)
    assert changed(run) == {"three": "renamed", "two": "gone"}
    put(site, "four", text)
    assert changed(run) == {"four": "added", "one": "gone", "three": "added", "two": "gone"}


def test_cards_without_a_url_and_a_title_are_not_taken_for_one_another(site: Path, run: Run) -> None:
    for name in "ab":
        (site / f"_news/{name}.md").unlink()
    put(site, "f", "---\ncategory: news\n---\n")
    commit(site)
    (site / "_news/f.md").unlink()
    put(site, "g", "---\ncategory: old\n---\n")
    assert changed(run) == {"f": "gone", "g": "added"}


def test_a_card_that_cannot_be_read_hides_no_other_and_makes_the_result_partial(site: Path, run: Run) -> None:
    put(site, "a", "---\n\ttitle: x\n---\n")
    put(site, "b", of("b", heat="99"))
    put(site, "f", "no card")
    result = run("diff", "--format", "tsv")
    assert (result.code, result.err) == (1, "")
    assert result.out.splitlines() == [
        "a\tunreadable\t\t\ta tab as indentation: YAML wants blanks; delete it (line 2, column 1)",
        "b\theat\theat\t67\t99",
        "f\tadded\tpath\t\t_news/f.md",
        "f\tunreadable\t\t\tthe file does not begin with a line `---` (line 1, column 1)",
    ]
    commit(site)
    put(site, "a", of("a"))
    (site / "_news/f.md").unlink()
    (a, f) = told(run, code=1)
    assert (a["kinds"], a["unreadable"].keys(), a["published"]) == (["readable"], {"was"}, {"now": True})
    assert (f["kinds"], "title" in f) == (["gone"], False)


def test_what_is_left_out_still_makes_the_result_partial(site: Path, run: Run) -> None:
    put(site, "a", "no card")
    for args in (["--only", "heat"], ["--format", "ids"], ["--count"]):
        result = run("diff", *args)
        assert result.code == 1
        assert result.err.startswith(
            "warning: _news/a.md: cannot be read: the file does not begin with a line `---`"
        )
    assert run("diff", "--only", "unreadable").err == ""


def test_a_change_of_bytes_alone_is_counted(site: Path, run: Run) -> None:
    put(site, "a", of("a").replace("heat: 67", "heat:  67  # warm"))
    put(site, "b", of("b").replace('title: "b"', "title: b"))
    put(site, "c", of("c").replace("category: news\n", "").replace("secured:", "category: news\nsecured:"))
    assert changed(run) == {}
    out = run("diff", "--format", "markdown").out
    assert out == "### No card changed; 3 unchanged in content\n"
    put(site, "d", of("d", heat="1"))
    out = run("diff", "--format", "markdown").out
    assert out.startswith("### 1 card changed: 1 in heat; 3 unchanged in content\n")
    assert "unchanged" not in run("diff", "--only", "heat", "--format", "markdown").out


def test_another_body_and_what_stands_before_the_fence_are_changes(site: Path, run: Run) -> None:
    put(site, "a", of("a") + "A body.\n")
    put(site, "b", "\n" + of("b"))
    assert [each["changes"] for each in told(run)] == [
        [{"field": "(body)"}],
        [{"field": "(before the fence)"}],
    ]


CIPHERTEXTS = ["c2VjcmV0;AAAA", "cGxhaW4=;BBBB"]


def test_a_renewed_ciphertext_is_one_line_in_which_it_does_not_stand(site: Path, run: Run) -> None:
    for name in "abc":
        put(site, name, of(name, secured=f'"{CIPHERTEXTS[0]}"'))
    commit(site)
    for name in "abc":
        put(site, name, of(name, secured=f'"{CIPHERTEXTS[1]}"', heat="1" if name == "c" else "67"))
    assert [(each["kinds"], each["changes"]) for each in told(run, "--only", "secured")] == [
        (["secured"], [{"field": "secured"}])
    ] * 3
    assert run("diff").out.splitlines() == [
        "a\tsecured\tsecured\t\tchanged",
        "b\tsecured\tsecured\t\tchanged",
        "c\theat\theat\t67\t1",
        "c\tsecured\tsecured\t\tchanged",
    ]
    table = run("diff", "--format", "table").out
    assert table.split("\n\n")[1:] == [
        "Renewed `secured` 3  a and 2 more",
        "3 cards changed: 1 in heat, 3 in `secured`\n",
    ]
    markdown = run("diff", "--format", "markdown").out
    assert markdown.endswith("\n\n**Renewed `secured`** (3): `a and 2 more`\n")
    assert run("diff", "--only", "secured", "--format", "ids").out == "a\nb\nc\n"
    every = [
        run("diff", "--format", each).out for each in ("json", "jsonl", "csv", "tsv", "table", "markdown")
    ]
    assert not [each for each in every if any(text[:8] in each for text in CIPHERTEXTS)]


def test_a_ciphertext_that_came_or_went_is_told_without_it(site: Path, run: Run) -> None:
    put(site, "a", of("a", secured=f'"{CIPHERTEXTS[0]}"'))
    put(site, "b", of("b", secured="67"))
    commit(site)
    put(site, "a", of("a", secured=None))
    put(site, "b", of("b", secured=f'"{CIPHERTEXTS[0]}"'))
    assert [each["changes"] for each in told(run, "--only", "other")] == [
        [{"field": "secured", "was": "(ciphertext)"}],
        [{"field": "secured", "was": 67, "now": "(ciphertext)"}],
    ]
    assert "(ciphertext) -> none" in run("diff", "--format", "table").out


def test_only_some_kinds_are_told_where_they_are_named(site: Path, run: Run) -> None:
    put(site, "a", of("a", heat="1", quality="1", published="false"))
    put(site, "b", of("b", heat="1"))
    put(site, "f", of("f"))
    one = told(run, "--only", "quality")
    assert [(each["id"], each["kinds"], len(each["changes"])) for each in one] == [("a", ["quality"], 1)]
    assert changed(run, "--only", " Heat,added ") == {"a": "changed", "b": "changed", "f": "added"}
    assert changed(run, "--only", "gone") == {}
    assert changed(run, "--only", "") == changed(run)
    err = refused(run("diff", "--only", "heat,publised"))
    assert "unknown kind of change `publised`" in err
    assert "did you mean `published`?" in err
    assert "renamed" in refused(run("diff", "--only", "xyz"))


def test_the_help_names_each_kind(run: Run) -> None:
    text = " ".join(run("diff", "--help").out.split())
    assert ", ".join(kind.value for kind in ChangeKind) + "." in text


def test_the_formats_are_those_of_list(site: Path, run: Run) -> None:
    put(site, "a", of("a", heat="1", title='"=1+1"'))
    git(site, "mv", "_news/b.md", "_news/f.md")
    assert run("diff").out.splitlines() == [
        "a\tother\ttitle\ta\t=1+1",
        "a\theat\theat\t67\t1",
        "f\trenamed\tpath\t_news/b.md\t_news/f.md",
    ]
    rows = list(csv.reader(io.StringIO(run("diff", "--format", "csv").out)))
    assert rows[:2] == [["id", "change", "field", "was", "now"], ["a", "other", "title", "a", "'=1+1"]]
    assert run("diff", "--format", "paths", "-0").raw == b"_news/a.md\0_news/f.md\0"
    assert run("diff", "--format", "ids").out == "a\nf\n"
    assert run("diff", "--count").out == "2\n"
    lines = run("diff", "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == told(run)


def test_the_exit_code_tells_of_changes_where_it_is_asked_for(site: Path, run: Run) -> None:
    assert run("diff", "--exit-code").code == 0
    put(site, "a", of("a", heat=" 67"))
    assert run("diff", "--exit-code").code == 0
    put(site, "a", of("a", heat="1"))
    assert (run("diff").code, run("diff", "--exit-code").code) == (0, 1)
    assert run("diff", "--exit-code", "--only", "topics").code == 0


def test_a_read_writes_nothing_into_the_site(site: Path, run: Run) -> None:
    put(site, "a", of("a", heat="1"))
    before = {path: written(path) for path in sorted(site.rglob("*"))}
    assert run("diff").out
    assert {path: written(path) for path in sorted(site.rglob("*"))} == before


@pytest.mark.parametrize("args", [["x", "y", "z"], ["x..y", "z"], ["x", "y...z"]])
def test_more_than_two_revisions_are_refused(site: Path, run: Run, args: list[str]) -> None:
    assert "too many revisions" in refused(run("diff", *args))


def test_a_revision_that_there_is_not_is_told_with_what_to_do(site: Path, run: Run) -> None:
    for words in (["nain"], ["HEAD", "nain"], ["nain..HEAD"], ["nain..."], ["HEAD...nain"]):
        assert "git knows no revision `nain`" in refused(run("diff", *words))
    assert "git knows no revision `--output=x`" in refused(run("diff", "--", "--output=x"))
    assert "did you mean `--corpus _news`?" in refused(run("diff", "_news"))
    assert "did you mean `--since 7d`?" in refused(run("diff", "7d"))
    (site / "my cards").mkdir()
    assert "did you mean `--corpus 'my cards'`?" in refused(run("diff", "my cards"))
    git(site, "checkout", "--quiet", "--orphan", "other")
    commit(site, "Another beginning")
    assert "`main` and HEAD have no common ancestor" in refused(run("diff", "main..."))
    assert "`other` and `main` have no common ancestor" in refused(run("diff", "other...main"))


def test_a_folder_that_is_no_corpus_is_told(
    site: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "empty").mkdir()
    (site / ".gitignore").write_text("/ignored\n")
    (site / "ignored").mkdir()
    (site / "ignored/a.md").write_text(of("a"))
    for name in ("empty", "ignored"):
        assert f"git knows of no cards in {name}" in refused(run("diff", "--corpus", name))
    err = refused(run("diff", "--corpus", "_new"))
    assert "no such file or folder: _new" in err
    assert "did you mean `_news`?" in err
    assert "_news/a.md is a file" in refused(run("diff", "--corpus", "_news/a.md"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    assert "`newscards diff` needs a git repository" in refused(run("diff", "--corpus", "elsewhere"))
    assert "no such file or folder: nowhere/else" in refused(run("diff", "--corpus", "nowhere/else"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "needs git, which is not installed" in refused(run("diff", "--corpus", "corpus"))


def test_a_corpus_may_be_anywhere_and_have_been_elsewhere(
    site: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(site, "a", of("a", heat="1"))
    assert run("diff", "--corpus", "_news", "--format", "paths").out == "_news/a.md\n"
    monkeypatch.chdir(site / "_news")
    assert run("diff", "--format", "paths").out == "a.md\n"
    monkeypatch.chdir(tmp_path)
    for name in ("corpus", "./corpus/", str(site)):
        path = run("--corpus", name, "diff", "--format", "paths").out
        assert path == f"{name.rstrip('/')}/_news/a.md\n"
    (tmp_path / "link").symlink_to(site)
    assert run("diff", "--corpus", "link", "--format", "paths").out == "link/_news/a.md\n"

    monkeypatch.chdir(site)
    (site / "linked").mkdir()
    (site / "linked/_news").symlink_to(site / "_news")
    assert run("diff", "--corpus", "linked", "--format", "paths").out == "linked/_news/a.md\n"
    git(site, "checkout", "--quiet", ".")
    (site / "src").mkdir()
    git(site, "mv", "_news", "src/_news")
    commit(site)
    statuses = set(changed(run, "HEAD~", "HEAD", "--corpus", "src").values())
    assert statuses == {"added"}
    assert set(changed(run, "HEAD~", "HEAD", "--corpus", "_news").values()) == {"gone"}


def test_several_corpora_are_told_each_card_once(site: Path, run: Run) -> None:
    (site / "more").mkdir()
    (site / "more/f.md").write_text(of("f"))
    put(site, "a", of("a", heat="1"))
    args = ["--corpus", "_news", "--corpus", "more", "--corpus", "./_news"]
    assert run("diff", *args, "--format", "paths").out == "_news/a.md\nmore/f.md\n"


def test_the_configuration_says_which_files_are_cards(site: Path, run: Run) -> None:
    (site / "newscards.toml").write_text('corpus = "_news"\nendings = [".txt"]\n')
    put(site, "a", of("a", heat="1"))
    (site / "_news/f.txt").write_text(of("f"))
    assert changed(run) == {"f": "added"}


def test_many_cards_are_compared_in_several_processes(
    site: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        put(site, f"n{number:02}", of(f"n{number}", heat="1"))
    commit(site)
    for number in range(40):
        put(site, f"n{number:02}", of(f"n{number}", heat=str(number)))
    commit(site)
    alone = told(run, "HEAD~", "HEAD")
    assert len(alone) == 39
    monkeypatch.setattr(parallel, "MIN_ITEMS", 2)
    monkeypatch.setattr(parallel, "_processors", lambda: 3)
    assert told(run, "HEAD~", "HEAD") == alone


CHANGES = {
    "a": of("Ardent Sky floats free", published="false"),
    "b": of("b", quality="90", heat="911"),
    "c": of("c", topics="[Oceans, AI]", removed="true", published="false"),
    "d": of("d", related=ENTRIES.replace("60", "61"), excerpt='"Old wells, and the very newest of sensors."'),
    "f": of("Wind & Watt", webUrl='"https://www.tide.example/f"'),
    "g": "---\ntitle: [\n---\n",
}


def all_of_it(site: Path) -> None:
    put(site, "a", of("Ardent Sky floats free"))
    put(site, "d", of("d", related=ENTRIES))
    commit(site)
    for name, text in CHANGES.items():
        put(site, name, text)
    git(site, "mv", "_news/e.md", "_news/e-moved.md")
    git(site, "rm", "--quiet", "about.md")


@pytest.mark.parametrize("columns", [80, 120])
def test_people_get_a_table_for_each_kind_of_change(site: Path, columns: int) -> None:
    all_of_it(site)
    code, screen = run_in_terminal(["diff"], cwd=site, columns=columns)
    assert code == 1
    assert max(map(len, screen.splitlines())) <= columns
    matches_snapshot(f"diff-{columns}.txt", screen)


LONG = "After 48 years the herring have come back to Tarrant Bay, and the boats are out again at night"


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_of_a_long_text_the_words_that_changed_are_shown_at_any_width(site: Path, columns: int) -> None:
    put(site, "a", of("a", title=f'"{LONG[:56]}"', excerpt=f'"{LONG}"'))
    commit(site)
    put(site, "a", of("a", title=f'"{LONG[:56]}"', excerpt=f'"{LONG.replace("herring", "cod")}"'))
    row = run_in_terminal(["diff"], cwd=site, columns=columns)[1].splitlines()[2]
    assert len(row) <= columns
    assert "[-herring-]{+cod+}" in row
    if columns == 200:
        assert LONG[:56] in row


def test_in_colour_removed_words_are_struck_and_added_ones_green(site: Path) -> None:
    put(site, "a", of("a", excerpt=f'"{LONG}"'))
    commit(site)
    put(site, "a", of("a", excerpt=f'"{LONG.replace("herring", "cod")}"'))
    screen = run_in_terminal(["diff"], cwd=site, columns=120, color=True)[1]
    assert "the \x1b[9;31mherring\x1b[0m\x1b[32mcod\x1b[0m have" in screen


def test_in_a_terminal_nothing_is_a_notice(site: Path) -> None:
    assert run_in_terminal(["diff"], cwd=site) == (0, "note: no card changed\n")
    put(site, "a", of("a", heat=" 67"))
    assert run_in_terminal(["diff"], cwd=site)[1] == "note: no card changed; 1 unchanged in content\n"
    put(site, "b", of("b", heat="1"))
    assert (
        run_in_terminal(["diff", "--only", "topics"], cwd=site)[1]
        == "note: no card has changes of these kinds\n"
    )


def test_a_pull_request_gets_markdown(site: Path, run: Run) -> None:
    all_of_it(site)
    matches_snapshot("diff.md", run("diff", "--format", "markdown").out)


def test_nothing_of_a_card_reaches_the_terminal_as_an_escape(site: Path, run: Run) -> None:
    put(site, "a", of("a", title=r'"\e[31m\u202eTitle"', topics=r'["\e[2J"]', featuredContent=r'"\a"'))
    put(site, "b", of("b").replace("category: news\n", 'category: news\n"\\e]0;x": "\\r"\n'))
    (site / "_news/\x1b[31m.md").write_text(of("f"))
    for form in ("table", "json", "jsonl", "markdown"):
        out = run("diff", "--format", form).out
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", out), form
    for form in ("table", "tsv", "csv", "json", "jsonl", "ids", "paths", "markdown"):
        screen = run_in_terminal(["diff", "--format", form], cwd=site)[1]
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", screen), form


def commit_at(folder: Path, day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00Z")
    commit(folder, day)


def test_since_compares_with_the_branch_as_it_was_before_that_day(
    site: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newscards.clock.now", lambda: datetime(2026, 1, 25, 9, tzinfo=UTC))
    git(site, "checkout", "--quiet", "-b", "side")
    put(site, "a", of("a", heat="1"))
    commit_at(site, "2026-01-16", monkeypatch)
    git(site, "checkout", "--quiet", "main")
    put(site, "b", of("b", heat="1"))
    commit_at(site, "2026-01-18", monkeypatch)
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-01-20T12:00:00Z")
    git(site, "merge", "--quiet", "--no-ff", "side")
    put(site, "c", of("c", heat="1"))
    assert changed(run, "--since", "2026-01-21").keys() == {"c"}
    # What was committed on a branch before that day, and merged later, is new since then.
    assert changed(run, "--since", "2026-01-20").keys() == {"a", "c"}
    assert changed(run, "--since", "1w").keys() == {"a", "b", "c"}
    assert changed(run, "--since", "2026-01-16").keys() == {"a", "b", "c"}


def test_since_before_the_first_commit_every_card_is_new(site: Path, run: Run) -> None:
    result = run("diff", "--since", "2020", "--format", "ids")
    assert (result.code, result.out.split()) == (0, ["a", "b", "c", "d", "e"])
    assert "no commit of the current branch is from before 2020-01-01: every card is new" in result.err


def test_since_is_a_day_and_no_revision(
    site: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "x is not a date" in refused(run("diff", "--since", "x"))
    for more in (["HEAD"], ["--merge-base"]):
        assert "--since does not go with REV or --merge-base" in refused(run("diff", "--since", "7d", *more))
    put(site, "a", of("a", heat="1"))
    commit(site)
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{site}", "clone")
    monkeypatch.chdir(tmp_path / "clone")
    assert "`git fetch --unshallow`" in refused(run("diff", "--since", "2020"))


def test_an_empty_text_is_no_revision(run: Run, one_card: Path) -> None:
    for args in ([""], ["HEAD", ""], ["", "HEAD"]):
        result = run("diff", *args)
        assert (result.code, result.out) == (2, "")
        assert "a revision is empty" in result.err


def test_json_has_the_scores_of_both_sides_whatever_is_asked_for(run: Run, site: Path) -> None:
    put(site, "a", of("a", published="false", quality="20", heat=".inf"))
    put(site, "b", of("b", quality=".nan"))
    (site / "_news/c.md").unlink()
    a, b, c = told(run)
    assert (a["quality"], a["heat"]) == ({"was": 67, "now": 20}, {"was": 67, "now": "inf"})
    assert (b["quality"], b["heat"]) == ({"was": 67, "now": "nan"}, {"was": 67, "now": 67})
    assert (c["quality"], c["heat"], c["published"]) == ({"was": 67}, {"was": 67}, {"was": True})
    assert told(run, "--only", "hidden")[0]["quality"] == a["quality"]


def test_a_topic_that_is_first_now_is_told(run: Run, site: Path) -> None:
    put(site, "a", of("a", topics="[Ports, Oceans, Science]"))
    put(site, "b", of("b", topics="[Oceans, Ports, Science]"))
    assert [row.split("\t")[-1] for row in run("diff").out.splitlines()] == [
        "Ports, Oceans, Science", "Oceans, Ports, Science",
    ]  # fmt: skip
    markdown = run("diff", "--format", "markdown").out
    assert "`+ Ports (first)`" in markdown
    assert "`+ Ports`" in markdown
