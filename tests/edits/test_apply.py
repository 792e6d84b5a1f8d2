"""Edits change one value's bytes: planned, verified, and refused where that cannot be."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.cards.values import Scalar
from newscards.edits import outline
from newscards.edits.apply import (
    MAX_FILE_BYTES,
    EditedCard,
    apply_operations,
    edit_source,
    read_whole_file,
)
from newscards.edits.operations import Append, Change, Operation, Remove, Reorder, SetValue, StripBefore
from newscards.edits.patches import patched, unpatched
from newscards.errors import EditRefusedError
from newscards.frontmatter.blocks import read_fields, read_whole
from newscards.frontmatter.fences import UnreadableError, find_fences
from newscards.frontmatter.limits import LIMITS
from tests.support import CARD, card
from tests.support.yaml_strategies import documents, fenced, form_of, lines, mutated_cards


def flagged(text: str | bytes, value: bool) -> bytes:
    source = text if isinstance(text, bytes) else text.encode()
    return edit_source(source, [Operation(("published",), SetValue(value))]).new


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
def test_the_value_alone_is_replaced(before: str, after: str, end: str) -> None:
    old = card(published="true").replace("published: true", f"published: {before}")
    new = card(published="true").replace("published: true", f"published: {after}")
    assert flagged(old.replace("\n", end), False) == new.replace("\n", end).encode()


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
def test_the_key_and_what_is_around_the_value_stay(line: str, after: str) -> None:
    assert (
        flagged(CARD.replace("published: true", line), False)
        == CARD.replace("published: true", after).encode()
    )


@pytest.mark.parametrize("value", ["true", "True", "yes", "on", "TRUE"])
def test_already_so_is_what_yaml_calls_true(value: str) -> None:
    text = card(published=value)
    assert flagged(text, True) == text.encode()


@pytest.mark.parametrize("value", ['"true"', "'yes'", "1", "y", "truE"])
def test_what_only_looks_true_is_replaced(value: str) -> None:
    assert b"\npublished: true\n" in flagged(card(published=value), True)


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
def test_a_flag_that_cannot_be_replaced_safely_is_refused(lines: str, reason: str) -> None:
    with pytest.raises(EditRefusedError, match=reason):
        flagged(CARD.replace("published: true", lines), False)


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
def test_a_missing_flag_is_added_at_its_place(text: str, after: str) -> None:
    assert flagged(text, False) == after.encode()


@pytest.mark.parametrize("text", ["---\n{title: x}\n---\n", "---\n{}\n---\n"])
def test_a_missing_flag_is_not_added_to_a_mapping_in_braces(text: str) -> None:
    with pytest.raises(EditRefusedError, match="is missing"):
        flagged(text, False)


def test_a_flag_in_braces_is_replaced() -> None:
    assert flagged("---\n{title: x, published: true}\n---\n", False) == (
        b"---\n{title: x, published: false}\n---\n"
    )


def test_the_body_is_never_read() -> None:
    body = b"---\npublished: true\n\xff\xfe\0---\npublished: true"
    assert flagged(CARD.encode() + body, False).endswith(b"---\n" + body)


def test_the_anchored_value_of_another_field_is_no_obstacle() -> None:
    text = CARD.replace("quality: 67", "quality: &q 67").replace("heat: 67", "heat: *q")
    assert flagged(text, False) == text.replace("published: true", "published: false").encode()


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
def test_whatever_the_card_a_flag_is_set_exactly_or_refused(lines: list[str], end: str, value: bool) -> None:
    source = end.join(["---", *lines, "---", "published: true"]).encode()
    try:
        new = flagged(source, value)
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
    real_cards: Path,
) -> None:
    paths = sorted(real_cards.rglob("*/20*.md"))
    assert len(paths) > 700
    for path in paths[::7]:
        for source in shapes(path.read_bytes()):
            flag = re.search(rb"^published: (true|false)", source, re.MULTILINE)
            assert flag
            value = flag[1] == b"true"
            changed = flagged(source, not value)
            start = flag.start(1)
            word = b"false" if value else b"true"
            assert changed == source[:start] + word + source[flag.end(1) :]
            assert flagged(changed, value) == source


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
        read_whole_file(os.devnull)
    huge = tmp_path / "huge.md"
    huge.write_text(CARD)
    os.truncate(huge, MAX_FILE_BYTES + 1)
    with pytest.raises(EditRefusedError, match="larger than 64 MiB"):
        read_whole_file(str(huge))


def test_a_comment_behind_the_sign_of_a_block_scalar_is_not_lost() -> None:
    with pytest.raises(EditRefusedError, match="a comment behind its"):
        flagged(card(published="| # keep me\n  true"), False)


def test_an_added_line_ends_as_its_neighbour_does() -> None:
    mixed = "---\nheat: 3\ntitle: x\r\n---\n"
    assert flagged(mixed, False) == b"---\nheat: 3\npublished: false\ntitle: x\r\n---\n"


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.md")
    with pytest.raises(EditRefusedError, match="not a file"):
        read_whole_file(str(tmp_path / "x.md"))


# Changes of every kind.


def made(text: str, *operations: Operation) -> str:
    """Return a card after an edit, of which the patches are held against the bytes."""
    return checked(text.encode(), operations).new.decode()


def checked(source: bytes, operations: Sequence[Operation]) -> EditedCard:
    """Make an edit; both ways to locate values make the same patches, which lead there and back."""
    values = read_fields(find_fences(source)).values
    before = copy.deepcopy(values)
    with mock.patch.object(outline, "blocks_of", return_value=None):
        slow = _outcome(source, operations)
    fast = _outcome(source, operations)
    assert form_of(values) == form_of(before), "values that others share were changed"
    if isinstance(fast, str) or isinstance(slow, str):
        assert fast == slow
        raise EditRefusedError(str(fast))
    assert (fast.new, fast.patches) == (slow.new, slow.patches)
    assert patched(source, fast.patches) == fast.new
    assert unpatched(fast.new, fast.patches) == source
    assert all(patch.old != patch.new for patch in fast.patches)
    assert form_of(fast.values) == form_of(read_whole(find_fences(fast.new)).values)
    return fast


def _outcome(source: bytes, operations: Sequence[Operation]) -> EditedCard | str:
    front = find_fences(source)
    try:
        return apply_operations(front, read_fields(front).values, operations)
    except EditRefusedError as error:
        return str(error)


def expected(values: Any, path: tuple[Any, ...], change: Change) -> Any:
    """Return, independently, what a card says after a change; a new key goes last."""
    parent = new = unshared(values)
    for step in path[:-1]:
        if isinstance(parent, dict):
            parent.setdefault(step, {})
        parent = parent[step]
    match change:
        case SetValue(value):
            parent[path[-1]] = value
        case Append(value):
            held = parent.get(path[-1]) if isinstance(parent, dict) else parent[path[-1]]
            parent[path[-1]] = [*(held or []), value]
        case Remove() if isinstance(parent, list):
            del parent[path[-1]]
        case Reorder(order):
            parent[path[-1]] = [parent[path[-1]][index] for index in order]
    return new


def unshared(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: unshared(inner) for key, inner in value.items()}
    return [unshared(inner) for inner in value] if isinstance(value, list) else value


def in_any_order(form: Any) -> Any:
    """Return a ``form_of`` in which the order of keys counts for nothing."""
    if isinstance(form, tuple) and len(form) == 2 and form[0] == "dict":
        return "dict", frozenset((key, in_any_order(value)) for key, value in form[1])
    return tuple(map(in_any_order, form)) if isinstance(form, tuple) else form


def texts() -> st.SearchStrategy[str]:
    odd = ["", "x", "AI", "no", "12", "a: b", "a #b", "x, y", "- x", "? x", "it's", '"', "a << b", "*a", "&a",
           "1,000", ":x", "~", "2023-06-20", "{", "é\u2028", "a\nb", "\r", "---", "a\n---\n", "...", "=",
           "!x", "\ufeff", "\x00", "\x85", "😀"]  # fmt: skip
    return st.sampled_from(odd) | st.text(max_size=6)


def scalars() -> st.SearchStrategy[Any]:
    dates = st.datetimes(timezones=st.just(UTC) | st.none()).map(lambda date: date.replace(fold=0))
    return texts() | st.booleans() | st.integers(-9, 999) | st.floats() | dates


STEPS: list[Any] = [
    "title", "published", "quality", "provider", "name", "topics", "images", "related", "url", "a", "b-c",
    "secured", 0, 0, 1, -1, True, None, "1", "yes", "x y",
]  # fmt: skip


@st.composite
def operations_on(draw: st.DrawFn, values: Any) -> Operation:
    """A change somewhere in a card, mostly where there is something."""
    path: tuple[Any, ...] = ()
    while not path or (isinstance(values, dict | list) and values and draw(st.booleans())):
        there = list(values) if isinstance(values, dict) else list(range(len(values)))
        step = draw(st.sampled_from(there * 8 + STEPS))
        path = (*path, step)
        try:
            values = values[step]
        except (LookupError, TypeError):
            values = None
    if draw(st.integers(0, 5)) == 0:
        path = (*path, draw(st.sampled_from(STEPS)))
    if isinstance(values, list) and draw(st.integers(0, 2)) == 0:
        return Operation(path, Reorder(tuple(draw(st.permutations(range(len(values)))))))
    change = st.one_of(scalars().map(SetValue), scalars().map(Append), st.just(Remove()))
    return Operation(path, draw(change))


def each_is_exact_or_refused(source: bytes, data: st.DataObject) -> bool:
    """Make a random change; return whether it was made."""
    try:
        values = read_whole(find_fences(source)).values
    except UnreadableError:
        return False
    path, change = data.draw(operations_on(values))
    try:
        edit = checked(source, [Operation(path, change)])
    except EditRefusedError:
        return False
    old, new = form_of(expected(values, path, change)), form_of(edit.values)
    assert new == old or (in_any_order(new) == in_any_order(old) and lacks(values, path))
    before, after = find_fences(source), find_fences(edit.new)
    assert edit.new[after.end :] == source[before.end :]
    assert edit.new[: after.start] == source[: before.start]
    return True


def lacks(values: Any, path: tuple[Any, ...]) -> bool:
    for step in path:
        try:
            values = values[step]
        except (LookupError, TypeError):
            return True
    return False


@pytest.mark.parametrize(
    ("cards", "share"),
    [
        (
            mutated_cards(),
            0.05,
        ),  # from 9 to 18 in 100: Hypothesis also draws constants of the code that is there
        (documents().map(str.encode).map(fenced), 0.2),
        (documents().map(lambda text: fenced(text.replace("\n", "\r\n").encode())), 0.2),
        (lines(), 0.03),
    ],
    ids=["mutated cards", "random documents", "with CRLF", "lines in any order"],
)
def test_of_any_card_exactly_the_value_changes_or_the_edit_is_refused(
    cards: st.SearchStrategy[bytes], share: float
) -> None:
    made: list[bool] = []

    @settings(max_examples=250, deadline=None, derandomize=True, database=None)
    @given(source=cards, data=st.data())
    def each(source: bytes, data: st.DataObject) -> None:
        made.append(each_is_exact_or_refused(source, data))

    each()
    assert sum(made) > share * len(made)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.lists(operations_on(read_fields(find_fences(CARD.encode())).values), min_size=2, max_size=4))
def test_several_changes_are_those_made_one_by_one(operations: list[Operation]) -> None:
    source, refused = CARD.encode(), ""
    for operation in operations:
        try:
            source = checked(source, [operation]).new
        except EditRefusedError as error:
            refused = str(error)
            break
    try:
        whole = checked(CARD.encode(), operations).new
    except EditRefusedError as error:
        assert str(error) == refused  # noqa: PT017 - either is an outcome
    else:
        assert (whole, refused) == (source, "")


def test_paths_are_about_what_the_changes_before_have_left() -> None:
    text = "---\ntopics:\n  - A\n  - B\n---\n"
    first, path = Operation(("topics", 0), Remove()), ("topics", 0)
    assert made(text, first, Operation(path, SetValue("C"))) == "---\ntopics:\n  - C\n---\n"
    stripped = Operation((), StripBefore())
    assert made("\ufeff\n" + text, stripped, first) == "---\ntopics:\n  - B\n---\n"
    with pytest.raises(EditRefusedError, match="only item"):
        made(text, first, first)


@pytest.mark.parametrize("before", ["\ufeff", "\n", "\ufeff\r\n\n"])
def test_what_stands_before_the_fence_goes(before: str) -> None:
    assert made(before + CARD, Operation((), StripBefore())) == CARD
    assert made(CARD, Operation((), StripBefore())) == CARD


@pytest.mark.parametrize("end", ["\r", "\x85\n", "\u2028"])
def test_a_key_behind_a_line_end_that_only_libyaml_knows_is_seen(end: str) -> None:
    text = f'---\ntitle: "x"{end}title: "y"\nheat: 1\n---\n'
    with pytest.raises(EditRefusedError, match="`title` stands 2 times"):
        made(text, Operation(("title",), SetValue("z")))
    assert made(text, Operation(("heat",), SetValue(2))) == text.replace("1", "2")


def test_what_is_so_already_makes_no_patch() -> None:
    fields: dict[str, Scalar] = {"published": True, "quality": 67, "title": "Tide gauges get a second life"}
    fields["publishedDateTime"] = datetime(2023, 6, 20, 15, 44, tzinfo=UTC)
    edit = checked(CARD.encode(), [Operation((name,), SetValue(value)) for name, value in fields.items()])
    assert (edit.new, edit.patches, edit.is_changed) == (CARD.encode(), (), False)
    text = card(published="no")
    assert made(text, Operation(("published",), SetValue(False))) == text
    anew = Operation(("published",), SetValue(False, rewrite=True))
    assert made(text, anew) == card(published="false")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("provider: &p {name: x}\nrelated: [{provider: *p}]\n", ("provider", "name")),
        ("provider: &p {name: x}\nrelated: [{provider: *p}]\n", ("related", 0, "provider", "name")),
        ("provider:\n  name: &n x\n", ("provider", "name")),
        ("x: &p {name: x}\nprovider:\n  <<: *p\n", ("provider", "name")),
        ("x: &p {provider: {name: x}}\n<<: *p\n", ("provider", "name")),
        ("provider:\n  name: a\n  name: b\n", ("provider", "name")),
        ("provider:\n  name: a\nprovider:\n  name: b\n", ("provider", "name")),
        ("provider: x\n", ("provider", "name")),
        ("provider:\n", ("provider", "name")),
        ("provider: !!omap [a: b]\n", ("provider", 0, "a")),
        ("provider: !!set {a, b}\n", ("provider", "a")),
        ("images:\n  - url: x\n", ("images", 1, "url")),
        ("images:\n  - url: x\n", ("images", -1, "url")),
        ("images:\n  - url: x\n", ("images", "url")),
        ("title: x\n", ("images", 0, "url")),
        ("title: x\n", ()),
    ],
)
def test_what_may_change_more_or_cannot_be_found_is_refused(text: str, path: tuple[Any, ...]) -> None:
    with pytest.raises(EditRefusedError):
        made(f"---\n{text}---\n", Operation(path, SetValue("y")))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("---\ntitle: 'x\n---\n", r"cannot be read: .* \(line 2, column 8\)"),
        ("---\n- x\n---\n", "cannot be read: the front matter is a list"),
        ("title: x\n", r"cannot be read: .* \(line 1, column 1\)"),
    ],
)
def test_a_card_that_cannot_be_read_is_refused_with_the_place(source: str, reason: str) -> None:
    with pytest.raises(EditRefusedError, match=reason):
        edit_source(source.encode(), [Operation(("title",), SetValue("y"))])


def test_an_edit_that_exceeds_the_limits_is_refused() -> None:
    limits = LIMITS._replace(bytes=len(CARD) - 8)  # the fences do not count
    operation = Operation(("quality",), SetValue(68))
    assert edit_source(CARD.encode(), [operation], limits).is_changed
    with pytest.raises(EditRefusedError, match="read again: the front matter is longer"):
        edit_source(CARD.encode(), [Operation(("quality",), SetValue(123456789))], limits)


def test_every_change_on_real_cards_changes_only_what_was_asked(real_cards: Path) -> None:
    for path in sorted(real_cards.rglob("*/20*.md"))[::11]:
        for source in (path.read_bytes(), path.read_bytes().replace(b"\n", b"\r\n")):
            for operation, gone, come in real_changes(source):
                old, new = source.split(b"\n"), checked(source, [operation]).new.split(b"\n")
                first = next(i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)
                asked = old[:first] + new[first : first + come] + old[first + gone :]
                assert asked == new, (path, operation)


def real_changes(source: bytes) -> Iterator[tuple[Operation, int, int]]:
    """Yield changes of every kind, with how many lines they take away and how many they add."""
    values = read_fields(find_fences(source)).values
    topics, image = values["topics"], values.get("images", [{}])[0]
    sets: list[tuple[tuple[Any, ...], Scalar, bool]] = [
        (("published",), not values["published"], True),
        (("quality",), 1234, True),
        (("title",), f'{values["title"]} “more” &amp; "more"', True),
        (("publishedDateTime",), datetime(2020, 1, 2, tzinfo=UTC), True),
        (("provider", "name"), "Some: one", True),
        (("removed",), True, "removed" in values),
        (("originalUrl",), "https://x.example/", "originalUrl" in values),
        (("topics", 0), "New", True),
    ]
    if "images" in values:
        sets += [(("images", 0, name), 7, name in image) for name in ("width", "isCached", "title")]
    for name, value, there in sets:
        if there and name == ("removed",):
            value = not values["removed"]
        yield Operation(name, SetValue(value)), int(there), 1
    yield Operation(("topics",), Append("New")), 0, 1
    for index in range(len(topics) if len(topics) > 1 else 0):
        yield Operation(("topics", index), Remove()), 1, 0


def test_an_excerpt_that_was_taken_out_of_a_real_card_comes_back_where_it_stood(real_cards: Path) -> None:
    for path in sorted(real_cards.rglob("*/20*.md"))[::11]:
        source = path.read_bytes()
        values = read_fields(find_fences(source)).values
        without = re.sub(rb"\nexcerpt: .*", b"", source, count=1)
        again = checked(without, [Operation(("excerpt",), SetValue(values["excerpt"]))])
        assert list(again.values.items()) == list(values.items())
        changed = [line for line in again.new.split(b"\n") if line not in source.split(b"\n")]
        assert all(line.startswith(b'excerpt: "') for line in changed)


NESTED = """---
topics: ["a", "b", "c"]
groups:
  - yes
  -
    - "d"
    # a comment
    - "e"
    - ["f", "g"]
  - h
