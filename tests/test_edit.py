"""Edits change one value's bytes: planned, verified, and refused where that cannot be."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.edit import MAX_FILE, plan_published, verify
from newscards.errors import EditRefusedError
from newscards.fences import find_fences
from tests.conftest import MakeCorpus
from tests.support import CARD, card


def planned(folder: Path, text: str | bytes, value: bool) -> bytes:
    path = folder / "x.md"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return plan_published(str(path), value).new


VALUES = (
    # what stands there, what stands there after `set-published false`
    ("true", "false"),
    ("True  # until May", "false  # until May"),
    ("yes", "false"),
    ('"false"', "false"),
    ("'true'", "false"),
    ("0", "false"),
    ("~", "false"),
    ("null # nothing", "false # nothing"),
    ("2023-06-20", "false"),
    ("# nothing", "false # nothing"),
    ('"tr\\\n  ue"', "false"),
    ("\n  true", "\n  false"),
    ("|\n  true", "false"),
    (">-\n  true\n  and so on", "false"),
)


@pytest.mark.parametrize(("before", "after"), VALUES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_value_alone_is_replaced(tmp_path: Path, before: str, after: str, end: str) -> None:
    old = card(published="true").replace("published: true", f"published: {before}")
    new = card(published="true").replace("published: true", f"published: {after}")
    assert planned(tmp_path, old.replace("\n", end), False) == new.replace("\n", end).encode()


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("published:", "published: false"),
        ("published: ", "published: false "),
        ("published:   # nothing", "published: false   # nothing"),
        ("published:\t# nothing", "published: false\t# nothing"),
        ("published : true", "published : false"),
        ('"published": true', '"published": false'),
        ("? published\n: true", "? published\n: false"),
    ],
)
def test_the_key_and_what_is_around_the_value_stay(tmp_path: Path, line: str, after: str) -> None:
    assert (
        planned(tmp_path, CARD.replace("published: true", line), False)
        == CARD.replace("published: true", after).encode()
    )


@pytest.mark.parametrize("value", ["true", "True", "yes", "on", "TRUE"])
def test_already_so_is_what_yaml_calls_true(tmp_path: Path, value: str) -> None:
    text = card(published=value)
    assert planned(tmp_path, text, True) == text.encode()


@pytest.mark.parametrize("value", ['"true"', "'yes'", "1", "y", "truE"])
def test_what_only_looks_true_is_replaced(tmp_path: Path, value: str) -> None:
    assert b"\npublished: true\n" in planned(tmp_path, card(published=value), True)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("published: true\npublished: true", "stands 2 times"),
        ('published: true\n"published": false', "stands 2 times"),
        ("published: &flag true", "anchor"),
        ("x: &flag true\npublished: *flag", "alias"),
        ("published: !!bool true", "tag"),
        ("published: [true]", "more than a single value"),
        ("published:\n  - true", "more than a single value"),
    ],
)
def test_a_flag_that_cannot_be_replaced_safely_is_refused(tmp_path: Path, lines: str, reason: str) -> None:
    with pytest.raises(EditRefusedError, match=reason):
        planned(tmp_path, CARD.replace("published: true", lines), False)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (card(published=None), card(published="false")),
        (card(published=None, heat=None), card(published="false", heat=None)),
        ("---\ntitle: x\n---\n", "---\ntitle: x\npublished: false\n---\n"),
        ("---\nprovider:\n  name: x\n---\n", "---\npublished: false\nprovider:\n  name: x\n---\n"),
        ("---\nother: x\n---\n", "---\nother: x\npublished: false\n---\n"),
        (
            "---\nheat: 3 # hot\n\n# the rest\n---\n",
            "---\nheat: 3 # hot\npublished: false\n\n# the rest\n---\n",
        ),
        ("---\r\nheat: 3\r\n---\r\n", "---\r\nheat: 3\r\npublished: false\r\n---\r\n"),
        ("---\n  heat: 3\n  x: 1\n---\n", "---\n  heat: 3\n  published: false\n  x: 1\n---\n"),
        ("---\nheat: |+\n  a\n\n\nx: 1\n---\n", "---\nheat: |+\n  a\n\n\npublished: false\nx: 1\n---\n"),
        ("---\nheat: [1,\n  2] # two\nx: 1\n---", "---\nheat: [1,\n  2] # two\npublished: false\nx: 1\n---"),
        ("---\nheat:\nx: 1\n---\n", "---\nheat:\npublished: false\nx: 1\n---\n"),
        ("---\nheat: a\n  b\n---\n", "---\nheat: a\n  b\npublished: false\n---\n"),
    ],
)
def test_a_missing_flag_is_added_at_its_place(tmp_path: Path, text: str, after: str) -> None:
    assert planned(tmp_path, text, False) == after.encode()


@pytest.mark.parametrize("text", ["---\n{title: x}\n---\n", "---\n{}\n---\n"])
def test_a_missing_flag_is_not_added_to_a_mapping_in_braces(tmp_path: Path, text: str) -> None:
    with pytest.raises(EditRefusedError, match="is missing"):
        planned(tmp_path, text, False)


def test_a_flag_in_braces_is_replaced(tmp_path: Path) -> None:
    assert planned(tmp_path, "---\n{title: x, published: true}\n---\n", False) == (
        b"---\n{title: x, published: false}\n---\n"
    )


def test_the_body_is_never_read(tmp_path: Path) -> None:
    body = b"---\npublished: true\n\xff\xfe\0---\npublished: true"
    assert planned(tmp_path, CARD.encode() + body, False).endswith(b"---\n" + body)


def test_the_anchored_value_of_another_field_is_no_obstacle(tmp_path: Path) -> None:
    text = CARD.replace("quality: 67", "quality: &q 67").replace("heat: 67", "heat: *q")
    assert planned(tmp_path, text, False) == text.replace("published: true", "published: false").encode()


@pytest.mark.parametrize(
    "new",
    [
        CARD,
        CARD.replace("published: true", "published: false").replace("quality: 67", "quality: 68"),
        CARD.replace("published: true", "published: false\nx: 1"),
        CARD.replace("published: true", 'published: "false"'),
        CARD.replace("published: true", "published: false") + "body",
        CARD.replace("published: true", "published:false"),
        "\n" + CARD.replace("published: true", "published: false"),
        CARD.replace("quality: 67\n", "").replace("published: true", "published: false"),
    ],
)
def test_verify_refuses_whatever_is_not_exactly_the_edit(new: str) -> None:
    old = find_fences(CARD.encode())
    verify(old, CARD.replace("published: true", "published: false").encode(), "published", False)
    with pytest.raises(EditRefusedError):
        verify(old, new.encode(), "published", False)


LINES = st.lists(
    st.sampled_from(
        [
            "title: x", 'title: "published: true"', "published: true", "published: false", "published:",
            'published: "no"', "Published: true", "# published: true", "  - published: true", "heat: 3",
            "  published: true", "topics:", "  - a", "related:", "- b", "", "'published': yes", "? published",
            ": true", "x: |", "x: &a", "y: *a", "z: {published: true}", "published: [", "]", "...",
            "heat: >+",
        ]
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=400, deadline=None, derandomize=True)
@given(lines=LINES, end=st.sampled_from(["\n", "\r\n"]), value=st.booleans())
def test_whatever_the_card_an_edit_is_exact_or_refused(lines: list[str], end: str, value: bool) -> None:
    import tempfile

    source = end.join(["---", *lines, "---", "published: true"]).encode()
    with tempfile.TemporaryDirectory() as folder:
        try:
            new = planned(Path(folder), source, value)
        except EditRefusedError:
            return
    old_values = yaml.load(find_fences(source).text(), Loader=yaml.CSafeLoader)
    new_values = yaml.load(find_fences(new).text(), Loader=yaml.CSafeLoader)
    assert new_values["published"] is value
    old_values.pop("published", None)
    new_values.pop("published")
    assert repr(old_values) == repr(new_values)
    assert end == "\n" or new.count(b"\n") == new.count(b"\r\n")


def test_flipping_twice_gives_the_first_bytes_of_every_real_card(
    real_cards: Path, make_corpus: MakeCorpus
) -> None:
    folder = make_corpus({})
    paths = sorted(real_cards.rglob("*/20*.md"))
    assert len(paths) > 700
    for path in paths[::7]:
        for source in shapes(path.read_bytes()):
            flag = re.search(rb"^published: (true|false)", source, re.MULTILINE)
            assert flag
            value = flag[1] == b"true"
            changed = planned(folder, source, not value)
            start = flag.start(1)
            word = b"false" if value else b"true"
            assert changed == source[:start] + word + source[flag.end(1) :]
            assert planned(folder, changed, value) == source


def shapes(source: bytes) -> list[bytes]:
    """Return a card in the shapes that an editor may give it."""
    return [
        source,
        source.replace(b"\n", b"\r\n"),
        source.rstrip(b"\n"),
        source + "\n---\npublished: true\n---\nbödy".encode(),
        source.replace(b"\npublished:", b"\n# published: true\npublished:"),
        re.sub(rb"(\npublished: \w+)", rb"\1  # the flag", source, count=1),
    ]


def test_what_is_no_file_or_too_large_to_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EditRefusedError, match="not a file"):
        plan_published(os.devnull, True)
    huge = tmp_path / "huge.md"
    huge.write_text(CARD)
    os.truncate(huge, MAX_FILE + 1)
    with pytest.raises(EditRefusedError, match="larger than 64 MiB"):
        plan_published(str(huge), True)


def test_a_comment_behind_the_sign_of_a_block_scalar_is_not_lost(tmp_path: Path) -> None:
    with pytest.raises(EditRefusedError, match="a comment behind its"):
        planned(tmp_path, card(published="| # keep me\n  true"), False)


def test_an_added_line_ends_as_its_neighbour_does(tmp_path: Path) -> None:
    mixed = "---\nheat: 3\ntitle: x\r\n---\n"
    assert planned(tmp_path, mixed, False) == b"---\nheat: 3\npublished: false\ntitle: x\r\n---\n"


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.md")
    with pytest.raises(EditRefusedError, match="not a file"):
        plan_published(str(tmp_path / "x.md"), True)
