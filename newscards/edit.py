"""Edits: planned whole, verified by reading them back, then written one card at a time."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from newscards.atomic import write_atomic
from newscards.blocks import read_whole
from newscards.errors import EditRefusedError
from newscards.fences import FrontMatter, UnreadableError, find_fences
from newscards.limits import LIMITS, Limits
from newscards.loader import LOADER
from newscards.nodes import locate
from newscards.source import position
from newscards.splice import set_scalar

MAX_FILE = 64 << 20
"""The largest file that is edited, in bytes: it is held in memory, old and new."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A planned edit of one card: its bytes before and after, and the value in words.

    ``was`` is the source text of the old value, empty where the field is missing; where the card is
    already as asked, ``new`` is ``old``. ``verbatim`` tells that the site copies this file as it is,
    unread, because something stands before its opening fence.
    """

    path: str
    field: str
    value: str
    was: str
    old: bytes
    new: bytes
    verbatim: bool

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return self.old != self.new

    def write(self) -> None:
        """Write the edit; raises ``EditRefusedError`` (the file changed meanwhile) and ``OSError``."""
        if self.changes:
            write_atomic(self.path, self.new, old=self.old)


def plan_published(path: str, value: bool, limits: Limits = LIMITS) -> Edit:
    """Plan to set a card's ``published`` flag; nothing is written.

    Raises ``EditRefusedError`` where the card cannot be read, or its flag cannot be replaced without a
    risk to anything else, and ``OSError``.
    """
    old = read_whole_file(path)
    try:
        front = find_fences(old, limits)
        values, _ = read_whole(front)
    except UnreadableError as error:
        line, column = position(old, error.offset)
        raise EditRefusedError(f"cannot be read: {error.reason} (line {line}, column {column})") from None
    word = "true" if value else "false"
    text = front.text()
    root = locate(text)
    if root is None or not root.is_mapping:
        raise EditRefusedError("the front matter is no mapping")
    splice = set_scalar(text, root, "published", word)
    was = text[splice.start : splice.end]
    if values.get("published") is value:
        return Edit(path, "published", word, was, old, old, bool(front.before))
    text = text[: splice.start] + splice.replacement + text[splice.end :]
    new = old[: front.start] + text.encode() + old[front.end :]
    verify(front, new, "published", value)
    return Edit(path, "published", word, was, old, new, bool(front.before))


def read_whole_file(path: str) -> bytes:
    """Return all bytes of a file that is to be edited; raises ``EditRefusedError`` and ``OSError``."""
    status = os.stat(path)  # before it is opened: opening a pipe waits for its writer
    if not stat.S_ISREG(status.st_mode):
        raise EditRefusedError("it is not a file")
    if status.st_size > MAX_FILE:
        raise EditRefusedError(f"the file is larger than {MAX_FILE >> 20} MiB", "edit it by hand")
    with open(path, "rb") as file:
        return file.read()


def verify(old: FrontMatter, new_source: bytes, name: str, value: object) -> None:
    """Raise ``EditRefusedError`` unless ``new_source`` differs in the value of ``name`` alone.

    Both texts are read as libyaml's events, which hold everything that they say, and no more: they must
    be the same but for the one scalar, or for the key and the scalar that were added.
    """
    try:
        new = find_fences(new_source, old.limits)
        values, _ = read_whole(new)
        before, after = _events(old.text()), _events(new.text())
    except (UnreadableError, yaml.YAMLError) as error:
        raise EditRefusedError(f"the edited card could not be read again: {error}") from None
    same = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    if len(after) == len(before):
        alike = before[same + 1 :] == after[same + 1 :]
    else:  # key and value were added; the value after them may begin alike
        alike = any(after[:i] + after[i + 2 :] == before for i in (same, same - 1))
    stays = old.source[old.end :] == new_source[new.end :] and old.before == new.before
    held = values.get(name)
    if not (alike and stays and type(held) is type(value) and held == value):
        raise EditRefusedError("the edit would change more than the value", "edit it by hand")


_Event = tuple[type[Any], Any, Any, Any, Any, Literal[""] | Any]


def _events(text: str) -> list[_Event]:
    return [
        (
            type(event),
            getattr(event, "anchor", None),
            getattr(event, "tag", None),
            getattr(event, "value", None),
            getattr(event, "style", None),
            getattr(event, "flow_style", None),
        )
        for event in yaml.parse(text, Loader=LOADER)
    ]
