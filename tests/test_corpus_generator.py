"""The corpora that tests and benchmarks are run on are of the make-up of real ones (CARDS.md)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Run
from tests.support.corpus_generator import generate
from tests.support.corpus_words import RARE

Cards = dict[str, dict[str, Any]]
BLOCK = re.compile(rb"---\n(?P<block>.*\n)---\n\n?", re.DOTALL)


def bytes_of(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sixty")
    generate(folder, 60)
    return folder


@pytest.fixture(scope="module")
def cards(site: Path) -> Cards:
    found: Cards = {}
    for path in sorted((site / "_news").glob("*.md")):
        match = BLOCK.fullmatch(path.read_bytes())
        assert match
        found[path.stem] = yaml.load(match["block"], Loader=yaml.CSafeLoader)
    return found


def test_one_seed_gives_the_same_bytes_and_another_other_ones(site: Path, tmp_path: Path) -> None:
    for name, seed in (("again", 0), ("other", 1)):
        generate(tmp_path / name, 60, seed)
    again, other = bytes_of(tmp_path / "again"), bytes_of(tmp_path / "other")
    assert again == bytes_of(site)
    assert not {name for name in other if name.endswith(".md") and "_news" in name} & again.keys()


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_there_are_exactly_as_many_cards_as_asked_for(tmp_path: Path, count: int) -> None:
    generate(tmp_path, count)
    assert len(list((tmp_path / "_news").glob("*.md"))) == count
    assert (tmp_path / "_news/.keep").read_bytes() == b""


def test_a_corpus_is_never_written_over_another(site: Path) -> None:
    before = bytes_of(site)
    with pytest.raises(ValueError, match="not empty"):
        generate(site, 3)
    assert bytes_of(site) == before


def test_validate_finds_nothing(run: Run, site: Path) -> None:
    result = run("validate", str(site), "--format", "json")
    assert result.code == 0
    assert '"findings": []' in result.out
    assert '"cards": 60' in result.out


def test_every_card_has_the_fields_of_a_card_in_their_order(cards: Cards) -> None:
    order = [
        "category", "title", "excerpt", "publishedDateTime", "originalUrl", "webUrl", "ampWebUrl",
        "cdnAmpWebUrl", "type", "quality", "heat", "removed", "published", "featuredContent", "provider",
        "topics", "images", "related", "secured",
    ]  # fmt: skip
    always = {"category", "title", "excerpt", "publishedDateTime", "type", "quality", "heat", "published"}
    assert len(cards) == 60
    for fields in cards.values():
        assert list(fields) == [name for name in order if name in fields]
        assert always | {"provider", "topics", "secured"} <= fields.keys()
        assert isinstance(fields["published"], bool)
        assert fields["title"].strip()
        assert len(set(fields["topics"])) == len(fields["topics"]) > 0
        assert {card["topics"][0] for card in cards.values()} == {fields["topics"][0]}


def test_names_urls_and_secrets_are_as_in_real_cards(cards: Cards) -> None:
    for name, fields in cards.items():
        day = fields["publishedDateTime"].astimezone(UTC).date()
        assert name[:10] in (str(day), str(day + timedelta(days=1)))
        assert len(name) <= 11 + 150
        assert ("ampWebUrl" in fields) == ("cdnAmpWebUrl" in fields)
        assert fields.get("originalUrl", fields.get("webUrl")) == fields.get(
            "webUrl", fields.get("originalUrl")
        )
        assert (fields["type"] == "video") == ("featuredContent" in fields) == ("webUrl" not in fields)
        if "webUrl" in fields:
            host = fields["webUrl"].split("/")[2]
            assert host.endswith(fields["provider"]["domain"])
        ciphertext, vector = (base64.b64decode(part) for part in fields["secured"].split(";"))
        assert (len(ciphertext) % 16, len(vector)) == (0, 16)


def test_heat_quality_and_the_flag_agree(cards: Cards) -> None:
    for fields in cards.values():
        quality, heat = fields["quality"], fields["heat"]
        assert quality >= 0
        assert heat == -1 or heat == 0 or heat >= quality
        assert not fields["published"] or (heat > 0 and quality >= 40)
        assert not (fields.get("removed") and fields["published"])
    shown = [fields["published"] for fields in cards.values()]
    assert 0 < sum(shown) < len(shown)


def identity(fields: dict[str, Any]) -> tuple[str, str, datetime]:
    return fields["webUrl"], fields["title"], fields["publishedDateTime"]


def test_stories_list_each_other_and_have_one_head(cards: Cards) -> None:
    by_identity = {identity(fields): fields for fields in cards.values() if "webUrl" in fields}
    stories: set[frozenset[object]] = set()
    for key, fields in by_identity.items():
        entries = fields.get("related", [])
        assert [entry["quality"] for entry in entries] == sorted(
            (entry["quality"] for entry in entries), reverse=True
        )
        for entry in entries:
            other = by_identity[identity(entry)]
            assert key in map(identity, other["related"])
            assert entry["provider"] == {name: other["provider"][name] for name in ("name", "domain")}
            assert all(entry[name] == other[name] for name in ("excerpt", "quality", "type"))
        stories.add(frozenset([key, *map(identity, entries)]))
    larger = [story for story in stories if len(story) > 1]
    assert len(larger) == 6
    assert sum(map(len, stories)) == len(by_identity)
    for story in larger:
        members = [by_identity[key] for key in by_identity if key in story]
        heads = [fields for fields in members if fields["heat"] > 0]
        assert len(heads) == 1
        assert heads[0]["quality"] == max(fields["quality"] for fields in members)
        assert all(
            fields["heat"] == -1 and not fields["published"] for fields in members if fields not in heads
        )


def test_topics_and_providers_are_in_the_sites_registries(site: Path, cards: Cards) -> None:
    registry = [yaml.safe_load(path.read_bytes()) for path in (site / "_data/topics").iterdir()]
    assert {topic for fields in cards.values() for topic in fields["topics"]} <= {
        entry["name"] for entry in registry
    }
    known = {path.stem for path in (site / "_data/organizations").iterdir()}
    logos = {fields["provider"]["domain"] for fields in cards.values() if "images" in fields["provider"]}
    assert logos
    assert logos <= known


ODD = {"NC408", "NC501", "NC502", "NC503", "NC504", "NC601"}


def test_a_small_corpus_is_the_same_without_related(site: Path, tmp_path: Path) -> None:
    generate(tmp_path, 60, small=True)
    related = re.compile(rb"^related:\n(?:[ -].*\n|\n)*", re.MULTILINE)
    for path in (site / "_news").glob("*.md"):
        assert (tmp_path / "_news" / path.name).read_bytes() == related.sub(b"", path.read_bytes())


def test_oddities_are_those_of_real_corpora_and_no_others(run: Run, tmp_path: Path) -> None:
    generate(tmp_path, 300, oddities=True)
    result = run("validate", str(tmp_path), "--format", "json")
    found = Counter(finding["code"] for finding in json.loads(result.out)["findings"])
    assert result.code == 0
    assert found.keys() == ODD
    assert (found["NC501"], found["NC502"], found["NC504"]) == (51, 15, 1)


def test_oddities_are_at_their_measured_rates(tmp_path: Path) -> None:
    counts = Counter[str]()
    titles, urls = Counter[str](), Counter[str]()
    generate(tmp_path, 4958, small=True, oddities=True)
    for path in (tmp_path / "_news").glob("*.md"):
        source = path.read_text()
        title, excerpt = (
            found[1] for found in re.finditer(r"^(?:title|excerpt): (\".*\")$", source, re.MULTILINE)
        )
        url = re.search(r"^webUrl: \"?(.*?)\"?$", source, re.MULTILINE)
        titles[title] += 1
        urls.update([url[1]] if url else [])
        counts["blank in URL"] += bool(url and " " in url[1])
        counts["mojibake"] += "â€™" in excerpt
        counts["invisible"] += "\\r" in excerpt or "\u200b" in title
        counts["stray"] += title[1].isspace() or title[-2].isspace()
        counts["entity"] += "&#" in excerpt
        counts["topic"] += f"  - {RARE}\n" in source
    shared = [count for count in urls.values() if count > 1]
    assert (len(shared), sum(shared)) == (13, 27)
    assert sum(count > 1 for count in titles.values()) == 150
    assert 0.05 < counts.pop("topic") / 4958 < 0.2
    assert counts == {"blank in URL": 11, "mojibake": 2, "invisible": 64, "stray": 244, "entity": 843}


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_a_corpus_of_few_cards_can_be_odd(tmp_path: Path, count: int) -> None:
    generate(tmp_path, count, oddities=True)
    assert len(list((tmp_path / "_news").glob("*.md"))) == count
