"""Twenty rules of the configuration over whole corpora, held against plain loops over what PyYAML reads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from newscards.text import one_line, shorten
from tests.commands.test_list_on_real_cards import REAL, Fields, all_of, folder, generated
from tests.conftest import NOW, Run
from tests.query.test_where import iso, story_sizes

__all__ = ["folder", "generated"]

Problems = Iterable[tuple[str, str, str]]
"""The id of a card, the field and the message of each problem."""


class OwnRule(NamedTuple):
    """A declaration, and the loop that says what it means."""

    keys: Mapping[str, str]
    loop: Callable[[Mapping[str, Fields]], Problems]


def where(sql: str, field: str, message: str, test: Callable[[Fields], str | None]) -> OwnRule:
    """Return a rule about single cards; ``test`` returns the message of a card, ``None`` for none."""

    def loop(cards: Mapping[str, Fields]) -> Iterator[tuple[str, str, str]]:
        for name, fields in cards.items():
            if (found := test(fields)) is not None:
                yield name, field, found

    keys = {"where": sql, "message": message} | ({"field": field} if field else {})
    return OwnRule(keys, loop)


def of(value: object) -> str:
    return "none" if value is None else str(int(value) if isinstance(value, bool) else value)


def rules(cards: Mapping[str, Fields]) -> dict[str, OwnRule]:
    """Return rules that find something in most corpora, with values that these cards have."""
    found = list(cards.values())
    quality = sorted(f["quality"] for f in found)[len(found) // 2]
    topics = [name for name, _ in Counter(t for f in found for t in f["topics"]).most_common()]
    topic = topics[min(1, len(topics) - 1)]
    when = sorted(f["publishedDateTime"] for f in found)[len(found) // 2]
    sizes = story_sizes(cards)
    mean = sum(f["quality"] for f in found) / len(found)
    names = Counter(f["provider"]["name"] for f in found)
    urls = Counter(f.get("webUrl") for f in found)

    def twice(cards: Mapping[str, Fields]) -> Problems:
        return ((i, "webUrl", f"{urls[f['webUrl']]} cards") for i, f in cards.items()
                if f.get("webUrl") and urls[f["webUrl"]] > 1)  # fmt: skip

    def images(cards: Mapping[str, Fields]) -> Problems:
        return ((i, f"images[{at}].width", f"{image['width']} wide") for i, f in cards.items()
                for at, image in enumerate(f.get("images") or ())
                if image.get("width", 9999) < 1200)  # fmt: skip

    def rare(cards: Mapping[str, Fields]) -> Problems:
        counts = Counter(t for f in cards.values() for t in f["topics"])
        return ((i, f"topics[{at}]", f"{t}: {counts[t]}") for i, f in cards.items()
                for at, t in enumerate(f["topics"]) if counts[t] <= 3)  # fmt: skip

    def alone(cards: Mapping[str, Fields]) -> Problems:
        return ((i, "published", "alone") for i, f in cards.items()
                if f["published"] and sizes[i] == 1 and topic in f["topics"])  # fmt: skip

    def best(cards: Mapping[str, Fields]) -> Problems:
        order = sorted(cards, key=lambda i: (-cards[i]["quality"], i))
        return ((i, "quality", f"among the best: {cards[i]['quality']}") for i in order[:7])

    def entries(cards: Mapping[str, Fields]) -> Problems:
        return ((i, f"related[{at}].quality", f"{entry['quality']} above {f['quality']}")
                for i, f in cards.items() for at, entry in enumerate(f.get("related") or ())
                if entry["quality"] > f["quality"])  # fmt: skip

    def beside(cards: Mapping[str, Fields]) -> Problems:
        days = Counter((f["publishedDateTime"].date(), f["provider"]["name"]) for f in cards.values())
        for i, f in cards.items():
            if (count := days[f["publishedDateTime"].date(), f["provider"]["name"]]) > 1:
                yield i, "", f"{count} on {f['publishedDateTime'].date()}"

    def query(sql: str, message: str, loop: Callable[[Mapping[str, Fields]], Problems]) -> OwnRule:
        return OwnRule({"query": sql, "message": message}, loop)

    return {
        "weak": where(
            f"published and quality <= {quality}", "quality", "quality {quality} of {provider_name}",
            lambda f: f"quality {f['quality']} of {f['provider']['name']}"
            if f["published"] and f["quality"] <= quality else None),
        "cold": where("heat = -1 and not published", "heat", "{heat} {published}",
                      lambda f: "-1 0" if f["heat"] == -1 and not f["published"] else None),
        "long-title": where("length(title) > 80", "title", "a title of {{{title}}}",
                            lambda f: f"a title of {{{f['title']}}}" if len(f["title"]) > 80 else None),
        "no-amp": where("ampWebUrl is null", "ampWebUrl", "amp: {ampWebUrl}",
                        lambda f: f"amp: {of(f.get('ampWebUrl'))}" if f.get("ampWebUrl") is None else None),
        "late": where(f"publishedDateTime >= '{iso(when)}'", "publishedDateTime", "{publishedDateTime}",
                      lambda f: iso(f["publishedDateTime"]) if f["publishedDateTime"] >= when else None),
        "old": where("age_days > 1500", "", "{age_days} days",
                     lambda f: f"{days} days"
                     if (days := (NOW.date() - f["publishedDateTime"].date()).days) > 1500 else None),
        "topic": where(f"has_topic('{topic.upper()}')", "topics", "{topics}",
                       lambda f: ", ".join(f["topics"]) if topic in f["topics"] else None),
        "power": where("title like '%power%' and excerpt not like '%power%'", "excerpt", "{type}",
                       lambda f: f["type"] if "power" in f["title"].lower()
                       and "power" not in f["excerpt"].lower() else None),
        "domain": where("provider_domain glob '*.com'", "provider.domain", "{provider_domain}",
                        lambda f: domain if (domain := f["provider"]["domain"]).endswith(".com") else None),
        "month": where("strftime('%m', publishedDateTime) in ('01', '06')", "", "month",
                       lambda f: "month" if f["publishedDateTime"].month in (1, 6) else None),
        "above-average": where("quality > (select avg(quality) from cards)", "quality", "{quality}",
                               lambda f: of(f["quality"]) if f["quality"] > mean else None),
        "one-of-many": where(
            "(select count(*) from cards o where o.provider_name = cards.provider_name) > 3", "provider.name",
            "{provider_name}",
            lambda f: f["provider"]["name"] if names[f["provider"]["name"]] > 3 else None),
        "in-a-story": OwnRule(
            {"where": "story_size > 1", "field": "related", "message": "{story_size} cards"},
            lambda cards: ((i, "related", f"{sizes[i]} cards") for i in cards if sizes[i] > 1)),
        "twice": query(
            "SELECT path, 'webUrl' AS field, n FROM cards JOIN (SELECT webUrl AS url, count(*) AS n"
            " FROM cards GROUP BY 1) ON url = webUrl WHERE n > 1", "{n} cards", twice),
        "narrow": query(
            "SELECT path, 'images[' || (position - 1) || '].width' AS field, width FROM images"
            " WHERE width < 1200", "{width} wide", images),
        "rare": query(
            "WITH n AS (SELECT topic, count(*) AS n FROM topics GROUP BY 1)"
            " SELECT path, 'topics[' || (position - 1) || ']' AS field, topic, n"
            " FROM topics JOIN n USING (topic) WHERE n <= 3", "{topic}: {n}", rare),
        "alone": query(
            "SELECT path, 'published' AS field FROM stories JOIN cards USING (story)"  # noqa: S608
            f" WHERE published AND size = 1 AND has_topic('{topic}')", "alone", alone),
        "best": query("SELECT path, 'quality' AS field, 'among the best: ' || quality AS message FROM cards"
                      " ORDER BY quality DESC, id LIMIT 7", "not this", best),
        "worse": query(
            "SELECT path, 'related[' || (r.position - 1) || '].quality' AS field, r.quality AS theirs,"
            " cards.quality AS own FROM related r JOIN cards USING (path) WHERE r.quality > cards.quality",
            "{theirs} above {own}", entries),
        "same-day": query(
            "SELECT * FROM (SELECT path, date(publishedDateTime) AS day,"
            " count(*) OVER (PARTITION BY date(publishedDateTime), provider_name) AS n FROM cards)"
            " WHERE n > 1", "{n} on {day}", beside),
    }  # fmt: skip


def declared(rule: OwnRule) -> str:
    return "".join(f"{key} = {json.dumps(text)}\n" for key, text in rule.keys.items())


@pytest.mark.parametrize("folder", ["sample", "generated", *REAL], indirect=True)
def test_every_rule_finds_what_a_plain_loop_does(
    run: Run, folder: Path, tmp_path: Path, kept_of_few_cards: None
) -> None:
    cards = all_of(folder)
    own = rules(cards)
    assert len(own) == 20
    config = tmp_path / "newscards.toml"
    texts = [f"[rules.{name}]\n{declared(rule)}" for name, rule in own.items()]
    config.write_text('select = ["own"]\n' + "".join(texts))
    args = ("validate", str(folder), "--config", str(config), "--format", "json")
    results = [run(*args, "--no-cache"), run(*args), run(*args)]
    assert results[1:] == results[:1] * 2
    assert results[0].err == ""
    found: dict[str, Counter[tuple[str, str, str]]] = {name: Counter() for name in own}
    left: Counter[str] = Counter()
    for each in json.loads(results[0].out)["findings"]:
        message, _, more = each["message"].partition("; and ")
        left[each["rule"]] += bool(more)
        found[each["rule"]][Path(each["path"]).stem, each["field"], message] += 1
    for name, rule in own.items():
        expected = Counter(set(rule.loop(cards)))
        shown = Counter({(i, field, shorten(one_line(text))): n for (i, field, text), n in expected.items()})
        if left[name]:
            assert found[name] <= shown, name
        else:
            assert found[name] == shown, name
    assert sum(map(bool, found.values())) >= min(12, len(cards))
