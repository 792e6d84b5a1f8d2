"""Rules over cards: every finding at its place, one bad card never in another's way."""

from __future__ import annotations

import base64
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.cards.fields import FIELDS, Field
from newscards.lint import checks
from newscards.lint.findings import MAX_FINDINGS, Finding, Severity
from newscards.lint.linter import Linter
from newscards.lint.rule import Problem, Rule
from newscards.lint.ruleset import Ruleset
from newscards.rules import RULES
from newscards.rules.selection import every_linter
from tests.conftest import MakeCorpus, Run
from tests.rules.cases import ENTRY, Found, block, story, with_entry, with_lines
from tests.rules.test_places import MANY
from tests.support import CARD, ROOT, card, lint_card


def apart(texts: Mapping[str, str | bytes]) -> dict[str, str | bytes]:
    """Return cards that were made from CARD with what names a card made different in each.

    Else each would be told to be a copy of the others. What a card has changed itself is left alone.
    """
    numbers = count(1)
    return {
        name: text if isinstance(text, bytes) else _numbered(text, next(numbers))
        for name, text in texts.items()
    }


TITLE, URL, SECURED = "Tide gauges get a second life", 'tide.example/gauges"', f"{'A' * 22}==;{'A' * 22}=="
assert all(part in CARD for part in (TITLE, URL, SECURED))


def _numbered(text: str, number: int) -> str:
    block = base64.b64encode(bytes([number]) * 16).decode()
    text = text.replace(TITLE, f"Tide gauges, part {number}").replace(URL, f'tide.example/{number}"')
    return text.replace(SECURED, f"{block};{block}")


BROKEN: dict[str, str | bytes] = {
    "01-empty.md": "",
    "02-not-utf8.md": b"---\ntitle: \xe9\n---\n",
    "03-no-fence.md": "title: x\n",
    "04-no-closing-fence.md": CARD.removesuffix("---\n"),
    "05-syntax.md": card(title='"never closed'),
    "06-list.md": block("- x\n"),
    "07-bomb.md": block("a: &a [*a]\n"),
    "08-deep.md": block("a: " + "[" * 30000 + "\n"),
    "09-long.md": block("a: " + "x" * (1 << 20) + "\n"),
    "10-nul.md": card(title="\x00"),
    "11-wrong.md": card(quality='"67"'),
    "12-sound.md": CARD,
    "13-binary.md": bytes(range(256)),
}


def found(path: str) -> list[Found]:
    return [Found.of(finding) for finding in lint_card(path)]


def test_one_bad_card_never_hides_the_others(make_corpus: MakeCorpus, run: Run) -> None:
    os.symlink("gone.md", make_corpus(apart(BROKEN)) / "00-link.md")
    result = run("validate")
    assert result.code == 1
    told = [line.partition("--> ")[2].split(":")[0] for line in result.out.splitlines() if "-->" in line]
    assert told == ["00-link.md", *(name for name in sorted(BROKEN) if name != "12-sound.md")]
    assert not result.err


def test_findings_are_ordered_by_file_then_line_column_and_code(make_corpus: MakeCorpus, run: Run) -> None:
    bad = card(webUrl="x", Titel="y", title=None, provider="{domain: x, name: 5}", topics="5")
    make_corpus(apart({"b.md": bad, "a.md": card(heat="x"), "c/d.md": card(heat="y")}))
    lines = [line.split()[1] for line in run("validate").out.splitlines() if "-->" in line]
    assert lines == [
        "a.md:10:7", "b.md:6:9", "b.md:11:1", "b.md:13:20", "b.md:13:29", "b.md:15:9", "c/d.md:10:7",
    ]  # fmt: skip


