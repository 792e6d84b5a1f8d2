"""A slip in a sound card is reported once, on its line, by whatever rule."""

from __future__ import annotations

import pytest

from tests.conftest import MakeCorpus
from tests.rules.cases import ENTRY
from tests.support import card, lint_card

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
