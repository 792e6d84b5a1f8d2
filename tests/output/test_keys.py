"""Keys from the bytes that terminals send, in pieces of any size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscards.output.keys import Key, KeyDecoder


def decoded(*pieces: bytes) -> list[str]:
    """Return the names of the keys in some pieces, and at last in what has waited for more."""
    decoder = KeyDecoder()
    keys = [key for piece in pieces for key in decoder.feed(piece)]
    return [key.name for key in [*keys, *decoder.flush()]]


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        (b"p", ["p"]),
        (b"nnk?Q", ["n", "n", "k", "?", "Q"]),
        ("é漢💧".encode(), ["é", "漢", "💧"]),
        (b"\r\n\t\x7f\b", ["enter", "enter", "tab", "backspace", "backspace"]),
        (b"\x04\x15\x0c", ["ctrl-d", "ctrl-u", "ctrl-l"]),
        (b"\x1b[A\x1b[B\x1b[C\x1b[D", ["up", "down", "right", "left"]),
        (b"\x1bOA\x1bOD", ["up", "left"]),
        (b"\x1b[1;5C\x1b[1;2D", ["right", "left"]),  # with Ctrl, with Shift
        (b"\x1b[5~\x1b[6~\x1b[3~\x1b[3;5~", ["page-up", "page-down", "delete", "delete"]),
        (b"\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[Z", ["home", "end", "home", "end", "back-tab"]),
        (b"\x1b[15~\x1bOP\x1b[<0;1;1M", ["unknown", "unknown", "unknown"]),  # F5, F1, a mouse
        (b"\x1bn", ["unknown"]),  # Alt+n
        (b"\x1b", ["escape"]),
        (b"\x1b\x1b[A", ["escape", "up"]),
        (b"\x1b[", ["unknown"]),
        (b"\x00\x1c\x1f", ["unknown"] * 3),
        (b"\xff\xc3(", ["unknown", "unknown", "("]),
        (b"\xe2\x82", ["unknown"]),
        (b"\x1b[" + b"1" * 200, ["unknown"]),
        ("\u202e\u200b".encode(), ["unknown", "unknown"]),
    ],
)
def test_the_keys_that_terminals_send(sent: bytes, names: list[str]) -> None:
    assert decoded(sent) == names


def test_a_key_may_come_in_pieces() -> None:
    assert decoded(b"\x1b", b"[", b"1;", b"5C", "漢".encode()[:1], "漢".encode()[1:]) == ["right", "漢"]


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_a_pasted_text_is_one_key_in_pieces_of_any_size(size: int) -> None:
    sent = b"a\x1b[200~Deep\nsea \x1b[A\x1b[201~b"
    decoder = KeyDecoder()
    keys = [key for at in range(0, len(sent), size) for key in decoder.feed(sent[at : at + size])]
    assert keys == [Key("a"), Key("paste", "Deep\nsea \x1b[A"), Key("b")]
    assert not decoder.is_waiting


def test_the_beginning_of_a_large_paste_is_kept() -> None:
    decoder = KeyDecoder()
    decoder.feed(b"\x1b[200~")
    for _ in range(100):
        assert decoder.feed(b"x" * 10_000) == []
    assert decoder.feed(b"\x1b[201~") == [Key("paste", "x" * 1000)]


@given(st.lists(st.binary(max_size=12), max_size=8))
def test_any_bytes_are_keys_and_every_character_is_one_that_can_be_shown(pieces: list[bytes]) -> None:
    decoder = KeyDecoder()
    keys = [key for piece in pieces for key in decoder.feed(piece)]
    assert all(key.name and (not key.is_character or key.name.isprintable()) for key in keys)
    if decoder.is_waiting:
        assert len(decoder.flush()) == 1
    assert not decoder.is_waiting


@given(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=40), st.integers(1, 5))
def test_text_comes_out_as_it_was_typed(text: str, size: int) -> None:
    sent = text.encode()
    assert "".join(decoded(*(sent[at : at + size] for at in range(0, len(sent), size)))) == text
