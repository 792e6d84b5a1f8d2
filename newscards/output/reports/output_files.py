"""``validate --output FORMAT:FILE``: reports into files, besides the one on standard output."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from typing import NamedTuple

from newscards.corpus.discovery import ENDINGS
from newscards.edits.atomic import write_file
from newscards.errors import NewscardsError
from newscards.lint.findings import Report
from newscards.output.reports.formats import FORMATS, Sink, write_report
from newscards.text import did_you_mean, path_text

STANDARD_OUTPUT = "-"


class Output(NamedTuple):
    """A report to be written: the format, and the file, or ``-`` for standard output."""

    form: str
    file: str


def parse_outputs(words: Sequence[str]) -> list[Output]:
    """Return what ``--output`` says; raises ``NewscardsError`` where that cannot be done.

    What can be known before the cards are checked is looked at here: the format, and whether the file, or
    one in its folder, may be written.
    """
    outputs = [_parse(word) for word in words]
    files: set[str] = set()
    for output in outputs:
        if output.file == STANDARD_OUTPUT:
            continue
        target = os.path.realpath(output.file)
        if target in files:
            raise NewscardsError(f"--output: two reports cannot go into {path_text(output.file)}")
        files.add(target)
        if reason := _obstacle(target):
            raise _refused(output.file, reason)
    return outputs


def write_output(report: Report, output: Output) -> None:
    """Write a report into its file: whole, or not at all; raises ``NewscardsError``."""
    buffer = io.StringIO()
    write_report(report, output.form, Sink(buffer.write))
    try:
        write_file(os.path.realpath(output.file), buffer.getvalue().encode(errors="replace"))
    except OSError as error:
        raise _refused(output.file, error.strerror or str(error)) from error


def _parse(word: str) -> Output:
    form, colon, file = word.partition(":")
    if not colon or not file:
        raise NewscardsError(
            f"--output takes FORMAT:FILE, and is `{path_text(word)}`", "for example --output sarif:news.sarif"
        )
    if form not in FORMATS:
        hint = did_you_mean(form, FORMATS) or f"the formats are {', '.join(FORMATS)}"
        raise NewscardsError(f"--output: there is no format `{path_text(form)}`", hint)
    return Output(form, file)


def _refused(file: str, reason: str) -> NewscardsError:
    return NewscardsError(f"--output: {path_text(file)} cannot be written: {reason}")


def _obstacle(target: str) -> str:
    """Return why a file cannot be written; empty where nothing is known against it."""
    folder = os.path.dirname(target)
    if os.path.isdir(target):
        return "it is a folder"
    if target.endswith(ENDINGS):
        return "its name is that of a card"
    if os.path.lexists(target):
        return "" if os.access(target, os.W_OK) else "it is write-protected"
    if not os.path.isdir(folder):
        return "its folder does not exist"
    return "" if os.access(folder, os.W_OK) else "its folder is write-protected"
