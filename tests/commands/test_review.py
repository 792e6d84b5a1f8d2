"""The review in a real terminal: what waits, the keys, the screen, and what is left when it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newscards.edits.lock import edit_lock
from tests.conftest import MakeCorpus, Run
from tests.support import ROOT, card, matches_snapshot
from tests.support.git_repository import commit, git
from tests.support.screen import Terminal
from tests.support.terminal import FIXED_CLOCK

LONG = " ".join(f"Sensor {number} stands in a well that nobody had opened for years." for number in range(60))


def named(title: str, **fields: str | None) -> str:
    """Return a card with a title and the URL that belongs to it."""
    url = f'"https://www.tide.example/{title.lower().replace(" ", "-")}"'
    flag = fields.pop("published", "false")  # last, because `card` adds fields below the one of CARD
    return card(title=f'"{title}"', webUrl=url, originalUrl=url, **fields, published=flag)


def entry(title: str, day: str, quality: int) -> str:
    """Return an entry of ``related`` that names a card of ``named``."""
    return (
        f'\n  - title: "{title}"\n    webUrl: "https://www.tide.example/{title.lower().replace(" ", "-")}"\n'
        f"    publishedDateTime: {day}T15:44:00Z\n    quality: {quality}"
    )


def dated(day: str) -> str:
    return f"{day}T15:44:00Z"


FILES = {
    "_news/2023-06-22-wells.md": named(
        "Old wells", publishedDateTime=dated("2023-06-22"), quality="80", heat="90", excerpt=f'"{LONG}"',
        related=entry("New sensors", "2023-06-21", 60),
    ),
    "_news/2023-06-21-sensors.md": named(
        "New sensors", publishedDateTime=dated("2023-06-21"), quality="60", heat="-1",
        related=entry("Old wells", "2023-06-22", 80),
    ),
    "_news/2023-06-20-gauges.md": named("Tide gauges", publishedDateTime=dated("2023-06-20")),
    "_news/2023-06-19-ferry.md": named("Night ferry", publishedDateTime=dated("2023-06-19")),
    "_news/2023-06-18-shown.md": named(
        "Shown already", published="true", publishedDateTime=dated("2023-06-18")
    ),
    "_news/2023-06-17-gone.md": named("Taken down", removed="true", publishedDateTime=dated("2023-06-17")),
    "_config.yml": "collections:\n  news:\n    output: true\n",
}  # fmt: skip
WELLS, SENSORS, GAUGES, FERRY, SHOWN, GONE = (f"_news/{Path(name).name}" for name in [*FILES][:6])

Review = Callable[..., Terminal]


@pytest.fixture
def site(make_corpus: MakeCorpus) -> Path:
    return make_corpus(FILES)


@pytest.fixture
def review(site: Path) -> Iterator[Review]:
    """Return a function that starts a review in a terminal."""
    running: list[Terminal] = []

    def start(
        *args: str, columns: int = 80, lines: int = 24, environment: dict[str, str] | None = None
    ) -> Terminal:
        environment = {"NO_COLOR": "1", **(environment or {})}
        terminal = Terminal("review", *args, cwd=site, columns=columns, lines=lines, environment=environment)
        running.append(terminal)
        return running[-1]

    yield start
    for each in running:
        each.__exit__(None, None, None)


def shown(site: Path) -> list[str]:
    """Return the names of the cards whose flag is true, without date and ending."""
    paths = (site / "_news").glob("*.md")
    return sorted(path.stem[11:] for path in paths if b"published: true" in path.read_bytes())


def test_stories_without_a_published_card_wait_the_newest_first_each_with_its_best_card(
    review: Review, site: Path
) -> None:
    terminal = review()
    terminal.wait_for("1 of 3")
    assert terminal.rows[2].startswith("Old wells")
    assert terminal.press("n", "2 of 3").splitlines()[2] == "Tide gauges"
    assert terminal.press("j", "3 of 3").splitlines()[2] == "Night ferry"
    assert terminal.press("k", "2 of 3").splitlines()[2] == "Tide gauges"
    assert terminal.press("\x1b[D", "1 of 3").splitlines()[2] == "Old wells"
    assert "this is the first one" in terminal.press("\x1bOD", "this is the first")
    terminal.press("\x1b[C", "2 of 3")
    terminal.type("Q")
    assert terminal.end() == (0, "note: nothing was decided\n")
    assert terminal.is_as_before()
    assert not (site.parent / "state" / "newscards").exists()


def test_decisions_are_written_at_once_and_reported_at_the_end_as_diff_does(
    review: Review, site: Path, run: Run
) -> None:
    terminal = review()
    terminal.wait_for("1 of 3")
    terminal.press("p", "2 of 3")
    assert shown(site) == ["shown", "wells"]
    terminal.press("x", "3 of 3")
    terminal.press("h", "The end: 3 of 3 decided")
    assert "kept hidden: Night ferry" in terminal.text
    terminal.press("u", "taken back: kept hidden: Night ferry")
    terminal.press("h", "The end")
    terminal.press("p", "this is the end: u takes back")
    terminal.type("Q")
    code, left = terminal.end()
    matches_snapshot("review-end.txt", left)
    assert (code, terminal.is_as_before()) == (0, True)
    listed = run("undo", "--list", "--format", "tsv").out
    assert [line.split("\t")[4] for line in listed.splitlines()] == [
        f"remove {GAUGES}",
        f"set-published true {WELLS}",
    ]
    assert run("undo").code == run("undo").code == 0
    assert {name: (site / name).read_text() for name in FILES} == FILES


def test_the_last_decision_is_taken_back_and_shown_again(review: Review, site: Path) -> None:
    terminal = review()
    terminal.wait_for("1 of 3")
    terminal.press("p", "2 of 3")
    terminal.press("n", "3 of 3")
    screen = terminal.press("u", "1 of 3")
    assert "taken back: published: false -> true: Old wells" in screen
    assert shown(site) == ["shown"]
    assert "no decision to take back" in terminal.press("u", "no decision")
    terminal.type("Q")
    assert terminal.end() == (0, "note: nothing was decided\n")


def test_a_decision_whose_card_has_changed_since_is_not_taken_back_but_the_one_before_is(
    review: Review, site: Path
) -> None:
    terminal = review()
    terminal.wait_for("1 of 3")
    terminal.press("p", "2 of 3")
    terminal.press("p", "3 of 3")
    path = site / GAUGES
    path.write_text(path.read_text().replace("quality: 67", "quality: 68"))
    terminal.press("u", "not taken back: it has changed since (2023-06-20-gauges.md)")
    terminal.press("u", "taken back: published: false -> true: Old wells")
    assert shown(site) == ["gauges", "shown"]


def test_another_card_of_the_story_is_looked_at_by_its_number_or_by_tab(review: Review) -> None:
    terminal = review(lines=30)
    terminal.wait_for("2 cards, none published")
    assert "▸1  ○" in terminal.text
    screen = terminal.press("2", "▸2")
    assert screen.splitlines()[2] == "New sensors"
    assert "Doubts    its heat is -1; its story has a better card" in screen
    terminal.press("9", "the story has no card 9")
    terminal.press("\t", "▸1")
    terminal.press("\x1b[Z", "▸2")


def test_a_swap_publishes_a_card_and_hides_the_published_one_as_one_edit(
    review: Review, site: Path, run: Run
) -> None:
    run("set-published", "true", WELLS)
    terminal = review(SENSORS)
    terminal.wait_for("P swaps it for the published card")
    terminal.press("P", "published: false -> true: New sensors; and 1 other card: published: true -> false")
    terminal.type("Q")
    code, left = terminal.end()
    assert (code, shown(site)) == (0, ["sensors", "shown"])
    assert "Published 1" in left
    assert "Hidden 1" in left
    run("undo")
    assert shown(site) == ["shown", "wells"]


def test_the_quality_is_set_in_the_copies_too_and_a_mistake_is_told(review: Review, site: Path) -> None:
    terminal = review(lines=40)
    terminal.wait_for("1 of 3")
    terminal.press("q", "Quality (now 80):")
    terminal.press("8x\n", "`quality` is a whole number, which `8x` is not")
    terminal.press("q", "Quality (now 80):", gone="8x")
    terminal.press("99\x7f\x158\x7f85\n", "quality: 80 -> 85")
    assert "    quality: 85" in (site / SENSORS).read_text()
    terminal.press("q", "Quality (now 85):")
    terminal.press("\x1b", "nothing was changed")
    terminal.press("u", "taken back")
    assert {name: (site / name).read_text() for name in FILES} == FILES


def test_topics_are_completed_added_and_removed(review: Review, site: Path) -> None:
    path = site / FERRY
    path.write_text(path.read_text().replace("  - Science\n", "  - Science\n  - Scallops\n"))
    terminal = review(GAUGES)
    terminal.wait_for("1 of 1")
    terminal.press("t", "now: Oceans, Science. A name adds a topic, -name removes one")
    terminal.press("x\t", "nothing known begins with `x`")
    terminal.press("\x15s\t\t", "Science, Scallops")
    terminal.press("a\t", "Topic: Scallops")
    terminal.press("\n", "topics: + Scallops: Tide gauges")
    assert "  - Scallops\n" in (site / GAUGES).read_text()
    terminal.press("t", "Topic:")
    terminal.press("-sci\t\n", "topics: - Science")
    terminal.press("t", "Topic:")
    terminal.press("SCIENCE\n", "topics: + Science")
    terminal.press("t", "Topic:")
    terminal.press("-Oceans\n", "refused: it is the card's first topic")


def test_a_story_that_has_lost_a_card_says_so_when_another_one_is_looked_at(
    review: Review, site: Path
) -> None:
    terminal = review(lines=30)
    terminal.wait_for("1 of 3")
    (site / SENSORS).unlink()
    terminal.press("\t", "something else has changed this story")


def test_a_card_that_something_else_has_changed_is_shown_again_and_not_overwritten(
    review: Review, site: Path
) -> None:
    terminal = review(lines=30)
    terminal.wait_for("1 of 3")
    path = site / SENSORS  # another card of the story counts, too
    changed = path.read_text().replace("quality: 60", "quality: 61")
    path.write_text(changed)
    screen = terminal.press("p", "something else has changed this story")
    assert "1 of 3" in screen
    assert "61    -1" in screen
    assert (shown(site), path.read_text()) == (["shown"], changed)
    terminal.press("p", "2 of 3")
    assert shown(site) == ["shown", "wells"]


def test_a_decision_waits_for_another_newscards_and_says_so(review: Review, site: Path) -> None:
    terminal = review()
    terminal.wait_for("1 of 3")
    with edit_lock():
        terminal.press("p", "waiting for another newscards to finish its edit")
        assert shown(site) == ["shown"]
    terminal.wait_for("2 of 3")
    assert shown(site) == ["shown", "wells"]


def test_without_a_journal_it_decides_all_the_same_and_says_that_nothing_can_be_taken_back(
    review: Review, site: Path
) -> None:
    state = site.parent / "state"
    state.mkdir()
    (state / "newscards").write_text("in the way of the folder")
    terminal = review()
    terminal.wait_for("1 of 3")
    terminal.press("p", "2 of 3")
    assert shown(site) == ["shown", "wells"]
    terminal.press("u", "it cannot be taken back: it is in no journal")
    terminal.type("Q")
    code, left = terminal.end()
    assert code == 0
    assert "note: no undo, and no lock against a second newscards" in left


def test_a_card_that_is_gone_or_broken_meanwhile_is_told(review: Review, site: Path) -> None:
    terminal = review()
    terminal.wait_for("1 of 3")
    (site / GAUGES).unlink()
    (site / FERRY).write_text("---\ntitle: [\n---\n")
    terminal.press("n", "the file is gone")
    terminal.press("p", "this card cannot be edited")
    terminal.press("n", "3 of 3")
    assert "Problem" in terminal.text
    terminal.press("p", "this card cannot be edited")
    terminal.type("Q")
    assert terminal.end()[0] == 0


@pytest.mark.parametrize("name", ["60x20", "80x24", "120x40", "200x50"])
def test_the_page_fits_the_window_and_its_last_line_has_the_keys(review: Review, name: str) -> None:
    columns, lines = map(int, name.split("x"))
    terminal = review(columns=columns, lines=lines)
    terminal.wait_for("Q quit")
    matches_snapshot(f"review-{name}.txt", f"{terminal.text}\n")
    assert len(terminal.rows) == lines
    assert terminal.rows[-1].endswith("Q quit")
    assert not re.search(rb"[^\nH]\x1b\[K", terminal.written)  # it would clear the last column in xterm


def test_another_size_of_the_window_draws_the_page_again(review: Review) -> None:
    terminal = review(columns=120, lines=40)
    terminal.wait_for("Q quit")
    terminal.resize(60, 20)
    terminal.wait_for("Q quit", gone="k back  u undo  ? help  Q quit  ")
    terminal.press("n", "2 of 3")
    terminal.resize(60, 8)
    terminal.wait_for("2 of 3")
    terminal.wait_for("Q quit")
    assert terminal.rows[-1].endswith("Q quit")


@pytest.mark.parametrize("size", [(1, 1), (5, 2), (20, 5), (400, 100)])
def test_no_window_is_too_small_or_too_large(review: Review, size: tuple[int, int]) -> None:
    terminal = review(columns=size[0], lines=size[1])
    while not terminal.rows[0]:
        terminal.read()
    terminal.resize(80, 24)
    terminal.wait_for("1 of 3")


def test_ctrl_c_leaves_what_was_decided_and_gives_the_terminal_back(review: Review, site: Path) -> None:
    terminal = review()
    terminal.wait_for("1 of 3")
    terminal.press("p", "2 of 3")
    terminal.type("\x03")
    code, left = terminal.end()
    assert (code, shown(site), terminal.is_as_before()) == (130, ["shown", "wells"], True)
    assert "1 decision" in left


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("at", ["page", "question", "help"])
def test_a_signal_that_ends_the_process_gives_the_terminal_back(
    review: Review, at: str, number: signal.Signals
) -> None:
    terminal = review()
    terminal.wait_for("1 of 3")
    if at == "question":
        terminal.press("q", "Quality")
    if at == "help":
        terminal.press("?", "any key goes back")
    terminal.process.send_signal(number)
    assert terminal.end()[0] == 128 + number
    assert terminal.is_as_before()


def test_ctrl_z_suspends_it_with_the_terminal_given_back_and_fg_shows_the_page_again(
    review: Review, site: Path
) -> None:
    environment = {"CODE": FIXED_CLOCK, "NO_COLOR": "1", "PYTHON": sys.executable}
    shell = 'set -m; "$PYTHON" -c "$CODE" review; echo "suspended"; read -r _; fg; echo "ended $?"'
    with Terminal(cwd=site, environment=environment, program=["bash", "-c", shell]) as terminal:
        terminal.wait_for("1 of 3")
        terminal.type("\x1a")
        while b"suspended" not in terminal.written:
            terminal.read()
        assert terminal.written.rfind(b"\x1b[?1049l") > terminal.written.rfind(b"\x1b[?1049h")
        terminal.press("\n", "1 of 3")
        terminal.press("n", "2 of 3")
        terminal.type("Q")
        code, left = terminal.end()
    assert (code, left.splitlines()[-1]) == (0, "ended 0")


def test_a_kill_in_the_middle_of_decisions_loses_none_and_tears_no_card(review: Review, site: Path) -> None:
    terminal = review()
    terminal.wait_for("1 of 3")
    terminal.press("p", "2 of 3")
    terminal.type("p")
    terminal.process.kill()
    assert terminal.end()[0] == -signal.SIGKILL
    news = {name: (site / name).read_text() for name in (WELLS, GAUGES)}
    assert news[WELLS] == FILES[WELLS].replace("published: false", "published: true")
    assert news[GAUGES] in (FILES[GAUGES], FILES[GAUGES].replace("published: false", "published: true"))
    assert review().wait_for("of ")


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (b"z", "`z` is no key here; ? shows the keys"),
        ("é".encode(), "`é` is no key here"),
        ("💧".encode(), "`💧` is no key here"),
        (b"\xff\xfe", "`unknown` is no key here"),
        (b"\x1b[15~", "`unknown` is no key here"),
        (b"\x1b", "`escape` is no key here"),
        (b"p" * 10_000, "pasted text is no key; ? shows the keys"),
        (b"\x1b[200~" + b"pxQ\n" * 2_500 + b"\x1b[201~", "pasted text is no key"),
    ],
)  # fmt: skip
def test_what_is_no_key_decides_nothing_and_is_told_once(
    review: Review, site: Path, keys: bytes, told: str
) -> None:
    terminal = review()
    terminal.wait_for("1 of 3")
    terminal.press(keys, told)
    assert b"\a" not in terminal.written
    terminal.press("n", "2 of 3")
    assert shown(site) == ["shown"]


def test_a_decision_typed_before_its_card_was_shown_does_not_count(review: Review, site: Path) -> None:
    terminal = review()
    terminal.wait_for("1 of 3")
    terminal.press("pp", "2 of 3")
    terminal.press("n", "3 of 3")
    assert shown(site) == ["shown", "wells"]


def test_help_and_more_are_pages_in_which_one_turns_pages(review: Review) -> None:
    terminal = review(columns=60, lines=16)
    terminal.wait_for("1 of 3")
    screen = terminal.press("?", "rows 1-12 of")
    assert "publish the card" in screen
    terminal.press(" ", "end the review", gone="publish the card")
    terminal.press("b", "publish the card: `published: true`")
    terminal.press("q", "1 of 3")
    terminal.press("m", "rows 1-12 of")
    terminal.resize(100, 60)
    terminal.wait_for("any key goes back to the card", gone="rows 1-12")
    assert "Sensor 59 stands" in terminal.words
    assert "Related 1" in terminal.text
    terminal.press("p", "1 of 3")


def test_the_diff_shows_what_git_has_changed_of_the_card(review: Review, site: Path) -> None:
    terminal = review(GAUGES)
    terminal.wait_for("1 of 1")
    terminal.press("d", "needs a git repository")
    git(site, "init", "-q")
    commit(site)
    terminal.press("d", "no card changed")
    terminal.press("b", "1 of 1")
    terminal.press("q", "Quality")
    terminal.press("70\n", "quality: 67 -> 70")
    assert "Moved in quality 1" in terminal.press("d", "Not committed")


def test_the_url_is_opened_in_the_browser_if_it_is_one_of_the_web(
    review: Review, site: Path, tmp_path: Path
) -> None:
    browser = tmp_path / "bin" / "xdg-open"
    browser.parent.mkdir()
    browser.write_text(f'#!/bin/sh\ncd {tmp_path}; printf "%s\\n" "$@" > opened.new; mv opened.new opened\n')
    browser.chmod(0o755)
    path = site / FERRY
    path.write_text(path.read_text().replace("https://www.tide.example/night-ferry", "file:///etc/passwd"))
    terminal = review(environment={"PATH": f"{browser.parent}{os.pathsep}{os.environ['PATH']}"})
    terminal.wait_for("1 of 3")
    terminal.type("o")
    while not (tmp_path / "opened").exists():
        terminal.read()
    assert (tmp_path / "opened").read_text() == "https://www.tide.example/old-wells\n"
    terminal.press("n", "2 of 3")
    terminal.press("n", "3 of 3")
    terminal.press("o", "the card has no URL that a browser can open")


@pytest.mark.parametrize("script", ["echo no browser >&2; exit 3", ""])
def test_without_a_browser_that_is_said_and_nothing_else_is_on_the_screen(
    review: Review, tmp_path: Path, script: str
) -> None:
    (tmp_path / "bin").mkdir()
    if script:
        (tmp_path / "bin" / "xdg-open").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "bin" / "xdg-open").chmod(0o755)
    terminal = review(environment={"PATH": str(tmp_path / "bin")})
    before = terminal.wait_for("1 of 3").splitlines()[:10]
    assert terminal.press("o", "no browser: xdg-open").splitlines()[:10] == before
    assert b"no browser\r\n" not in terminal.written


def test_a_swap_for_a_card_that_is_published_already_names_it_first(review: Review, run: Run) -> None:
    run("set-published", "true", WELLS, SENSORS)
    terminal = review("--problem", "several-published")
    terminal.wait_for("2 cards, 2 published; several-published")
    terminal.press("P", "published already: Old wells; and 1 other card: published: true -> false")


def test_in_a_low_window_the_keys_name_the_other_cards_of_the_story(review: Review) -> None:
    terminal = review(columns=60, lines=14)
    terminal.wait_for("1-2 other cards")
    assert terminal.press("2", "New sensors").splitlines()[-1].endswith("Q quit")


def test_a_card_is_edited_by_hand_and_that_is_taken_back_as_any_decision(
    review: Review, site: Path, run: Run
) -> None:
    terminal = review(GAUGES, environment={"EDITOR": "sed -i 's/quality: 67/quality: 71/'"}, lines=30)
    terminal.wait_for("1 of 1")
    terminal.press("e", "edited: Tide gauges")
    assert "Quality   71" in terminal.text
    assert run("undo", "--list", "--format", "tsv").out.endswith(f"\tedit {GAUGES}\n")
    terminal.press("u", "taken back: edited: Tide gauges")
    assert (site / GAUGES).read_text() == FILES[GAUGES]
    terminal.type("Q")
    assert terminal.end() == (0, "note: nothing was decided\n")


def test_an_editor_that_fails_is_told_before_the_page_comes_back(review: Review, site: Path) -> None:
    terminal = review(GAUGES, environment={"EDITOR": "false"})
    terminal.wait_for("1 of 1")
    terminal.press("e", "nothing was written; the editor failed: false")
    assert (site / GAUGES).read_text() == FILES[GAUGES]


def test_a_card_that_is_broken_by_hand_is_asked_about_and_what_was_said_stays_until_a_key(
    review: Review, site: Path
) -> None:
    terminal = review(GAUGES, environment={"EDITOR": "sed -i 's/^title:.*/title: [/'"})
    terminal.wait_for("1 of 1")
    terminal.press("e", "or drop it?")
    terminal.press("d", "Press any key to go on")
    terminal.press("x", "1 of 1")
    assert (site / GAUGES).read_text() == FILES[GAUGES]
    terminal.press("n", "0 of 1 decided")
    terminal.press("Q", "nothing was decided")


def test_ctrl_z_in_the_editor_suspends_the_review_too_and_fg_goes_on(review: Review, site: Path) -> None:
    editor = "sh -c 'echo in the editor; read -r _; sed -i s/67/71/ \"$0\"'"
    environment = {"CODE": FIXED_CLOCK, "NO_COLOR": "1", "PYTHON": sys.executable, "EDITOR": editor}
    shell = f'set -m; "$PYTHON" -c "$CODE" review {GAUGES}; echo "suspended"; read -r _; fg; echo "ended $?"'
    with Terminal(cwd=site, environment=environment, program=["bash", "-c", shell]) as terminal:
        terminal.wait_for("1 of 1")
        terminal.press("e", "in the editor")
        terminal.press("\x1a", "suspended")
        terminal.type("\n")
        terminal.read()
        terminal.press("\n", "edited: Tide gauges")
        terminal.type("Q")
        code, left = terminal.end()
    assert (code, left.splitlines()[-1]) == (0, "ended 0")
    assert "quality: 71" in (site / GAUGES).read_text()


def test_an_edit_that_something_else_makes_meanwhile_is_not_taken_back_as_the_users(
    review: Review, site: Path
) -> None:
    other = f'"{sys.executable}" -m newscards set heat 5 {GAUGES}'
    terminal = review(GAUGES, environment={"EDITOR": f"sh -c '{other}'"})
    terminal.wait_for("1 of 1")
    terminal.press("e", "heat 5")
    terminal.press("u", "there is no decision to take back")
    assert "heat: 5\n" in (site / GAUGES).read_text()


def test_a_dry_run_writes_nothing_and_prints_the_commands(review: Review, site: Path, run: Run) -> None:
    terminal = review("--dry-run")
    terminal.wait_for("dry run: nothing is written")
    terminal.press("p", "2 of 3")
    terminal.press("t", "Topic:")
    terminal.press("Deep sea\n", "No card has the topic `Deep sea`")
    terminal.press("n", "Topic: Deep sea")
    terminal.press("\n", "No card has the topic `Deep sea`")
    terminal.press("y", "topics: + Deep sea")
    terminal.press("x", "3 of 3")
    terminal.press("h", "The end: 3 of 3 decided")
    terminal.type("Q")
    code, left = terminal.end()
    assert (code, {name: (site / name).read_text() for name in FILES}) == (0, FILES)
    assert left.splitlines() == [
        f"newscards set-published true {WELLS}",
        f"newscards topic add 'Deep sea' {GAUGES}",
        f"newscards remove {GAUGES}",
        "note: 4 decisions, none of them written (dry run)",
    ]
    for line in left.splitlines()[:-1]:
        args = subprocess.run(["sh", "-c", f'newscards() {{ printf "%s\\n" "$@"; }}; {line}'],
                              capture_output=True, text=True, check=True).stdout.splitlines()  # fmt: skip
        assert run(*args).code == 0
    assert shown(site) == ["shown", "wells"]


def test_a_dry_run_decides_a_value_and_the_flags_of_a_story_once(review: Review, site: Path) -> None:
    terminal = review("--dry-run")
    terminal.wait_for("1 of 3")
    terminal.press("q", "Quality")
    terminal.press("50\n", "quality: ")
    terminal.press("q", "this dry run has decided that already; u takes it back")
    terminal.press("p", "2 of 3")
    terminal.press("k", "1 of 3")
    terminal.press("h", "this dry run has decided that already")
    terminal.press("u", "taken back: ")
    terminal.press("h", "2 of 3")
    terminal.type("Q")
    left = terminal.end()[1].splitlines()
    assert [line.split()[1] for line in left[:-1]] == ["set"]
    assert {name: (site / name).read_text() for name in FILES} == FILES


def test_nothing_waits(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"2023-06-18-shown.md": FILES[SHOWN], "2023-06-17-gone.md": FILES[GONE]})
    with Terminal("review", cwd=folder) as terminal:
        assert terminal.end() == (0, "note: nothing to review\n")


@pytest.mark.parametrize(
    ("args", "titles"),
    [
        (["--limit", "2"], ["Old wells", "Tide gauges"]),
        (["--since", "2023-06-20"], ["Old wells", "Tide gauges"]),
        (["--max-quality", "60"], ["Old wells"]),  # another card of its story has this quality
        (["--where", "title = 'Night ferry'"], ["Night ferry"]),
        (["--problem", "none-published"], ["Old wells"]),
        ([SHOWN, SENSORS, WELLS], ["Shown already", "New sensors"]),
    ],
)
def test_options_and_cards_narrow_what_is_reviewed(
    review: Review, args: list[str], titles: list[str]
) -> None:
    terminal = review(*args)
    for number, title in enumerate(titles, 1):
        terminal.wait_for(f"{number} of {len(titles)}")
        assert terminal.rows[2] == title
        terminal.type("n")
    terminal.wait_for(f"0 of {len(titles)} decided")
    terminal.type("Q")
    assert terminal.end()[0] == 0


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ([], "`review` asks in a terminal, and there is none"),
        (["--problem", "nonsense"], "`review` asks in a terminal"),
    ],
)
def test_without_a_terminal_it_names_the_commands_that_do_the_same(
    run: Run, site: Path, args: list[str], error: str
) -> None:
    result = run("review", *args)
    assert (result.code, result.out) == (2, "")
    assert error in result.err
    assert "newscards set-published" in result.err


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["--problem", "nonsense"], "unknown problem `nonsense`"),
        (["--published"], "a story with a published card waits for nothing"),
        ([SHOWN, "--topic", "Oceans"], "options that select stories do not go with named cards"),
        (["2023-06"], "`2023-06` is ambiguous"),
    ],
)
def test_wrong_usage_is_told_before_the_screen_is_taken(review: Review, args: list[str], error: str) -> None:
    terminal = review(*args)
    code, left = terminal.end()
    assert (code, b"\x1b[?1049h" in terminal.written) == (2, False)
    assert error in left


def test_a_dumb_terminal_gets_one_page_below_the_other(review: Review) -> None:
    terminal = review(environment={"TERM": "dumb"})
    terminal.wait_for("1 of 3")
    terminal.press("p", "2 of 3")
    terminal.type("Q")
    assert terminal.end()[0] == 0
    assert b"\x1b" not in terminal.written


def test_text_of_a_card_reaches_the_terminal_harmless(make_corpus: MakeCorpus) -> None:
    title = '"[red]Evil\\e]0;owned\\a\\e[2J \\u202e title"'
    folder = make_corpus({"2023-06-20-evil.md": card(title=title, excerpt=title, published="false")})
    with Terminal("review", cwd=folder) as terminal:
        terminal.wait_for("[red]Evil")
        assert "title" in terminal.rows[2]
        assert b"owned\a" not in terminal.written
        assert b"\x1b[2J" not in terminal.written


def test_the_picture_in_the_manual_is_the_screen() -> None:
    page = (ROOT / "newscards" / "manual" / "editing.md").read_text()
    command, _, picture = page.partition("```text\n$ newscards ")[2].partition("\n```")[0].partition("\n")
    with Terminal(*command.split(), cwd=ROOT, environment={"NO_COLOR": "1"}) as terminal:
        terminal.wait_for("Q quit")
        assert terminal.text == picture


def test_what_is_refused_names_what_a_review_can_do(review: Review) -> None:
    terminal = review(GONE, columns=160)
    terminal.wait_for("1 of 1")
    screen = terminal.press("p", "refused")
    assert "`newscards restore` takes that back; e edits the card by hand" in screen
    assert "--force" not in screen
    terminal.press("Z", "no key here")
    assert "--force" not in terminal.press("P", "refused")


def test_what_a_decision_makes_wrong_is_said_with_it(review: Review) -> None:
    terminal = review(WELLS, columns=160)
    terminal.wait_for("1 of 1")
    terminal.press("q", "Quality (now 80)")
    terminal.type("95")
    assert "it gets a warning: NC411: `heat` is 90, below the `quality` of 95" in terminal.press("\r", "gets")
    terminal.press("p", "The end")
    terminal.press("k", "p publish")
    warning = "this leaves a story of 2 cards without a published card"
    assert warning in terminal.press("h", "without a published card")
