"""Record what hundreds of commands print, to compare two commits byte for byte.

    python -m tests.golden INTO [--python PYTHON]

writes, for each command, its exit code, standard output and standard error into a file of the folder INTO,
and what its files became; ``diff -r`` compares two such folders. PYTHON is the interpreter of an
environment in which newscards is installed. Clock, zone, width and paths are fixed. Cards are those of
``sample_data``, those of ``NEWSCARDS_REAL_CARDS`` where it is set, and a folder of broken ones.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support import ROOT

_START = (
    "import sys; from datetime import datetime, UTC; from newscards import clock, cli;"
    "clock.now = lambda: datetime(2026, 1, 15, 12, tzinfo=UTC);"
    "sys.argv[0] = 'newscards'; cli.entry_point()"
)
_FORMATS = ("table", "json", "jsonl", "csv", "tsv", "paths", "ids")
_REPORTS = ("text", "concise", "json", "jsonl", "sarif", "junit", "github", "gitlab")
_COMMANDS = (
    "validate", "rule", "list", "filter-by-topic", "show", "why", "stories", "topics", "providers", "stats",
    "query", "export", "diff", "set-published", "set", "topic", "remove", "restore", "undo", "schema",
    "config", "cache", "completion", "help",
)  # fmt: skip

_HEADER = b'category: news\ntitle: "A title"\nexcerpt: ""\n'
_BROKEN = {
    "2020-01-01-a-bom.md": b"\xef\xbb\xbf---\n" + _HEADER + b"published: false\n---\n",
    "2020-01-01-a-blank-line.md": b"\n---\n" + _HEADER + b"published: false\n---\n",
    "2020-01-01-crlf.md": b"---\r\ncategory: news\r\npublished: no\r\nquality: 12\r\n---\r\n",
    "2020-01-01-cr.md": b"---\rcategory: news\rpublished: false\r---\r",
    "2020-01-01-deep.md": b"---\na: " + b"[" * 1001 + b"]" * 1001 + b"\n---\n",
    "2020-01-01-duplicate.md": b"---\n" + _HEADER + b"published: true\npublished: false\n---\n",
    "2020-01-01-empty.md": b"",
    "2020-01-01-latin-1.md": b"---\ntitle: caf\xe9\npublished: false\n---\n",
    "2020-01-01-list.md": b"---\n- a\n- b\n---\n",
    "2020-01-01-merge.md": b"---\na: &a {b: 1}\nc:\n  <<: *a\n  d: !x 2\n---\n",
    "2020-01-01-open.md": b"---\n" + _HEADER + b"published: false\n",
    "2020-01-01-quote.md": b'---\ntitle: "open\npublished: false\n---\n',
    "2020-01-01-second.md": b"---\ntitle: a: b\npublished: false\n---\n",
    "2020-01-01-tab.md": b"---\ntitle: a\nprovider:\n\tname: b\n---\n",
    "2020-01-01-string.md": b"---\n" + _HEADER + b'published: "false"\nquality: "80"\ntopics: Ports\n---\n',
    "2020-13-45-date.md": b"---\n" + _HEADER + b"date: 2023-13-45\npublished: false\n---\nbody\n",
    "2199-01-01-future.md": b"---\n" + _HEADER + b"Published: true # comment\nimages: 3\n---\n",
    "x.md": b"---\ntitle: \xe2\x80\x8b[red]\x1b x\nwebUrl: https://e.example/a b\npublished: true\n---\n",
}


class Sandbox:
    """A folder of corpora, and the files into which commands' output goes."""

    def __init__(self, python: str, into: Path, folder: Path) -> None:
        self.python, self.into, self.folder = python, into, folder
        self.number = 0
        self.real = os.environ.get("NEWSCARDS_REAL_CARDS")
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "TZ": "UTC", "LANG": "C.UTF-8", "COLUMNS": "80",
            "XDG_CACHE_HOME": str(folder / "cache"), "XDG_STATE_HOME": str(folder / "state"),
            "GIT_CONFIG_GLOBAL": os.devnull, "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
            "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
            "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip

    def git(self, *args: str, cwd: str) -> None:
        """Run git in a folder of the sandbox."""
        subprocess.run(["git", *args], cwd=self.folder / cwd, env=self.environment, check=True, stdout=-3)

    def run(self, line: str, *, cwd: str = ".", stdin: str = "") -> None:
        """Run newscards with the words of ``line`` (``~`` stands for a blank); write what it printed."""
        self.number += 1
        args = [word.replace("~", " ") for word in line.split()]
        done = subprocess.run(
            [self.python, "-c", _START, *args],
            cwd=self.folder / cwd, env=self.environment, input=stdin.encode(),
            capture_output=True, check=False,
        )  # fmt: skip
        text = f"$ newscards {line}\nin {cwd}; exit code {done.returncode}\n".encode()
        text += b"--- standard output\n" + done.stdout + b"--- standard error\n" + done.stderr
        text = text.replace(str(self.folder).encode(), b"{sandbox}")
        if "cache" in line:  # when an index was written, and how many pages SQLite took
            text = re.sub(rb"20\d\d-\d\d-\d\d \d\d:\d\d|\d,\d{3},\d{3}", b"{varies}", text)
        self.write(line, text)

    def write(self, name: str, text: bytes) -> None:
        """Write a numbered file of the record."""
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
        (self.into / f"{self.number:03}-{slug}.txt").write_bytes(text)

    def write_files(self, cwd: str) -> None:
        """Write what each file of a folder is now, by its hash."""
        lines = [
            f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.stat().st_mode:o} {path.name}"
            for path in sorted((self.folder / cwd).rglob("*"))
            if path.is_file() and ".git" not in path.parts
        ]
        self.number += 1
        self.write(f"files of {cwd}", "\n".join(lines).encode())


