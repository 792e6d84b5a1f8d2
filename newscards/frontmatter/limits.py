"""Limits within which a card is read, and the error for text beyond them or that is not YAML."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """The limits beyond which a card is unreadable. The configuration may change them.

    ``bytes``: the length of the front matter (the default is seven times the largest of 5,632 real ones).
    ``depth``: the nesting of collections (a real card has five levels). ``nodes``: the number of nodes after
    aliases are expanded (a YAML bomb has billions).
    """

    bytes: int = 1 << 20
    depth: int = 64
    nodes: int = 100_000


MAX_DEPTH = 500
"""The deepest nesting that a configuration may allow: half of what libyaml 0.2.6 reads."""

LIMITS = Limits()
"""The default limits."""


class LoadError(Exception):
    """The error for text that is not YAML or exceeds a limit.

    ``offset`` counts code points, ``None`` if unknown. ``limit`` is true where the text may be
    valid YAML but exceeds a limit.
    """

    def __init__(self, reason: str, offset: int | None, *, limit: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.offset, self.limit = reason, offset, limit
