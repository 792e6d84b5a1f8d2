"""Where a finding stands, whatever rule it is of."""

from __future__ import annotations

import pytest

from newscards.cards.values import field_name
from tests.conftest import MakeCorpus
from tests.rules.cases import Found, block, replaced, with_lines
from tests.support import card, lint_card


def found(path: str) -> list[Found]:
    return [Found.of(finding) for finding in lint_card(path)]


MANY = """\
---
category: New
titel: Tide
excerpt:
publishedDateTime: 2023-13-45
webUrl: tide.example
type: article
quality: "67"
heat: -2
published: "false"
published: 0

provider:
  name: ''
  domain: https://tide.example

topics: []

images:
- url: gauges.txt
  width: 0
  Height: 1
- width: 500

related:
- &a
  title: {}
  provider: [x]
- *a
author: Ann
secured: x
---
"""


def test_every_problem_of_a_card_is_told_in_one_run(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": MANY})
    entry = ["excerpt", "publishedDateTime", "webUrl", "type", "quality"]
    assert found("a.md") == [
        Found("NC403", 2, 11, 14, "category"),
        Found("NC303", 3, 1, 6, "titel"),
        Found("NC302", 4, 9, 9, "excerpt"),
        Found("NC401", 5, 20, 30, "publishedDateTime"),
        Found("NC405", 6, 9, 21, "webUrl"),
        Found("NC302", 8, 10, 14, "quality"),
        Found("NC402", 9, 7, 9, "heat"),
        Found("NC107", 11, 1, 10, "published"),
        Found("NC201", 11, 12, 13, "published"),
        Found("NC404", 14, 9, 11, "provider.name"),
        Found("NC406", 15, 11, 31, "provider.domain"),
        Found("NC404", 17, 9, 11, "topics"),
        Found("NC405", 20, 8, 18, "images[0].url"),
        Found("NC402", 21, 10, 11, "images[0].width"),
        Found("NC303", 22, 3, 9, "images[0].Height"),
        Found("NC301", 23, 3, 8, "images[1].url"),
        Found("NC109", 26, 3, 16, "related[0]", end_line=28),
        *(Found("NC301", 27, 3, 8, f"related[0].{name}") for name in entry),
        Found("NC302", 27, 10, 12, "related[0].title"),
        Found("NC302", 28, 13, 16, "related[0].provider"),
        Found("NC109", 29, 3, 5, "related[1]"),
        *(Found("NC301", 29, 3, 5, f"related[1].{name}") for name in entry),
        Found("NC302", 29, 3, 5, "related[1].title"),
        Found("NC302", 29, 3, 5, "related[1].provider"),
        Found("NC304", 30, 1, 7, "author", "warning"),
        Found("NC407", 31, 10, 11, "secured"),
    ]


def test_what_an_alias_stands_for_is_found_where_the_alias_stands(make_corpus: MakeCorpus) -> None:
    text = card(category="&c news", title="*c", type="*c", provider="\n  name: *c\n  domain: *c")
    make_corpus({"a.md": text})
    assert found("a.md") == [
        Found("NC109", 2, 11, 18, "category"),
        Found("NC109", 3, 8, 10, "title"),
        Found("NC109", 8, 7, 9, "type"),
        Found("NC403", 8, 7, 9, "type"),
        Found("NC109", 14, 9, 11, "provider.name"),
        Found("NC109", 15, 11, 13, "provider.domain"),
        Found("NC406", 15, 11, 13, "provider.domain"),
    ]


def test_what_a_merge_brings_is_found_on_the_mapping_that_it_is_brought_to(make_corpus: MakeCorpus) -> None:
    text = card(provider='\n  name: &n {x: ""}\n  domain: tide.example').replace("name: &n", "<<: &n")
    make_corpus({"a.md": text.replace('x: ""', 'name: ""')})
    assert found("a.md") == [
        Found("NC404", 14, 3, 23, "provider.name", end_line=15),
        Found("NC109", 14, 7, 20, "provider.<<"),
    ]


def test_a_bom_behind_the_fence_shifts_nothing(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": replaced("category", "\ufeffcategory").replace("67", '"67"', 1)})
    assert found("a.md") == [Found("NC208", 1, 1, 1), Found("NC302", 9, 10, 14, "quality")]


def test_a_bom_behind_the_fence_shifts_no_broken_yaml(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": block("\ufefftitle: a: b\n")})
    assert found("a.md") == [Found("NC104", 2, 10, 11)]


def test_the_line_of_a_finding_is_that_of_the_file(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(excerpt='"a\u2028b"', quality='"67"').replace("\n", "\r\n")})
    (finding,) = lint_card("a.md")
    assert (finding.line, finding.source) == (9, 'quality: "67"')


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ((), ""),
        (("title",), "title"),
        (("related", 3, "publishedDateTime"), "related[3].publishedDateTime"),
        (("related", 0, "images", 1, "url"), "related[0].images[1].url"),
        (("topics", 0), "topics[0]"),
    ],
)
def test_a_path_is_named_as_in_the_contract(path: tuple[object, ...], name: str) -> None:
    assert field_name(path) == name


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("yes: 1\n", "true"),
        ("~: 1\n", "null"),
        ("2023: 1\n", "2023"),
        ("2023-06-20: 1\n", "2023-06-20"),
        ("1.5: 1\n", "1.5"),
    ],
)
def test_a_key_that_is_no_text_is_named_as_yaml_writes_it(
    line: str, field: str, make_corpus: MakeCorpus
) -> None:
    make_corpus({"a.md": with_lines(line)})
    assert [finding.field for finding in lint_card("a.md")] == [field]
