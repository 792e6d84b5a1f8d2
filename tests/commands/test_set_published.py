"""``set-published``: what it says, what it writes, what it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MakeCorpus, Run
from tests.rules.cases import story
from tests.support import CARD, ROOT, card, matches_snapshot, written


def test_the_flag_is_flipped_and_flipped_back_to_the_first_bytes(run: Run, one_card: Path) -> None:
    first = one_card.read_bytes()
    result = run("set-published", "false", one_card.name)
    assert (result.code, result.err) == (0, "")
    assert result.out == "2023-06-20-a-card.md: published: true -> false\n"
    assert one_card.read_bytes() == first.replace(b"published: true", b"published: false")
    assert run("set-published", "true", one_card.name).code == 0
    assert one_card.read_bytes() == first


def test_already_so_is_said_and_nothing_is_written(run: Run, one_card: Path) -> None:
    before = written(one_card)
    result = run("set-published", "true", "2023-06-20-a-card")
    assert (result.code, result.out) == (0, "2023-06-20-a-card.md: published: true already\n")
    assert written(one_card) == before


def test_a_dry_run_writes_nothing_and_shows_the_diff(run: Run, one_card: Path) -> None:
    before = written(one_card)
    result = run("set-published", "false", "2023", "--dry-run", "--diff")
    assert result.code == 0
    matches_snapshot("set-published-diff.txt", result.out)
    assert written(one_card) == before
    assert os.listdir() == [one_card.name]


def test_the_diff_of_a_card_without_a_last_newline_says_so(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"x.md": "---\npublished: true\n---"})
    result = run("set-published", "false", "x", "--diff")
    assert result.out.endswith(
        "@@ -1,3 +1,3 @@\n ---\n-published: true\n+published: false\n ---\n\\ No newline at end of file\n"
    )


def test_one_refused_card_does_not_keep_the_others(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus(
        {
            "a.md": CARD,
            "b.md": card(title='"never closed'),
            "c.md": card(published="false\npublished: true"),
            "d.md": card(published="false"),
        }
    )
    result = run("set-published", "false", "a", "b", "c", "d")
    assert result.code == 1
    assert result.out == "a.md: published: true -> false\nd.md: published: false already\n"
    assert result.err == (
        "error: b.md: refused: cannot be read: a quote is opened and never closed"
        " (line 3, column 8)\n"
        "error: c.md: refused: `published` stands 2 times\n"
        "hint: delete all but one by hand\n"
        "note: 1 changed, 1 unchanged, 2 refused\n"
    )
    assert (folder / "c.md").read_text() == card(published="false\npublished: true")


@pytest.mark.parametrize("unknown", ["nope", "x", "", "x.md/y"])
def test_an_unknown_or_ambiguous_card_means_that_nothing_is_written(
    run: Run, make_corpus: MakeCorpus, unknown: str
) -> None:
    folder = make_corpus({"a.md": CARD, "x1.md": CARD, "x2.md": CARD})
    result = run("set-published", "false", "a", unknown)
    assert (result.code, result.out) == (2, "")
    assert (folder / "a.md").read_text() == CARD


def test_an_ambiguous_id_names_its_candidates(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"x1.md": CARD, "x2.md": CARD})
    assert run("set-published", "false", "x").err == (
        "error: `x` is ambiguous: 2 cards match\nhint: name one of them in full:\n  x1.md\n  x2.md\n"
    )


def test_all_names_that_mean_no_card_are_told_at_once(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"x1.md": CARD, "x2.md": CARD})
    result = run("set-published", "false", "x1", "nope", "x", "nada")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "error: 3 names mean no card, or several; nothing was done:\n"
        "  no card `nope`\n  `x` is ambiguous: 2 cards match\n  no card `nada`\n"
    )


def test_blanks_behind_a_name_on_standard_input_and_lines_of_blanks_are_no_part_of_a_name(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"x1.md": CARD, "x2 .md": CARD, "x3.md": CARD})
    result = run("set-published", "false", "-", "--dry-run", stdin=b"x1  \n  \n\nx2 \nx3\t\r\n")
    assert (result.code, result.out.count("true -> false")) == (0, 3)
    result = run("set-published", "false", "-", stdin=b"  x1 \n")
    assert result.err == "error: no card `  x1`\nhint: did you mean x1?\n"


def test_nul_separated_names_without_the_option_are_told(run: Run, one_card: Path) -> None:
    result = run("set-published", "false", "-", stdin=b"a\0b\0")
    assert result.code == 2
    assert result.err == "error: the names on standard input are separated by NUL\nhint: add -0\n"


def test_a_files_name_is_enough_from_another_folder(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"_news/x1.md": CARD, "_news/x2.md": CARD})
    assert run("set-published", "false", "x2.md").out == "_news/x2.md: published: true -> false\n"


def test_the_diff_of_a_card_with_crlf_can_be_applied(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"x.md": CARD.replace("\n", "\r\n")})
    diff = run("set-published", "false", "x", "--diff", "--dry-run").raw.partition(b"\n")[2]
    subprocess.run(["git", "apply", "--unsafe-paths", "-"], input=diff, cwd=folder, check=True)
    changed = CARD.replace("published: true", "published: false").replace("\n", "\r\n")
    assert (folder / "x.md").read_bytes() == changed.encode()


def test_a_part_of_an_id_is_not_enough_to_write(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"2023-06-20-tide.md": CARD})
    result = run("set-published", "false", "tide")
    assert result.code == 2
    assert "did you mean 2023-06-20-tide?" in result.err


def test_a_folder_is_no_card(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"_news/x.md": CARD})
    result = run("set-published", "false", "_news")
    assert result.code == 2
    assert "_news is a folder, not a card" in result.err


def test_an_exact_id_comes_before_the_beginning_of_another(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"x.md": CARD, "x-2.md": CARD})
    assert run("set-published", "false", "x").out == "x.md: published: true -> false\n"


def test_cards_are_read_from_standard_input(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "b.md": CARD, "c.md": CARD})
    assert run("set-published", "false", "-", stdin=b"a\nb.md\r\n\n").out.count("true -> false") == 2
    assert run("set-published", "true", "-0", "-", stdin=b"a\0b\0").out.count("false -> true") == 2


def test_empty_standard_input_changes_nothing(run: Run, one_card: Path) -> None:
    result = run("set-published", "false", "-")
    assert (result.code, result.out) == (0, "")
    assert one_card.read_text() == CARD


def test_a_card_named_twice_is_edited_once(run: Run, one_card: Path) -> None:
    result = run("set-published", "false", one_card.name, str(one_card), "2023-06-20-a-card")
    assert result.out.count("\n") == 1


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\n", b"  \n\n"])
def test_what_stands_before_the_fence_stays_and_is_warned_of(
    run: Run, make_corpus: MakeCorpus, before: bytes
) -> None:
    folder = make_corpus({"x.md": before + CARD.encode()})
    result = run("set-published", "false", "x")
    assert result.code == 0
    assert "the site copies the file as it is" in result.err
    changed = CARD.replace("published: true", "published: false").encode()
    assert (folder / "x.md").read_bytes() == before + changed


def test_something_else_than_true_or_false_is_wrong_usage(run: Run, one_card: Path) -> None:
    result = run("set-published", "yes", one_card.name)
    assert result.code == 2
    assert one_card.read_text() == CARD


def test_a_file_that_cannot_be_opened_is_refused(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": CARD})
    (folder / "b.md").symlink_to("nowhere")
    result = run("set-published", "false", "a", "b")
    assert result.code == 1
    assert "b.md: refused: No such file or directory" in result.err
    assert "published: false" in (folder / "a.md").read_text()


def test_to_hide_cards_nothing_heavy_is_imported(one_card: Path) -> None:
    code = (
        "import sys; from newscards.cli import main; main(sys.argv[1:]);"
        "heavy = ('rich', 'newscards.query.sql', 'dateutil');"
        "print(*[m for m in heavy if m in sys.modules])"
    )
    args = ["set-published", "false", "--topic", "Oceans", "--yes", "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-c", code, *args], cwd=one_card.parent, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == ""
    assert one_card.read_text() == card(published="false")


@pytest.mark.parametrize("before", [b"\n", b"\xef\xbb\xbf"])
def test_that_the_site_copies_a_card_verbatim_is_a_warning_in_json_too(
    run: Run, make_corpus: MakeCorpus, before: bytes
) -> None:
    make_corpus({"x.md": before + CARD.encode()})
    (told,) = json.loads(run("set-published", "false", "x", "--format", "json").out)
    assert "the site copies the file as it is" in told["warnings"][0]
    assert run("set-published", "true", "x", "--strict").code == 1


def test_a_swap_hides_the_published_card_of_the_story_in_the_same_edit(
    run: Run, make_corpus: MakeCorpus
) -> None:
    folder = make_corpus(story(heat="80", quality="80"))
    before = {path.name: path.read_bytes() for path in folder.glob("*.md")}
    result = run("set-published", "true", "north", "--swap", "--strict")
    assert (result.code, result.err) == (0, "note: 2 changed, 0 unchanged, 0 refused\n")
    assert result.out == "north.md: published: false -> true\ngauges.md: published: true -> false\n"
    assert "published: true" in (folder / "north.md").read_text()
    assert "published: false" in (folder / "gauges.md").read_text()
    assert run("stories", "--problem", "several-published", "--problem", "none-published").out == ""
    assert run("undo").out.count("published: ") == 2
    assert {path.name: path.read_bytes() for path in folder.glob("*.md")} == before


def test_a_swap_warns_of_what_it_does_not_put_right(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(story())
    result = run("set-published", "true", "north", "--swap", "--dry-run")
    assert result.code == 0
    assert "its heat is -1; its story has a better card, `gauges` (heat 67, quality 67)\n" in result.err
    assert "gauges.md: its" not in result.err  # it is hidden, and not judged
    strict = run("set-published", "true", "north", "--swap", "--strict")
    assert (strict.code, strict.out) == (1, "")
    assert "published: true" in Path("gauges.md").read_text()


def test_a_swap_reports_both_cards_in_json_and_in_a_dry_run(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus(story(heat="80", quality="80"))
    before = {path.name: written(path) for path in folder.glob("*.md")}
    result = run("set-published", "true", "north", "--swap", "--dry-run", "--format", "json")
    assert [(each["id"], each["status"], each["changes"][0]["now"]) for each in json.loads(result.out)] == [
        ("north", "would-change", True),
        ("gauges", "would-change", False),
    ]
    diff = run("set-published", "true", "north", "--swap", "--dry-run", "--diff").out
    assert diff.count("+published: ") == 2
    assert {path.name: written(path) for path in folder.glob("*.md")} == before


def test_a_swap_with_a_card_that_is_published_already_hides_the_others(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(story(published="true"))
    result = run("set-published", "true", "gauges", "--swap")
    assert result.out == "gauges.md: published: true already\nnorth.md: published: true -> false\n"


def test_a_swap_without_another_published_card_only_publishes(run: Run, make_corpus: MakeCorpus) -> None:
    files = story()
    make_corpus({**files, "gauges.md": files["gauges.md"].replace("published: true", "published: false")})
    assert run("set-published", "true", "gauges", "--swap").out == "gauges.md: published: false -> true\n"


def test_a_swap_hides_a_card_whose_flag_is_missing_or_a_text(run: Run, make_corpus: MakeCorpus) -> None:
    files = story()
    for flag in ("", 'published: "false"\n'):
        make_corpus({**files, "gauges.md": files["gauges.md"].replace("published: true\n", flag)})
        assert run("set-published", "true", "north", "--swap", "--quiet").code == 0
        assert "published: false\n" in Path("gauges.md").read_text()


def test_two_cards_of_one_story_cannot_both_be_swapped_in(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({**story(), "x.md": card(title="Other", published="false", webUrl='"https://a.example/x"')})
    before = [Path(name).read_text() for name in ("gauges.md", "north.md")]
    result = run("set-published", "true", "north", "gauges", "x", "--swap")
    assert (result.code, result.out) == (1, "x.md: published: false -> true\n")
    assert "north.md: refused: its story has another card to publish: `gauges`" in result.err
    assert "gauges.md: refused: its story has another card to publish: `north`" in result.err
    assert [Path(name).read_text() for name in ("gauges.md", "north.md")] == before


@pytest.mark.parametrize("obstacle", ["duplicate", "hard link"])
def test_where_the_other_card_cannot_be_hidden_nothing_of_the_story_is_written(
    run: Run, make_corpus: MakeCorpus, obstacle: str
) -> None:
    files = story(heat="80", quality="80")
    if obstacle == "duplicate":
        files["gauges.md"] = files["gauges.md"].replace("heat: 67", "heat: 67\npublished: true")
    make_corpus({**files, "x.md": card(title="Other", published="false", webUrl='"https://a.example/x"')})
    if obstacle == "hard link":
        os.link("gauges.md", "other-name")
    result = run("set-published", "true", "north", "x", "--swap")
    assert (result.code, result.out) == (1, "x.md: published: false -> true\n")
    reason = "stands 2 times" if obstacle == "duplicate" else "the file has 2 hard links"
    refused = "error: north.md: refused: gauges.md, which is published in its story, cannot be hidden: "
    assert refused in result.err
    assert reason in result.err
    assert [Path(name).read_text() for name in files] == [files[name] for name in files]
    if obstacle == "hard link":
        assert run("set-published", "true", "north", "--swap", "--in-place").out.count("->") == 2


def test_where_the_card_itself_is_refused_its_swap_hides_nothing(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(story(removed="true"))
    result = run("set-published", "true", "north", "--swap")
    assert (result.code, result.out) == (1, "")
    assert "north.md: refused: it has `removed: true`: it was taken down" in result.err
    assert run("set-published", "true", "north", "--swap", "--force").out.count("->") == 2


def test_a_swap_goes_only_with_true(run: Run, one_card: Path) -> None:
    result = run("set-published", "false", one_card.name, "--swap")
    assert (result.code, result.out) == (2, "")
    assert "--swap goes only with `true`" in result.err
    assert one_card.read_text() == CARD


def test_cards_that_options_select_are_swapped_in(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({f"_news/{name}": text for name, text in story(heat="80", quality="80").items()})
    result = run("set-published", "true", "--min-quality", "80", "--swap", "--yes")
    assert result.out == (
        "_news/north.md: published: false -> true\n_news/gauges.md: published: true -> false\n"
    )


RULES = """
[rules.few]
where = "published AND quality < 90"
message = "too few"
[rules.hidden]
where = "NOT published"
severity = "error"
[rules.back]
where = "removed = 0"
"""


@pytest.mark.parametrize(
    ("command", "warning"),
    [
        ("set-published true hidden", "it gets a warning: few: too few"),
        ("set published true hidden", "it gets a warning: few: too few"),
        ("set-published false shown", "it gets an error: hidden"),
        ("remove shown", "it gets an error: hidden"),
        ("restore gone", "it gets a warning: back"),
    ],
)
def test_a_flag_that_gives_a_card_a_new_finding_is_set_and_warned_of(
    run: Run, make_corpus: MakeCorpus, command: str, warning: str
) -> None:
    make_corpus(
        {
            "newscards.toml": RULES,
            "shown.md": CARD,
            "hidden.md": card(published="false"),
            "gone.md": card(removed="true", published="false"),
        }
    )
    name = f"{command.split()[-1]}.md"
    for option in ("--dry-run", "--yes"):
        result = run(*command.split(), *([] if option == "--yes" else [option]))
        assert result.code == 0
        assert result.err.startswith(f"warning: {name}: {warning}")
        assert result.err.count("it gets") == 1


def test_strict_refuses_a_flag_that_gives_a_card_a_new_finding(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"newscards.toml": RULES, "shown.md": CARD, "hidden.md": card(published="false")})
    assert "refused: it would be a warning: few" in run("set-published", "true", "hidden", "--strict").err
    assert "refused: it would be an error: hidden" in run("set-published", "false", "shown", "--strict").err
    assert run("set-published", "false", "shown", "--strict", "--force").code == 0


def test_an_error_that_a_card_has_is_no_new_one(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"newscards.toml": RULES, "a.md": card(published="false", quality="-5")})
    told = run("set-published", "true", "a").err
    assert "it has 1 error: NC402 on line" in told
    assert told.count("an error") == 0
