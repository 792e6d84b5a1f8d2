"""``new``: a hidden card at its right name, which has no errors, and which undo deletes."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from newscards.edits.journal import Journal
from newscards.edits.transaction import editing
from tests.commands.test_edit import copies
from tests.conftest import MakeCorpus, Run, SetEditor
from tests.support import CARD, card, matches_snapshot

SITE = {
    "_config.yml": "topic: Oceans\ncollections: {news: {output: true}}\n",
    "_news/2023-06-20-gauges.md": card(
        ampWebUrl='"https://www.tide.example/amp/gauges"', topics="\n  - Oceans\n  - Science"
    ),
}
NEW = ["new", "--url", "https://news.tide.example/wells", "--title", "Old wells: a survey"]
DATED = [*NEW, "--date", "2023-07-01T23:59:00Z"]
PATH = "_news/2023-07-01-old-wells-a-survey.md"


@pytest.fixture
def site(make_corpus: MakeCorpus) -> Path:
    return make_corpus(SITE)


def test_a_card_is_created_hidden_without_errors_and_deleted_by_undo(run: Run, site: Path) -> None:
    result = run(*DATED, "--topic", "science")
    note = "note: `science` is written `Science`, as in 1 card\n"
    assert (result.code, result.out, result.err) == (0, f"{PATH}\n", note)
    text = (site / PATH).read_text()
    matches_snapshot("new-card.txt", text)
    assert stat.S_IMODE((site / PATH).stat().st_mode) == 0o666 & ~_umask()
    found = json.loads(run("validate", PATH, "--format", "json").out)["summary"]
    assert (found["cards"], found["errors"]) == (1, 0)
    (edit,) = json.loads(run("undo", "--list", "--format", "json").out)
    assert (edit["cards"], edit["state"]) == ([PATH], "done")
    assert run("undo", "--dry-run").out == f"{PATH}: created; taken back (dry run)\n"
    assert run("undo").out == f"{PATH}: created; taken back\n"
    assert not (site / PATH).exists()
    assert os.listdir(site / "_news") == ["2023-06-20-gauges.md"]


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_dry_run_prints_the_card_and_writes_nothing(run: Run, site: Path) -> None:
    result = run(*DATED, "--topic", "science", "--dry-run")
    matches_snapshot("new-card.txt", result.out)
    assert not (site / PATH).exists()
    assert run("undo", "--list").out == ""


def test_options_give_other_values_and_a_video_has_an_original_url(run: Run, site: Path) -> None:
    options = [
        "--type",
        "video",
        "--excerpt",
        "Two\nlines",
        "--provider",
        "Ebb & Flow",
        "--set",
        "quality=60",
    ]
    result = run(*DATED, *options, "--set", "featuredContent=<iframe>", "--dry-run")
    matches_snapshot("new-video.txt", result.out)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.tide.example/gauges",
        "http://tide.example/gauges/?utm_source=feed#top",
        "https://www.tide.example/amp/gauges",
    ],
)
def test_a_url_that_a_card_has_is_refused_with_its_name(run: Run, site: Path, url: str) -> None:
    args = ["new", "--url", url, "--title", "Another"]
    result = run(*args)
    assert (result.code, result.out) == (1, "")
    assert "refused: _news/2023-06-20-gauges.md has this URL\nhint: --force " in result.err
    assert run(*args, "--force").code == 0


def test_a_name_that_a_card_has_is_refused_even_with_force(run: Run, site: Path) -> None:
    (site / "_news/sub").mkdir()
    (site / "_news/sub/2023-07-01-old-wells-a-survey.md").write_text(CARD)
    elsewhere = run(*DATED, "--force")
    assert "refused: _news/sub/2023-07-01-old-wells-a-survey.md has this name\n" in elsewhere.err
    (site / PATH).write_text("something")
    result = run(*DATED, "--force")
    assert (result.code, result.out) == (1, "")
    assert f"error: {PATH}: refused: there is a card of this name already\n" in result.err
    assert (site / PATH).read_text() == "something"


@pytest.mark.parametrize(
    "args",
    [
        ["--url", "tide.example/x"],
        ["--url", "https://tide.example/a b"],
        ["--url", "https://tide.example/\u200bx"],
        ["--title", " "],
        ["--title", "a\x07b"],
        ["--title", "x" * 1001],
        ["--title", "?!"],
        ["--date", "tomorrow"],
        ["--date", "2023-02-30 10:00"],
        ["--set", "quality"],
        ["--set", "quality=many"],
        ["--set", "qualty=1"],
        ["--type", "vidio"],
        ["--topic", "Sciense"],
        ["--set", "quality=-3"],
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_written(
    run: Run, site: Path, args: list[str], request: pytest.FixtureRequest
) -> None:
    result = run(*DATED, *args, "--dry-run")
    assert result.code in (1, 2) or "--topic" in args
    assert bool(result.out) == ("--topic" in args)
    matches_snapshot(f"new-wrong-{request.node.callspec.indices['args']:02}.txt", result.err)


def test_a_site_without_a_topic_needs_one(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"_news/.keep": ""})
    result = run(*DATED)
    assert result.err.endswith(
        "error: a card has at least one topic\nhint: --topic names it; repeat it for several\n"
    )
    assert (result.code, run(*DATED, "--topic", "Seas").code) == (2, 0)


def test_a_folder_without_cards_and_news_is_no_place(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"sub/a.md": CARD})
    result = run(*DATED)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: . has no folder `_news`, and no cards\n")
    assert run(*DATED, "--corpus", "sub", "--topic", "x").out == "sub/2023-07-01-old-wells-a-survey.md\n"
    assert run(*DATED, "--corpus", "sub", "--corpus", ".").code == 2
    assert run(*DATED, "--corpus", "nothing").code == 2


def test_a_field_that_the_configuration_asks_for_is_given_by_set(run: Run, make_corpus: MakeCorpus) -> None:
    toml = '[fields.editor]\nrequired = true\n[fields."secured"]\nremove = true\n'
    make_corpus({**SITE, "newscards.toml": toml})
    result = run(*DATED)
    assert (result.code, result.out) == (1, "")
    assert "`editor` is missing\nhint: add `editor: …`, text; --set FIELD=VALUE gives a value" in result.err
    assert run(*DATED, "--set", "editor=Ann").code == 0
    assert "editor: " in Path(PATH).read_text()


def test_the_registry_knows_the_provider_and_the_topics(run: Run, make_corpus: MakeCorpus) -> None:
    organizations = "- name: The Daily Tide\n  domain: tide.example\n"
    toml = 'topics = "topics.txt"\norganizations = "organizations.yaml"\n'
    make_corpus(
        {
            **SITE,
            "topics.txt": "Oceans\nScience\n",
            "organizations.yaml": organizations,
            "newscards.toml": toml,
        }
    )
    result = run(*DATED, "--topic", "SCIENCE", "--dry-run")
    assert "provider:\n  name: The Daily Tide\n  domain: tide.example\n" in result.out
    assert "  - Science\n" in result.out
    assert "note: `SCIENCE` is written `Science`, as in the registry\n" in result.err
    unknown = run(*DATED, "--topic", "Sciense", "--dry-run")
    assert "the registry does not have the topic `Sciense`; did you mean `Science`?\n" in unknown.err


def test_a_registry_of_the_site_that_is_not_configured_knows_the_provider_too(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({**SITE, "_data/organizations.yml": "- name: The Daily Tide\n  domain: tide.example\n"})
    assert "provider:\n  name: The Daily Tide\n" in run(*DATED, "--dry-run").out
    make_corpus({"_data/organizations.yml": "[broken"})
    result = run(*DATED, "--dry-run")
    assert result.code == 0
    assert "The Daily Tide" not in result.out


def test_the_card_is_opened_in_the_editor_before_it_is_written(
    run: Run, site: Path, set_editor: SetEditor
) -> None:
    set_editor('sed -i "s/^title.*/title: New wells/" "$1"')
    result = run(*DATED, "--edit")
    assert (result.code, result.out) == (0, "_news/2023-07-01-new-wells.md\n")
    assert copies(site) == []
    assert len(json.loads(run("undo", "--list", "--format", "json").out)) == 1


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ('sed -i "s/^quality.*/quality: -1/" "$1"', "it would have 1 new error"),
        ('sed -i "s#news.tide.example/wells#tide.example/gauges#" "$1"', "has this URL"),
        ('sed -i "s/^title.*/title: Gauges/; s/2023-07-01/2023-06-20/" "$1"', "a card of this name already"),
    ],
)
def test_what_the_editor_has_left_is_checked_and_not_lost(
    run: Run, site: Path, set_editor: SetEditor, script: str, reason: str
) -> None:
    set_editor(script)
    result = run(*DATED, "--edit")
    assert (result.code, result.out) == (1, "")
    assert reason in result.err
    assert str(copies(site)[0]) in result.err
    assert len(os.listdir(site / "_news")) == 1


@pytest.mark.parametrize(
    ("name", "url", "reason"),
    [
        ("_news/2023-07-01-other.md", NEW[2], "_news/2023-07-01-other.md has this URL"),
        (PATH, "https://a.example", "there is a card of this name already"),
    ],
)
@pytest.mark.parametrize("edits", [False, True])
def test_what_another_newscards_creates_meanwhile_is_not_created_again(
    run: Run,
    site: Path,
    set_editor: SetEditor,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    url: str,
    reason: str,
    edits: bool,
) -> None:
    other = card(title='"Other wells"', webUrl=f'"{url}"')

    @contextmanager
    def editing_later(*args: Any) -> Iterator[Journal]:
        (site / name).write_text(other)
        with editing(*args) as journal:
            yield journal

    set_editor(":")
    monkeypatch.setattr("newscards.edits.transaction.editing", editing_later)
    result = run(*DATED, *(["--edit"] if edits else []))
    assert (result.code, result.out) == (1, "")
    assert reason in result.err
    assert len(copies(site)) == edits
    assert sorted(os.listdir(site / "_news")) == ["2023-06-20-gauges.md", Path(name).name]
    assert (site / name).read_text() == other
    assert run("undo", "--list").out == ""


def test_a_name_that_a_card_has_in_other_capitals_is_taken(run: Run, site: Path) -> None:
    (site / "_news/2023-07-01-Old-Wells-A-Survey.md").write_text(card())
    result = run(*DATED)
    assert (result.code, result.out) == (1, "")
    assert "refused: _news/2023-07-01-Old-Wells-A-Survey.md has this name" in result.err


def test_a_long_title_in_any_script_gives_a_name_that_a_file_can_have(run: Run, site: Path) -> None:
    result = run(*DATED[:4], "海洋の水位計" * 30, *DATED[5:])
    assert (result.code, len(os.listdir(site / "_news"))) == (0, 2), result.err


def test_a_created_card_that_was_edited_is_taken_back_edit_by_edit(run: Run, site: Path) -> None:
    assert run(*DATED).code == 0
    assert run("set", "quality", "5", PATH).code == 0
    refused = run("undo", "1")
    assert (refused.code, (site / PATH).exists()) == (1, True)
    assert "edit 2 changed it later" in refused.err
    assert (run("undo").code, run("undo").code) == (0, 0)
    assert not (site / PATH).exists()


def test_a_folder_that_cannot_be_written_is_named(
    run: Run, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **options: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("newscards.edits.atomic._create", lambda path: refuse())
    result = run(*DATED)
    assert (result.code, result.out) == (1, "")
    assert result.err == f"error: {PATH}: refused: Permission denied\n"


def test_both_missing_options_are_named_at_once(run: Run, site: Path) -> None:
    result = run("new", "--topic", "Oceans")
    assert (result.code, "missing --url and --title" in result.err) == (2, True)
    assert "missing --title\n" in run("new", "--url", "https://a.example").err


def test_type_and_provider_are_those_of_the_cards_of_the_host(run: Run, site: Path) -> None:
    (site / "_news/2023-06-21-film.md").write_text(
        card(type="video", webUrl=None, ampWebUrl=None, originalUrl='"https://www.films.example/1"')
    )
    result = run("new", "--url", "https://films.example/2", "--title", "Two", "--dry-run")
    assert "note: type is video, as of most cards of films.example" in result.err
    assert "because no card has this domain" not in result.err
    assert 'originalUrl: "https://films.example/2"\ntype: video\n' in result.out
    assert "webUrl" not in result.out
    other = run("new", "--url", "https://films.example/2", "--title", "Two", "--type", "article", "--dry-run")
    assert 'webUrl: "https://films.example/2"' in other.out


LEDGER = "provider:\n  name: Winter Ledger\n  domain: winterledger.example\n"


def _of(name: str, domain: str) -> str:
    return card(provider=f"{{name: {name}, domain: {domain}}}", webUrl=None, originalUrl=None, ampWebUrl=None)


@pytest.mark.parametrize("provider", ["winter ledger", "WINTER  Ledger", "winterledger.example"])
@pytest.mark.parametrize("is_registered", [False, True])
def test_a_provider_that_is_known_is_given_by_its_name_or_domain(
    run: Run, site: Path, provider: str, is_registered: bool
) -> None:
    if is_registered:
        (site / "_data").mkdir()
        (site / "_data/organizations.yml").write_text(
            "- {name: Winter Ledger, domain: winterledger.example}\n"
        )
    else:
        for number, name in enumerate(["Winter Ledger", "WINTER LEDGER", "Winter Ledger"]):
            (site / f"_news/2023-06-2{number}-ledger.md").write_text(_of(name, "winterledger.example"))
    url = ["--url", "https://clips.example/1", "--title", "One", "--dry-run"]
    result = run("new", *url, "--provider", provider)
    assert LEDGER in result.out, result.err
    other = run("new", *url, "--provider", "Clips")
    assert "provider:\n  name: Clips\n  domain: clips.example\n" in other.out


def test_of_several_domains_of_a_provider_it_is_that_of_the_url(run: Run, site: Path) -> None:
    for number, domain in enumerate(["winterledger.example", "winterledger.example", "ledger.example"]):
        (site / f"_news/2023-06-2{number}-ledger.md").write_text(_of("Winter Ledger", domain))
    for url, provider, domain in [
        ("https://a.ledger.example/1", "winter ledger", "ledger.example"),
        ("https://a.ledger.example/1", "winterledger.example", "winterledger.example"),
        ("https://clips.example/1", "winter ledger", "winterledger.example"),
    ]:
        result = run("new", "--url", url, "--title", "One", "--provider", provider, "--dry-run")
        assert f"provider:\n  name: Winter Ledger\n  domain: {domain}\n" in result.out, result.err


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2025-11-29 22:30:00 +0100", "2025-11-29T21:30:00Z"),
        ("2025-11-29 22:30 +01:00", "2025-11-29T21:30:00Z"),
        ("2025-11-29 22:30:00 -5", "2025-11-30T03:30:00Z"),
        ("2025-11-29 22:30:00 Z", "2025-11-29T22:30:00Z"),
        ("2025-11-29t22:30:00.5Z", "2025-11-29T22:30:00.500000Z"),
        ("20251129T223000+0100", "2025-11-29T21:30:00Z"),
        ("2025-11-29", "2025-11-29T00:00:00Z"),
        ("2025-11", "2025-11-01T00:00:00Z"),
        ("today", "2026-01-15T00:00:00Z"),
        ("yesterday", "2026-01-14T00:00:00Z"),
        ("2w", "2026-01-01T00:00:00Z"),
    ],
)
def test_a_date_has_a_form_that_cards_have_or_that_since_takes(
    run: Run, site: Path, text: str, written: str
) -> None:
    result = run(*NEW, "--date", text, "--dry-run")
    assert (result.code, result.err) == (0, "")
    assert f"\npublishedDateTime: {written}\n" in result.out


@pytest.mark.parametrize("text", ["2025-11-29 22:30", "2025-11-29T22:30:00"])
def test_a_date_without_a_zone_is_in_utc_which_is_said(run: Run, site: Path, text: str) -> None:
    result = run(*NEW, "--date", text, "--dry-run")
    assert "\npublishedDateTime: 2025-11-29T22:30:00Z\n" in result.out
    assert result.err == f"note: --date: `{text}` has no zone, and is taken as UTC: 2025-11-29T22:30:00Z\n"


@pytest.mark.parametrize("text", ["2025: 1", "2025-11-29 #", "0001-01-01T00:00:00+23:00", "- 2025-11-29", ""])
def test_what_is_no_date_is_refused_with_forms_that_are(run: Run, site: Path, text: str) -> None:
    result = run(*NEW, "--date", text)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(
        f"error: --date: `{text}` is not a date\nhint: write a moment with its zone, "
    )
