"""A slip in a sound card is reported once, on its line, by whatever rule."""

from __future__ import annotations

from textwrap import indent

import pytest

from tests.conftest import MakeCorpus
from tests.rules.cases import ENTRY
from tests.support import CARD, card, lint_card

SOUND = card(related="\n" + ENTRY + ENTRY.replace("north", "south").removesuffix("\n"))

SLIPS = [
    # What is wrong with a key.
    *((f"\n{key}: ", f"\n{key}:")
       for key in ("category", "title", "excerpt", "type", "quality", "published")),
    *((f"\n{key}: ", f"\n{key} ")
       for key in ("category", "title", "excerpt", "type", "quality", "published")),
    *((f"\n{key}: ", f"\n&{key}: ") for key in ("category", "title", "quality", "published")),
    *((f"\n{key}: ", f"\n%{key}: ") for key in ("title", "quality", "published")),
    *((f"\n{key}: ", f"\n{key.upper()}: ") for key in ("category", "title", "type", "quality", "published")),
    ("\ntype:", "\ntyep:"), ("\nheat:", "\nheta:"), ("\nquality:", "\nqualty:"), ("\ntopics:", "\ntopcis:"),
    ("\nprovider:", "\nprovider"), ("\ntopics:", "\ntopics"), ("\nimages:", "\nimages"),
    ("\n  name: T", "\n  name:T"), ("\n  domain: ", "\n  domain:"), ("\n    type: ", "\n    type:"),
    ("\n      name: ", "\n      name:"), ("\n  name:", "\nname:"), ("\n  domain:", "\ndomain:"),
    ("\n  domain:", "\n  Domain:"), ("\n  domain:", "\n\xa0\xa0domain:"), ("\n  name:", "\n\xa0\xa0name:"),
    ("\n    type:", "\n\u3000\u3000type:"), ("\n    excerpt:", "\n\texcerpt:"),
    ("\n  domain:", "\n   domain:"),
    ("\nheat:", "\n heat:"), ("\ntopics:", "\n topics:"), ("\nprovider:", "\n  provider:"),
    ("\nprovider:", "\nprovider ="), ("\nprovider:", "\nprovider："), ("\nprovider:", '\n"provider:'),
    ("\nprovider:", "\n# provider:"), ("\ntopics:", "\n#topics:"), ("\nimages:", "\n\timages:"),
    ("\nimages:", '\n"images:'), ("\nimages:", "\n  images:"), ("\nimages:", "\n- images:"),
    ("\nsecured:", "\n  secured:"), ("\nquality:", '\n"quality:'), ("\nquality:", "\n> quality:"),
    ("\nquality:", "\n* quality:"), ("\n  domain:", "\n    domain:"), ("\n    width:", "\n      width:"),
    ("\n    isCached:", "\n      isCached:"), ("\n    isCached:", "\n  isCached:"),
    ("\n    width:", "\nwidth:"), ("\n    excerpt:", "\n      excerpt:"),
    ("\n      name:", "\n        name:"), ("\n      domain:", "\n        domain:"),
    ("\n    provider:", "\n      provider:"), ("\nprovider:\n", "\n"), ("\nquality:", "\n\t\nquality:"),
    ("\nimages:\n", "\n"), ("\n    isCached:", "\nisCached:"), ("\n    isCached:", "\n\xa0\xa0isCached:"),
    # Lists and dashes.
    ("\n  - Oceans", "\n    - Oceans"), ("\n  - url", "\n- url"), ("\n  - title", "\n    title"),
    *(("\nquality:", f"\n{line}\nquality:") for line in ("***", "-", "===", "~~~~")),
    ("\n  - Science", "\n  -Science"), ("\n  - Science", "\n  Science"), ("\n  - Science", "\n  * Science"),
    ("\n  - url", "\n  -url"), ('\n  - title: "Gauges of the south', '\n  -title: "Gauges of the south'),
    ("\n    webUrl:", "\n  - webUrl:"), ("\n    type:", "\n  - type:"), ("\n      - url", "\n      -url"),
    ("\ntopics:", "\ntopics: []"), ("\nimages:", "\nimages: []"), ("\nrelated:", "\nrelated: []"),
    ("\nprovider:", "\nprovider: {}"), ("\nprovider:", "\nprovider: Tide"), ("\nrelated:", "\nrelated: none"),
    # Values.
    *((f"\n{key}: ", f"\n{key}: {mark}")
      for key in ("category", "type", "quality", "published") for mark in "@`%*&!|>[{"),
    ("\ntype: article", "\ntype: Article"), ("\ntype: article", "\ntype:"), ("\ntype: article", "\ntype: []"),
    ("\nquality: 67", "\nquality: 1,067"), ("\nquality: 67", '\nquality: "-1"'), ("\nheat: 67", "\nheat: -2"),
    ("\nquality: 67", "\nquality: 0104"),
    ("\ntitle:", "\ntitle: a:"), ('\nwebUrl: "https:', '\nwebUrl: "htps:'),
    # Fences.
    *((f"\n{key}:", f"\n---\n{key}:")
       for key in ("title", "excerpt", "quality", "published", "provider", "topics")),
    ('\nexcerpt: "Old wells', '\nexcerpt: "Old\n---\nwells'), ("\n  domain:", "\n---\n  domain:"),
    ("\n    type:", "\n---\n    type:"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), SLIPS)
