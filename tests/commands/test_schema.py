"""``newscards schema``: the JSON Schema of a card, held against the rules.

Both are given what PyYAML reads (``values.fields_json``): that is Jekyll's reading, and the only one that the
rules know. An editor that reads YAML 1.2 differs in few values, which card after card do not have:
``no`` is text to it (and a finding), so is ``0o17``, and a date always is.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator

from newscards.cards.card import Card
from newscards.cards.fields import BUILT_IN as ROOT_FIELD
from newscards.cards.fields import Field
from newscards.cards.json_schema import DESCRIPTIONS, card_schema
from newscards.cards.reader import read
from newscards.cards.values import field_name, fields_json
from newscards.corpus.corpus import Corpus
from newscards.lint.findings import Severity
from newscards.rules import RULES
from newscards.rules.selection import every_linter
from tests.conftest import MakeCorpus, Run
from tests.lint.test_linter import scratch
from tests.rules.cases import with_entry, with_lines
from tests.support import CARD, card
from tests.support.yaml_strategies import SAMPLES, mutated_cards

__all__ = ["scratch"]  # a fixture

SCHEMA = card_schema()
VALIDATOR = Draft202012Validator(SCHEMA)

LOGO = "\n  name: Tide\n  domain: tide.example\n  images:\n    - url: "
IV = f"{'A' * 22}=="

SOUND = {
    "the card itself": CARD,
    "with an entry of related": with_entry(),
    "a video": card(type="video", webUrl=None),
    "an empty excerpt": card(excerpt='""'),
    "a quality beyond 100": card(quality="189", heat="3694"),
    "the least numbers": card(quality="0", heat="-1"),
    "a blank in a URL's path": card(webUrl='"https://www.tide.example/a b"'),
    "a URL with user, port and query": card(webUrl='"HTTP://me:x@[::1]:8080?a=b#c"'),
    "a URL with a line end in its path": card(webUrl='"https://tide.example/a\\nb"'),
    "a host in other letters": card(provider="\n  name: Tide\n  domain: bücher.example"),
    "a long ciphertext": card(secured=f'"{"A" * 43}=;{IV}"'),
    "a ciphertext without padding": card(secured=f'"{"A" * 64};{IV}"'),
    "a day alone": card(publishedDateTime="2023-06-20"),
    "a date without zone": card(publishedDateTime="2023-06-20 15:44:00"),
    "a date with another zone": card(publishedDateTime="2023-06-20T15:44:00.25+02:00"),
    "an unknown key": with_lines("author: Ann\n1: one\n"),
    "a misspelt boolean that YAML knows": card(published="no"),
    "a logo": card(provider=LOGO + '"http://tide.example/l.png"'),
    "the modeline of an editor": CARD.replace(
        "---\n", "---\n# yaml-language-server: $schema=../card.schema.json\n", 1
    ),
    "empty lists": card(images="[]", related="[]"),
}
BROKEN = {
    **{f"without {name}": card(**{name: None}) for name in (
        "category", "title", "excerpt", "publishedDateTime", "webUrl", "type", "quality", "heat", "published",
        "provider", "topics",
    )},
    "a video without originalUrl": card(type="video", originalUrl=None),
    "another category": card(category="News"),
    "another type": card(type="podcast"),
    "an empty title": card(title='""'),
    "a title of blanks": card(title='" \\t "'),
    "a number as title": card(title="67"),
    "an excerpt without value": card(excerpt=""),
    "a date that is none": card(publishedDateTime="soon"),
    "a number as date": card(publishedDateTime="2023"),
    "a URL without scheme": card(webUrl='"www.tide.example/x"'),
    "a URL of another scheme": card(webUrl='"ftp://tide.example/x"'),
    "a URL without host": card(webUrl='"https:///x"'),
    "a blank in a URL's host": card(ampWebUrl='"https://tide .example/x"'),
    "a URL that is a list": card(cdnAmpWebUrl="[]"),
    "quality in quotes": card(quality='"67"'),
    "quality with a fraction": card(quality="67.5"),
    "quality not a number": card(quality=".nan"),
    "quality below 0": card(quality="-1"),
    "heat below -1": card(heat="-2"),
    "heat true": card(heat="true"),
    "published as text": card(published='"false"'),
    "published as a number": card(published="0"),
    "published without value": card(published=""),
    "removed as text": card(removed='"true"'),
    "a provider that is text": card(provider="Tide"),
    "a provider without domain": card(provider="\n  name: Tide"),
    "a provider without name": card(provider="\n  domain: tide.example"),
    "a domain with a scheme": card(provider="\n  name: Tide\n  domain: https://tide.example"),
    "a domain of one label": card(provider="\n  name: Tide\n  domain: tide"),
    "a domain with a hyphen at an end": card(provider="\n  name: Tide\n  domain: tide-.example"),
    "a domain that is too long": card(provider=f"\n  name: Tide\n  domain: {'a.' * 130}example"),
    "a logo without URL": card(provider="\n  name: T\n  domain: t.example\n  images:\n    - width: 5"),
    "no topics": card(topics="[]"),
    "topics as text": card(topics="Oceans"),
    "an empty topic": card(topics='[""]'),
    "a topic that is a number": card(topics="[5]"),
    "an image of no width": card(images='\n  - url: "https://tide.example/x"\n    width: 0'),
    "an image that is text": card(images="[x]"),
    "isCached as text": card(images='\n  - url: "https://tide.example/x"\n    isCached: "yes"'),
    "an entry without title": with_entry('title: "Gauges of the north"\n    ', ""),
    "an entry without webUrl": with_entry('    webUrl: "https://www.tide.example/north"\n', ""),
    "an entry's quality below 0": with_entry("quality: 60", "quality: -60"),
    "an entry's provider without name": with_entry("      name: Tide\n", ""),
    "an entry that is text": card(related="[x]"),
    "secured of one part": card(secured=f'"{IV}"'),
    "secured with a short iv": card(secured=f'"{IV};AAAA"'),
    "secured with an empty ciphertext": card(secured=f'";{IV}"'),
    "secured with half a block": card(secured=f'"{"A" * 32};{IV}"'),
    "secured that is no base64": card(secured=f'"{"!" * 22}==;{IV}"'),
}  # fmt: skip


CAUSES = {rule.code for rule in RULES if rule.cause}


def refusals(source: Card) -> set[str]:
    """Return the names of the fields at which the schema refuses a card, as JSON has it."""
    found = set()
    for error in VALIDATOR.iter_errors(json.loads(json.dumps(fields_json(source)))):
        path = tuple(error.absolute_path)
        if error.validator == "required":
            found |= {
                field_name((*path, name)) for name in error.validator_value if name not in error.instance
            }
        else:
            found.add(field_name(path))
    return found


def refused(source: Card) -> bool:
    return bool(refusals(source))


def errors(path: str) -> set[str]:
    """Return the names of the fields of which the rules tell an error; NC2 has those of `published`."""
    found = set()
    for finding in every_linter().check(path):
        if finding.severity is Severity.ERROR and finding.rule.code[:3] in ("NC2", "NC3", "NC4"):
            meant = re.search("and `(.*)` is missing", finding.message)
            above = finding.field.rpartition(".")[0]
            found.add(f"{above}.{meant[1]}".removeprefix(".") if meant else finding.field)
            if empty := re.search("is empty: (.*) (?:is|are) missing", finding.message):
                found |= {
                    f"{finding.field}.{name}".removeprefix(".") for name in re.findall("`(.*?)`", empty[1])
                }
    return found


def has_cause(path: str) -> bool:
    """Return whether a finding is the cause of others, which are then not reported."""
    return bool(CAUSES & {finding.rule.code for finding in every_linter().check(path)})


def as_card(path: str) -> Card:
    record = read(path)
    assert isinstance(record, Card), record
    return record


@pytest.mark.parametrize("name", SOUND)
def test_the_schema_takes_what_the_rules_take(name: str, make_corpus: MakeCorpus) -> None:
    make_corpus({"x.md": SOUND[name]})
    assert (errors("x.md"), refused(as_card("x.md"))) == (set(), False)


@pytest.mark.parametrize("name", BROKEN)
def test_the_schema_refuses_what_the_rules_refuse(name: str, make_corpus: MakeCorpus) -> None:
    make_corpus({"x.md": BROKEN[name]})
    assert errors("x.md") == refusals(as_card("x.md")) != set()


VALUES: tuple[str, ...] = (
    "", "~", "true", "no", "0", "-1", "1", "5.0", "1e3", ".inf", ".nan", "0x1F", "1_000", "1:30",
    "2023-06-20", "2023-13-45", "2023-06-20T15:44:00-05:30", "0001-01-01T00:00:00+23:00", '""', '" "',
    "video", "article", "news", "[]", "[~]", '[""]', "[a, a]", "[[]]", "{}", "{a: b}", "[{}]", "!!set {a}",
    "!!binary AAAA", "!!omap [a: 1]", "http://a", "https://a b/", "'http://a/\\n'", '"http://a\\n"',
    '"http://\\u00e9"', "HTTPS://a", "http://a:99999/", "http://[::1]", "http://[x]", "http://@a", "http://",
    '"http://a\\u2028"', "a.b", "a..b", "-a.b", "_a._b", '"a.b\\n"', '"a\\u00a0.b"', "é.é",
    f'"{IV};{IV}\\n"', f"{IV};{IV}", f"{IV};{IV};", ";", f"{'A' * 86}==;{IV}", f"{'A' * 107}=;{IV}",
    f"{'A' * 21}==;{IV}", f"{'+/' * 11}==;{IV}", f"é;{IV}",
)  # fmt: skip


def paths_of(field: Field, prefix: str = "") -> Iterator[str]:
    for inner in field.fields:
        yield prefix + inner.name
        yield from paths_of(inner.item or inner, f"{prefix}{inner.name}.")


PATHS = list(paths_of(ROOT_FIELD))


def with_value(path: str, value: str) -> str:
    """Return a card in which a field, that may stand deep, has another value."""
    names = path.split(".")
    lists = {"images", "related"}
    text, depth = "", 0
    for index, name in enumerate(names):
        last = index == len(names) - 1
        text += f"{name}: {value}" if last else f"{name}: [{{" if name in lists else f"{name}: {{"
        depth += not last
    closing = "".join("}]" if name in lists else "}" for name in reversed(names[:-1]))
    head, _, rest = text.partition(": ")
    return card(**{head: (rest + closing) if depth else value})


@pytest.mark.exhaustive(always=8)
@pytest.mark.parametrize("path", PATHS)
def test_what_the_schema_refuses_in_any_field_a_rule_refuses(path: str, make_corpus: MakeCorpus) -> None:
    said = set()
    for value in VALUES:
        make_corpus({"x.md": with_value(path, value)})
        record = read("x.md")
        if isinstance(record, Card):
            assert refusals(record) <= errors("x.md"), value
            said.add(refused(record))
    assert True in said


@settings(max_examples=2 * settings().max_examples)
@given(mutated_cards())
def test_what_the_schema_refuses_of_a_mutated_card_a_rule_refuses(scratch: Path, source: bytes) -> None:
    scratch.write_bytes(source)
    record = read(str(scratch))
    if isinstance(record, Card):
        assert has_cause(str(scratch)) or refusals(record) <= errors(str(scratch))


TEXTS = st.one_of(
    st.text(max_size=8),
    st.text("ahtps:/.@[]-_?# \n\té\x85\u2028\ufeff", max_size=14).map("http://".__add__),
    st.text("ab-._é \n0", max_size=10),
    st.text("A=;/+\n", max_size=6).map(lambda end: f"{'A' * 22}==;{'A' * 20}{end}"),
)


@settings(max_examples=2 * settings().max_examples)
@given(TEXTS, st.sampled_from(["webUrl", "secured", "title", "provider.domain", "topics", "type"]))
def test_what_the_schema_refuses_of_any_text_a_rule_refuses(scratch: Path, text: str, path: str) -> None:
    value = json.dumps(text, ensure_ascii=False)
    value = f"[{value}]" if path == "topics" else value
    scratch.write_text(with_value(path, value), encoding="utf-8")
    record = read(str(scratch))
    if isinstance(record, Card):
        assert refusals(record) <= errors(str(scratch))


def test_the_sample_cards_pass() -> None:
    assert not [path for path in map(str, SAMPLES) if refused(as_card(path))]


def test_real_cards_pass_but_those_that_a_rule_refuses(real_cards: Path) -> None:
    known = passed = 0
    for folder in ("powerapps", "stories", "archive"):
        for record in Corpus(os.fspath(real_cards / folder)).cards():
            known += 1
            assert refusals(record) <= errors(record.path), record.path
            passed += not refused(record)
    assert passed == known > 700


def test_the_schema_is_one_in_2020_12_and_in_draft_7() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", [*SOUND, *BROKEN])
def test_an_editor_that_knows_draft_7_alone_says_the_same(name: str, make_corpus: MakeCorpus) -> None:
    make_corpus({"x.md": {**SOUND, **BROKEN}[name]})
    fields = json.loads(json.dumps(fields_json(as_card("x.md"))))
    assert Draft7Validator(SCHEMA).is_valid(fields) == VALIDATOR.is_valid(fields)


def test_every_field_is_described_and_no_other() -> None:
    names = {name for path in PATHS for name in path.split(".")} | {"image", "entry", "topic"}
    assert names == set(DESCRIPTIONS)


def test_the_command_prints_the_schema(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"x.md": CARD})
    result = run("schema")
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out) == SCHEMA
    assert result.out.isprintable() or "\n" in result.out


def choices(schema: dict[str, Any], name: str) -> list[str]:
    found: list[str] = schema["properties"][name]["enum"]
    return found


def test_the_choices_are_those_of_the_configuration(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(
        {
            "x.md": CARD,
            "newscards.toml": 'categories = ["news", "blog"]\ntypes = ["article", "video", "audio"]\n',
        }
    )
    schema = json.loads(run("schema").out)
    assert choices(schema, "category") == ["news", "blog"]
    assert choices(schema, "type") == ["article", "video", "audio"]
    assert choices(schema["properties"]["related"]["items"], "type") == ["article", "video", "audio"]


def test_the_help_says_how_an_editor_takes_it(run: Run) -> None:
    out = run("schema", "--help").out
    assert "# yaml-language-server: $schema=../card.schema.json\n" in out
    assert "newscards schema > card.schema.json" in out


def test_a_condition_is_in_the_description_of_its_field(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({
        "newscards.toml": "[fields.editor]\nrequired = 'published\tAND quality > 80'\nhelp = 'Initials.'\n"
        "[fields.source]\nrequired = 'published'\n",
    })  # fmt: skip
    fields = json.loads(run("schema").out)["properties"]
    assert fields["editor"]["description"] == ("Initials. (required where `published AND quality > 80`)")
    assert fields["source"]["description"] == "Required where `published`"