def test_findings_at_one_place_are_ordered_by_code(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": with_lines("Quality: 1\nQuality: 2\n").replace("quality: 67\n", "")})
    assert found("a.md") == [
        Found("NC107", 12, 1, 8, "Quality"),
        Found("NC303", 12, 1, 8, "Quality"),
    ]


def findings_of(
    texts: dict[str, str], make_corpus: MakeCorpus, linter: Linter
) -> list[list[tuple[Found, str, str]]]:
    make_corpus(dict(texts))
    return [[(Found.of(f), f.message, f.help) for f in linter.check(path)] for path in texts]


WRONG_ENTRY = ENTRY.replace("quality: 60", 'quality: "60"').replace("domain: tide.example", "Domain: x")


def test_an_entry_that_was_checked_before_is_found_at_its_new_place(make_corpus: MakeCorpus) -> None:
    sound = ENTRY.replace("north", "east") + ENTRY.replace("north", "west")
    related = [WRONG_ENTRY, sound + WRONG_ENTRY, WRONG_ENTRY * 2]
    texts = {f"{n}.md": card(related="\n" + text.removesuffix("\n")) for n, text in enumerate(related)}
    first, second, twice = findings_of(texts, make_corpus, every_linter())

    def at(index: int) -> list[Found]:
        top = 12 + 13 * index
        return [
            Found("NC303", top + 8, 7, 13, f"related[{index}].provider.Domain"),
            Found("NC302", top + 9, 14, 18, f"related[{index}].quality"),
        ]

    assert [each[0] for each in first] == at(0)
    assert [each[0] for each in second] == at(2)
    again = Found("NC604", 29, 13, 45, "related[1].webUrl", "warning")
    assert [each[0] for each in twice] == [*at(0), again, *at(1)]


def test_an_entry_that_stands_in_many_cards_is_checked_once(make_corpus: MakeCorpus) -> None:
    checked: list[Any] = []

    def check(field: Field, value: Any) -> Iterator[Problem]:
        checked.append(value.get("title") if isinstance(value, dict) else None)
        yield from ()

    rule = Rule("NC999", "counting", Severity.ERROR, value=check, applies=lambda field: bool(field.fields))
    linter = Linter(Ruleset({rule: Severity.ERROR}, RULES))
    last = ENTRY.replace("north", "south").removesuffix("\n")
    make_corpus({f"{n}.md": card(related=f"\n{ENTRY * (n % 3)}{last}") for n in range(20)})
    for number in range(20):
        assert linter.check(f"{number}.md") == []
    assert checked.count("Gauges of the north") == checked.count("Gauges of the south") == 1
    assert checked.count("Tide gauges get a second life") == 20


def test_a_remembered_check_tells_the_same_as_a_fresh_one(make_corpus: MakeCorpus) -> None:
    texts = {
        "a.md": card(related="\n" + ENTRY + WRONG_ENTRY.removesuffix("\n")),
        "b.md": card(related="\n" + (WRONG_ENTRY + ENTRY + WRONG_ENTRY).removesuffix("\n")),
        "c.md": with_entry("width: 600", "width: 0", before=3),
        "d.md": MANY,
    }
    linter = every_linter()
    first, remembered = [findings_of(texts, make_corpus, linter) for _ in range(2)]
    fresh = []
    for path, text in texts.items():
        fresh += findings_of({path: text}, make_corpus, every_linter())
    assert first == remembered == fresh


def test_one_mapping_as_an_image_and_as_an_entry_is_checked_as_each(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(secured=None, images='\n  - &i {url: "https://t.example"}').replace(
        "\n---\n", "\nrelated:\n  - *i\n---\n")})  # fmt: skip
    assert {(each.code, each.field) for each in found("a.md")} >= {
        ("NC301", "related[0].title"),
        ("NC304", "related[0].url"),
    }


def test_the_memory_of_checked_entries_is_bounded(
    make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "MAX_REMEMBERED_VALUES", 4)
    entries = "".join(f'  - {{title: "{n}"}}\n' for n in range(10))
    make_corpus({"a.md": card(related="\n" + entries.removesuffix("\n"))})
    fields = {each.field for each in every_linter().check("a.md")}
    assert {name.partition(".")[0] for name in fields} == {f"related[{n}]" for n in range(10)}
    entry = next(field.item for field in FIELDS if field.name == "related")
    assert entry
    entries_alone = checks.ValueChecks(entry, RULES)
    for number in range(20):
        entries_alone.check({"title": str(number)})
    assert 1 <= len(entries_alone._known) <= 4


def findings_in(folder: Path) -> list[Finding]:
    paths = sorted(folder.rglob("*.md")) if folder.is_dir() else [folder]
    assert paths
    return [finding for path in paths for finding in lint_card(str(path))]


def test_the_sample_cards_are_all_fine(run: Run) -> None:
    assert not findings_in(ROOT / "sample_data" / "_news")
    result = run("validate", str(ROOT / "sample_data"))
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith("checked: all fine.\n")


