"""Slips: the mistakes that make a front matter no YAML, found by undoing them.

libyaml reports where it gives up, which is often the line below the mistake: ``name:Tide`` is a text, and
only the ``: `` of the next line shows that a key was meant. So each line that may be a slip is corrected, and
the correction that makes the lines around it YAML again says what is wrong, and where.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import yaml

from newscards.frontmatter.limits import MAX_DEPTH
from newscards.frontmatter.loader import LOADER
from newscards.frontmatter.messages import NO_PAIR, ODD_BLANKS, shown

_MAX_TEXT, _MAX_LINES, _MAX_DISTANCE = 1 << 18, 400, 20
"""The longest text in which slips are sought, the lines above the error that count, and those between two
lines that count as neighbours."""

_MAX_TRIES, _MAX_EVENTS = 200, 100_000
"""The number of corrections that are tried, and of libyaml's events that are read for them."""

_ITEM = r"^( *(?:- +)*)"


class Slip(NamedTuple):
    """A mistake in a line: its offset in the text, and the reason and the advice in plain words."""

    offset: int
    reason: str
    advice: str = ""


class _Lines(NamedTuple):
    """A text in lines, without their ends, and the number of the line that may be a slip."""

    lines: Sequence[str]
    at: int

    @property
    def line(self) -> str:
        return self.lines[self.at]

    def neighbour(self, step: int) -> str:
        """Return the next line above or below that is neither blank nor a comment; empty if there is none."""
        return next(self._from(step), "")

    @property
    def begins_paragraph(self) -> bool:
        """Whether the line above is blank."""
        return self.at > 0 and not self.lines[self.at - 1].strip()

    def above(self, count: int) -> list[str]:
        """Return the next lines above, nearest first, that are neither blank nor comments."""
        return list(islice(self._from(-1), count))

    def _from(self, step: int) -> Iterator[str]:
        for at in range(self.at + step, self.at + step * _MAX_DISTANCE, step):
            if not 0 <= at < len(self.lines):
                return
            if (text := self.lines[at].strip(" \r")) and not text.startswith("#"):
                yield self.lines[at]


class _Correction(NamedTuple):
    """A corrected line, the column of the mistake, and the reason and the advice in plain words."""

    line: str
    column: int
    reason: str
    advice: str = ""


_Corrector = Callable[[_Lines], Iterator[_Correction]]


def find_slip(text: str, offset: int) -> Slip | None:
    """Return the slip that keeps ``text`` from being YAML; ``None`` if none is found.

    ``offset`` is where libyaml gives up. The lines up to there are tried, nearest first, and of each slip all
    lines before the next slip, because the first are the more specific ones.
    """
    if len(text) > _MAX_TEXT or text.count("[") + text.count("{") > MAX_DEPTH:
        return None
    lines = text.split("\n")
    last = text.count("\n", 0, offset)
    first = max(0, last - _MAX_LINES)
    tries, events = _MAX_TRIES, _MAX_EVENTS
    for correct in _CORRECTORS:
        # Before an odd blank, libyaml may give up at the end of the line above.
        nearest = min(last + (correct is _odd_indentation), len(lines) - 1)
        for at in range(nearest, first - 1, -1):
            for correction in correct(_Lines(lines, at)):
                corrected = "\n".join([*lines[:at], correction.line, *lines[at + 1 :]])
                is_mapping, count = _is_mapping(corrected, events)
                if is_mapping:
                    start = sum(map(len, lines[:at])) + at
                    return Slip(start + correction.column, correction.reason, correction.advice)
                tries, events = tries - 1, events - count
                if not tries or events <= 0:
                    return None
    return None


def _is_mapping(text: str, most: int) -> tuple[bool, int]:
    """Return whether a text is one YAML mapping of at most so many events, and how many were read."""
    count = documents = 0
    events: Iterator[Any] = yaml.parse(text, Loader=LOADER)
    try:
        for count, event in enumerate(events, 1):
            documents += isinstance(event, yaml.DocumentStartEvent)
            # The stream and the document begin first, then the value.
            if (
                count > most
                or documents > 1
                or (count == 3 and not isinstance(event, yaml.MappingStartEvent))
            ):
                return False, count
    except yaml.YAMLError:
        return False, count
    return count > 3, count


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]


