"""``validate --fix``: mended once, mended for good, and nothing else touched."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscards.cards.fields import Field, field_at
from newscards.cards.text_cleanup import (
    breaks,
    plain,
    tags,
    without_entities,
    without_invisible,
    without_mojibake,
)
from newscards.edits.operations import SetValue
from newscards.frontmatter.fences import FrontMatter, find_fences
from newscards.rules.common import CLEANERS, LINE_CLEANERS, USUAL_TEXT, cleaning
from tests.commands.test_validate import of
from tests.conftest import MakeCorpus, Run
from tests.rules.cases import ENTRY, listing, north, story
from tests.support import CARD, card

SAFE = [
    pytest.param("\ufeff" + CARD, CARD, id="bom"),
    pytest.param("\n" + CARD, CARD, id="blank-line"),
    pytest.param(card(published="yes"), CARD, id="yes"),
    pytest.param(card(published="no", heat="0"), card(published="false", heat="0"), id="no"),
    pytest.param(card(quality='"67"'), CARD, id="number-in-quotes"),
    pytest.param(card(removed='"false"'), card(removed="false"), id="boolean-in-quotes"),
    pytest.param(card(title='"Tide gauges get a second life "'), CARD, id="stray-blank"),
    pytest.param(card(excerpt='"Old wells,&nbsp;new&#8217;s &amp; sensors."'),
                 card(excerpt='"Old wells,\u00a0new’s &amp; sensors."'), id="entities"),
    pytest.param(card(excerpt='"Old wells,\\r\\nnew\u200b sensors."'),
                 card(excerpt='"Old wells,\\nnew sensors."'), id="invisible"),
    pytest.param(card(excerpt='"Old\\rwells"'), card(excerpt='"Old wells"'), id="cr-between-words"),
    pytest.param(card(excerpt='"itâ€™s"'), card(excerpt='"it’s"'), id="mojibake"),
    pytest.param(card(title='"2019\\u00962021"'), card(title='"2019–2021"'), id="misread-dash"),
    pytest.param(card(title='"It\\x92s&#133;"'), card(title='"It’s…"'), id="misread-quote-and-entity"),
    pytest.param(card(title='"â€œEbbâ€\\x9d"'), card(title='"“Ebb”"'), id="mojibake-with-a-c1-control"),
    pytest.param(card(title='"ï»¿Ebb\\ufeff and&#65279; flow"'), card(title='"Ebb and flow"'), id="boms"),
    pytest.param(card(title='"Ebb\\r\\nand\\tflow"'), card(title='"Ebb and flow"'), id="line-ends"),
    pytest.param(card(title='"Tide\\xad gauges&shy;"'), card(title='"Tide gauges"'), id="soft-hyphen"),
    pytest.param(card(topics='\n  - Oceans\n  - "Sea\\tlevel"'), card(topics='\n  - Oceans\n  - "Sea level"'),
                 id="tab-in-a-topic"),
    pytest.param(card(topics="\n  - Café\n  - Science\n  - Cafe\u0301"),
                 card(topics="\n  - Café\n  - Science"), id="repeated-in-another-normal-form"),
    pytest.param(card(topics="\n  - Oceans\n  - Science\n  - oceans"), CARD, id="repeated-topic"),
    pytest.param(card(quality="67\nquality: 67"), CARD, id="duplicate-key"),
    pytest.param(card(title='" Tide&#8217;s\u200b "', quality='"67"', published="on"), card(title='"Tide’s"'),
                 id="several"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SAFE)
def test_a_safe_fix_changes_the_value_alone_and_leaves_nothing_to_fix(
    text: str, expected: str, one_card: Path, run: Run
) -> None:
    one_card.write_text(text, encoding="utf-8", newline="")
    assert json.loads(run("validate", "--format", "json").out)["summary"]["fixable"] > 0
    assert run("validate", "--fix").err.startswith("note: fixed ")
    assert one_card.read_text(encoding="utf-8") == expected
    again = run("validate", "--fix", "--format", "json")
    assert json.loads(again.out)["summary"]["fixable"] == 0
    assert again.err == "note: nothing to fix: no finding has a safe fix\n"


UNSAFE = [
    pytest.param({"a.md": card(published='"false"', heat="0")},
                 {"a.md": card(published="false", heat="0")}, id="flag"),
    pytest.param({"a.md": card(related=listing(ENTRY * 2)), "b.md": north()},
                 {"a.md": card(related=listing(ENTRY))}, id="repeated-entry"),
    pytest.param(story(quality="61"),
                 story(ENTRY.replace("quality: 60", "quality: 61"), quality="61"), id="stale"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), UNSAFE)
def test_an_unsafe_fix_is_made_where_it_is_asked_for_alone(
    files: dict[str, str], expected: dict[str, str], make_corpus: MakeCorpus, run: Run
) -> None:
    folder = make_corpus(files)
    run("validate", "--fix")
    assert {name: (folder / name).read_text() for name in files} == files
    run("validate", "--unsafe-fixes")
    assert {name: (folder / name).read_text() for name in expected} == expected


def test_entries_are_ordered_where_that_is_asked_for(make_corpus: MakeCorpus, run: Run) -> None:
    better = ENTRY.replace("north", "south").replace("60", "70")
    folder = make_corpus({"a.md": card(related=listing(ENTRY + better))})
    run("validate", "--unsafe-fixes")
    assert (folder / "a.md").read_text() == card(related=listing(better + ENTRY))


def test_the_usual_case_of_a_topic_is_written(make_corpus: MakeCorpus, run: Run) -> None:
    files = {f"{n}.md": of(n, topics="\n  - Oceans") for n in range(3)} | {
        "x.md": of(9, topics="\n  - oceans")
    }
    folder = make_corpus(files)
    assert run("validate", "--fix").code == 0
    assert (folder / "x.md").read_text() == of(9, topics="\n  - Oceans")


def test_of_two_cases_as_usual_none_is_written(make_corpus: MakeCorpus, run: Run) -> None:
    files = {"a.md": of(1, topics="\n  - Oceans"), "b.md": of(2, topics="\n  - oceans")}
    folder = make_corpus(files)
    run("validate", "--fix")
    assert {name: (folder / name).read_text() for name in files} == files


def test_a_fix_that_would_create_a_finding_is_not_made(make_corpus: MakeCorpus, run: Run) -> None:
    files = {"a.md": of(1, title='"Tides"'), "b.md": of(2, title='"Tides "')}
    folder = make_corpus(files)
    result = run("validate", "--fix")
    assert "NC602" not in result.out
    assert (folder / "b.md").read_text() == files["b.md"]


def test_a_diff_shows_what_would_change_and_writes_nothing(one_card: Path, run: Run) -> None:
    one_card.write_text(card(published="yes"))
    result = run("validate", "--fix", "--diff")
    assert result.code == 1
    assert "-published: yes\n+published: true\n" in result.out
    assert result.err == "note: would fix 1 finding in 1 card\n"
    assert one_card.read_text() == card(published="yes")
    one_card.write_text(CARD)
    assert (run("validate", "--diff").code, run("validate", "--diff").out) == (0, "")


def test_a_duplicate_key_with_another_value_is_left_to_a_person(one_card: Path, run: Run) -> None:
    text = card(quality="67\nquality: 35")
    one_card.write_text(text)
    assert run("validate", "--unsafe-fixes").code == 1
    assert one_card.read_text() == text


def test_only_the_rules_that_are_selected_are_mended(one_card: Path, run: Run) -> None:
    text = card(published="yes", quality='"67"')
    one_card.write_text(text)
    run("validate", "--fix", "--select", "NC3")
    assert one_card.read_text() == card(published="yes")


@pytest.mark.parametrize("name", ["powerapps", "stories"])
def test_real_cards_are_mended_in_one_run(name: str, real_cards: Path, tmp_path: Path, run: Run) -> None:
    folder = Path(shutil.copytree(real_cards / name, tmp_path / "_news"))

    def findings() -> set[tuple[str, str, str]]:
        found = json.loads(run("validate", str(folder), "--format", "json").out)["findings"]
        return {(each["path"], each["code"], each["field"]) for each in found}

    before = findings()
    assert "fixed" in run("validate", str(folder), "--fix").err
    after = findings()
    assert after < before
    files = {path: path.read_bytes() for path in folder.iterdir()}
    assert "fixed" not in run("validate", str(folder), "--fix").err
    assert {path: path.read_bytes() for path in folder.iterdir()} == files


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--select", "NC502"], '"A &#8217; b\u200b cafÃ©"'),
        (["--select", "NC501"], '"A ’ b\u200b cafÃ© "'),
        (["--ignore", "NC503"], '"A ’ b\u200b café"'),
    ],
)
def test_of_one_text_only_what_a_selected_rule_tells_is_mended(
    args: list[str], expected: str, one_card: Path, run: Run
) -> None:
    one_card.write_text(card(title='"A &#8217; b\u200b cafÃ© "'), encoding="utf-8")
    run("validate", "--fix", *args)
    assert one_card.read_text(encoding="utf-8") == card(title=expected)


def test_of_one_text_what_is_suppressed_stays(one_card: Path, run: Run) -> None:
    one_card.write_text(card(title='"A &#8217; b " # newscards: ignore[NC501]'), encoding="utf-8")
    run("validate", "--fix")
    assert one_card.read_text(encoding="utf-8") == card(title='"A &#8217; b" # newscards: ignore[NC501]')


def test_a_blank_that_an_entity_was_goes_with_it(one_card: Path, run: Run) -> None:
    one_card.write_text(card(title='"Tide&nbsp;"'), encoding="utf-8")
    run("validate", "--fix")
    assert one_card.read_text(encoding="utf-8") == card(title='"Tide"')


def test_copies_are_mended_from_cards_that_are_mended(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus(story(excerpt='"It&#8217;s new."'))
    run("validate", "--unsafe-fixes")
    expected = story(ENTRY.replace("A second look.", "It’s new."), excerpt='"It’s new."')
    assert {name: (folder / name).read_text(encoding="utf-8") for name in expected} == expected


def blemished() -> dict[str, str]:
    """Return a story of three cards, in which the title of one and its copies have a blank at the end."""
    entry = ENTRY.replace('of the north"', 'of the north "')
    assert entry != ENTRY
    return {
        "a.md": card(related=listing(entry)),
        "b.md": north(title='"Gauges of the north "', excerpt='"A second look\\u200b."'),
        "c.md": of(3, title='"Wells "', related=listing(entry)),
    }


@pytest.mark.parametrize("copy", ["a.md", "c.md"])
def test_a_fix_is_made_in_no_card_if_a_copy_cannot_be_written(
    copy: str, make_corpus: MakeCorpus, run: Run
) -> None:
    files = blemished()
    folder = make_corpus(files)
    os.link(folder / copy, folder / "hard-link.txt")
    result = run("validate", "--fix", "--ignore", "NC606,NC608")
    assert result.code == 1
    assert f"{copy}: not fixed: the file has 2 hard links" in result.err
    assert f"not fixed, because its copy in `{copy[0]}` cannot be changed" in re.sub(r"\s+", " ", result.out)
    wanted = {**files, "b.md": files["b.md"].replace("\\u200b", "")}
    if copy != "c.md":
        wanted["c.md"] = files["c.md"].replace('"Wells "', '"Wells"')
    assert {name: (folder / name).read_text() for name in files} == wanted


def test_a_fix_is_made_in_no_card_if_a_copy_cannot_be_edited(make_corpus: MakeCorpus, run: Run) -> None:
    files = blemished()
    files["c.md"] = files["c.md"].replace('title: "Gauges of', 'title: &t "Gauges of')
    folder = make_corpus(files)
    result = run("validate", "--fix", "--ignore", "NC606,NC608")
    assert "its copy in `c` cannot be changed: `related[0].title` carries an anchor" in re.sub(
        r"\s+", " ", result.out
    )
    wanted = {
        **files,
        "b.md": files["b.md"].replace("\\u200b", ""),
        "c.md": files["c.md"].replace('"Wells "', '"Wells"'),
    }
    assert {name: (folder / name).read_text() for name in files} == wanted
    run("undo")
    assert {name: (folder / name).read_text() for name in files} == files


def test_the_copies_in_cards_that_are_not_checked_are_updated_too(make_corpus: MakeCorpus, run: Run) -> None:
    files = blemished()
    folder = make_corpus(files)
    result = run("validate", "--fix", "--ignore", "NC606,NC608", "b.md")
    assert "with 2 copies of their values" in result.err
    for name in ("a.md", "c.md"):
        assert '- title: "Gauges of the north"\n' in (folder / name).read_text()
    assert 'title: "Wells "' in (folder / "c.md").read_text()
    assert run("validate", "--ignore", "NC606,NC608").out.count("NC502") == 1
    run("undo")
    assert {name: (folder / name).read_text() for name in files} == files


@pytest.mark.parametrize("silent", ["comment", "configuration", "all"])
def test_a_copy_with_an_ignored_finding_is_updated_with_its_card(
    silent: str, make_corpus: MakeCorpus, run: Run
) -> None:
    files = blemished()
    if silent != "configuration":
        files["c.md"] = files["c.md"].replace('of the north "', 'of the north " # newscards: ignore[NC502]')
    if silent == "all":
        files["a.md"] = files["a.md"].replace('of the north "', 'of the north " # newscards: ignore[NC502]')
    config = 'per-file-ignores = {"c.md" = ["NC502"]}\n' if silent == "configuration" else ""
    folder = make_corpus({**files, "newscards.toml": config})
    told = run("validate", "--select", "NC502").out
    assert ("the same in 1 copy" in told) == (silent != "all")
    result = run("validate", "--fix", "--select", "NC502")
    assert "with 2 copies of their values" in result.err
    for name in ("a.md", "c.md"):
        assert '- title: "Gauges of the north"' in (folder / name).read_text()
    assert 'title: "Gauges of the north"' in (folder / "b.md").read_text()
    run("undo")
    assert {name: (folder / name).read_text() for name in files} == files


def test_a_run_that_fixes_nothing_says_so(one_card: Path, run: Run) -> None:
    for args in (["--fix"], ["--fix", "--diff"]):
        assert run("validate", *args).err == "note: nothing to fix: no finding has a safe fix\n"
    assert run("validate", "--unsafe-fixes").err == "note: nothing to fix: no finding has a fix\n"
    assert run("validate", "--fix", "--quiet").err == ""


def test_several_repeated_items_are_mended_in_one_run(one_card: Path, run: Run) -> None:
    one_card.write_text(card(topics="\n  - A\n  - B\n  - A\n  - C\n  - C"))
    run("validate", "--fix")
    assert one_card.read_text() == card(topics="\n  - A\n  - B\n  - C")


def test_what_cannot_be_mended_is_not_said_to_be_fixable(one_card: Path, run: Run) -> None:
    one_card.write_text(card(quality='"-2"'))
    result = run("validate", "--fix", "--format", "json")
    assert json.loads(result.out)["summary"]["fixable"] == 0
    assert one_card.read_text() == card(quality='"-2"')


def test_a_card_that_cannot_be_written_is_told_with_its_findings(one_card: Path, run: Run) -> None:
    one_card.write_text(card(published="yes"))
    os.link(one_card, one_card.with_name("hard-link.txt"))
    result = run("validate", "--fix")
    assert result.code == 1
    assert "NC202" in result.out
    assert "not fixed: " in result.err


def test_a_link_beside_its_target_is_mended_once(one_card: Path, run: Run) -> None:
    one_card.write_text(card(published="yes"))
    one_card.with_name("2023-06-20-z.md").symlink_to(one_card.name)
    result = run("validate", "--fix", "--ignore", "NC6")
    assert (result.code, "not fixed" in result.err) == (0, False)
    assert one_card.read_text() == CARD


@pytest.mark.parametrize("options", [(), ("--unsafe-fixes",)])
def test_a_boolean_is_rewritten_only_in_a_field_that_is_one(
    options: tuple[str, ...], one_card: Path, run: Run
) -> None:
    own = "provider:\n  country: NO\nlang: no\ncomments: yes\nanswers: [yes, no, On]\n"
    text = card(published="no").replace("provider:\n", own.partition("lang")[0], 1)
    text = text.replace("\n---\n", f"\nremoved: off\n{own[own.index('lang') :]}---\n", 1)
    one_card.write_text(text)
    run("validate", "--fix", *options, "--ignore", "NC6")
    fixed = text.replace("published: no", "published: false").replace("removed: off", "removed: false")
    assert one_card.read_text() == fixed


def pairs_of_keys(times: int) -> Callable[[int], str]:
    """Return a function that makes a card with many keys, each of which stands some times."""
    return lambda number: CARD.replace(
        "---\n", "---\n" + "".join(f"k{n}: 1\n" * times for n in range(number)), 1
    )


MANY_FIXES = {
    "topics": (lambda number: card(topics="\n  - AI" * number), lambda number: card(topics="\n  - AI")),
    "in-brackets": (lambda number: card(topics=f"[{'AI, ' * number}AI]"), lambda number: card(topics="[AI]")),
    "one-key": (lambda number: CARD.replace("heat: 67\n", "heat: 67\n" * number), lambda number: CARD),
    "pairs-of-keys": (pairs_of_keys(2), pairs_of_keys(1)),
}
"""What makes a card with so many fixes, and the card as it is fixed."""


@pytest.mark.parametrize(("broken", "fixed"), MANY_FIXES.values(), ids=MANY_FIXES)
def test_a_card_with_many_fixes_is_read_no_more_often_than_one_with_few(
    broken: Callable[[int], str],
    fixed: Callable[[int], str],
    one_card: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readings: list[bytes] = []

    def recorded(source: bytes, *args: Any) -> FrontMatter:
        readings.append(source)
        return find_fences(source, *args)

    for module in ("edits.apply", "edits.outline", "cards.reader"):
        monkeypatch.setattr(f"newscards.{module}.find_fences", recorded)
    counts = []
    for number in (3, 300):
        one_card.write_text(broken(number))
        readings.clear()
        run("validate", "--fix", "--ignore", "NC3")
        counts.append(len(readings))
        assert one_card.read_text() == fixed(number)
    assert counts[1] <= counts[0] + 1


def test_fixes_that_would_create_a_finding_do_not_hinder_the_others(one_card: Path, run: Run) -> None:
    images = "".join(f'\n  - url: "https://tide.example/{n}"\n    width: "{n}"' for n in range(1, 400))
    one_card.write_text(card(images=images))
    result = run("validate", "--fix", "--select", "NC302,NC416")
    assert "fixed 300 findings" in result.err
    widths = re.findall(r'width: ("?)(\d+)', one_card.read_text())
    assert [quote for quote, _ in widths] == ['"'] * 99 + [""] * 300


def test_marks_of_a_text_from_right_to_left_are_left_to_a_person(one_card: Path, run: Run) -> None:
    text = card(title='"C++\u200f כן"')
    one_card.write_text(text, encoding="utf-8")
    run("validate", "--fix")
    assert one_card.read_text(encoding="utf-8") == text


def test_an_entity_of_no_character_stays(one_card: Path, run: Run) -> None:
    text = card(excerpt='"a&#0;b"')
    one_card.write_text(text)
    run("validate", "--fix")
    assert one_card.read_text() == text


ODD_LETTERS = st.sampled_from(
    [
        *"aZé &;#x8217ÃÂâ€™œ\x9d\x96”<>/b\r\n\t\xa0\u2028\u200b\u200d\ufeff\xad\ufffd\x1a\x85",
        *(
            "&amp;",
            "&#8217;",
            "&#150;",
            "&shy;",
            "&#13;",
            "&nbsp;",
            "&lt;",
            "&#195;",
            "&#169;",
            "â€™",
            "ï»¿",
            "<b>",
        ),
    ]
)


FIELDS_OF_TEXTS = [
    field for name in ("title", "excerpt", "provider.name") if (field := field_at(tuple(name.split("."))))
]


def blemishes(field: Field, text: str) -> set[object]:
    """Return the cleaners that would change a text, and the words for what no cleaner changes."""
    cleaners = CLEANERS if field.name == "excerpt" else LINE_CLEANERS
    found: set[object] = {cleaner for cleaner in cleaners if cleaner(text) != text}
    found |= {"tag"} if tags(without_invisible(without_mojibake(without_entities(text)))) else set()
    return found | ({"lost"} if "\ufffd" in text else set())


@pytest.mark.parametrize("field", FIELDS_OF_TEXTS, ids=[field.name for field in FIELDS_OF_TEXTS])
@given(st.lists(ODD_LETTERS).map("".join))
def test_a_clean_text_has_no_finding_that_it_did_not_have(field: Field, text: str) -> None:
    before = blemishes(field, text)
    for cleaner in LINE_CLEANERS:
        if fix := cleaning(field, text, cleaner):
            assert isinstance(fix.change, SetValue)
            assert blemishes(field, str(fix.change.value)) <= before - {cleaner}


@given(st.text(st.sampled_from("aé<>b/\t\n\r\u2028\ufffd&\u200b \xa0\x96’")))
def test_a_usual_text_has_nothing_that_a_rule_about_texts_reports(text: str) -> None:
    if USUAL_TEXT.fullmatch(text):
        assert plain(text) == text
        assert breaks(text) == tags(text) == []
        assert "\ufffd" not in text
