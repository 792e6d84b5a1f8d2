"""Rules over cards: every finding at its place, one bad card never in another's way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards import lint
from newscards.lint import Finding, Report, lint_card
from newscards.rules.rule import Severity
from tests.conftest import MakeCorpus, Run
from tests.rules.cases import ENTRY, Found, block, with_entry, with_lines
from tests.rules.test_places import MANY
from tests.support import CARD, ROOT, card

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
    os.symlink("gone.md", make_corpus(BROKEN) / "00-link.md")
    result = run("validate")
    assert result.code == 1
    told = [line.partition("--> ")[2].split(":")[0] for line in result.out.splitlines() if "-->" in line]
    assert told == ["00-link.md", *(name for name in sorted(BROKEN) if name != "12-sound.md")]
    assert not result.err


def test_findings_are_ordered_by_file_then_line_column_and_code(make_corpus: MakeCorpus, run: Run) -> None:
    bad = card(webUrl="x", Titel="y", title=None, provider="{domain: x, name: 5}", topics="5")
    make_corpus({"b.md": bad, "a.md": card(heat="x"), "c/a.md": card(heat="y")})
    lines = [line.split("--> ")[1] for line in run("validate").out.splitlines() if "-->" in line]
    assert lines == [
        "a.md:10:7", "b.md:6:9", "b.md:11:1", "b.md:13:20", "b.md:13:29", "b.md:15:9", "c/a.md:10:7",
    ]  # fmt: skip


def test_findings_at_one_place_are_ordered_by_code(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": with_lines("Quality: 1\nQuality: 2\n").replace("quality: 67\n", "")})
    assert found("a.md") == [
        Found("NC107", 12, 1, 8, "Quality"),
        Found("NC303", 12, 1, 8, "Quality"),
    ]


def findings_of(texts: dict[str, str], make_corpus: MakeCorpus) -> list[list[tuple[Found, str, str]]]:
    make_corpus(dict(texts))
    return [[(Found.of(f), f.message, f.help) for f in lint_card(path)] for path in texts]


WRONG_ENTRY = ENTRY.replace("quality: 60", 'quality: "60"').replace("domain: tide.example", "Domain: x")


def test_an_entry_that_was_checked_before_is_found_at_its_new_place(make_corpus: MakeCorpus) -> None:
    related = [WRONG_ENTRY, ENTRY * 2 + WRONG_ENTRY, WRONG_ENTRY * 2]
    texts = {f"{n}.md": card(related="\n" + text.removesuffix("\n")) for n, text in enumerate(related)}
    first, second, twice = findings_of(texts, make_corpus)

    def at(index: int) -> list[Found]:
        top = 12 + 13 * index
        return [
            Found("NC303", top + 8, 7, 13, f"related[{index}].provider.Domain"),
            Found("NC302", top + 9, 14, 18, f"related[{index}].quality"),
        ]

    assert [each[0] for each in first] == at(0)
    assert [each[0] for each in second] == at(2)
    assert [each[0] for each in twice] == at(0) + at(1)


def test_a_remembered_check_tells_the_same_as_a_fresh_one(make_corpus: MakeCorpus) -> None:
    texts = {
        "a.md": card(related="\n" + ENTRY + WRONG_ENTRY.removesuffix("\n")),
        "b.md": card(related="\n" + (WRONG_ENTRY + ENTRY + WRONG_ENTRY).removesuffix("\n")),
        "c.md": with_entry("width: 600", "width: 0", before=3),
        "d.md": MANY,
    }
    remembered = [findings_of(texts, make_corpus) for _ in range(2)][1]
    fresh = []
    for path, text in texts.items():
        lint._CHECKED.clear()
        fresh += findings_of({path: text}, make_corpus)
    assert remembered == fresh


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
    monkeypatch.setattr(lint, "_MOST_CHECKED", 4)
    entries = "".join(f'  - {{title: "{n}"}}\n' for n in range(20))
    make_corpus({"a.md": card(related="\n" + entries.removesuffix("\n"))})
    assert {each.field.partition(".")[0] for each in found("a.md")} == {f"related[{n}]" for n in range(20)}
    assert len(lint._CHECKED) <= 4


def test_a_report_counts_cards_and_findings(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(quality='"6"', heat='"7"'), "b.md": with_lines("x: 1\n"), "c.md": CARD})
    report = Report()
    for path in ("a.md", "b.md", "c.md"):
        report.add(lint_card(path))
    assert (report.cards, report.bad_cards) == (3, 2)
    assert (report.count(Severity.ERROR), report.count(Severity.WARNING)) == (2, 1)
    assert [finding.path for finding in report.findings] == ["a.md", "a.md", "b.md"]


def findings_in(folder: Path) -> list[Finding]:
    paths = sorted(folder.rglob("*.md")) if folder.is_dir() else [folder]
    assert paths
    return [finding for path in paths for finding in lint_card(str(path))]


def test_the_sample_cards_are_all_fine(run: Run) -> None:
    assert not findings_in(ROOT / "sample_data" / "_news")
    assert run("validate", str(ROOT / "sample_data")).code == 0


@pytest.mark.parametrize("name", ["powerapps", "stories", "archive", "seed-card.md"])
def test_real_cards_are_all_fine(name: str, real_cards: Path, run: Run) -> None:
    assert not findings_in(real_cards / name)
    result = run("validate", str(real_cards / name))
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith("checked: all fine.\n")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param(with_lines("".join(f"key{n}: 1\n" for n in range(1000))), 1000, id="unknown-keys"),
        pytest.param(with_lines("quality: 1\n" * 1000), 1, id="duplicate-keys"),
        pytest.param(card(topics="\n" + "  - 5\n" * 6000 + "  - x"), 6000, id="wrong-topics"),
        pytest.param(card(related="\n" + "  - {}\n" * 800 + "  -"), 5601, id="empty-entries"),
    ],
)
def test_a_card_with_very_many_problems_tells_them_all(
    text: str, count: int, make_corpus: MakeCorpus
) -> None:
    make_corpus({"a.md": text})
    assert len(lint_card("a.md")) == count


SAMPLES = [path.read_bytes() for path in sorted((ROOT / "sample_data" / "_news").glob("*.md"))[::6]]
SAMPLES += [text.encode() for text in (CARD, with_entry(), MANY)]
PIECES = [
    b"\n", b"\r\n", b"\r", b" ", b"  ", b"\t", b"- ", b": ", b"#", b" #x", b"'", b'"', b"[", b"]", b"{",
    b"}", b",", b"|\n", b">", b"&a ", b"*a", b"!!int ", b"!x ", b"<<: ", b"? ", b"%", b"@", b"---\n",
    b"...\n", b"\x00", b"\x1b", b"\xff", b"\xed\xa0\x80", "\x85\u2028\ufeff😀".encode(), b"2023-13-45",
    b"0x", b".nan", b"~", b"yes", b"=", b"\\", b"title: x\n", b"related:\n  - &a {}\n  - *a\n",
    b"images: [{width: 0}]\n", b"published:\n", b"9" * 5000,
]  # fmt: skip


@st.composite
def mutated_cards(draw: st.DrawFn) -> bytes:
    """Draw a sound card with a few pieces of it cut out, doubled, moved, or replaced by others."""
    source = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(source)))
        end = min(start + draw(st.integers(0, 40)), len(source))
        new = draw(st.sampled_from([b"", source[start:end] * 2, *PIECES]))
        source = source[:start] + new + source[end:]
    return source.replace(b"\n", b"\r\n") if draw(st.booleans()) else source


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of a file that is written again and again."""
    return tmp_path_factory.mktemp("lint") / "x.md"