_BEFORE_KEY = re.compile(r" *(?:- +)*")


def _column(line: str) -> int:
    """Return the column in which a line's key or text begins: behind its dashes, if it begins an item."""
    match = _BEFORE_KEY.match(line)
    return match.end() if match else 0


def _is_item(line: str) -> bool:
    return line.lstrip(" ").startswith("- ")


def name_of(character: str) -> str:
    """Return the name of a blank that is none to YAML."""
    names = {"\t": "a tab", "\xa0": "a no-break blank", "\u3000": "an ideographic blank"}
    return names.get(character, f"the blank U+{ord(character):04X}")


_ODD_INDENTATION = re.compile(rf"^( *)([{ODD_BLANKS}])[ {ODD_BLANKS}]*")


def _odd_indentation(around: _Lines) -> Iterator[_Correction]:
    """Yield the corrections of an indentation that is not of blanks: as wide as it, or as one beside it."""
    if match := _ODD_INDENTATION.match(around.line):
        rest = re.sub(rf"^-[{ODD_BLANKS}]", "- ", around.line[match.end() :])
        if not rest.strip("\r"):
            yield _Correction("", match.start(2), f"{name_of(match[2])} on a line of its own", "delete it")
            return
        # A no-break blank is as wide as a blank; how many blanks a tab stands for, its place says.
        first = [" " * match.end()]
        if match[2] == "\t":
            first = [_usual_indentation(around), " " * _column(around.neighbour(-1)), *first]
        beside = [_indentation(around.neighbour(step)) for step in (1, -1)]
        widths = dict.fromkeys([*first, *beside, "  ", "    ", ""])
        for width in widths:
            reason = f"{name_of(match[2])} as indentation: YAML wants blanks"
            yield _Correction(width + rest, match.start(2), reason, _indent_by(width, match))


def _usual_indentation(around: _Lines) -> str:
    """Return the indentation that a line wants: that of the mapping or the list above it, or below its key.

    Of the mappings that may go on here, it belongs to the one whose like has its key elsewhere.
    """
    above, below = around.neighbour(-1), _indentation(around.neighbour(1))
    column, text = _column(above), around.line.strip()
    if _ends_in_colon(above):
        return below if len(below) > column else " " * (column + 2)
    if text.startswith("- "):
        return next((_indentation(line) for line in around.above(_MAX_DISTANCE) if _is_item(line)), "")
    key = text.partition(":")[0] + ":"
    nearby = around.lines[max(0, around.at - _MAX_LINES) : around.at + _MAX_LINES]
    columns = (_column(line) for line in nearby if line.lstrip(" -").startswith(key))
    return " " * max((each for each in columns if each <= column), default=column)


def _indent_by(width: str, odd: re.Match[str]) -> str:
    """Return the advice for an odd indentation, which should be as wide as ``width``."""
    if not width:
        return "delete it"
    missing = len(width) - odd.start(2)
    if odd.end() - odd.start(2) > 1 or missing < 1:
        return f"indent this line with {_blanks(len(width))}"
    which = "the tab" if odd[2] == "\t" else "it"
    return f"write {_blanks(missing)} for {which}"


def _blanks(count: int) -> str:
    return "1 blank" if count == 1 else f"{count} blanks"


_GLUED = re.compile(rf"{_ITEM}([A-Za-z_][\w-]*):([^ \r/:])", re.ASCII)
_OTHER_COLON = re.compile(rf"{_ITEM}([A-Za-z_][\w-]*) *([=;：﹕∶]) *(?=\S|\r?$)", re.ASCII)
_ALONE = re.compile(rf"{_ITEM}([A-Za-z_][\w-]*)[ \r]*$", re.ASCII)
_TWO_WORDS = re.compile(rf"{_ITEM}([A-Za-z_][\w-]*) +(?=\S)", re.ASCII)


def _glued(around: _Lines) -> Iterator[_Correction]:
    """Yield the correction of a key without a blank after its colon."""
    if match := _GLUED.match(around.line):
        is_odd = re.match(f"[{ODD_BLANKS}]", match[3])
        yield _Correction(
            around.line[: match.start(3)] + " " + around.line[match.end(3) if is_odd else match.start(3) :],
            match.start(3) if is_odd else match.start(2),
            glued(match[2], match[3]),
            f"write `{match[2]}: …`",
        )