@pytest.mark.parametrize("name", ["powerapps", "stories", "archive", "seed-card.md"])
def test_real_cards_have_no_error(name: str, real_cards: Path, run: Run) -> None:
    assert not [each for each in findings_in(real_cards / name) if each.severity is Severity.ERROR]
    result = run("validate", str(real_cards / name))
    assert (result.code, result.err) == (0, "")
    assert "error[" not in result.out
    summary = r"checked: all fine\.$|^Found [\d,]+ warnings? in [\d,]+ of [\d,]+ cards?\."
    assert re.search(summary, result.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param(with_lines("".join(f"key{n}: 1\n" for n in range(1000))), 1000, id="unknown-keys"),
        pytest.param(with_lines("quality: 1\n" * 1000), 1, id="duplicate-keys"),
        pytest.param(card(topics="\n" + "  - 5\n" * 6000 + "  - x"), 6000, id="wrong-topics"),
        pytest.param(card(related="\n" + "  - {}\n" * 800 + "  -"), 801, id="empty-entries"),
    ],
)
def test_of_a_card_with_very_many_problems_the_first_of_each_rule_are_reported_and_the_others_counted(
    text: str, count: int, make_corpus: MakeCorpus
) -> None:
    make_corpus({"a.md": text})
    findings = lint_card("a.md")
    assert sum(1 + finding.more for finding in findings) == count
    assert max(Counter(finding.rule.code for finding in findings).values()) <= MAX_FINDINGS
    for finding in findings:
        more = f"; and {finding.more:,} more of {finding.rule.code} in this card"
        assert finding.message.endswith(more) is bool(finding.more)


def test_findings_that_are_left_out_are_counted(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(topics="\n" + "  - 5\n" * 299 + "  - 5")})
    summary = json.loads(run("validate", "a.md", "--format", "json").out)["summary"]
    assert (summary["errors"], summary["warnings"]) == (300, 0)
    assert "Found 300 errors" in run("validate", "a.md").out
    assert "300  error[NC302]" in run("validate", "a.md", "--statistics").out


def test_comments_suppress_findings_before_they_are_counted(make_corpus: MakeCorpus) -> None:
    lines = "note:\n" + "  - no # newscards: ignore[boolean-spelling]\n" * 300 + "  - no\n" * 150
    make_corpus({"a.md": with_lines(lines)})
    linter = every_linter()
    linter.check("a.md")
    findings = [each for each in linter.report().findings if each.rule.code != "NC304"]
    assert [each.line for each in findings] == list(range(313, 413))
    assert findings[-1].more == 50


SAMPLES = [path.read_bytes() for path in sorted((ROOT / "sample_data" / "_news").glob("*.md"))[::6]]
STORY = [text.encode() for text in story(published="true").values()]
SAMPLES += [*STORY, *(text.encode() for text in (CARD, with_entry(), MANY))]
PIECES = [
    b"\n", b"\r\n", b"\r", b" ", b"  ", b"\t", b"- ", b": ", b"#", b" #x", b"'", b'"', b"[", b"]", b"{",
    b"}", b",", b"|\n", b">", b"&a ", b"*a", b"!!int ", b"!x ", b"<<: ", b"? ", b"%", b"@", b"---\n",
    b"...\n", b"\x00", b"\x1b", b"\xff", b"\xed\xa0\x80", "\x85\u2028\ufeff😀".encode(), b"2023-13-45",
    b"0x", b".nan", b"~", b"yes", b"=", b"\\", b"title: x\n", b"related:\n  - &a {}\n  - *a\n",
    b"images: [{width: 0}]\n", b"published:\n", b"9" * 5000,
]  # fmt: skip


