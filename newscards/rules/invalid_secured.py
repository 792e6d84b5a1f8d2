"""`secured` is not `base64(ciphertext);base64(iv)`.

The initialisation vector is 16 bytes and the ciphertext a multiple of 16 in every real card (CARDS.md):
anything else was cut or edited, and cannot be decrypted any more.

Fails:

    secured: "AAAAAAAAAAAAAAAAAAAAAA=="

Passes:

    secured: "AAAAAAAAAAAAAAAAAAAAAA==;AAAAAAAAAAAAAAAAAAAAAA=="

Fix: restore it from the card's history; it cannot be repaired.
"""

import binascii
from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field, Format
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule

_BLOCK = 16


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a text that is not two parts of base64 (RFC 4648) of the right lengths."""
    wrong = _wrong(value) if isinstance(value, str) else ""
    if not wrong:
        return ()
    return [
        Problem(f"`{field.name}` cannot be decrypted: {wrong}", help="restore it from the card's history")
    ]


def _wrong(value: str) -> str:
    parts = value.split(";")
    if len(parts) != 2:
        return f"two parts around a `;` are expected, there {'is' if len(parts) == 1 else 'are'} {len(parts)}"
    try:
        ciphertext, iv = (binascii.a2b_base64(part.encode(), strict_mode=True) for part in parts)
    except ValueError:
        return "its parts are not base64"
    if len(iv) != _BLOCK:
        return f"its second part, the iv, is {len(iv)} bytes and not {_BLOCK}"
    if not ciphertext:
        return "its first part is empty"
    if len(ciphertext) % _BLOCK:
        return f"its first part is {len(ciphertext)} bytes, which is not a multiple of {_BLOCK}"
    return ""


RULE = Rule(
    "NC407",
    "invalid-secured",
    Severity.ERROR,
    value=check,
    applies=lambda field: field.format is Format.SECURED,
)
