"""A sound card, and ways to make others from it; snapshots; a terminal."""

from __future__ import annotations

import os
import re
from pathlib import Path

from newscards.lint.findings import Finding
from newscards.rules.selection import every_linter

SNAPSHOTS = Path(__file__).parent.parent / "snapshots"
ROOT = Path(__file__).parent.parent.parent

CARD = """\
---
category: news
title: "Tide gauges get a second life"
excerpt: "Old wells, new sensors."
publishedDateTime: 2023-06-20T15:44:00Z
originalUrl: "https://www.tide.example/gauges"
webUrl: "https://www.tide.example/gauges"
type: article
quality: 67
heat: 67
published: true

provider:
  name: Tide
  domain: tide.example

topics:
  - Oceans
  - Science

images:
  - url: "https://www.tide.example/gauges.jpg"
    width: 1200
    height: 720
    isCached: true

secured: "AAAAAAAAAAAAAAAAAAAAAA==;AAAAAAAAAAAAAAAAAAAAAA=="
---
"""


def card(**fields: str | None) -> str:
    """Return CARD with top-level lines replaced: ``card(quality="-5")``, ``card(heat=None)`` without one.

    A field that CARD does not have is added below ``published``.
    """
    text = CARD
    for name, value in fields.items():
        line = re.compile(rf"^{re.escape(name)}:.*\n(?:(?!---)[ -].*\n)*", re.MULTILINE)
        gap = "" if (value or "").startswith("\n") else " "
        new = "" if value is None else f"{name}:{gap}{value}\n"
        if found := line.search(text):
            text = text[: found.start()] + new + text[found.end() :]
        else:
            text = text.replace("published: true\n", f"published: true\n{new}")
    return text


def written(path: Path) -> tuple[int, ...]:
    """Return what tells that a file was written: all of its state but the time at which it was read."""
    state = path.stat()
    return state.st_mode, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns


def matches_snapshot(name: str, text: str) -> None:
    """Assert that ``text`` is what ``snapshots/NAME`` holds.

    NEWSCARDS_UPDATE_SNAPSHOTS=1 writes it instead, to be looked at before it is committed.
    """
    path = SNAPSHOTS / name
    if os.environ.get("NEWSCARDS_UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def lint_card(path: str) -> list[Finding]:
    """Check one card by itself with every rule, and return its findings by place."""
    return every_linter().check(path)
