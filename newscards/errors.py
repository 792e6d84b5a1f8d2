"""The errors that end a command; ``cli.py`` alone turns them into a message.

A defect of a card is never an error here: a finding is data, and so is a card that cannot
be read (``card.Unreadable``).
"""

from __future__ import annotations


class NewscardsError(Exception):
    """An error that ends the command with exit code 2: wrong usage, a missing path, a system error.

    ``str(error)`` says what is wrong, ``hint`` what the user can do about it (may be empty).
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class PathNotFoundError(NewscardsError):
    """The error for a PATH that does not exist or holds no card."""


class CardNotFoundError(NewscardsError):
    """The error for a CARD that matches no card, or more than one."""


class EditRefusedError(NewscardsError):
    """The error for an edit that is refused; the card's file is unchanged."""


def system_reason(error: Exception) -> str:
    """Return why a file could not be read or written, in the operating system's words."""
    return getattr(error, "strerror", None) or str(error)