def _help(box: Sandbox) -> None:
    for command in _COMMANDS:
        box.run(f"{command} --help")
    for line in ("--help", "--version", "", "lst", "list --nothing", "rule", "rule NC201", "rule NC9",
                 "schema", "completion bash", "completion zsh", "completion fish", "config", "query --schema",
                 "query --schema --format json", "list nowhere", "validate --select NC9 sample",
                 "rule related-stale --format json", "rule --format json"):  # fmt: skip
        box.run(line)


def _read(box: Sandbox, corpus: str, card: str, topic: str) -> None:
    for name in _FORMATS:
        box.run(f"list {corpus} --format {name} --sort -quality,title --limit 12")
    for name in _REPORTS:
        box.run(f"validate {corpus} --format {name}")
    for line in (
        f"validate {corpus} --statistics", f"validate {corpus} --select NC2,NC4 --format concise",
        f"validate {corpus} --color always --no-cache", f"validate {corpus} --fix --diff --unsafe-fixes",
        f"validate {corpus} --ignore NC3 --strict --output sarif:report.sarif --output junit:report.xml",
        f"validate {corpus} --write-baseline baseline.json", f"validate {corpus} --baseline baseline.json",
        f"list {corpus} --color always --format table", f"list {corpus} --topic {topic} --count",
        f"list {corpus} --where quality~>~60~and~story_size~>~1 --columns id,quality,images.url",
        f"list {corpus} --search a~the --format jsonl --limit 5", f"list {corpus} --published --since 2020",
        f"list {corpus} --sort nothing", f"list {corpus} --where qualty~>~3", f"list {corpus} --topic Nothng",
        f"filter-by-topic {topic} {corpus} --unpublished --format ids", f"topics {corpus}",
        f"topics {corpus} --format json", f"topics {corpus} --unused", f"providers {corpus} --format table",
        f"stats {corpus} --format table", f"stats {corpus} --format json", f"stats {corpus} --by topic,year",
        f"stats {corpus} --by quality --format table", f"stories {corpus} --format table --min-size 2",
        f"stories {corpus} --problem any --format json", f"stories {corpus} --format csv --limit 9",
        f"stories {card} --corpus {corpus}", f"show {card} --corpus {corpus}",
        f"show {card} --corpus {corpus} --story", f"show {card} --corpus {corpus} --format json",
        f"show {card} --corpus {corpus} --format raw", f"show {card} --corpus {corpus} --field provider.name",
        f"why {card} --corpus {corpus}", f"why {card} --corpus {corpus} --format json",
        f"query SELECT~topic,~count(*),~avg(quality)~FROM~topics~JOIN~cards~USING~(path)~GROUP~BY~1 {corpus}",
        f"query SELECT~code,~count(*)~FROM~findings~GROUP~BY~1 {corpus} --format table",
        f"query SELECT~nothing~FROM~cards {corpus}", f"query DROP~TABLE~cards {corpus}",
        f"query SELECT~title~FROM~related~LIMIT~3 {corpus} --format json",
        f"cache info --corpus {corpus}",
    ):  # fmt: skip
        box.run(line)


