"""Corpora for the tests of indexes, with odd cards among them, read with an index and without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newscards.cards import reader
from newscards.corpus.corpus import Corpus
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.lint import linter
from tests.support import CARD, ROOT, card

ODD: dict[str, bytes] = {
    "anchors.md": card(x="*a", title='&a "Twice"').encode(),
    "binary.md": card(x="!!binary aGk=").encode(),
    "bom.md": b"\xef\xbb\xbf" + CARD.encode(),
    "blank-before.md": b"\n" + CARD.encode(),
    "broken.md": b"---\ntitle: [\n---\n",
    "comments.md": b"---\n# first\ntitle: cut # here\nquality: 5 # five\ntopics: # some\n- A\n---\n",
    "cr.md": CARD.encode().replace(b"\n", b"\r", 3),
    "crlf.md": CARD.replace("\n", "\r\n").encode(),
    "duplicate.md": card(quality="1\nquality: 2").encode(),
    "empty.md": b"",
    "fence.md": b"---\n",
    "float.md": card(quality="67.5", heat=".nan").encode(),
    "latin.md": card(title='"caf\u00e9"').encode("latin-1"),
    "named like a \xff\udcff.md": card(title='"a name that is no text"').encode(),
    "named\nin two lines.md": card(title='"a name of two lines"').encode(),
    "no-zone.md": card(publishedDateTime="2023-06-20T15:44:00").encode(),
    "nothing.md": b"---\n---\n",
    "numbers-as-keys.md": b"---\n1: a\n2023: 2023-06-20T15:44:00Z\nnull: 2023-06-20T15:44:00Z\n---\n",
    "provider.md": b"---\nprovider: Tide\nprovider.name: Ebb\nprovider.domain: [a]\ntitle: 7\n---\n",
    "related.md": card(related="\n  - webUrl: https://www.tide.example/gauges\n    title: T").encode(),
    "sub/unhold.md": card(publishedDateTime="2023-13-45").encode(),
    "sub/sub/surrogate.md": card(title='"\\ud800"').encode(),
    "unknown-key.md": card(extra="{deep: [1, {a: b}]}", topics="[oceans, Ökologie]").encode(),
    "yes.md": card(published="yes", quality="-1").encode(),
}


def fill(folder: Path, plain: int = 20) -> Path:
    """Write the odd cards and some plain ones, a pipe, and links: to nowhere, to a card, to itself."""
    files = ODD | {
        f"plain-{number:03}.md": card(
            title=f'"Title {number}"',
            quality=str(number % 100),
            published=("true", "false")[number % 3 == 0],
            publishedDateTime=f"20{10 + number % 15}-03-01T00:00:00Z",
        ).encode()
        for number in range(plain)
    }
    for name, content in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
    os.mkfifo(folder / "pipe.md")
    (folder / "dangling.md").symlink_to("nowhere.md")
    (folder / "linked.md").symlink_to("plain-000.md")
    (folder / "round.md").symlink_to("round.md")
    return folder


def without_index(folder: Path | str, *, full: bool = False) -> list[str]:
    return [repr(record) for record in Corpus(folder).summaries(full=full)]


def with_index(folder: Path | str, cache: Path, *, full: bool = False) -> list[str]:
    return [repr(record) for record in Corpus(folder, cache=str(cache)).summaries(full=full)]


def index_of(cache: Path) -> Path:
    """Return the only index in a cache folder."""
    (found,) = cache.glob("*.sqlite")
    return found


NOT_RACY = "from newscards.corpus.index import snapshot; snapshot.RACY_NANOSECONDS = -10**11\n"
"""For a process of its own: files that were just made count as old."""
COMMAND = "import sys; from newscards.cli import entry_point; sys.argv[0] = 'newscards'; entry_point()"


def process(*args: str, folder: Path, before: str = "") -> subprocess.Popen[bytes]:
    """Start newscards in a process of its own, in a folder; ``before`` is code that runs first."""
    command = [sys.executable, "-c", f"{before}\n{COMMAND}", *args]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def note_reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that gets the name of each file that is read from now on."""
    names: list[str] = []
    real = reader.read_bytes

    def counting(path: str, limits: Limits = LIMITS) -> bytes:
        names.append(os.path.basename(path))
        return real(path, limits)

    monkeypatch.setattr(reader, "read_bytes", counting)
    monkeypatch.setattr(linter, "read_bytes", counting)
    return names
