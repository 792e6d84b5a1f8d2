"""How much of a card is read, and the error of what is more, or no YAML."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """How much of a card is read; beyond that it is unreadable. The configuration may move them.

    ``bytes`` of front matter (seven times the largest of 5,632 real ones), the ``depth`` of collections in
    one another (a real card has five), the ``nodes`` after aliases are expanded (a bomb has billions).
    """

    bytes: int = 1 << 20
    depth: int = 64
    nodes: int = 100_000


MAX_DEPTH = 500
"""The deepest nesting that a configuration may ask for: half of what libyaml 0.2.6 reads."""

LIMITS = Limits()
"""The limits that hold where no others are asked for."""


class LoadError(Exception):
    """The text is not YAML, or more than is read: ``reason``, and where, in code points.

    ``limit`` is true where the text may be good YAML but exceeds a limit.
    """

    def __init__(self, reason: str, offset: int | None, *, limit: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.offset, self.limit = reason, offset, limit
