from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newscards.frontmatter.messages import ODD_BLANKS
from newscards.frontmatter.slips import find_slip
from tests.support.yaml_strategies import documents

GOOD = """\
title: "Tide gauges get a second life"
quality: 67
heat: 70

provider:
  name: Harbour Post
  domain: harbour.example

topics:
  - Oceans
  - Ports

images:
  - url: "https://harbour.example/a.jpg"
    width: 800

related:
  - title: "Wells run dry"
    provider:
      name: The Well
      domain: well.example
    quality: 60
  - title: "Boats come home"
    quality: 50
"""


def line_of_error(text: str) -> int:
    with pytest.raises(yaml.MarkedYAMLError) as caught:
        list(yaml.parse(text))
    assert caught.value.problem_mark
    return caught.value.problem_mark.index


def slip_of(old: str, new: str) -> tuple[str, str, str]:
    """Return the line, the reason and the advice of the slip in GOOD with ``old`` replaced by ``new``."""
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    slip = find_slip(text, line_of_error(text))
    assert slip
    return text[: slip.offset].rpartition("\n")[2] + text[slip.offset :].partition("\n")[0], *slip[1:]


GLUED = [
    ("quality: 67", "quality:67", "quality"),
    ("name: Harbour", "name:Harbour", "name"),
    ("domain: harbour", "domain:harbour", "domain"),
    ("name: The", "name:The", "name"),
    ("domain: well", "domain:well", "domain"),
    ("quality: 60", "quality:60", "quality"),
]


@pytest.mark.parametrize(("old", "new", "key"), GLUED)
def test_a_key_without_its_blank_is_found_on_its_line_at_every_depth(old: str, new: str, key: str) -> None:
    line, reason, advice = slip_of(old, new)
    assert new in line
    assert reason == f"the blank after `{key}:` is missing"
    assert advice == f"write `{key}: …`"


DASHES = [
    ("  - Ports", "  -Ports"),
    ("  - url", "  -url"),
    ('  - title: "Wells', '  -title: "Wells'),
    ('  - title: "Boats', '  -title: "Boats'),
]


@pytest.mark.parametrize(("old", "new"), DASHES)
def test_a_dash_without_its_blank_is_found_on_its_line_at_every_depth(old: str, new: str) -> None:
    line, reason, advice = slip_of(old, new)
    assert new in line
    assert reason == "the blank after `-` is missing"
    assert advice == "begin an item with `- `"


BLANKS = ["\t", "\xa0", "\u2003", "\u2009", "\u200b", "\u202f", "\u3000", "\ufeff"]


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("after", ["name: Harbour", "- url", '- title: "Boats'])
def test_another_blank_as_indentation_is_found_on_its_line(blank: str, after: str) -> None:
    line, reason, _ = slip_of(f"  {after}", f"{blank * 2}{after}")
    assert after in line
    assert reason.endswith("as indentation: YAML wants blanks")


TABS = [
    ("  name: Harbour", "\tname: Harbour", "write 2 blanks for the tab"),
    ("  domain: harbour", "\tdomain: harbour", "write 2 blanks for the tab"),
    ("    width: 800", "\twidth: 800", "write 4 blanks for the tab"),
    ("    width: 800", "  \twidth: 800", "write 2 blanks for the tab"),
    ("    width: 800", "\t\twidth: 800", "indent this line with 4 blanks"),
    ("      name: The", "\tname: The", "write 6 blanks for the tab"),
    ("      domain: well", "\tdomain: well", "write 6 blanks for the tab"),
    ("    quality: 60", "\tquality: 60", "write 4 blanks for the tab"),
    ("    provider:\n      name: The", "\tprovider:\n      name: The", "write 4 blanks for the tab"),
    ("  - Ports", "\t- Ports", "write 2 blanks for the tab"),
    ('  - title: "Boats', '\t- title: "Boats', "write 2 blanks for the tab"),
    ("quality: 67", "\tquality: 67", "delete it"),
    ("  name: Harbour", "\xa0\xa0name: Harbour", "indent this line with 2 blanks"),
]


@pytest.mark.parametrize(("old", "new", "expected"), TABS)
def test_the_advice_for_a_tab_is_the_number_of_blanks(old: str, new: str, expected: str) -> None:
    _, reason, advice = slip_of(old, new)
    assert reason.endswith("as indentation: YAML wants blanks")
    assert advice == expected


@pytest.mark.parametrize("blank", BLANKS[1:])
@pytest.mark.parametrize("before", ["name:", "domain:", "  -"])
def test_another_blank_behind_a_colon_or_a_dash_is_named(blank: str, before: str) -> None:
    rest = {"name:": "Harbour", "domain:": "harbour", "  -": 'title: "Wells'}[before]
    line, reason, _ = slip_of(f"{before} {rest}", f"{before}{blank}{rest}")
    assert rest in line
    assert "which is none to YAML" in reason


INDENTED = [
    ("quality: 67", " quality: 67", "too far"),
    ("heat: 70", "  heat: 70", "too far"),
    ("  name: Harbour", " name: Harbour", "too little"),
    ("  name: Harbour", "   name: Harbour", "too far"),
    ("  name: Harbour", "name: Harbour", "too little"),
    ("  domain: harbour", " domain: harbour", "too little"),
    ("  domain: harbour", "   domain: harbour", "too far"),
    ("    quality: 60", "   quality: 60", "too little"),
    ("      name: The", "name: The", "too little"),
    ("provider:\n  name: Harbour", " provider:\n  name: Harbour", "too far"),
]


