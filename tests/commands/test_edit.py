"""``edit``: a copy of a card in an editor, checked, and written; nothing that was typed is lost."""

from __future__ import annotations

import errno
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from newscards.commands.shared.editor import Copy
from newscards.lint.findings import Finding
from tests.conftest import MakeCorpus, Run, SetEditor
from tests.rules.cases import ENTRY, listing, north, story
from tests.support import CARD, card, matches_snapshot
from tests.support.terminal import in_terminal

NAME = "2023-06-20-a-card.md"


def copies(folder: Path) -> list[Path]:
    """Return the copies that are left."""
    return sorted(path for path in (folder.parent / "copies").rglob("*") if path.is_file())


def test_what_the_editor_has_written_is_the_card_and_undo_takes_it_back(
    run: Run, one_card: Path, set_editor: SetEditor
) -> None:
    set_editor('sed -i "s/quality: 67/quality: 60/; s/^title.*/title: Wells/" "$1"')
    result = run("edit", NAME)
    assert (result.code, result.err) == (0, "")
    assert result.out == f"{NAME}: title: Tide gauges get a second life -> Wells; quality: 67 -> 60\n"
    assert one_card.read_text() == card(title="Wells", quality="60")
    assert copies(one_card.parent) == []
    assert run("undo").code == 0
    assert one_card.read_text() == CARD


def test_what_the_editor_has_written_may_give_the_card_a_warning(
    run: Run, one_card: Path, set_editor: SetEditor
) -> None:
    set_editor('sed -i "s/quality: 67/quality: 70/" "$1"')
    assert run("edit", NAME).err == (
        f"warning: {NAME}: it gets a warning: NC411: `heat` is 67, below the `quality` of 70\n"
    )


def test_a_copy_that_is_edited_by_hand_may_differ_from_its_card(
    run: Run, make_corpus: MakeCorpus, set_editor: SetEditor
) -> None:
    make_corpus(story())
    set_editor('sed -i "s/title: \\"Tide gauges.*/title: foo/" "$1"')
    assert "north.md: it gets a warning: NC606: `title` is “Tide gauges" in run("edit", "north").err


SOUTH = ENTRY.replace("north", "south")
RELATED = {
    "an entry is added": ([], [ENTRY]),
    "an entry of no card is added": ([ENTRY], [ENTRY, ENTRY.replace("north", "east")]),
    "an entry with another title is added": ([ENTRY], [ENTRY, SOUTH.replace("Gauges", "Wells")]),
    "an entry with another URL is added": ([], [ENTRY.replace("example/north", "example/nort")]),
    "an entry of a card that cannot be read is added": ([], [ENTRY.replace("north", "west")]),
    "an entry is removed": ([ENTRY, SOUTH], [SOUTH]),
    "an entry becomes that of another card": ([ENTRY], [SOUTH]),
    "an entry becomes that of no card": ([ENTRY], [ENTRY.replace("north", "east")]),
    "the title in an entry is changed": ([ENTRY], [ENTRY.replace("Gauges", "Wells")]),
    "the quality in an entry is changed": ([ENTRY, SOUTH], [ENTRY.replace("60", "70"), SOUTH]),
    "entries swap their places": ([ENTRY, SOUTH], [SOUTH, ENTRY]),
}


@pytest.mark.parametrize(("old", "new"), RELATED.values(), ids=RELATED)
def test_of_an_edit_of_related_is_said_what_validate_finds_more(
    run: Run, make_corpus: MakeCorpus, set_editor: SetEditor, old: list[str], new: list[str]
) -> None:
    before, after = (card(related=listing(*entries) if entries else None) for entries in (old, new))
    west = north().replace("north", "west").replace("quality: 60", "quality: [")
    south = north(related=None).replace("north", "south")
    cards = {"a": before, "west": west, "north": north(), "south": south}
    folder = make_corpus({f"_news/{name}.md": text for name, text in cards.items()})
    (folder.parent / "new").write_text(after)
    former = codes(run)
    set_editor(f'cat "{folder.parent}/new" > "$1"')
    result = run("edit", "a")
    assert result.code == 0
    said = re.findall(r"it gets a warning: (NC\d+)", result.err)
    assert sorted(said) == sorted(codes(run) - former)


