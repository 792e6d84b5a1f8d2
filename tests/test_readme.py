"""The README and the manual show real output of the real program, and tables of what it really has."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newscards.cards.fields import FIELDS, Format
from newscards.cli import COMMANDS
from newscards.commands.shared.manual import FOLDER, TOPICS, page, summaries, summary
from newscards.corpus.settings import KEYS
from newscards.rules import RULES
from newscards.text import toml_text
from tests.support import ROOT, card
from tests.support.git_repository import commit, git
from tests.support.terminal import FIXED_CLOCK, run_in_terminal

README = ROOT / "README.md"
PAGES = {"README": README, **{topic: Path(FOLDER) / f"{topic}.md" for topic in TOPICS}}
_CONSOLE = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(r"^## .*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"(?<=<!-- )(\w+)( -->\n).*?(?=<!-- /\1 -->)", re.DOTALL)
_SCREEN, _MAX_README_BYTES = 40, 10_000

BROKEN = {
    "2023-06-20-a-quoted-flag.md": card(published='"false"'),
    "2023-06-20-a-colon-too-many.md": card(title="Ports: a survey: part 2", published="false"),
    "2023-06-20-a-slip-of-the-finger.md": card(
        quality=None, qualty="67", title='"Old wells, new sensors"', webUrl='"https://www.tide.example/wells"',
        secured='"AAAAAAAAAAAAAAAAAAAAAA==;BBBBBBBBBBBBBBBBBBBBBA=="',
    ),
    "2199-06-20-a-year-too-many.md": card(
        title='"The tide of the century"', webUrl='"https://www.tide.example/century"',
        secured='"AAAAAAAAAAAAAAAAAAAAAA==;CCCCCCCCCCCCCCCCCCCCCA=="', excerpt='"It\u200b is late."',
    ),
}  # fmt: skip


@pytest.fixture
def make_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path]:
    """Return a function that makes another folder for examples: the sample in git, and broken cards."""
    binaries = tmp_path / "bin"
    binaries.mkdir()
    program = shlex.join([sys.executable, "-c", FIXED_CLOCK])
    (binaries / "newscards").write_text(f'#!/bin/sh\nexec {program} "$@"\n')
    (binaries / "newscards").chmod(0o755)
    monkeypatch.setenv("PATH", f"{binaries}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PAGER", "cat")

    def make() -> Path:
        site = tmp_path / f"site-{len(list(tmp_path.glob('site-*')))}"
        shutil.copytree(ROOT / "sample_data", site / "sample_data")
        git(site, "init", "--quiet", "--initial-branch", "main")
        commit(site)
        (site / "broken/_news").mkdir(parents=True)
        for name, text in BROKEN.items():
            (site / "broken/_news" / name).write_text(text)
        return site

    return make


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_what_newscards_prints_and_has(name: str, make_site: Callable[[], Path]) -> None:
    """Each section (``##``) begins with the sample as it is; commands follow one another within it."""
    text = PAGES[name].read_text(encoding="utf-8")

    def replay_section(section: re.Match[str]) -> str:
        if not _CONSOLE.search(section[0]):
            return section[0]
        site = make_site()

        def replay(block: re.Match[str]) -> str:
            commands = re.findall(r"^\$ (.*)$", block[0], re.MULTILINE)
            assert commands
            screens = []
            for command in commands:
                _, screen = run_in_terminal(
                    [command], cwd=site, state=site / ".git" / "state", program=["/bin/sh", "-c"]
                )
                assert not re.search("Traceback|error: no card [^h]|\x1b", screen), command
                screens.append(f"$ {command}\n" + re.sub(r"[ \r]+$", "", screen, flags=re.MULTILINE))
            return "".join(screens)

        return _CONSOLE.sub(replay, section[0])

    expected = _SECTION.sub(replay_section, text)
    expected = _TABLE.sub(lambda table: f"{table[1]}{table[2]}\n{TABLES[table[1]](text)}\n\n", expected)
    if os.environ.get("NEWSCARDS_UPDATE_SNAPSHOTS"):
        PAGES[name].write_text(expected, encoding="utf-8")
    assert PAGES[name].read_text(encoding="utf-8") == expected


def rules_table(text: str) -> str:
    """Return the table of the rules, each with the first line of its documentation."""
    lines = ["| code | rule | severity | what is found | fixed by |", "|---|---|---|---|---|"]
    for rule in RULES:
        fixed_by = f"`{rule.fixes.value}`" if rule.fixes.value else ""
        lines.append(
            f"| {rule.code} | {rule.name} | {rule.severity} | {rule.documentation.summary} | {fixed_by} |"
        )
    return "\n".join(lines)


def keys_table(text: str) -> str:
    """Return the table of the configuration's keys."""
    lines = ["| key | meaning | default |", "|---|---|---|"]
    for key in KEYS:
        default = "" if key.default is None else f"`{toml_text(key.default)}`"
        lines.append(f"| `{key.name}` | {key.purpose} | {default} |")
    return "\n".join(lines)


def fields_table(text: str) -> str:
    """Return the table of the fields, from FIELDS."""
    related = next(field.item for field in FIELDS if field.name == "related")
    assert related is not None
    copied = {field.name for field in related.fields}
    lines = ["| field | type | required | value | in `related` |", "|---|---|---|---|---|"]
    for field in FIELDS:
        inner = (field.item or field).fields
        kinds = [
            field.format.value if field.format is not Format.ANY else "",
            " or ".join(f"`{choice}`" for choice in field.choices),
            f"{field.minimum} or more" if field.minimum is not None else "",
            "of " + ", ".join(f"`{each.name}`" for each in inner)
            if inner and field.name != "related"
            else "",
            "of entries" if field.name == "related" else "",
            "not empty" if field.filled else "",
        ]
        required = {"always": "yes", "never": ""}.get(field.required.value, f"of {field.required.value}")
        described = "; ".join(filter(None, kinds))
        mark = "•" if field.name in copied else ""
        lines.append(f"| `{field.name}` | {field.kind.value} | {required} | {described} | {mark} |")
    return "\n".join(lines)


def commands_table(text: str) -> str:
    """Return the table of the commands."""
    lines = ["| command | what it does |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{name}` | {summary} |" for name, (_, summary) in COMMANDS.items())])