@pytest.mark.parametrize(("old", "new", "how"), INDENTED)
def test_a_line_with_a_wrong_indentation_is_found_and_not_the_one_below(old: str, new: str, how: str) -> None:
    line, reason, _ = slip_of(old, new)
    assert line in new.split("\n")[0] or new.split("\n")[0] in line
    assert reason == f"this line is indented {how}"


OTHERS = [
    ("provider:\n  name: H", "provider\n  name: H", "provider", "the colon after `provider` is missing"),
    ("topics:", "topics", "topics", "the colon after `topics` is missing"),
    ("quality: 67", "quality = 67", "quality =", "`=` after `quality`, where YAML wants a colon and a blank"),
    ("quality: 67", "quality; 67", "quality;", "`;` after `quality`, where YAML wants a colon and a blank"),
    ("heat: 70", "heat： 70", "heat：", "`：` after `heat`, where YAML wants a colon and a blank"),
    ("quality: 67", "quality 67", "quality 67", "a line that is not `key: value`"),
    ("name: Harbour", "name Harbour", "name Harbour", "a line that is not `key: value`"),
    ("quality: 67", "%quality: 67", "%quality", "`%` before the key `quality`"),
    ("topics:", "topics: []", "topics: []", "`topics` has `[]` on its line, and more lines below"),
    ("related:", "related: []", "related: []", "`related` has `[]` on its line, and more lines below"),
    ("related:", "related: none", "related: none", "`related` has a value on its line, and more lines below"),
    ("provider:\n  name: H", "provider: {}\n  name: H", "provider: {}",
     "`provider` has `{}` on its line, and more lines below"),
    ("quality: 67", "- quality: 67", "- quality", "a `- ` before a key among keys that have none"),
    ("  name: Harbour", "  - name: Harbour", "- name", "a `- ` before a key among keys that have none"),
    ("  - Ports", "  Ports", "  Ports", "a line in a list that does not begin with `- `"),
    ("  - Ports", "  – Ports", "– Ports", "`–` is no dash to YAML"),
    ("  - Ports", "  • Ports", "• Ports", "`•` is no dash to YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "found", "reason"), OTHERS)
def test_a_slip_is_found_on_its_line_and_named(old: str, new: str, found: str, reason: str) -> None:
    line, why, _ = slip_of(old, new)
    assert found in line
    assert reason == why


def test_no_slip_is_found_where_no_correction_makes_it_yaml() -> None:
    assert find_slip('title: "a" b\nquality: [\n', 10) is None


HOSTILE = [
    "a:\n" + " " * 200_000 + "x: y\n  b: c: d\n",
    "a: b\n" + "\n" * 200_000 + "c: d: e\n",
    "a: b\n" + "# x\n" * 60_000 + "c: d: e\n",
    "name:x\n" * 30_000,
    "- - - - x\n" * 20_000,
    "a:\n" + "- - - - x\n" * 20_000 + "b: c: d",
    "\xa0" * 200_000 + "a: b\n c: d: e",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_take_no_time(text: str) -> None:
    start = time.process_time()
    find_slip(text, len(text) - 1)
    assert time.process_time() - start < 5


@given(documents() | st.text(alphabet=f"ab:-[]{{}}'\" \n#%{ODD_BLANKS[:3]}"), st.integers(0, 200))
def test_any_text_has_a_slip_inside_it_or_none(text: str, offset: int) -> None:
    slip = find_slip(text, min(offset, len(text)))
    assert slip is None or 0 <= slip.offset <= len(text)


OTHERS = [
    ("provider:\n  name: H", "provider =\n  name: H", "provider =", "write `provider:`"),
    ("provider:\n  name: H", '"provider:\n  name: H', '"provider:', "delete it"),
    ("provider:\n  name: H", "# provider:\n  name: H", "# provider:", "delete the `#`"),
    ("provider:\n  name: H", "  name: H", "  name: Harbour Post",
     "write it on a line above, such as `topics:`"),
    ("quality: 67", "* quality: 67", "* quality: 67", "delete it"),
    ("quality: 67", "***\nquality: 67", "***", "delete it"),
    ("heat: 70", "\t\nheat: 70", "\t", "delete it"),
    ("images:\n", "\timages:\n", "\timages:", "delete it"),
    ("images:\n", "  images:\n", "  images:", "indent it like the lines that it belongs to: none"),
    ("images:\n", "- images:\n", "- images:", "delete the `- `"),
    ('  - title: "Wells', '    title: "Wells', '    title: "Wells run dry"', "begin an item with `- `"),
    ("    width", "      width", "      width: 800", "indent it like the lines that it belongs to: 4 blanks"),
    ("      name: The", "        name: The", "        name: The Well",
     "indent it like the lines that it belongs to: 6 blanks"),
    ("  - Oceans", "    - Oceans", "    - Oceans", "indent it like the lines that it belongs to: 2 blanks"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "advice"), OTHERS)
def test_the_advice_about_a_slip_is_what_undoes_it(old: str, new: str, line: str, advice: str) -> None:
    found, _, said = slip_of(old, new)
    assert (found, said) == (line, advice)


def test_lines_below_a_value_may_lack_their_key() -> None:
    *_, advice = slip_of("    provider:\n      name: The", "    provider: x\n      name: The")
    assert advice == "delete what stands behind `provider:`, or write the key that the lines below belong to"
