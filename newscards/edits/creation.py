"""A new card: its bytes from values, and the edit that creates its file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence

from newscards.cards.card import card_id
from newscards.cards.values import Scalar
from newscards.edits.apply import edit_source
from newscards.edits.journal import ABSENT, CardEdit
from newscards.edits.operations import Append, Operation, SetValue
from newscards.edits.patches import Patch, sha256
from newscards.frontmatter.nodes import Step
from newscards.text import path_json

_COLLECTION = re.compile(rb"\n(?=\w+:\n)")
"""The line end before a list or a mapping, where real cards have a blank line; no text has such a line."""


def card_source(
    first: tuple[str, Scalar], values: Mapping[tuple[Step, ...], Scalar], topics: Sequence[str]
) -> bytes:
    """Return the bytes of a card with some values; their keys come into the order of FIELDS.

    ``first`` are the key and the value that come first. Raises ``EditRefusedError`` for what YAML cannot
    express.
    """
    key, value = first
    operations = [Operation((key,), SetValue(value))]
    operations += [Operation(path, SetValue(each)) for path, each in values.items()]
    operations += [Operation(("topics",), Append(topic)) for topic in topics]
    source = edit_source(f"---\n{key}: x\n---\n".encode(), operations).new
    return _COLLECTION.sub(b"\n\n", source)


def creation(path: str, source: bytes) -> CardEdit:
    """Return the edit that creates the card at ``path`` with these bytes."""
    report = {"path": path_json(path), "id": path_json(card_id(path)), "summary": "created", "name": path}
    return CardEdit(os.path.realpath(path), ABSENT, sha256(source), (Patch(0, b"", source),), report)
