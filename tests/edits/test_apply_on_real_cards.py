"""Edits of real cards, in six shapes: exactly the asked lines change, and undo restores all bytes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

FENCES = b"\nText.\n\n---\ntitle: not this one\n---\n\npublished: true\n"


def _flow(source: bytes) -> bytes:
    def joined(match: re.Match[bytes]) -> bytes:
        return b"topics: [" + b", ".join(re.findall(rb"- (.*)\n", match[1])) + b"]\n"

    return re.sub(rb"^topics:\n((?: *- .*\n)+)", joined, source, flags=re.MULTILINE)


SHAPES: dict[str, Callable[[bytes], bytes]] = {
    "as they are": bytes,
    "CRLF": lambda source: source.replace(b"\n", b"\r\n"),
    "no last newline": lambda source: source.rstrip(b"\n"),
    "comments": lambda source: re.sub(
        rb"^((?:quality|heat|published): .*)", rb"# a note\n\1  # why", source, flags=re.MULTILINE
    ),
    "a body": lambda source: source + FENCES,
    "plain scalars": lambda source: re.sub(
        rb'^(\w+): "(https://[\w/.-]+|[A-Z][\w .-]+)"$', rb"\1: \2", source, flags=re.MULTILINE
    ),
    "flow lists": _flow,
}

EDITS = {
    "set-published true --force": {b"published: true"},
    "set-published false": {b"published: false"},
    "set quality 4321": {b"quality: 4321"},
    "set heat -1": {b"heat: -1"},
    "set title Short": {b"title: Short", b'title: "Short"'},
    "set provider.name Ebb": {b"name: Ebb", b'name: "Ebb"'},
    "topic add Zebras": {b"- Zebras", b'- "Zebras"', b"topics: ["},
    "remove": {b"removed: true", b"published: false"},
    "restore": {b"removed: false"},
}


@pytest.fixture
def sources(real_cards: Path) -> dict[str, bytes]:
    found = sorted((real_cards / "stories").iterdir())[::12]
    found += sorted((real_cards / "powerapps").glob("**/*.md"))[::300]
    found += sorted((real_cards / "archive").glob("**/*.md"))[:1]
    return {path.name: path.read_bytes() for path in found if path.suffix == ".md"}


@pytest.mark.exhaustive(always=20)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("command", EDITS)
def test_exactly_the_asked_lines_change(
    run: Run, tmp_path: Path, sources: dict[str, bytes], shape: str, command: str
) -> None:
    folder = tmp_path / "_news"
    folder.mkdir()
    before = {name: SHAPES[shape](source) for name, source in sources.items()}
    for name, source in before.items():
        (folder / name).write_bytes(source)
    result = run(*command.split(), "-q", *[str(folder / name) for name in before])
    assert result.code == 0, result.err
    changed = 0
    for name, old in before.items():
        new = (folder / name).read_bytes()
        changed += new != old
        gone, come = _difference(old, new)
        ends = {line[len(line.rstrip(b"\r\n")) :] for line in (*gone, *come)}
        assert ends <= {b"\r\n" if shape == "CRLF" else b"\n"}
        assert len(gone) <= len(come) <= (2 if command == "remove" else 1)
        for line in come:
            assert any(line.strip().startswith(expected) for expected in EDITS[command])
    if changed:
        assert run("undo", "-q").code == 0
    assert {name: (folder / name).read_bytes() for name in before} == before


def _difference(old: bytes, new: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return the lines that are gone, and those that have come."""
    one, other = old.split(b"\n"), new.split(b"\n")
    gone: list[bytes] = []
    come: list[bytes] = []
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            gone += [line + b"\n" for line in one[a:b]]
            come += [line + b"\n" for line in other[c:d]]
    return gone, come
