"""``validate --output FORMAT:FILE``: reports in files, besides the one on standard output."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from typing import NamedTuple

from newscards.edits.atomic import descriptor_of, is_stream, write_file
from newscards.errors import NewscardsError
from newscards.lint.findings import Report
from newscards.output.files import reason_against
from newscards.output.reports.formats import FORMATS, Sink, write_report
from newscards.output.ui import OutputError
from newscards.text import did_you_mean, path_text

STANDARD_OUTPUT = "-"


class Output(NamedTuple):
    """A value of ``--output``: the format, and the file, or ``-`` for standard output."""

    output_format: str
    file: str


def parse_outputs(words: Sequence[str]) -> list[Output]:
    """Return the parsed values of ``--output``; raises ``NewscardsError`` for one that cannot work.

    The format, and whether the file can be written, are checked here, before the cards are.
    """
    outputs = [_parse(word) for word in words]
    files: set[str] = set()
    for output in outputs:
        if output.file == STANDARD_OUTPUT:
            continue
        if reason := reason_against(output.file):
            raise _refused(output.file, reason)
        if is_stream(output.file):
            continue
        target = os.path.realpath(output.file)
        if target in files:
            raise NewscardsError(f"--output: two reports cannot go into {path_text(output.file)}")
        files.add(target)
    return outputs


def write_output(report: Report, output: Output) -> None:
    """Write a report to its file, entirely or not at all; raises ``NewscardsError``.

    Of a stream that nobody reads any more, ``OutputError`` is raised, as of standard output.
    """
    buffer = io.StringIO()
    write_report(report, output.output_format, Sink(buffer.write))
    try:
        write_file(output.file, buffer.getvalue().encode(errors="replace"))
    except BrokenPipeError as error:
        raise OutputError(str(error)) from error
    except OSError as error:
        raise _refused(output.file, error.strerror or str(error)) from error


def _parse(word: str) -> Output:
    output_format, colon, file = word.partition(":")
    if not colon or not file:
        raise NewscardsError(
            f"--output takes FORMAT:FILE, and is `{path_text(word)}`", "for example --output sarif:news.sarif"
        )
    if output_format not in FORMATS:
        hint = did_you_mean(output_format, FORMATS) or f"the formats are {', '.join(FORMATS)}"
        raise NewscardsError(f"--output: there is no format `{path_text(output_format)}`", hint)
    return Output(output_format, STANDARD_OUTPUT if descriptor_of(file) == 1 else file)


def _refused(file: str, reason: str) -> NewscardsError:
    return NewscardsError(f"--output: {path_text(file)} cannot be written: {reason}")
