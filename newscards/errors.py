"""The errors that end a command; ``cli.py`` turns them into a message at one place.

What is wrong with a card is never an error here: a finding is data, and so is a card that cannot
be read (``card.Unreadable``).
"""

from __future__ import annotations


class NewscardsError(Exception):
    """The command cannot go on: wrong usage, a missing path, a fault of the machine (exit 2).

    ``str(error)`` is what is wrong, ``hint`` what the user can do about it (may be empty).
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class PathNotFoundError(NewscardsError):
    """A PATH that does not exist, or holds no card."""


class CardNotFoundError(NewscardsError):
    """A CARD that names no card, or more than one."""


class EditRefusedError(NewscardsError):
    """An edit that was not made; the card's file is as it was."""


def system_reason(error: Exception) -> str:
    """Return the system's words for why a file could not be read or written."""
    return getattr(error, "strerror", None) or str(error)