def glued(key: str, character: str) -> str:
    """Return the reason of a key that is followed by its colon and this character."""
    if re.match(f"[{ODD_BLANKS}]", character):
        return f"the blank after `{key}:` is {name_of(character)}, which is none to YAML"
    return f"the blank after `{key}:` is missing"


def _no_colon(around: _Lines) -> Iterator[_Correction]:
    """Yield the corrections of a key without a colon, or with another character instead."""
    is_above_deeper = len(_indentation(around.neighbour(1))) > len(_indentation(around.line))
    match = _OTHER_COLON.match(around.line)
    if match and (is_above_deeper or around.line[match.end() :].strip("\r")):
        line = f"{match[1]}{match[2]}: {around.line[match.end() :]}"
        reason = f"`{match[3]}` after `{match[2]}`, where YAML wants a colon and a blank"
        advice = f"write `{match[2]}:{' …' if around.line[match.end() :].strip() else ''}`"
        yield _Correction(line, match.start(3), reason, advice)
    if is_above_deeper and (match := _ALONE.match(around.line)):
        reason = f"the colon after `{match[2]}` is missing"
        yield _Correction(f"{match[1]}{match[2]}:", match.start(2), reason, f"write `{match[2]}:`")


def _two_words(around: _Lines) -> Iterator[_Correction]:
    """Yield the correction of a line of words in which a colon is missing, or which is no key at all."""
    if match := _TWO_WORDS.match(around.line) or _ALONE.match(around.line):
        line = f"{match[1]}{match[2]}: {around.line[match.end() :]}"
        yield _Correction(line, match.start(2), NO_PAIR)


_GLUED_DASH = re.compile(rf"^( *)-(?:([{ODD_BLANKS}])|(?=[^ \r-]))")
_BULLET = re.compile(r"^( *)([*+•‣·–—−‐‑►○●])(?= |(?<![*+])\S)")


def _dash(around: _Lines) -> Iterator[_Correction]:
    """Yield the corrections of a dash without a blank, and of another character that is meant as one."""
    if match := _GLUED_DASH.match(around.line):
        blank = f"is {name_of(match[2])}, which is none to YAML" if match[2] else "is missing"
        line = f"{match[1]}- {around.line[match.end() :]}"
        yield _Correction(line, match.end(1), f"the blank after `-` {blank}", "begin an item with `- `")
    if match := _BULLET.match(around.line):
        line = f"{match[1]}- {around.line[match.end() :].lstrip(' ')}"
        yield _Correction(line, match.end(1), f"`{match[2]}` is no dash to YAML", "begin an item with `- `")


_MARKED_KEY = re.compile(r"^( *)([-@`%*&!|>\[{?,\]}\"'“”„‘’#]+)(?! )([A-Za-z_][\w-]*:(?: |\r?$))", re.ASCII)
_QUOTED_KEY = re.compile(r"^( *)([>*+]+ +)([A-Za-z_][\w-]*:(?: |\r?$))", re.ASCII)
"""A key behind a mark of Markdown, or of mail: that of a quotation or of an item."""
_DASHED_KEY = re.compile(r"^( *)- +(?=[A-Za-z_][\w-]*:(?: |\r?$))", re.ASCII)


def _marked_key(around: _Lines) -> Iterator[_Correction]:
    """Yield the correction of a key with a mark before it."""
    if match := _MARKED_KEY.match(around.line) or _QUOTED_KEY.match(around.line):
        key, mark = match[3].rstrip(" :\r"), shown(match[2].rstrip(" "))
        line = f"{match[1]}{around.line[match.end(2) :]}"
        yield _Correction(line, match.start(2), f"{mark} before the key `{key}`", "delete it")


def _dashed_key(around: _Lines) -> Iterator[_Correction]:
    """Yield the corrections of a key with a dash that makes an item of it."""
    if match := _DASHED_KEY.match(around.line):
        rest = around.line[match.end() :]
        reason = "a `- ` before a key among keys that have none"
        yield _Correction(match[1] + rest, match.end(1), reason, "delete the `- `")
        yield _Correction(" " * match.end() + rest, match.end(1), reason, "delete the `- `")