def pages_table(text: str) -> str:
    """Return the table of the manual's pages."""
    lines = ["| page | about |", "|---|---|"]
    rows = [f"| [{name}](newscards/manual/{name}.md) | {about} |" for name, about in summaries().items()]
    return "\n".join([*lines, *rows])


def sections_list(text: str) -> str:
    """Return the list of a page's sections, each a link as GitHub makes them."""
    titles = re.findall(r"^## (.*)$", text, re.MULTILINE)
    anchors = [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles]
    return "\n".join(f"- [{title}](#{anchor})" for title, anchor in zip(titles, anchors, strict=True))


TABLES: dict[str, Callable[[str], str]] = {
    "rules": rules_table,
    "keys": keys_table,
    "fields": fields_table,
    "commands": commands_table,
    "pages": pages_table,
    "sections": sections_list,
}


def test_each_table_stands_somewhere_and_is_closed() -> None:
    texts = [path.read_text(encoding="utf-8") for path in PAGES.values()]
    found = [table[1] for text in texts for table in _TABLE.finditer(text)]
    assert {*found} == {*TABLES}
    assert all(found.count(name) == 1 for name in TABLES.keys() - {"sections"})
    assert sum(text.count("<!-- ") for text in texts) == 2 * len(found)


def test_the_files_of_the_manual_are_the_topics_and_none_is_named_like_a_command() -> None:
    assert {name.removesuffix(".md") for name in os.listdir(FOLDER)} == {*TOPICS}
    assert not COMMANDS.keys() & {*TOPICS}


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_begins_with_a_summary_and_a_long_one_lists_its_sections(topic: str) -> None:
    text = page(topic)
    assert re.match(r"# \S.*\n\n\S.*\n\n", text)
    assert len(summary(text)) <= 60  # a line of `newscards help` at 80 columns
    assert "<!-- sections -->" in text or text.count("\n") <= 2 * _SCREEN


@pytest.mark.parametrize("name", PAGES)
def test_each_link_leads_to_a_file_and_a_heading_that_are_there(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", PAGES[name].read_text(encoding="utf-8")):
        file, _, anchor = target.partition("#")
        path = PAGES[name].parent / file if file else PAGES[name]
        assert path.exists(), target
        headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert not anchor or f"(#{anchor})" in sections_list("\n".join(f"## {each}" for each in headings))


def test_the_python_examples_run(make_site: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make_site())
    examples = doctest.DocTestParser().get_doctest(page("python"), {}, "python", None, 0)
    results = doctest.DocTestRunner().run(examples)
    assert results.attempted > 4
    assert results.failed == 0


def test_the_readme_is_short() -> None:
    assert README.stat().st_size <= _MAX_README_BYTES


def test_the_readme_has_exactly_two_commands_for_a_fresh_clone() -> None:
    commands = re.findall(r"^python3 -m venv .*$", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert ["validate sample_data" in command for command in commands] == [True, False]
    assert "pytest" in commands[1]