def test_a_slip_is_reported_once_on_its_line(old: str, new: str, make_corpus: MakeCorpus) -> None:
    before, found, after = SOUND.partition(old)
    assert found
    make_corpus({"2023-06-20-tide.md": before + new + after})
    (finding,) = lint_card("2023-06-20-tide.md")
    line = before.count("\n") + 2 + ("\n---" in new and not new.startswith("\n---"))
    assert finding.line == line, finding


def test_the_card_itself_is_sound(make_corpus: MakeCorpus) -> None:
    make_corpus({"2023-06-20-tide.md": SOUND})
    assert lint_card("2023-06-20-tide.md") == []


def flush(text: str, *keys: str) -> str:
    """Return a card with these indented keys in column 0."""
    for key in keys:
        assert f"\n  {key}:" in text or f"\n    {key}:" in text
        text = text.replace(f"\n    {key}:", f"\n{key}:").replace(f"\n  {key}:", f"\n{key}:")
    return text


WHOLE = [
    pytest.param(flush(CARD, "name", "domain"), "NC305", 14, "the keys `name`, `domain` belong to `provider`",
                 id="a-provider-without-indentation"),
    pytest.param(flush(CARD.replace("  - url", "- url"), "width", "height", "isCached"), "NC305", 23,
                 "the keys `width`, `height`, `isCached` belong to `images`",
                 id="an-image-without-indentation"),
    pytest.param("---\nnews:\n" + indent(CARD.strip("-\n"), "  ") + "\n---\n", "NC305", 2,
                 "the card's fields are below the key `news`: the site will publish this card",
                 id="a-key-above-all"),
    pytest.param(CARD.replace("\nimages:", "").replace("    width", "    type: x\n    width"), "NC302", 21,
                 "`topic` is a mapping, text is expected", id="an-item-that-is-of-no-list"),
    pytest.param(card(images="\n" + ENTRY.removesuffix("\n")), "NC305", 22,
                 "the items from here on are those of `related`, whose line is missing",
                 id="entries-among-the-images"),
    pytest.param(CARD.removesuffix("---\n") + CARD[4:].replace("06-20", "01-20"), "NC107", 28,
                 "`category` and 13 more keys occur again, as if a second card began here, and the last ones"
                 " count", id="a-second-card-without-fences"),
    pytest.param(card(date="2199-01-01"), "NC203", 12, "`date` is in the future: the site's lists show this"
                 " card, but it has no page of its own before 2199-01-01", id="a-date-that-is-unknown"),
    pytest.param(card(date="2023-02-30"), "NC401", 12, "`2023-02-30` looks like a date but is not one: day"
                 " is out of range for month", id="a-date-that-is-none"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line", "message"), WHOLE)
def test_what_is_wrong_with_several_fields_is_one_finding(
    text: str, code: str, line: int, message: str, make_corpus: MakeCorpus
) -> None:
    make_corpus({"2023-06-20-tide.md": text})
    (finding,) = lint_card("2023-06-20-tide.md")
    assert (finding.rule.code, finding.line, finding.message) == (code, line, message)