_RULE_LINE = re.compile(r"^([ \t]*)([-*_=~+.]{2,}|[-*+])[ \t\r]*$")


def _rule_line(around: _Lines) -> Iterator[_Correction]:
    """Yield the correction of a line of dashes or other marks alone."""
    if match := _RULE_LINE.match(around.line):
        yield _Correction("", match.start(2), f"a line `{match[2]}` in the front matter", "delete it")


_INDENTED_KEY = re.compile(r"^ +[A-Za-z_][\w-]*:(?: |\r?$)", re.ASCII)


def _indented_field(around: _Lines) -> Iterator[_Correction]:
    """Yield the correction of an indented key below a blank line: a field of the card, most probably."""
    if around.begins_paragraph and _INDENTED_KEY.match(around.line):
        yield _indented(around, "")


_COMMENTED_KEY = re.compile(r"^( *)# ?([A-Za-z_][\w-]*):[ \r]*$", re.ASCII)


def _no_key_above(around: _Lines) -> Iterator[_Correction]:
    """Yield the corrections of indented lines whose key is a comment, or missing."""
    below = _indentation(around.neighbour(1))
    if (match := _COMMENTED_KEY.match(around.line)) and len(below) > len(match[1]):
        reason = f"`{match[2]}:` is a comment, and the lines below belong to it"
        yield _Correction(f"{match[1]}{match[2]}:", match.end(1), reason, "delete the `#`")
    if around.begins_paragraph and (own := _indentation(around.line)):
        reason = "the key that the lines from here on belong to is missing"
        yield _Correction(
            f"x:\n{around.line}", len(own), reason, "write it on a line above, such as `topics:`"
        )


def _indented_like_none(around: _Lines) -> Iterator[_Correction]:
    """Yield the corrections of a line that is indented otherwise than both lines beside it, or oddly."""
    own, below = (_indentation(each) for each in (around.line, around.neighbour(1)))
    is_dashed_field = not own and _DASHED_KEY.match(around.line)
    if not around.line.strip() or is_dashed_field or (not own and _TOP_KEY_ALONE.match(around.line)):
        return
    nearest = around.neighbour(-1)
    above = _indentation(nearest) if _is_item(around.line) else " " * _column(nearest)
    is_below_key = _ends_in_colon(nearest) or _is_above_doubtful(around)
    if above == below != own and not is_below_key:
        yield _indented(around, above)
    if len(own) % 2:
        for width in dict.fromkeys((above, below, own[:-1], own + " ")):
            if len(width) % 2 == 0:
                yield _indented(around, width)


def _is_above_doubtful(around: _Lines) -> bool:
    """Return whether the line above may be the wrong one: the one before it is deeper, or wants that."""
    above, before, *_ = [*around.above(2), "", ""]
    wants_deeper = _ends_in_colon(before) and _column(before) >= _column(above)
    return wants_deeper or _column(before) >= _column(around.line) > _column(above)


def _ends_in_colon(line: str) -> bool:
    return line.rstrip(" \r").endswith(":")


def _indented_too_far(around: _Lines) -> Iterator[_Correction]:
    """Yield the corrections of the one line that is indented deeper than a key with a value, or than others.

    The first line below a key counts as wrong, and not the next one, if only the next one is indented by the
    usual two blanks.
    """
    above, below, own = around.neighbour(-1), around.neighbour(1), _column(around.line)
    next_line = len(_indentation(below))
    if _INDENTED_KEY.match(around.line) and _WITH_VALUE.match(above) and own > _column(above):
        is_alone = _ends_in_colon(around.line) or next_line < own
        if is_alone and not _is_above_doubtful(around):
            yield _indented(around, " " * _column(above))
    elif _ends_in_colon(above):
        own = len(_indentation(around.line))
        if own - 2 > _column(above) and _column(above) < next_line < own:
            yield _indented(around, " " * next_line)


def _indented_less_than_next(around: _Lines) -> Iterator[_Correction]:
    """Yield the correction of a key with a value that the next line is indented deeper than."""
    own, below = _column(around.line), len(_indentation(around.neighbour(1)))
    if below > own and _WITH_VALUE.match(around.line):
        yield _indented(around, " " * (below - own + len(_indentation(around.line))))


