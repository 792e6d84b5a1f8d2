"""The files that output goes into: whether one can be written, and is no card."""

from __future__ import annotations

import os

from newscards.corpus.discovery import ENDINGS
from newscards.edits.atomic import descriptor_of


def reason_against(file: str) -> str:
    """Return why a file cannot be written; empty if it probably can."""
    if (descriptor := descriptor_of(file)) >= 0:
        try:
            os.fstat(descriptor)
        except OSError as error:
            return error.strerror or str(error)
        return ""
    target = os.path.realpath(file)
    folder = os.path.dirname(target)
    if os.path.isdir(target):
        return "it is a folder"
    if target.endswith(ENDINGS):
        return "its name is that of a card"
    if os.path.exists(file):
        return "" if os.access(file, os.W_OK) else "it is write-protected"
    if not os.path.isdir(folder):
        return "its folder does not exist"
    return "" if os.access(folder, os.W_OK) else "its folder is write-protected"