published: yes
published: yes
---
"""
CHANGES = (
    Operation(("topics", 0), Remove()),
    Operation(("topics", 2), SetValue("x")),
    Operation(("groups", 0), Remove()),
    Operation(("groups", 1, 0), Remove()),
    Operation(("groups", 1, 1), SetValue("e: f")),
    Operation(("groups", 1, 2, 1), Remove()),
    Operation(("groups", 2), SetValue("h")),
    Operation(("published",), Remove()),
)


@given(st.lists(st.sampled_from(CHANGES), unique=True, min_size=2))
def test_edits_at_once_are_those_made_one_by_one_from_the_last_item_to_the_first(
    operations: list[Operation],
) -> None:
    source = NESTED.encode()
    at_once = edit_source(source, operations, at_once=True).new
    for operation in sorted(operations, key=lambda each: CHANGES.index(each), reverse=True):
        source = edit_source(source, [operation]).new
    assert at_once == source


def test_an_edit_at_once_leaves_the_spelling_of_a_value_that_is_equal() -> None:
    source = fenced(b"published: yes\nsecured: no\n")
    operations = [Operation(("published",), SetValue(True)), Operation(("secured",), SetValue(True))]
    assert edit_source(source, operations, at_once=True).new == fenced(b"published: yes\nsecured: true\n")