_TOP_KEY_ALONE = re.compile(r"[A-Za-z_][\w-]*:[ \r]*$", re.ASCII)


def _indented_unlike(around: _Lines) -> Iterator[_Correction]:
    """Yield the corrections of a line that is indented otherwise than a line beside it."""
    if not around.line.strip():
        return
    own = _indentation(around.line)
    above, below = (_indentation(around.neighbour(step)) for step in (-1, 1))
    beside = " " * _column(around.neighbour(-1))
    ends_paragraph = not "".join(around.lines[around.at + 1 : around.at + 2]).strip()
    first = () if _is_item(around.line) or around.begins_paragraph or not ends_paragraph else (beside,)
    wanted = (*first, below, above, above + "  ", above[:-2], below[:-2], below + "  ")
    for width in dict.fromkeys(wanted):
        if width != own:
            yield _indented(around, width)


def _indented(around: _Lines, width: str) -> _Correction:
    own = _indentation(around.line)
    how = "too far" if len(own) > len(width) else "too little"
    expected = _blanks(len(width)) if width else "none"
    return _Correction(
        width + around.line.lstrip(" "), len(own), f"this line is indented {how}",
        f"indent it like the lines that it belongs to: {expected}",
    )  # fmt: skip


_WITH_VALUE = re.compile(r"^(( *(?:- +)?[A-Za-z_][\w-]*:) +)([^ #\r].*)", re.ASCII)


def _value_above(around: _Lines) -> Iterator[_Correction]:
    """Yield the correction of a key that has a value on its line, and more below."""
    if match := _WITH_VALUE.match(around.line):
        below = around.neighbour(1)
        if len(_indentation(below)) > _column(around.line) or below.startswith("- "):
            key = match[2].strip(" -:")
            is_empty = (value := match[3].rstrip(" \r")) in ("[]", "{}")
            what = f"`{value}`" if is_empty else "a value"
            reason = f"`{key}` has {what} on its line, and more lines below"
            advice = f"delete what stands behind `{key}:`"
            if not is_empty:
                advice += ", or write the key that the lines below belong to"
            yield _Correction(match[2], match.start(3), reason, advice)


_NO_ITEM = "a line in a list that does not begin with `- `"


def _no_first_dash(around: _Lines) -> Iterator[_Correction]:
    """Yield the correction of the first item of a list without its dash, above one that begins alike."""
    if not _INDENTED_KEY.match(around.line) or not _ends_in_colon(around.neighbour(-1)):
        return
    own, key = _indentation(around.line), around.line.partition(":")[0].strip()
    dash = f"{own[:-2]}- "
    if any(line.startswith(f"{dash}{key}:") for line in around.lines[around.at :]):
        yield _Correction(dash + around.line[len(own) :], len(own), _NO_ITEM, "begin an item with `- `")


_NO_DASH = re.compile(r"^( +)(?! |- )(?=\S)")


def _no_dash(around: _Lines) -> Iterator[_Correction]:
    """Yield the corrections of an item without its dash."""
    is_key = _INDENTED_KEY.match(around.line)
    is_first, next_line = _ends_in_colon(around.neighbour(-1)), around.neighbour(1)
    begins_item = is_first or len(_indentation(next_line)) > len(_indentation(around.line))
    # An item of several lines begins with a key with a value.
    if is_key and (_ends_in_colon(around.line) or not begins_item):
        return
    if match := _NO_DASH.match(around.line):
        rest, reason = around.line[match.end() :], _NO_ITEM
        for width in dict.fromkeys((match[1], match[1][:-2])):
            yield _Correction(f"{width}- {rest}", match.end(), reason, "begin an item with `- `")


_CORRECTORS: tuple[_Corrector, ...] = (
    _odd_indentation, _rule_line, _glued, _dash, _marked_key, _no_colon, _indented_field,
    _indented_like_none, _no_first_dash, _dashed_key, _indented_too_far, _no_key_above,
    _indented_less_than_next, _value_above, _two_words, _no_dash, _indented_unlike,
)  # fmt: skip
"""The slips, the most specific ones first: a correction of another kind may also make it YAML."""
