"""The README shows real output of the real program."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from newscards.cards.fields import FIELDS, Format
from newscards.commands.config import toml
from newscards.corpus.settings import KEYS
from newscards.rules import RULES
from tests.support import ROOT, card
from tests.support.git_repository import commit, git, isolate_git
from tests.support.terminal import run_in_terminal

README = ROOT / "README.md"
_CONSOLE = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_KEYS = re.compile(r"(?<=<!-- keys -->\n).+?(?=\n^## )", re.MULTILINE | re.DOTALL)
_FIELDS = re.compile(r"(?<=<!-- fields -->\n).*?(?=\n^The rules:)", re.MULTILINE | re.DOTALL)
_RULES = re.compile(r"(?<=<!-- rules -->\n).*?(?=\n^A field that is not known)", re.MULTILINE | re.DOTALL)

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
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with what the README's examples are run on, the sample committed to git."""
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    isolate_git(monkeypatch)
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path)
    (tmp_path / "broken").mkdir()
    for name, text in BROKEN.items():
        (tmp_path / "broken" / name).write_text(text)
    return tmp_path


def test_the_readme_shows_what_newscards_prints(site: Path) -> None:
    text = README.read_text(encoding="utf-8")

    def replay(block: re.Match[str]) -> str:
        commands = re.findall(r"^\$ newscards (.*)$", block[0], re.MULTILINE)
        assert commands
        screens = []
        for command in commands:
            _, screen = run_in_terminal(shlex.split(command), cwd=site, state=site / "state")
            assert "Traceback" not in screen
            screens.append(f"$ newscards {command}\n" + re.sub(r" +$", "", screen, flags=re.MULTILINE))
        return "".join(screens)

    expected = _CONSOLE.sub(replay, text)
    expected = _RULES.sub(lambda match: rules_table(), expected)
    expected = _FIELDS.sub(lambda match: fields_table(), expected)
    expected = _KEYS.sub(lambda match: keys_table(), expected)
    if os.environ.get("NEWSCARDS_UPDATE_SNAPSHOTS"):
        README.write_text(expected, encoding="utf-8")
    assert README.read_text(encoding="utf-8") == expected


def rules_table() -> str:
    """Return the table of the rules, each with the first line of its documentation."""
    lines = ["", "| code | rule | severity | what is found | mended by |", "|---|---|---|---|---|"]
    for rule in RULES:
        mends = f"`{rule.fixes.value}`" if rule.fixes.value else ""
        lines.append(
            f"| {rule.code} | {rule.name} | {rule.severity} | {rule.documentation.summary} | {mends} |"
        )
    return "\n".join([*lines, ""])


def keys_table() -> str:
    """Return the table of the configuration's keys."""
    lines = ["", "| key | what for | without it |", "|---|---|---|"]
    for key in KEYS:
        default = "" if key.default is None else f"`{toml(key.default)}`"
        lines.append(f"| `{key.name}` | {key.purpose} | {default} |")
    return "\n".join([*lines, ""])


def fields_table() -> str:
    """Return the table of the fields, from FIELDS."""
    related = next(field.item for field in FIELDS if field.name == "related")
    assert related is not None
    copied = {field.name for field in related.fields}
    lines = ["", "| field | is | required | of what kind | in `related` |", "|---|---|---|---|---|"]
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
    return "\n".join([*lines, ""])


def test_the_python_example_runs(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site)
    examples = doctest.DocTestParser().get_doctest(
        README.read_text(encoding="utf-8"), {}, "README", str(README), 0
    )
    results = doctest.DocTestRunner().run(examples)
    assert results.attempted > 4
    assert results.failed == 0


def test_the_readme_has_exactly_two_commands_for_a_fresh_clone() -> None:
    commands = re.findall(r"^python3 -m venv .*$", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert ["validate sample_data" in command for command in commands] == [True, False]
    assert "pytest" in commands[1]
