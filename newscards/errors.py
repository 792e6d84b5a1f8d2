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


class DeclarationError(NewscardsError):
    """The error for a wrong declaration in the configuration; ``keys`` lead to it there.

    It stands at the value, or with ``at_key`` at the key, or with an ``offset`` at this character of the
    value, which is a text.
    """

    def __init__(
        self,
        message: str,
        keys: tuple[str | int, ...],
        hint: str = "",
        offset: int | None = None,
        *,
        at_key: bool = False,
    ) -> None:
        super().__init__(message, hint)
        self.keys, self.at_key, self.offset = keys, at_key, offset


class ArgumentError(NewscardsError):
    """The error for an argument of the Python API that is of a wrong type, or no valid criterion."""


class PathNotFoundError(NewscardsError):
    """The error for a PATH that does not exist or holds no card."""


class CardNotFoundError(NewscardsError):
    """The error for a CARD that matches no card, or more than one."""


class EditRefusedError(NewscardsError):
    """The error for an edit that is refused; the card's file is unchanged.

    ``cause`` is the message without what differs from card to card, by which many refusals are one message.
    ``advice`` is the hint without the ``option`` of a command that makes the edit all the same.
    """

    def __init__(self, message: str, hint: str = "", cause: str = "", *, option: str = "") -> None:
        between = "" if not (hint and option) else " " if hint.endswith(("?", ".")) else "; "
        super().__init__(message, f"{hint}{between}{option}")
        self.advice, self.option = hint, option
        self.cause = cause or message

    @classmethod
    def because_of(cls, error: Exception, message: str) -> EditRefusedError:
        """Return the error for an edit that is refused because of another error, with the hint of that."""
        if isinstance(error, EditRefusedError):
            return cls(message, error.advice, option=error.option)
        return cls(message, hint_of(error))


def hint_of(error: Exception) -> str:
    """Return the hint of an error; an error of the operating system has none."""
    return error.hint if isinstance(error, NewscardsError) else ""


def system_reason(error: Exception) -> str:
    """Return why a file could not be read or written, in the operating system's words."""
    return getattr(error, "strerror", None) or str(error)
