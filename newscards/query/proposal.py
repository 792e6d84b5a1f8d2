"""A proposed configuration: the text of a ``newscards.toml`` that fits a survey."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from newscards.cards.fields import (
    BUILT_IN,
    JEKYLL_KEYS,
    TYPES,
    Field,
    FieldType,
    Format,
    dotted_names,
    field_named,
)
from newscards.corpus.card_folders import CardFolders
from newscards.corpus.discovery import ENDINGS
from newscards.corpus.registry import REGISTRY_KEYS, read_registry, registry_beside
from newscards.corpus.settings import OWN_FILE, Settings, settings_in
from newscards.errors import DeclarationError, NewscardsError
from newscards.query.survey import EMPTY, LIST_OF, TEXT, URL, Survey, fitting, general_kind
from newscards.text import counted, cut, nearest, one_line, path_text, toml_key, toml_text

MAX_FIELDS = 200
"""The number of own fields that are declared, the most frequent ones; of more, none that is rare."""
MAX_VALUES = 100
"""The number of categories, or of types, that are written."""
_MAX_LISTED = 20
"""The number of keys that a comment lists."""
_REQUIRED_SHARE = 20
"""A field stays required if at most one card in so many lacks it."""
_RARE_SHARE = 100
"""A key is rare, and so perhaps misspelt, if at most one card in so many has it."""
_USUAL_SHARE = 10
"""A name that a rare key may misspell is in so many times as many cards."""


_OPTIONAL = {"required": False}


class _Table(NamedTuple):
    """A table ``[fields.NAME]``: its keys with their values, and the comment above it."""

    name: str
    values: Mapping[str, Any]
    comment: str


@dataclass
class Proposal:
    """A configuration for the cards in some folders, with what a survey of them has found.

    ``text`` is that of the file at ``file``, and ``settings`` what it means. ``refused`` are the fields whose
    declaration the configuration would not take, with the reasons.
    """

    folders: CardFolders
    survey: Survey
    baseline: str = ""
    refused: dict[str, str] = field(default_factory=dict)
    text: str = field(init=False)
    settings: Settings = field(init=False)
    _types: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """Write the text, and read it as ``load_settings`` will; what is refused is left out.

        Raises ``NewscardsError`` for a folder whose name is not UTF-8, which TOML cannot hold.
        """
        for path in self.folders.corpora:
            if any("\ud800" <= character <= "\udfff" for character in self._relative(path)):
                raise NewscardsError(
                    f"a configuration cannot name {path_text(path)}, which is not UTF-8", "rename the folder"
                )
        self._types = self._common_values("type")
        while True:
            self.text = "\n".join(self._lines()) + "\n"
            try:
                self.settings = settings_in(self.text, self.file)
            except NewscardsError as error:
                cause = error.__cause__
                if not isinstance(cause, DeclarationError):
                    raise
                self.refused[str(cause.keys[1])] = one_line(str(cause))
            else:
                return

    @property
    def file(self) -> str:
        """The path of the file, from the current folder."""
        return os.path.normpath(os.path.join(self.folders.folder, OWN_FILE))

    def _lines(self) -> Iterator[str]:
        cards = counted(self.survey.cards, "card")
        unreadable = self.survey.unreadable
        also = f"; {counted(unreadable, 'file')} could not be read" if unreadable else ""
        yield f"# What `newscards init` found in {cards}{also}. See `newscards help configuration`."
        yield ""
        yield from self._places()
        for key in REGISTRY_KEYS:
            yield from self._registry(key)
        for key, name in (("categories", "category"), ("types", "type")):
            yield from self._choices(key, name)
        yield from self._ignored()
        if self.baseline:
            yield "# The findings of today, which `newscards validate` leaves out."
            yield f"baseline = {toml_text(self.baseline)}"
        tables = [*self._tables()]
        optional = [table for table in tables if table.values == _OPTIONAL and table.name not in self.refused]
        if optional:
            yield "\n# Built-in fields that many cards lack, or all of them.\n[fields]"
            lines = [f"{toml_key(table.name)} = {{ required = false }}" for table in optional]
            width = max(map(len, lines))
            yield from (
                f"{line:{width}}  # {each.comment}" for line, each in zip(lines, optional, strict=True)
            )
        for table in tables:
            if table in optional:
                continue
            yield f"\n# {table.comment}"
            if reason := self.refused.get(table.name):
                yield f"# cannot be declared: {reason}"
                continue
            yield f"[fields.{toml_key(table.name)}]"
            yield from (f"{key} = {toml_text(value)}" for key, value in table.values.items())
        yield from self._left_out()

    def _places(self) -> Iterator[str]:
        paths = [self._relative(path) for path in self.folders.corpora]
        yield "# Where the cards are."
        yield f"corpus = {_list(paths) if len(paths) > 1 else toml_text(paths[0])}"
        others = [self._relative(path) for path in self.folders.others]
        if others:
            yield f"# Not read: {_listed(others)}, which hold Markdown, too."
        if self.folders.endings != ENDINGS:
            yield "# The endings of files with front matter."
            yield f"endings = {toml_text([*self.folders.endings])}"

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, self.folders.folder).replace(os.sep, "/")

    def _registry(self, key: str) -> Iterator[str]:
        path = registry_beside(self.folders.folder, key)
        if not path:
            return
        shown = f"{key} = {toml_text(path)}"
        try:
            registry = read_registry(os.path.join(self.folders.folder, path))
        except NewscardsError as error:
            yield f"# {one_line(str(error))}\n# {shown}"
            return
        names = counted(len(registry.names), "name")
        known, used = {*registry.names}, self.survey.values.get(key, Counter[str]())
        found = sum(count for name, count in used.items() if name in known)
        if 2 * found < used.total():
            share = f"{found:,} of {used.total():,} uses in cards"
            yield f"# {names}, which are only {share}: perhaps another list.\n# {shown}"
            return
        yield f"# The site's registry of {key}: {names}."
        yield shown

    def _choices(self, key: str, name: str) -> Iterator[str]:
        """Yield the line of ``categories`` or ``types``, if cards have others than the built-in ones."""
        values, common = self.survey.values[name], self._common_values(name)
        if not common:
            return
        rest = len(values) - len(common)
        also = f"; and {counted(rest, 'rare value')}, which `validate` reports" if rest else ""
        shown = ", ".join(f"{one_line(value)} ({values[value]:,})" for value in common[:_MAX_LISTED])
        yield f"# The values of `{name}`, with the number of cards: {shown}{also}."
        yield f"{key} = {_list(common)}"

    def _common_values(self, name: str) -> list[str]:
        """Return the values of ``category`` or ``type`` that are listed; none if built-in ones suffice."""
        built_in = field_named(name, BUILT_IN)
        kind = general_kind(self.survey.kinds.get(name, Counter()))
        values = self.survey.values[name]
        if not built_in or kind not in (TEXT, URL):
            return []
        common: list[str] = []
        for value, count in values.most_common():
            near = nearest(value, common, beginnings=False, cutoff=0.8)
            is_slip = any(count * _USUAL_SHARE <= values[each] for each in near)
            if (
                value.strip()
                and value.isprintable()
                and count * _RARE_SHARE >= values.total()
                and not is_slip
            ):
                common.append(value)
        return [] if {*common} <= {*built_in.choices} else common[:MAX_VALUES]

    def _lacking(self, name: str) -> int:
        """Return the number of cards that lack a field that they must have with the listed types."""
        listed = sum(self.survey.lacking_if_listed[name, each] for each in self._types)
        return self.survey.lacking[name] + listed

    def _is_lacking_in_a_type(self, name: str) -> bool:
        """Return whether many cards of a listed type lack a field that its listing makes required."""
        counts = self.survey.values["type"]
        return any(
            self.survey.lacking_if_listed[name, each] * _REQUIRED_SHARE > counts[each] for each in self._types
        )

    def _ignored(self) -> Iterator[str]:
        bodies, cards = self.survey.bodies, self.survey.cards
        if 2 * bodies > cards:
            yield f"# {bodies:,} of {counted(cards, 'card')} have a text below their front matter."
            yield 'ignore = ["text-in-body", "card-in-body"]'

    def _tables(self) -> Iterator[_Table]:
        """Yield the tables of fields: the built-in ones that differ, and then the cards' own."""
        retyped: list[str] = []
        for name in dotted_names(BUILT_IN):
            parent = name.rpartition(".")[0]
            if any(f"{parent}.".startswith(f"{each}.") for each in retyped):
                continue
            values, comments = self._differences(name)
            if "type" in values:
                retyped.append(name)
            if values and not self._follows(name, values):
                yield _Table(name, values, "; ".join(comments))
        for name in self._own_names():
            if any(name.startswith(f"{each}.") for each in retyped):
                continue
            kinds = self.survey.kinds[name]
            kind = general_kind(kinds) or TEXT
            yield _Table(name, _type_values(kind), self._comment(name, kinds, kind))

    def _follows(self, name: str, values: Mapping[str, Any]) -> bool:
        """Return whether a declaration of a card's field says the same of an entry of ``related``."""
        outer = name.removeprefix("related.")
        return outer != name and self._differences(outer)[0] == values

    def _differences(self, name: str) -> tuple[dict[str, Any], list[str]]:
        """Return what a built-in field is declared with to fit the cards, and why; empty where it fits."""
        built_in = field_named(name, BUILT_IN)
        values: dict[str, Any] = {}
        comments: list[str] = []
        kinds = self.survey.kinds.get(name, Counter())
        kind = general_kind(kinds)
        if built_in and kind and not _fits(built_in, kind) and 2 * fitting(kinds, kind) > kinds.total():
            values |= _type_values(kind)
            comments.append(self._comment(name, kinds, kind))
        lacking, parents = self._lacking(name), self.survey.parents(name)
        if lacking * _REQUIRED_SHARE > parents or self._is_lacking_in_a_type(name):
            values |= _OPTIONAL
            if not kinds:
                comments.append("in no card")
            elif not comments:
                comments.append(self._comment(name, kinds, kind or EMPTY))
        return values, comments

    def _comment(self, name: str, kinds: Counter[str], kind: str) -> str:
        """Return how many cards have a field, and the kinds that its other values have."""
        also = [
            f"{count:,} {_are(each, count)}"
            for each, count in kinds.most_common()
            if not fitting(Counter({each: 1}), kind)
        ]
        parents, total = self.survey.parents(name), kinds.total()
        share = f"in {total:,} of {parents:,} {_owners(name)}"
        return f"{share}; {', '.join(also)}" if also else share

    def _own_names(self) -> list[str]:
        """Return the names of the cards' own fields that are declared, the most frequent first."""
        misspelt = self._misspelt()
        names = [name for name in self._unknown_names() if name not in misspelt]
        if len(names) > MAX_FIELDS:  # then keys are made up, one a card, and are no fields
            names = [name for name in names if not self._is_rare(name)]
        return names[:MAX_FIELDS]

    def _is_rare(self, name: str) -> bool:
        return self.survey.count(name) <= max(1, self.survey.cards // _RARE_SHARE)

    def _unknown_names(self) -> list[str]:
        """Return the names that are neither fields nor keys of Jekyll, the most frequent first."""
        names = [
            name
            for name in self.survey.kinds
            if name not in JEKYLL_KEYS and field_named(name, BUILT_IN) is None
        ]
        return sorted(names, key=self.survey.count, reverse=True)

    def _misspelt(self) -> dict[str, str]:
        """Return the rare keys that resemble a usual one, which they probably misspell: ``{key: usual}``."""
        survey = self.survey
        found: dict[str, str] = {}
        for name in self._unknown_names():
            count = survey.count(name)
            if not self._is_rare(name):
                continue
            kind = general_kind(survey.kinds[name])
            parent, _, last = name.rpartition(".")
            prefix = f"{parent}." * bool(parent)
            usual = [
                other.removeprefix(prefix)
                for other in survey.kinds
                if survey.count(other) >= count * _USUAL_SHARE
                and other.rpartition(".")[0] == parent
                and general_kind(survey.kinds[other]) in (kind, None)
            ]
            if near := nearest(last, usual, most=1, cutoff=0.8, beginnings=False):
                found[name] = prefix + near[0]
        return found

    def _left_out(self) -> Iterator[str]:
        """Yield the comments about keys that are not declared."""
        notes: list[str] = []
        if misspelt := self._misspelt():
            slips = [f"{name} ({usual}?)" for name, usual in misspelt.items()]
            notes.append(f"Probably misspelt: {_listed(slips)}.")
        known = {*self._own_names(), *misspelt}
        left = [name for name in self._unknown_names() if name not in known]
        if left:
            most = self.survey.count(left[0])
            notes.append(f"{counted(len(left), 'more key')}, each in at most {counted(most, 'card')}.")
        if self.survey.beyond:
            notes.append(f"Of {counted(len(self.survey.kinds), 'key')} on, keys were not counted any more.")
        if self.survey.odd:
            notes.append(f"No names of fields: {_listed([*self.survey.odd])}.")
        if notes:
            yield "\n# Keys that are not declared, so that `newscards validate` reports them:"
            yield from (f"# {note}" for note in notes)


def _fits(field: Field, kind: str) -> bool:
    """Return whether values of a kind are right for a field."""
    if field.kind is FieldType.LIST:
        items = kind.removeprefix(LIST_OF)
        return kind.startswith("list") and (items == kind or not field.item or _fits(field.item, items))
    if kind == TEXT and field.format is Format.URL:
        return False
    return TYPES.get(kind, TYPES["list"])[0] is field.kind


def _type_values(kind: str) -> dict[str, Any]:
    """Return ``type``, and ``of`` for a list, of a kind of values."""
    if not kind.startswith("list"):
        return {"type": kind}
    items = kind.removeprefix(LIST_OF)
    return {"type": "list"} if items == kind else {"type": "list", "of": items}


def _owners(name: str) -> str:
    parent = name.rpartition(".")[0]
    return f"cards with `{parent}`" if parent else "cards"


def _are(kind: str, count: int) -> str:
    """Return a kind as what some values are: ``is empty``, ``are lists``."""
    if kind == EMPTY:
        return "is empty" if count == 1 else "are empty"
    word = "list" if kind.startswith("list") else kind
    article = "an" if word[0] in "aeiou" else "a"
    return f"is {article} {word}" if count == 1 else f"are {word}s"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(one_line(cut(name, 80)) for name in names[:_MAX_LISTED])
    return f"{shown} and {len(names) - _MAX_LISTED:,} more" if len(names) > _MAX_LISTED else shown


def _list(texts: Sequence[str]) -> str:
    """Return a list of texts as TOML: on one line, or one text a line where that is too long."""
    line = toml_text([*texts])
    return line if len(line) < 100 else "\n".join(["[", *(f"  {toml_text(each)}," for each in texts), "]"])
