from __future__ import annotations

import pytest

from tests.rules.cases import Found, block, replaced, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import CARD, card


def missing(line: int, column: int, end_column: int, *fields: str) -> list[Found]:
    return [Found("NC301", line, column, end_column, field) for field in fields]


FAILS = [
    # The card lacks it: the first line after the fence.
    pytest.param(card(title=None), missing(2, 1, 15, "title"), id="title"),
    pytest.param(card(excerpt=None), missing(2, 1, 15, "excerpt"), id="excerpt"),
    pytest.param(card(publishedDateTime=None), missing(2, 1, 15, "publishedDateTime"), id="date"),
    pytest.param(card(webUrl=None), missing(2, 1, 15, "webUrl"), id="web-url-of-an-article"),
    pytest.param(card(type=None), missing(2, 1, 15, "type"), id="type"),
    pytest.param(card(type=None, webUrl=None), missing(2, 1, 15, "type"), id="a-web-url-unless-a-video"),
    pytest.param(card(quality=None), missing(2, 1, 15, "quality"), id="quality"),
    pytest.param(card(heat=None), missing(2, 1, 15, "heat"), id="heat"),
    pytest.param(card(published=None), missing(2, 1, 15, "published"), id="published"),
    pytest.param(card(provider=None), missing(2, 1, 15, "provider"), id="provider"),
    pytest.param(card(topics=None), missing(2, 1, 15, "topics"), id="topics"),
    pytest.param(card(category=None), missing(2, 1, 39, "category"), id="category"),
    pytest.param(card(type="video", originalUrl=None), missing(2, 1, 15, "originalUrl"), id="url-of-a-video"),
    pytest.param("\n\n" + card(heat=None), [Found("NC108", 1, 1, 1), *missing(4, 1, 15, "heat")],
                 id="below-blank-lines"),
    pytest.param(card(heat=None).replace("category", "# ours\ncategory"), missing(2, 1, 7, "heat"),
                 id="a-comment-first"),
    pytest.param(card(heat=None).replace("category: news", "category: news "), missing(2, 1, 16, "heat"),
                 id="a-blank-behind"),
    # A mapping in it lacks it: the first line of that.
    pytest.param(replaced("  domain: tide.example\n", ""), missing(14, 3, 7, "provider.domain"), id="domain"),
    pytest.param(replaced("  name: Tide\n", ""), missing(14, 3, 9, "provider.name"), id="provider-name"),
    pytest.param(card(provider="{}"), missing(13, 11, 13, "provider"),
                 id="empty-flow-mapping"),
    pytest.param(card(provider="{name: x}"), missing(13, 12, 16, "provider.domain"), id="flow-mapping"),
    pytest.param(card(provider="\n  # ours\n  name: x"), missing(15, 3, 7, "provider.domain"),
                 id="comment-first-in-a-mapping"),
    pytest.param(card(images="\n  - url: https://a.example\n  - width: 9\n    height: 9"),
                 missing(23, 5, 10, "images[1].url"), id="second-image"),
    pytest.param(with_entry('  - title: "Gauges of the north"\n    excerpt', "  - excerpt"),
                 missing(13, 5, 12, "related[0].title"), id="title-of-an-entry"),
    pytest.param(with_entry("    quality: 60\n", "", before=1), missing(26, 5, 10, "related[1].quality"),
                 id="second-entry"),
    pytest.param(with_entry("      domain: tide.example\n", ""),
                 missing(19, 7, 11, "related[0].provider.domain"), id="provider-of-an-entry"),
    pytest.param(with_entry('url: "https://www.tide.example/north.jpg"\n        width', "width"),
                 missing(23, 9, 14, "related[0].images[0].url"), id="image-of-an-entry"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_missing_field_is_found_at_the_beginning_of_what_lacks_it(
    text: str, expected: list[Found], find: Find
) -> None:
    assert find(text) == expected


PASSES = [
    pytest.param(CARD, id="all-there"),
    pytest.param(with_entry(), id="all-there-in-an-entry-too"),
    pytest.param(card(originalUrl=None, images=None, secured=None), id="optional-fields"),
    pytest.param(card(type="video", webUrl=None), id="a-video-has-no-web-url"),
    pytest.param(with_entry("    images:\n", "    # images:\n").replace("      - url", "      # url").replace(
        "        width: 600\n        height: 400\n", ""), id="an-entry-without-images"),
    pytest.param(card(images='\n  - url: "https://a.example"'), id="an-image-of-unknown-size"),
]  # fmt: skip


@pytest.mark.parametrize("text", PASSES)
def test_what_has_all_that_it_must_is_fine(text: str, find: Find) -> None:
    assert find(text) == []


WRONG_TYPES = ["Article", '"video "', "", "[video]", "5"]


@pytest.mark.parametrize("kind", WRONG_TYPES)
def test_of_a_card_of_a_wrong_type_nothing_is_missing_that_a_right_one_may_lack(
    kind: str, find: Find
) -> None:
    assert find(card(type=kind, webUrl=None)) == []
    assert find(card(type=kind, originalUrl=None)) == []


def test_what_an_empty_mapping_lacks_is_one_finding(lint: Lint) -> None:
    (finding,) = lint(card(provider="{}"))
    assert finding.message == "`provider` is empty: `name` and `domain` are missing"


def test_what_an_empty_card_lacks_is_one_finding_in_the_order_of_the_fields(lint: Lint) -> None:
    (finding,) = lint(block("{}\n"))
    assert finding.message.startswith(
        "the card is empty: `category`, `title`, `excerpt`, `publishedDateTime`"
    )
    assert finding.message.endswith("are missing: the site will publish this card")


def test_a_field_that_is_there_under_a_misspelt_key_is_told_as_that(find: Find) -> None:
    assert [found.code for found in find(replaced("quality:", "qualty:"))] == ["NC303"]


def test_the_message_says_that_a_card_without_the_flag_is_public(lint: Lint) -> None:
    (finding,) = lint(card(published=None))
    assert finding.message == "`published` is missing: the site will publish this card"
    assert finding.help == "add `published: …`, true or false"


def test_the_advice_names_the_choices(lint: Lint) -> None:
    (of_type,) = lint(card(type=None))
    assert of_type.help == "add `type: …`, `article` or `video`"
    (of_category,) = lint(card(category=None))
    assert of_category.help == "add `category: news`"