@st.composite
def mutated_cards(draw: st.DrawFn, samples: Sequence[bytes] = SAMPLES, most: int = 4) -> bytes:
    """Draw a card with a few pieces of it cut out, doubled, moved, or replaced by others."""
    source = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(1, most))):
        start = draw(st.integers(0, len(source)))
        end = min(start + draw(st.integers(0, 40)), len(source))
        new = draw(st.sampled_from([b"", source[start:end] * 2, *PIECES]))
        source = source[:start] + new + source[end:]
    return source.replace(b"\n", b"\r\n") if draw(st.booleans()) else source


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of a file that is written again and again."""
    return tmp_path_factory.mktemp("lint") / "x.md"


def check_places(findings: list[Finding], sources: Mapping[str, bytes]) -> None:
    for finding in findings:
        # U+FEFF is the mark of a file only where it opens the file.
        lines = sources[finding.path].removeprefix(b"\xef\xbb\xbf").split(b"\n")
        assert (1, 1) <= (finding.line, finding.column) <= (finding.end_line, finding.end_column)
        for line, column in ((finding.line, finding.column), (finding.end_line, finding.end_column)):
            assert line <= len(lines)
            assert 1 <= column <= len(lines[line - 1].removesuffix(b"\r").decode(errors="replace")) + 1
        assert finding.source == lines[finding.line - 1].removesuffix(b"\r").decode(errors="replace")
        assert finding.message
    order = list(sources)
    assert findings == sorted(
        findings, key=lambda each: (order.index(each.path), each.line, each.column, each.rule.code)
    )


def check_card(source: bytes, path: Path) -> None:
    path.write_bytes(source)
    linter = every_linter()
    findings = linter.check(str(path))
    check_places(findings, {str(path): source})
    assert not any(finding.others for finding in findings)
    assert linter.check(str(path)) == findings
    assert lint_card(str(path)) == findings


ANY_BYTES = st.binary(max_size=60) | st.binary(max_size=60).map(lambda inner: b"---\n" + inner + b"\n---\n")


@given(source=ANY_BYTES)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_any_bytes_are_checked_and_what_is_found_has_its_place(source: bytes, scratch: Path) -> None:
    check_card(source, scratch)


@given(source=mutated_cards())
@settings(deadline=None, derandomize=True, max_examples=150)
def test_any_broken_card_is_checked_and_what_is_found_has_its_place(source: bytes, scratch: Path) -> None:
    check_card(source, scratch)


def test_a_report_is_the_same_however_often_it_is_asked_for(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "b.md": CARD})
    linter = every_linter()
    for path in ("a.md", "b.md", "a.md"):
        linter.check(path)
    linter.add_neighbour("b.md")
    first = linter.report().findings
    assert linter.report().findings == first
    assert {finding.path: len(finding.others) for finding in first} == {"b.md": 1}


SIMPLE = b"""\
---
title: "Tide gauges"
webUrl: "https://a.example/a"
related:
  - webUrl: "https://a.example/b"
    title: "x"
---
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"Tide gauges"', b"[[[[[[[[[[[[["),
        (b'"Tide gauges"', b"'Tide\n gauge'"),
        (b"title: ", b"titel: "),
        (b"webUrl", b"[ebUrl"),
        (b"webUrl", b"\xffebUrl"),
        (b"---\n", b"+++\n"),
    ],
)
def test_a_card_that_changed_since_it_was_checked_is_told_without_its_place(
    make_corpus: MakeCorpus, old: bytes, new: bytes
) -> None:
    make_corpus({"a.md": SIMPLE, "b.md": SIMPLE})
    linter = every_linter()
    for path in ("a.md", "b.md"):
        linter.check(path)
    Path("a.md").write_bytes(SIMPLE.replace(old, new))
    findings = linter.report().findings
    assert {"duplicate-url", "related-unknown"} <= {finding.rule.name for finding in findings}
    assert all(finding.line >= 1 for finding in findings)


def _values(text: str, tmp_path: Path) -> list[tuple[str, int, int]]:
    path = tmp_path / "2023-06-20-tide-gauges-get-a-second-life.md"
    path.write_text(text)
    linter = every_linter()
    linter.check(str(path))
    return [(each.rule.code, each.line, each.value) for each in linter.report().findings]


def test_a_finding_is_recognized_by_its_value_after_its_line_moved(tmp_path: Path) -> None:
    flawed = card(title='"Tide gauges "', quality='"67"', provider="\n  name: Tide")
    before = _values(flawed, tmp_path)
    moved = _values(flawed.replace("category: news\n", "# moved\ncategory: news\n"), tmp_path)
    other = _values(flawed.replace("Tide gauges ", "Tide gauge "), tmp_path)
    assert [code for code, _, _ in before] == ["NC502", "NC302", "NC301"]
    assert [(code, value) for code, _, value in moved] == [(code, value) for code, _, value in before]
    same = [value == now for (_, _, value), (_, _, now) in zip(before, other, strict=True)]
    assert same == [False, True, True]


@pytest.mark.parametrize(
    ("flag", "is_published"), [("true", True), ("false", False), ('"false"', True), ("", False)]
)
def test_a_finding_says_whether_its_card_is_published(flag: str, is_published: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(card(published=f" {flag}", title=' " Tide gauges"'))
    linter = every_linter()
    linter.check(str(path))
    findings = linter.report().findings
    assert findings
    assert {each.is_published for each in findings} == {is_published}