def codes(run: Run) -> Counter[str]:
    """Return how often `validate` finds each rule in the card a.md."""
    found = json.loads(run("validate", "_news/a.md", "--format", "json").out)["findings"]
    return Counter(each["code"] for each in found)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"\xef\xbb\xbf" + CARD.encode(), b"\xef\xbb\xbf" + CARD.encode() + b"A body.\n", "(body): changed"),
        (CARD.replace("\n", "\r\n").encode(), card(quality="68").replace("\n", "\r\n").encode(), "quality"),
        (CARD.encode(), CARD.encode() + b"A body, unended", "(body): changed"),
        (CARD.encode(), CARD.replace("quality: 67", "quality:  67 # so").encode(), "none of its values"),
        (b"---\ntitle: 'x\n---\n", CARD.encode(), "can be read again"),
        (CARD.encode(), card(secured=None).encode(), "secured: "),
    ],
    ids=["a BOM", "CRLF", "no last newline", "a comment", "broken before", "a field is gone"],
)
def test_the_bytes_are_those_that_the_editor_has_left(
    run: Run, one_card: Path, set_editor: SetEditor, old: bytes, new: bytes, told: str
) -> None:
    one_card.write_bytes(old)
    (one_card.parent.parent / "new").write_bytes(new)
    set_editor(f'cat "{one_card.parent.parent}/new" > "$1"')
    result = run("edit", NAME)
    assert result.code == 0, result.err
    assert told in result.out
    assert one_card.read_bytes() == new
    assert run("undo").code == 0
    assert one_card.read_bytes() == old


def test_an_unchanged_copy_is_not_written(run: Run, one_card: Path, set_editor: SetEditor) -> None:
    set_editor(":")
    assert run("edit", NAME).out == f"{NAME}: not changed\n"
    assert run("undo", "--list").out == ""
    assert copies(one_card.parent) == []


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ('sed -i "s/quality: 67/quality: -1/" "$1"', 1),
        ('sed -i "s/^title: ./title: [/" "$1"', 1),
        ('printf "\\\\000\\\\377" > "$1"', 1),
        (': > "$1"', 1),
        ('rm "$1"', 1),
        ('truncate -s 100M "$1"', 1),
        ('rm "$1"; mkdir "$1"', 1),
        ("exit 3", 2),
        ('echo x >> "$1"; exit 3', 2),
    ],
)
def test_what_cannot_be_written_leaves_the_card_and_what_was_typed(
    run: Run, one_card: Path, set_editor: SetEditor, script: str, code: int, request: pytest.FixtureRequest
) -> None:
    set_editor(script)
    result = run("edit", NAME)
    assert (result.code, result.out, one_card.read_text()) == (code, "", CARD)
    told = re.sub(r"/\S*/copies/newscards-\w+", "COPIES", result.err).replace(
        str(one_card.parent.parent), "T"
    )
    matches_snapshot(f"edit-{request.node.callspec.indices['script']}.txt", told)
    assert bool(copies(one_card.parent)) == ("COPIES" in told and "mkdir" not in script)


