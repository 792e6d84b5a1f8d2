"""Problems in entries of ``related``, and the cards that have them too."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from newscards.frontmatter import locations
from newscards.lint.findings import Finding
from newscards.rules.selection import every_linter
from tests.conftest import MakeCorpus
from tests.support import CARD

TITLE = '"Tide gauges "'
ENTRY = f"""  - title: {TITLE}
    publishedDateTime: 2023-06-20T15:44:00Z
    webUrl: "https://www.tide.example/gauges"
    type: article
"""
OTHER = CARD.replace('"Tide gauges get a second life"', '"Wells"').replace("/gauges", "/wells")
assert OTHER.count("Wells") == 1


def story(title: str, entries: Sequence[str]) -> dict[str, str]:
    """Return a card with a title, and others with an entry each."""
    texts = {"a.md": CARD.replace('"Tide gauges get a second life"', title)}
    for number, entry in enumerate(entries):
        text = OTHER.replace("Wells", f"Wells {number}").replace("/wells", f"/wells-{number}")
        texts[f"b{number}.md"] = text.replace("secured:", f"related:\n{entry}secured:")
    return texts


def blanks(names: Sequence[str]) -> list[Finding]:
    linter = every_linter()
    linter.for_fixes = True
    for name in names:
        linter.check(name)
    return [each for each in linter.report().findings if each.rule.code == "NC502"]


def test_entries_that_name_a_card_in_two_ways_are_copies_of_one_finding(make_corpus: MakeCorpus) -> None:
    texts = story(TITLE, [ENTRY, ENTRY.replace("2023-06-20", "2023-06-19"), ENTRY])
    make_corpus(texts)
    (finding,) = blanks([*texts])
    assert finding.message.endswith("`title` ends with a blank; the same in 3 copies of the card")
    assert {path for path, _ in finding.others} == {"b0.md", "b1.md", "b2.md"}


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("comment", ["", "  # a comment, so that libyaml reads the card"])
def test_a_problem_of_a_card_and_of_its_copies_is_one_finding_at_the_card(
    make_corpus: MakeCorpus, comment: str
) -> None:
    texts = story(TITLE, [ENTRY, ENTRY.replace("type: article", f"type: article{comment}")])
    make_corpus(texts)
    (finding,) = blanks([*texts])
    assert (finding.path, finding.field) == ("a.md", "title")
    assert finding.message.endswith("; the same in 2 copies of the card")
    assert finding.others == tuple((name, line_of(texts[name], TITLE)) for name in ("b0.md", "b1.md"))
    assert finding.fix
    changes = [(each.path, each.steps) for each in finding.fix.elsewhere]
    assert changes == [(name, ("related", 0, "title")) for name in ("b0.md", "b1.md")]


def test_a_problem_of_entries_alone_is_one_finding_at_the_first(make_corpus: MakeCorpus) -> None:
    texts = story('"Tide gauges"', [ENTRY, ENTRY])
    make_corpus(texts)
    (finding,) = blanks([*texts])
    assert (finding.path, finding.field) == ("b0.md", "related[0].title")
    assert finding.line == line_of(texts["b0.md"], TITLE)
    assert finding.message.endswith("; the same in 1 other copy")
    assert finding.others == (("b1.md", line_of(texts["b1.md"], TITLE)),)


def test_entries_of_different_cards_have_a_finding_each(make_corpus: MakeCorpus) -> None:
    texts = story('"Tide gauges"', [ENTRY, ENTRY.replace("/gauges", "/other-gauges")])
    make_corpus(texts)
    assert [each.path for each in blanks([*texts])] == ["b0.md", "b1.md"]


def test_the_entries_of_a_card_are_located_together(
    make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    cuts: list[int] = []
    cut = locations._entry_texts

    def counted(source: bytes, line: int) -> list[locations._EntryText]:
        cuts.append(line)
        return cut(source, line)

    monkeypatch.setattr(locations, "_entry_texts", counted)
    entries = "".join(ENTRY.replace("/gauges", f"/gauges-{number}") for number in range(50))
    make_corpus(story('"Tide gauges"', [entries]))
    assert len(blanks(["b0.md"])) == 50
    assert 0 < len(cuts) < 5


def test_copies_are_found_again_after_their_card_changed(make_corpus: MakeCorpus) -> None:
    texts = story(TITLE, [ENTRY])
    folder = make_corpus(texts)
    linter = every_linter()
    for name in texts:
        linter.check(name)
    moved = texts["b0.md"].replace("related:\n", f"note: x\nrelated:\n{ENTRY.replace('gauges', 'x')}")
    (folder / "b0.md").write_text(moved)
    linter.recheck("b0.md")
    found = [each for each in linter.report().findings if (each.path, each.rule.code) == ("a.md", "NC502")]
    assert [each.others for each in found] == [(("b0.md", line_of(moved, TITLE)),)]