def _edit(box: Sandbox, corpus: str, card: str, topic: str) -> None:
    at = f"--corpus {corpus}"
    for line in (
        f"set-published true {card} {at} --dry-run --diff", f"set-published false {card} {at}",
        f"set-published false {card} {at}", f"set-published true {card} {at} --format json",
        f"set-published true {at} --topic {topic} --yes", f"set-published maybe {card} {at}",
        f"set quality 81 {card} {at} --diff", f"set title A~new~title {card} {at} --related",
        f"set provider.name Someone {card} {at} --dry-run --diff", f"set qualty 3 {card} {at}",
        f"set quality high {card} {at}", f"set heat -1 {card} {at} --force", f"topic add Ships {card} {at}",
        f"topic remove Ships {card} {at}", f"topic rename {topic} Harbour {at} --topic {topic} --yes",
        f"topic rename Harbour {topic} {at} --topic Harbour --dry-run --diff",
        f"remove {card} {at}", f"restore {card} {at}", f"remove nothing {at}", "undo --list",
        "undo --dry-run", "undo", "undo 2", "undo --list --format json",
        f"validate {corpus} --fix", f"validate {corpus} --fix --unsafe-fixes --format concise", "undo",
    ):  # fmt: skip
        box.run(line)
    box.write_files(corpus)


def _history(box: Sandbox) -> None:
    box.git("init", "-q", "-b", "main", cwd="sample")
    box.git("add", "-A", cwd="sample")
    box.git("commit", "-q", "-m", "First", cwd="sample")
    cards = sorted((box.folder / "sample" / "_news").glob("*.md"))
    cards[3].write_bytes(cards[3].read_bytes().replace(b"published: true", b"published: false"))
    cards[5].unlink()
    cards[6].rename(cards[6].with_name("2020-10-06-another-name.md"))
    box.git("add", "-A", cwd="sample")
    box.git("commit", "-q", "-m", "Second", cwd="sample")
    cards[9].write_bytes(cards[9].read_bytes().replace(b"quality: ", b"quality: 1"))
    for name in (*_FORMATS, "markdown"):
        box.run(f"diff HEAD~1 --format {name}", cwd="sample")
    for line in ("diff", "diff HEAD~1 HEAD --count", "diff nothing", "diff --exit-code",
                 "diff --only hidden HEAD~1", "validate --changed-since HEAD~1",
                 "list --topic Ports --format ids"):  # fmt: skip
        box.run(line, cwd="sample")
    box.run("show - --field title", cwd="sample", stdin=f"{cards[9].stem}\n{cards[10].name}\n")
    box.run("list -", cwd="sample", stdin="_news\n")


def record(python: str, into: Path) -> int:
    """Run all commands, write their output into a folder, and return how many there were."""
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="newscards-golden-") as folder:
        box = Sandbox(python, into, Path(folder))
        shutil.copytree(ROOT / "sample_data", box.folder / "sample")
        (box.folder / "broken" / "_news").mkdir(parents=True)
        (box.folder / "broken" / "_config.yml").write_text("collections:\n  news:\n    output: true\n")
        for name, content in _BROKEN.items():
            (box.folder / "broken" / "_news" / name).write_bytes(content)
        _help(box)
        _read(box, "sample", "2020-10-06-port-halloran", "Ports")
        _read(box, "broken", "2020-01-01-string", "Ports")
        for name in _BROKEN:
            box.run(f"why broken/_news/{name}")
        if box.real:
            for part in ("stories", "archive", "powerapps"):
                shutil.copytree(Path(box.real) / part, box.folder / part / "_news")
                shutil.copytree(Path(box.real) / "registry", box.folder / part / "_data")
            first = min(path.stem for path in (box.folder / "stories" / "_news").glob("*.md"))
            _read(box, "stories", first, "AI")
            for name in _REPORTS[:3]:
                box.run(f"validate powerapps --format {name}")
            box.run("list powerapps --topic Power~Apps --columns id,quality,title")
            box.run("list archive --format json")
            _edit(box, "stories", first, "AI")
        _history(box)
        _edit(box, "sample", "2021-01-18", "Ports")
        _edit(box, "broken", "2020-01-01-string", "Ports")
        for line in ("why x", "list broken", "cache info", "cache clear"):
            box.run(line)
        return box.number


def main() -> None:
    """Read the command line, and record."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("into", type=Path)
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    print(f"{record(options.python, options.into)} files in {options.into}")  # noqa: T201


if __name__ == "__main__":
    main()
