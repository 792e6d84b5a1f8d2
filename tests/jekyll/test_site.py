"""What newscards says that the site does is what a real Jekyll did."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newscards.cards.card import Unreadable
from newscards.cards.reader import read, read_bytes
from newscards.jekyll.config import site_of
from newscards.jekyll.readers import Jekyll
from newscards.jekyll.site import Fate, View, view_of
from tests.support import card
from tests.support.jekyll_cases import CASES, CONFIG, Case
from tests.support.jekyll_config_cases import CONFIG_CASES

OUTCOMES = {
    Fate.PUBLISHED: {"published"},
    Fate.BARE: {"without-data"},
    Fate.VERBATIM: {"verbatim"},
    Fate.LISTED: {"listed"},
    Fate.LISTED_BARE: {"listed"},
    Fate.HIDDEN: {"hidden", "absent"},
    Fate.UNREAD: {"absent"},
    Fate.FAILS: {"build-fails"},
}


BEYOND = {
    # What newscards does not look at: the templates in a card, keys that are no fields of a card.
    "block: broken Liquid in a card that is scheduled",
    "block: broken Liquid in a card whose flag has no value",
    "block: broken Liquid in a card without a closing fence", "block: broken Liquid in the body",
    "name and data: x9.yml build-fails",
    # There is nothing in it that could be read.
    "block: {}",
    # Configurations with which Jekyll cannot build.
    "config: a symbol in the config", "config: default: a date without a time",
    "two defaults, the last without a scope",
}  # fmt: skip
"""Cases of which newscards says something else, each for a reason."""


def write(case: Case, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in case.files.items():
        path = os.path.join(os.fsencode(folder), name.encode(errors="surrogateescape"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
    for name, target in case.links:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(target)
    if case.config:
        (folder / "_config.yml").write_text(case.config, encoding="utf-8")


def seen(path: str) -> View | None:
    source, record = b"", read(path)
    if not (isinstance(record, Unreadable) and record.kind == "io"):
        source = read_bytes(path)
    return view_of(record, source, site_of(path))


WORST_FIRST = ("build-fails", "without-data", "verbatim", "published", "listed", "hidden", "absent")
"""The outcomes, by what they cost the curator of a hidden card; a shown one is shown in all cases."""


@pytest.mark.parametrize(
    "case", [case for case in (*CASES, *CONFIG_CASES) if case.name not in BEYOND], ids=lambda case: case.name
)
def test_the_view_of_a_card_is_what_the_worse_jekyll_does(case: Case, tmp_path: Path) -> None:
    site = tmp_path / "site"
    write(case, site)
    upstream = case.outcomes_with("upstream")
    for name, outcome in case.outcomes.items():
        if name in case.files or name in dict(case.links):
            found = seen(os.path.join(site, name))
            worst = min(outcome, upstream[name], key=WORST_FIRST.index)
            assert found is None or worst in OUTCOMES[found.fate], (name, found)
            if found is not None and {outcome, upstream[name]} <= OUTCOMES[found.fate]:
                assert found.jekyll is None
            elif found is not None:
                assert found.jekyll is (Jekyll.DEBIAN if worst == outcome else Jekyll.UPSTREAM)


def test_a_pattern_of_defaults_that_leads_out_of_the_site_means_nothing(tmp_path: Path) -> None:
    for pattern in ("/**/*", "../*", "a/../../*"):
        config = f'{CONFIG}defaults: [{{scope: {{path: "{pattern}"}}, values: {{published: false}}}}]'
        folder = tmp_path / str(abs(hash(pattern)))
        write(Case("x", {"_news/x.md": card(published=None).encode()}, {}, config), folder)
        found = seen(str(folder / "_news" / "x.md"))
        assert found is not None
        assert found.fate is Fate.PUBLISHED


POSIX_ZONES = {
    "GMT-5": 5, "UTC+5": -5, "EST5": -5, "<+0530>-5:30": 5.5, "Tide/Gauge": 0, "GMT-24": 0,
}  # fmt: skip
"""Values of ``timezone``, and the hours by which their time is ahead of UTC."""


@pytest.mark.parametrize("name", POSIX_ZONES)
def test_a_time_zone_as_posix_writes_it_has_the_hours_that_are_added_to_get_utc(
    name: str, tmp_path: Path
) -> None:
    write(Case("x", {"_news/x.md": b""}, {}, f"timezone: {name}"), tmp_path)
    zone = site_of(str(tmp_path / "_news" / "x.md")).zone
    assert datetime(2023, 6, 20, tzinfo=zone).utcoffset() == timedelta(hours=POSIX_ZONES[name])


@pytest.mark.parametrize("pattern", ["/", '""'])
def test_a_pattern_of_exclude_that_is_empty_leaves_out_all_files(pattern: str, tmp_path: Path) -> None:
    write(Case("x", {"_news/x.md": card().encode()}, {}, f"{CONFIG}exclude: [{pattern}]\n"), tmp_path)
    found = seen(str(tmp_path / "_news" / "x.md"))
    assert found is not None
    assert found.fate is Fate.HIDDEN
    assert found.why == ", because `exclude` has `/`"