@pytest.mark.parametrize("editor", ["no-such-editor", '"', " "])
def test_an_editor_that_does_not_start_is_named(
    run: Run, one_card: Path, set_editor: SetEditor, editor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_editor(":")
    monkeypatch.setenv("EDITOR", editor)
    result = run("edit", NAME)
    assert (result.code, result.out, one_card.read_text()) == (2, "", CARD)
    # Before click 8.3 a shell starts the editor, and says first what it found wrong.
    assert "error: nothing was written; the editor failed: " in result.err
    assert result.err.endswith("\nhint: $VISUAL or $EDITOR names the editor\n")
    assert copies(one_card.parent) == []


def test_force_writes_errors_too(run: Run, one_card: Path, set_editor: SetEditor) -> None:
    set_editor('echo "title: [" > "$1"')
    result = run("edit", NAME, "--force")
    assert (result.code, one_card.read_text()) == (0, "title: [\n")
    assert "cannot be read now: " in result.out
    assert run("undo").code == 0
    assert one_card.read_text() == CARD


def test_an_error_that_was_there_before_is_no_obstacle(
    run: Run, make_corpus: MakeCorpus, set_editor: SetEditor
) -> None:
    folder = make_corpus({"a.md": card(quality="-5")})
    set_editor('sed -i "s/quality: -5/quality: -4/" "$1"')
    assert run("edit", "a").out == "a.md: quality: -5 -> -4\n"
    assert (folder / "a.md").read_text() == card(quality="-4")


def test_a_card_that_is_changed_meanwhile_stays_and_so_does_the_copy(
    run: Run, one_card: Path, set_editor: SetEditor
) -> None:
    set_editor(f'echo "A body." >> "$1"; echo "Another." >> "{one_card}"')
    result = run("edit", NAME)
    assert (result.code, one_card.read_text()) == (1, f"{CARD}Another.\n")
    assert "refused: it was changed by something else meanwhile" in result.err
    (copy,) = copies(one_card.parent)
    assert f"note: not written; the copy is in {copy}\n" in result.err
    assert copy.read_text() == f"{CARD}A body.\n"


def test_an_unchanged_copy_is_not_kept_if_the_card_is_changed_meanwhile(
    run: Run, one_card: Path, set_editor: SetEditor
) -> None:
    set_editor(f'echo "Another." >> "{one_card}"')
    result = run("edit", NAME)
    assert (result.code, result.out, result.err) == (0, f"{NAME}: not changed\n", "")
    assert copies(one_card.parent) == []
    assert one_card.read_text() == f"{CARD}Another.\n"


@pytest.mark.parametrize("command", ["edit", "new"])
def test_ctrl_c_after_the_editor_leaves_the_copy_and_its_place_is_shown(
    run: Run, one_card: Path, set_editor: SetEditor, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def stop(*args: object) -> list[Finding]:
        raise KeyboardInterrupt

    set_editor('echo "A body." >> "$1"')
    monkeypatch.setattr("newscards.lint.edit_checks.findings_in", stop)
    result = run(*OPENED[command])
    (copy,) = copies(one_card.parent)
    assert copy.read_text().endswith("\nA body.\n")
    assert result.code == 130
    assert f"note: not written; the copy is in {copy}\n" in result.err
    assert [*one_card.parent.iterdir()] == [one_card]
    assert one_card.read_text() == CARD


@pytest.mark.parametrize("command", ["edit", "new"])
def test_where_no_copy_can_be_made_no_editor_is_opened(
    run: Run, one_card: Path, set_editor: SetEditor, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    set_editor('echo "A body." >> "$1"')
    monkeypatch.setattr(Copy, "_write", lambda copy, source: full())
    result = run(*OPENED[command])
    assert (result.code, result.out) == (1, "")
    assert "refused: no copy of it can be made for the editor: No space left on device" in result.err
    assert result.err.endswith("hint: $TMPDIR names the folder for copies\n")
    assert [*(one_card.parent.parent / "copies").iterdir()] == []
    assert [*one_card.parent.iterdir()] == [one_card]


OPENED = {
    "edit": ["edit", NAME],
    "new": ["new", "--url", "https://tide.example/x", "--title", "Wells", "--topic", "Seas", "--edit"],
}
"""Command lines that open the editor."""


def test_copies_in_other_cards_are_counted_or_updated_with_the_card(
    run: Run, make_corpus: MakeCorpus, set_editor: SetEditor
) -> None:
    files = story()
    folder = make_corpus(files)
    set_editor('sed -i "s/^title: .*/title: Wells/; s/^quality: 60/quality: 61/" "$1"')
    warned = run("edit", "north")
    assert "1 copy of it, in the `related` of another card, will be out of date" in warned.err
    run("undo")
    assert run("edit", "north", "--no-related").err == ""
    run("undo")
    result = run("edit", "north", "--related")
    assert result.code == 0
    assert "gauges.md: related[0].title: Gauges of the north -> Wells; related[0].quality: 60 -> 61\n" in (
        result.out
    )
    assert len(json.loads(run("undo", "--list", "--format", "json").out)) == 3
    run("undo")
    assert {each: (folder / each).read_text() for each in files} == files


def test_several_cards_are_edits_of_their_own(
    run: Run, make_corpus: MakeCorpus, set_editor: SetEditor
) -> None:
    folder = make_corpus({"a.md": CARD, "b.md": CARD, "c.md": CARD})
    set_editor('case "$1" in */b.md) rm "$1";; *) echo x >> "$1";; esac')
    result = run("edit", "-", stdin=b"a\nb\nc\n")
    assert (result.code, result.out) == (1, "a.md: (body): changed\nc.md: (body): changed\n")
    assert "b.md: refused: the editor has deleted the copy\n" in result.err
    run("undo")
    assert (folder / "a.md").read_text() == f"{CARD}x\n"
    assert (folder / "c.md").read_text() == CARD


def test_an_unknown_card_opens_no_editor(run: Run, one_card: Path, set_editor: SetEditor) -> None:
    set_editor('echo x >> "$1"')
    assert run("edit", NAME, "nothing").code == 2
    assert one_card.read_text() == CARD


def test_an_editor_is_given_a_name_that_no_shell_misreads(
    run: Run, make_corpus: MakeCorpus, set_editor: SetEditor
) -> None:
    folder = make_corpus({'a "$(touch x)`; é.md': CARD})
    set_editor('basename "$1" > name; echo x >> "$1"')
    assert run("edit", "a ").code == 0
    assert (folder / "name").read_text() == "a____touch_x_____.md\n"


@pytest.mark.parametrize(
    ("answer", "code", "quality"),
    [(b"w", 0, "-1"), (b"D", 1, "67"), (b"\x03", 130, "67"), (b"\x04", 130, "67"), (b"\n", 0, "70")],
    ids=["write", "drop", "Ctrl-C", "Ctrl-D", "edit again"],
)
def test_errors_are_shown_and_the_user_decides(
    one_card: Path, set_editor: SetEditor, answer: bytes, code: int, quality: str
) -> None:
    set_editor('sed -i "s/quality: -1/quality: 70/; s/quality: 67/quality: -1/" "$1"')
    ended, screen = in_terminal(
        ["edit", NAME], cwd=one_card.parent, state=one_card.parent.parent / "state",
        question=b"[e]: ", answer=answer,
    )  # fmt: skip
    assert ended == code, screen
    assert one_card.read_text() == card(quality=quality)
    assert "error[NC402] below-minimum: `quality` is -1, 0 or more is expected\n" in screen
    assert "\nEdit it again, write it all the same, or drop it? (e, w, d) [e]: " in screen
    left = copies(one_card.parent)
    assert bool(left) == (quality == "67")
    assert all(f"note: not written; the copy is in {copy}" in screen for copy in left)


@pytest.mark.parametrize(("answer", "updated"), [(b"\n", True), (b"n\n", False)])
def test_in_a_terminal_the_copies_are_asked_for(
    make_corpus: MakeCorpus, set_editor: SetEditor, answer: bytes, updated: bool
) -> None:
    folder = make_corpus(story())
    set_editor('sed -i "s/^quality: 60/quality: 61/" "$1"')
    code, screen = in_terminal(
        ["edit", "north"], cwd=folder, state=folder.parent / "state", question=b"[Y/n]: ", answer=answer
    )
    assert code == 0
    assert "Update the copy of it in the `related` of other cards, too? [Y/n]: " in screen
    assert ("quality: 61" in (folder / "gauges.md").read_text()) == updated
    assert "will be out of date" not in screen