def check_places(source: bytes, path: Path) -> None:
    path.write_bytes(source)
    findings = lint_card(str(path))
    # U+FEFF is the mark of a file only where it opens the file.
    lines = source.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    for finding in findings:
        assert (1, 1) <= (finding.line, finding.column) <= (finding.end_line, finding.end_column)
        for line, column in ((finding.line, finding.column), (finding.end_line, finding.end_column)):
            assert line <= len(lines)
            assert 1 <= column <= len(lines[line - 1].removesuffix(b"\r").decode(errors="replace")) + 1
        assert finding.source == lines[finding.line - 1].removesuffix(b"\r").decode(errors="replace")
        assert finding.message
    assert findings == sorted(findings, key=lambda each: (each.line, each.column, each.rule.code))
    lint._CHECKED.clear()
    assert lint_card(str(path)) == findings


@given(
    source=st.binary(max_size=60) | st.binary(max_size=60).map(lambda inner: b"---\n" + inner + b"\n---\n")
)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_any_bytes_are_checked_and_what_is_found_has_its_place(source: bytes, scratch: Path) -> None:
    check_places(source, scratch)


@given(source=mutated_cards())
@settings(deadline=None, derandomize=True, max_examples=150)
def test_any_broken_card_is_checked_and_what_is_found_has_its_place(source: bytes, scratch: Path) -> None:
    check_places(source, scratch)
