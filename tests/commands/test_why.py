"""``newscards why``: whether the site shows a card, why, what would change it, and what is found in it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from newscards.jekyll.explain import Mark, explain
from tests.conftest import MakeCorpus, Run
from tests.jekyll.test_site import write
from tests.rules.cases import with_entry, with_lines
from tests.support import CARD, ROOT, card, matches_snapshot
from tests.support.jekyll_cases import CASES, Case
from tests.support.jekyll_config_cases import CONFIG_CASES
from tests.support.terminal import run_in_terminal

HIDDEN = card(published="false")
LISTED = "The site's lists show this card, but it has no page of its own"
COLLECTION = "collections: {news: {output: true}}\n"
UNKNOWN = "What the site does with this card is not known"
NEWS = "_news/2023-06-20-a-card.md"
ENTRY_CARD = (
    card(title='"Gauges of the north"', publishedDateTime="2023-06-21T08:00:00Z", quality="60", heat="-1")
    .replace("https://www.tide.example/gauges", "https://www.tide.example/north")
    .replace('"Old wells, new sensors."', '"A second look."')
)


def first(out: str) -> str:
    """Return the verdict of a screen, on one line."""
    return " ".join(out.split("\n\n")[0].partition("\n  Tide gauges")[0].split())


def lines(out: str) -> list[str]:
    return [line.strip() for line in out.splitlines()]


def told(run: Run, *args: str) -> Any:
    result = run("why", *args, "--format", "json")
    assert (result.code, result.err) == (0, "")
    return json.loads(result.out)


def marks(verdict: Any) -> dict[str, str]:
    return {point["name"]: point["mark"] for point in verdict["points"]}


def test_a_published_and_a_hidden_card_look_good_at_80_columns() -> None:
    for name in ("hollin-deep-sends", "ferry-operator"):
        code, screen = run_in_terminal(["why", name, "--corpus", "sample_data"], cwd=ROOT, columns=80)
        assert code == 0
        matches_snapshot(f"why-{name}.txt", screen)


def test_the_verdict_is_coloured(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"_news/a.md": CARD, "_news/b.md": card(title='"never closed')})
    assert run("why", "a", "--color", "always").out.startswith("\x1b[1;32m● \x1b[0m\x1b[1;32mThe site will")
    assert run("why", "b", "--color", "always").out.startswith("\x1b[1;31m✕ ")


def test_a_card_with_much_wrong_is_explained_in_one_screen(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(
        {
            "_news/2199-01-01-a-card.md": with_entry().replace("published: true", 'published: "no"'),
            "_config.yml": COLLECTION + "unpublished: true\n",
        }
    )
    result = run("why", "a-card")
    matches_snapshot("why-wrong.txt", result.out)
    assert len(result.out.splitlines()) <= 24


BARE = "✕ With Debian's Jekyll, the site will publish this card without its data"
SYMBOL = "Psych takes a value that begins with `:` for a symbol"
SHOWN_UPSTREAM = "● With Jekyll as GitHub Pages runs it, the site will publish this card"
VERDICTS: dict[str, tuple[str, str | bytes, str, str, str]] = {
    # what: file, text, the sentence, what decides, a line that says what would change it
    "published": (NEWS, CARD, "● The site will publish this card, because its flag is true.", "Flag",
                  f"newscards set-published false {NEWS}"),
    "hidden": (NEWS, HIDDEN, "○ The site will not publish this card, because its flag is false.", "Flag",
               f"newscards set-published true {NEWS}"),
    "no flag": (NEWS, card(published=None),
                "● The site will publish this card, because it has no flag.", "Flag",
                f"newscards set-published false {NEWS}"),
    "a flag without value": (NEWS, card(published=""),
                             f"◐ {LISTED}, because its flag has no value.", "Flag",
                             f"newscards set-published true {NEWS}"),
    "a flag that is text": (NEWS, card(published='"false"'),
                            "● The site will publish this card, because its flag is not false.", "Flag",
                            f"newscards set-published false {NEWS}"),
    "a flag that Ruby takes for false": (
        NEWS, card(published="fALSE"),
        "○ The site will not publish this card, because Jekyll takes its flag for false.", "Flag",
        f"newscards set-published true {NEWS}"),
    "a date to come": (NEWS, with_lines("date: 2199-01-01\n"),
                       f"◐ {LISTED} before 2199-01-01, by its `date`.", "Date",
                       "delete `date`, or correct it"),
    "no date": (NEWS, with_lines("date: soon\n"), "✕ The build will fail, because Jekyll cannot read `date`.",
                "Date", "delete `date`, or correct it"),
    "a name to come": (
        "_news/2199-01-01-x.md", CARD,
        f"◐ {LISTED} before 2199-01-01, by the date in its name.", "File name",
        "rename the file: its date is when it will be shown"),
    "an impossible name": (
        "_news/2020-13-45-x.md", CARD,
        "✕ The build will fail, because its name begins with an impossible date.",
        "File name", "rename the file"),
    "a name that is left out": (
        "_news/_x.md", CARD, "○ The site will not publish this card, because Jekyll ignores such a name.",
        "File name", "rename the file, or its folder: no `_`, `.`, `#` or `~` at either end"),
    "broken YAML": (
        NEWS, card(title='"never', published="false"),
        "✕ The site will publish this card without its data, because its front matter cannot be read.",
        "Front matter", "fix line 3, as the findings say"),
    "no closing fence": (
        NEWS, CARD.removesuffix("---\n"),
        "✕ The site will publish this card without its data, and its YAML as the text of the page.",
        "Front matter", "fix line 27, as the findings say"),
    "a byte order mark": (NEWS, "\ufeff" + CARD,
                          "✕ The site will publish this card verbatim, `secured` included.", "Front matter",
                          "delete what stands before the first `---`"),
    "an empty file": (
        NEWS, "", "✕ The site will publish this card verbatim, because it does not begin with a line `---`.",
        "Front matter", "fix the front matter, as the findings say"),
    "Latin-1": (NEWS, CARD.replace("Old", "é").encode("latin-1"),
                "✕ The build will fail, because the file holds bytes that are not UTF-8.", "Front matter",
                "fix line 4, as the findings say"),
    "a merge key": (
        NEWS, with_lines("x: &x {a: 1}\ny:\n  <<: *x\n"),
        "● The site will publish this card, because its flag is true.", "Flag",
        f"newscards set-published false {NEWS}"),
    "a symbol": (
        NEWS, card(excerpt=":-)", published="false"), f"{BARE}, because {SYMBOL}.", "Front matter",
        "fix the front matter, as the findings say"),
    "a tab in a date": (
        NEWS, card(publishedDateTime="2023-06-20\t15:44:00Z", published="false"),
        f"{BARE}, because Psych fails with a tab between date and time.", "Front matter",
        "fix the front matter, as the findings say"),
    "a key without a name": (
        NEWS, card(published="false").replace("title:", "~: x\ntitle:", 1),
        f"{SHOWN_UPSTREAM}, because Jekyll reads a flag that shows the card.", "Flag",
        "edit the line `published:` to say `false`"),
    "a date that is no number": (
        NEWS, card(date="1__0"),
        "✕ With Debian's Jekyll, the build will fail, because Jekyll cannot read `date`.", "Date",
        "delete `date`, or correct it"),
    "a date after the year 9999": (
        NEWS, card(date="12023-06-20"),
        f"◐ {LISTED} before the year 10000, by its `date`.", "Date",
        "delete `date`, or correct it"),
}  # fmt: skip


@pytest.mark.parametrize("what", VERDICTS)
def test_a_verdict_says_what_becomes_of_the_card_and_what_would_change_it(
    what: str, run: Run, make_corpus: MakeCorpus
) -> None:
    file, text, sentence, decides, remedy = VERDICTS[what]
    make_corpus({file: text})
    result = run("why", file)
    assert (result.code, result.err, first(result.out).partition(" _news/")[0]) == (0, "", sentence)
    assert re.findall("→ (.{12})", result.out) == [f"{decides:<12}"]
    assert remedy in lines(result.out)


@pytest.mark.parametrize("what", [what for what, each in VERDICTS.items() if "set-published" in each[4]])
def test_the_command_that_is_named_changes_the_verdict(what: str, run: Run, make_corpus: MakeCorpus) -> None:
    file, text, _, _, command = VERDICTS[what]
    make_corpus({file: text})
    before = told(run, file)[0]["page"]
    assert run(*command.split()[1:]).code == 0
    assert told(run, file)[0]["page"] is not before


CONFIGS = {
    "unpublished: true\n": (HIDDEN, "because `unpublished` is set.", "edit _config.yml"),
    "defaults: [{values: {date: 2199-01-01}}]\n": (
        CARD, "by its `date`.", "edit `date` below `defaults` in _config.yml"),
    "exclude: ['*.md']\n": (CARD, "because `exclude` has `*.md`.", "edit _config.yml"),
    "defaults: [{values: {published: false}}]\n": (
        card(published=None), "because `defaults` has the flag.", f"newscards set-published true {NEWS}"),
}  # fmt: skip


@pytest.mark.parametrize("config", CONFIGS)
def test_a_configuration_that_decides_is_named(config: str, run: Run, make_corpus: MakeCorpus) -> None:
    text, why, remedy = CONFIGS[config]
    make_corpus({NEWS: text, "_config.yml": COLLECTION + config})
    out = run("why", NEWS).out
    assert first(out).endswith(why)
    assert re.search("→ (_config.yml  |Date         `defaults`)", out)
    assert remedy in lines(out)


def test_a_configuration_that_cannot_be_read_leaves_the_verdict_open(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({NEWS: CARD, "_config.yml": "a: [\n"})
    result = run("why", NEWS)
    assert first(result.out) == f"? {UNKNOWN}: _config.yml cannot be read."
    assert "fix `_config.yml`" in result.out
    assert told_open(run)["shown"] is None


def told_open(run: Run) -> Any:
    return json.loads(run("why", NEWS, "--format", "json").out)[0]


def test_a_hidden_card_of_a_date_to_come_needs_both_changes(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({NEWS: card(date="2199-01-01", published="false")})
    assert [each["setPublished"] for each in told(run, NEWS)[0]["remedies"]] == [None, True]


def test_a_removed_card_says_so_before_it_is_shown_again(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({NEWS: card(removed="true", published="false")})
    out = run("why", NEWS).out
    assert "`removed` is true: it was taken down" in " ".join(out.split())
    assert "the card was taken down: `newscards restore` takes that back" in out


STORIES = {
    "head": (with_entry(), {"_news/b.md": ENTRY_CARD.replace("published: true", "published: false")},
             "✓ Story        the head of 2 cards; this one alone is published"),
    "both": (with_entry(), {"_news/b.md": ENTRY_CARD},
             "! Story        the head of 2 cards; also published: b"),
    "another": (with_entry().replace("heat: 67", "heat: -1").replace("published: true", "published: false"),
                {"_news/b.md": ENTRY_CARD.replace("heat: -1", "heat: 60")},
                "✓ Story        not the head of 2 cards; published: b"),
    "lost": (with_entry(), {}, "! Story        1 entry of `related` found in no card"),
    "single": (CARD, {"_news/b.md": ENTRY_CARD}, "✓ Story        none: it has no `related`"),
}  # fmt: skip


@pytest.mark.parametrize("what", STORIES)
def test_the_place_in_the_story_is_told(what: str, run: Run, make_corpus: MakeCorpus) -> None:
    text, others, line = STORIES[what]
    make_corpus({NEWS: text, **others})
    assert line in lines(run("why", "a-card").out)


def test_who_would_show_a_second_card_of_a_story_is_told_of_the_first(
    run: Run, make_corpus: MakeCorpus
) -> None:
    text, others, _ = STORIES["another"]
    make_corpus({NEWS: text, **others})
    assert "the story shows another card: hide that one as well" in lines(run("why", "a-card").out)


def test_json_has_the_story_with_the_published_of_its_cards(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({NEWS: with_entry(), "_news/b.md": ENTRY_CARD})
    (verdict,) = told(run, "a-card")
    assert verdict["story"] == {"cards": 2, "head": True, "published": [NEWS, "_news/b.md"]}
    assert (verdict["shown"], verdict["fate"], verdict["cause"]) == (True, "published", "flag")
    assert marks(verdict) == {
        "Flag": "decides", "Date": "fine", "File name": "fine", "Front matter": "fine",
        "_config.yml": "fine", "Story": "look", "Site": "fine",
    }  # fmt: skip


def test_its_findings_are_those_that_validate_tells_of_it(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({NEWS: card(quality='"67"'), "_news/b.md": CARD, "_news/c.md": card(heat="-5")})
    validated = run("validate", NEWS, "--format", "concise", "--quiet").out
    out = run("why", NEWS).out
    listed = re.sub(r"^[^:\n]+:(\d+:\d+): ", r"  \1  ", validated, flags=re.MULTILINE)
    assert out.endswith(f"\nFindings\n{listed}")
    assert {"NC302", "NC602"} <= set(re.findall(r"\[(NC\d+)\]", out))
    found = json.loads(run("validate", NEWS, "--format", "json").out)["findings"]
    assert told(run, NEWS)[0]["findings"] == found


def test_a_card_of_another_configuration_is_checked_with_the_fields_and_rules_of_that_one(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(
        {
            "here/newscards.toml": "[fields.editor]\n",
            "there/newscards.toml": '[fields.desk]\ntype = "integer"\n[rules.far]\nwhere = "desk > 3"\n',
            f"there/{NEWS}": with_lines("desk: 4"),
        }
    )
    os.chdir("here")
    result = run("why", f"../there/{NEWS}", "--format", "json")
    assert result.err == ""
    assert [each["rule"] for each in json.loads(result.out)[0]["findings"]] == ["far"]


def test_a_card_without_findings_says_so(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({NEWS: CARD})
    assert run("why", NEWS).out.endswith("\n\nNo findings\n")


def test_a_file_that_cannot_be_opened_is_explained_too(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({NEWS: CARD})
    os.symlink("nowhere", folder / "_news" / "gone.md")
    result = run("why", "_news/gone.md")
    assert result.code == 0
    assert first(result.out).startswith("✕ The build will fail, because it is a link that leads to nothing.")
    assert "delete the link, or correct it" in result.out


SILENT = "○ This card has no page of its own, and no list of the site shows it, because"
DECLARE = "declare `collections: news` with `output: true` in _config.yml, if Jekyll is to make its page"
NO_OUTPUT = f"◐ {LISTED}, because its collection has no `output: true`."
NO_PAGE = "no page, but in `site.news`: lists and feeds show it"
NOTHING = "no page, not in `site.news`"
WITHOUT_PAGE = {
    # what: config, text, the sentence, what the site has, what would change it
    "no output": ("collections: {news: {output: false}}\n", CARD, NO_OUTPUT, NO_PAGE, "edit _config.yml"),
    "a list of collections": ("collections: [news]\n", CARD, NO_OUTPUT, NO_PAGE,
                              f"newscards set-published false {NEWS}"),
    "a date to come as well": ("collections: [news]\n", with_lines("date: 2199-01-01\n"), NO_OUTPUT, NO_PAGE,
                               "edit _config.yml"),
    "hidden there": ("collections: [news]\n", HIDDEN,
                     "○ The site will not publish this card, because its flag is false.", NOTHING,
                     "edit _config.yml"),
    "broken there": (
        "collections: [news]\n", card(title='"never', published="false"),
        "✕ The site's lists show this card without its data, because its front matter cannot be read.",
        NO_PAGE, "fix line 3, as the findings say"),
    "no collection": ("collections: {people: {output: true}}\n", CARD,
                      f"{SILENT} the site declares no collection `news`.", NOTHING, DECLARE),
    "no collection, and broken": ("title: x\n", card(title='"never'),
                                  f"{SILENT} the site declares no collection `news`.", NOTHING, DECLARE),
    "another folder": (f"{COLLECTION}collections_dir: content\n", CARD,
                       f"{SILENT} `collections_dir` names another folder.", NOTHING, DECLARE),
}  # fmt: skip


@pytest.mark.parametrize("what", WITHOUT_PAGE)
def test_a_collection_whose_pages_are_not_written_is_named(
    what: str, run: Run, make_corpus: MakeCorpus
) -> None:
    config, text, sentence, site, remedy = WITHOUT_PAGE[what]
    make_corpus({NEWS: text, "_config.yml": config})
    out = run("why", NEWS).out
    assert first(out).partition(f" {NEWS}")[0] == sentence
    assert f" {site} " in " ".join(out.split()) + " "
    assert remedy in " ".join(out.split())


PAGES = {
    "": "a page of its own",
    "permalink: pretty\n": "the page /news/2023-06-20-a-card/index.html",
    "collections: {news: {output: true, permalink: '/n/:path/'}}": "the page /n/2023-06-20-a-card/index.html",
    "collections: {news: {output: true, permalink: '/:year/:title'}}\n": "a page of its own",
    "defaults: [{values: {permalink: /here}}]\n": "the page /here.html",
}


@pytest.mark.parametrize("config", PAGES)
def test_the_page_of_a_card_is_named(config: str, run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({NEWS: CARD, "_config.yml": config if "collections" in config else COLLECTION + config})
    (verdict,) = told(run, NEWS)
    assert verdict["points"][-1]["text"] == f"{PAGES[config]}, and in `site.news`"
    assert (verdict["page"], verdict["listed"]) == (True, True)


def test_several_cards_are_explained_in_turn_also_from_standard_input(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"_news/a.md": CARD, "_news/b.md": HIDDEN})
    result = run("why", "-", stdin=b"_news/a.md\n_news/b.md\n")
    assert (result.out.count("The site will"), result.code) == (2, 0)
    assert [each["id"] for each in told(run, "b", "a")] == ["b", "a"]
    assert run("why", "-", "--format", "json", stdin=b"").out == "[]\n"


def test_a_card_that_there_is_not_is_wrong_usage(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({NEWS: CARD})
    result = run("why", "b-card")
    assert (result.code, result.out) == (2, "")


def test_what_a_card_says_is_never_taken_for_an_escape(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"_news/\x1b[31m.md": card(title='"\\e[31mred [bold]x[/bold]"')})
    out = run("why", "_news/\x1b[31m.md").out
    assert "\x1b" not in out
    assert "[bold]x[/bold]" in out


@pytest.mark.parametrize("case", [*CASES, *CONFIG_CASES], ids=lambda case: case.name)
def test_of_whatever_jekyll_was_given_there_is_a_verdict(case: Case, tmp_path: Path) -> None:
    write(case, tmp_path)
    for name in case.outcomes:
        if name in case.files:
            verdict = explain(os.path.join(tmp_path, name), {})
            assert verdict.sentence.endswith(".")
            assert verdict.suggestions
            deciding = [point.name for point in verdict.reasons if point.mark is Mark.DECIDES]
            assert len(deciding) == 1, (name, verdict.sentence, deciding)


def test_no_line_is_longer_than_the_terminal_but_what_is_to_be_copied(
    run: Run, make_corpus: MakeCorpus
) -> None:
    for file, text, *_ in VERDICTS.values():
        make_corpus({file: text})
        above = run("why", file).out.partition("\nFindings\n")[0]
        assert max(map(len, above.splitlines())) <= 80
        assert not any(line.endswith(" ") for line in above.splitlines())


def test_the_help_has_an_example(run: Run) -> None:
    assert "newscards why 2023-06-20-some-card\n" in run("why", "--help").out


@pytest.mark.parametrize("name", ["x.md.orig", "x.html", "x.MD"])
def test_a_file_that_keeps_a_hidden_card_live_is_named(name: str, run: Run, make_corpus: MakeCorpus) -> None:
    config = "collections: {news: {output: true}}\n"
    make_corpus({"_config.yml": config, "_news/x.md": card(published="false"), f"_news/{name}": CARD})
    for args in (("x",), ("_news/x.md",)):
        (explained,) = json.loads(run("why", *args, "--format", "json").out)
        assert explained["sentence"] == (
            "The site will not publish this card, because its flag is false; but it will show"
            f" `{name}`, which Jekyll takes for a card."
        )
        assert explained["remedies"][0]["text"] == f"to hide it, delete `{name}`, or move it out of `_news`"
        assert {"name": "Site", "mark": "look", "text": f"nothing of this file, but `{name}` is shown"} in (
            explained["points"]
        )


def test_a_file_that_jekyll_takes_for_a_card_has_the_finding_that_validate_tells(
    run: Run, make_corpus: MakeCorpus
) -> None:
    stray = card(published="false", quality='"x"')
    make_corpus({"_config.yml": "collections: {news: {output: true}}\n", "_news/x.md": CARD})
    make_corpus({"_news/x.md.orig": stray, "_news/y.md": stray})
    told = json.loads(run("validate", "--format", "json").out)["findings"]
    for args in (["_news/x.md.orig"], ["_news/y.md", "./_news/x.md.orig"]):
        *_, explained = json.loads(run("why", *args, "--format", "json").out)
        assert explained["findings"] == [each for each in told if each["code"] == "NC209"]
        assert len(explained["findings"]) == 1


@pytest.mark.parametrize(
    ("flag", "files"),
    [
        ("false", {"x.md.orig": card(published="false")}), ("false", {"x.md~": CARD}),
        ("false", {"y.md.orig": CARD}), ("true", {"x.md.orig": CARD}),
    ],
)  # fmt: skip
def test_no_other_file_is_named(flag: str, files: dict[str, str], run: Run, make_corpus: MakeCorpus) -> None:
    cards = {"_news/x.md": card(published=flag)} | {f"_news/{name}": text for name, text in files.items()}
    make_corpus({"_config.yml": "collections: {news: {output: true}}\n", **cards})
    (explained,) = json.loads(run("why", "x", "--format", "json").out)
    assert "; but" not in explained["sentence"]


def test_the_file_of_a_page_bundle_leads_to_the_folder(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"_news/gauges/index.no.md": CARD, "_news/a.md": CARD})
    for name in ("index.no", "index.no.md"):
        result = run("why", name)
        assert result.code == 2
        assert result.err.endswith("a file `index` has the name of its folder; did you mean gauges.no?\n")
    assert "index" not in run("why", "index.da").err.partition("hint:")[2]
