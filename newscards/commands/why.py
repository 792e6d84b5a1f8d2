"""``newscards why``: the explanation whether the site shows a card."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from newscards.commands.shared.options import CONTEXT, cards_argument, common_options, nul_names_option
from newscards.output.ui import current
from newscards.text import json_text, path_json

if TYPE_CHECKING:
    from newscards.cards.stories import StoryOfCard
    from newscards.jekyll.explain import Explanation
    from newscards.lint.findings import Finding, Report
    from newscards.lint.strays import Stray


@click.command("why", context_settings=CONTEXT)
@cards_argument
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="The output format; json is an array.")  # fmt: skip
@click.option("--as-news", is_flag=True,
              help="Take a card that is in no collection of a site for one of a `_news`.")  # fmt: skip
@nul_names_option("CARDs")
@common_options
def command(names: tuple[str, ...], output_format: str, as_news: bool, nul: bool) -> int:
    """Explain whether the site shows a card, why, and what would change that.

    The decision comes first. Then come its reasons, marked as fine (✓), decisive (→) or worth a look (!),
    what would change the decision, and the findings of `validate`. CARD is a path, an id, the beginning or
    another part of an id, or a URL of the card; `-` reads CARDs from standard input. A card that cannot be
    read is explained, too. The exit code is 0 whatever the decision is.

    A card in a `_news`, or in another collection that `_config.yml` declares, is explained as Jekyll builds
    it, and so is a post in `_posts`. Of a card elsewhere, only its flag says something; see --as-news.

    \b
    Examples:
      newscards why 2023-06-20-some-card
      newscards why some-card --format json
      newscards list --min-heat 1 --unpublished --format paths | newscards why -
    """

    return run(names, output_format=output_format, as_news=as_news, nul=nul)


def run(names: Sequence[str], *, output_format: str, as_news: bool, nul: bool) -> int:
    """Explain the named cards; return the exit code."""
    from newscards.cards.card import Card
    from newscards.commands.shared.corpora import current_workspace, read_names
    from newscards.corpus.workspace import corpus_folder_of, resolve_cards
    from newscards.jekyll.explain import explain
    from newscards.lint.findings import Report
    from newscards.lint.strays import leftovers_of
    from newscards.query.findings import strays_around

    ui, corpus = current(), current_workspace().open_for_cards()
    paths = resolve_cards(corpus, read_names(tuple(names), nul=nul), part=True)
    if not paths:
        if output_format == "json":
            ui.write("[]\n")
        return 0
    records = {path: corpus.read(path) for path in paths}
    related = current_workspace().related_cards(each for each in records.values() if isinstance(each, Card))
    strays = strays_around(current_workspace(), paths, corpus.limits)
    findings = _findings(paths, strays, as_news=as_news)
    leftovers = leftovers_of(strays)
    explained = []
    for path, record in records.items():
        others = related[corpus_folder_of(record)] if isinstance(record, Card) else {}
        known = leftovers.get(os.path.abspath(path), ())
        explanation = explain(path, others, corpus.limits, known, as_news=as_news)
        explained.append((explanation, Report(1, findings[path])))
    if output_format == "json":
        ui.write(json_text([_json(*each) for each in explained], indent=2) + "\n")
        return 0

    from newscards.output.terminal.why import print_explanation

    console = ui.console()
    for index, (explanation, report) in enumerate(explained):
        if index:
            console.print()
        print_explanation(console, explanation, report)
    return 0


def _findings(paths: Sequence[str], strays: Sequence[Stray], *, as_news: bool) -> dict[str, list[Finding]]:
    """Return the findings of ``validate`` in files, by path: those of strays say that they are no cards."""
    from newscards.commands.shared.corpora import current_workspace
    from newscards.query.linters import make_linter

    by_file = {os.path.abspath(stray.record.path): stray for stray in strays}
    of_paths = {path: stray for path in paths if (stray := by_file.get(os.path.abspath(path)))}
    cards = [path for path in paths if path not in of_paths]
    findings = _findings_of_cards(cards, as_news=as_news) if cards else {}
    for path, stray in of_paths.items():
        findings[path] = make_linter(current_workspace().settings_for([path])).add_strays([stray])
    return findings


def _findings_of_cards(paths: Sequence[str], *, as_news: bool) -> dict[str, list[Finding]]:
    """Return the findings of ``validate`` in cards, by path; from an index if it has them.

    ``as_news`` is as in ``Linter``; an index has the findings without it.

    The index has those of the whole corpus, in which a finding of several cards stands at one of them.
    ``validate CARD`` places it at that card, so where there is such a finding, the cards are checked.
    """
    from newscards.commands.shared.corpora import current_workspace
    from newscards.lint.findings import Report, by_rank, concerns_with_others
    from newscards.query.findings import lint, stored_report

    workspace = current_workspace()
    roots = workspace.roots_around(paths)
    # Stored findings are those of one corpus and one configuration, and name files as that corpus does.
    is_one = len(roots) == 1 and workspace.settings_for(roots) == workspace.settings_for(paths)
    is_stored = is_one and not as_news
    report = stored_report(workspace, roots, (), (), None, None) if is_stored else None
    if (
        not isinstance(report, Report)
        or not report.paths.issuperset(paths)
        or any(concerns_with_others(finding, {*paths}) for finding in report.findings)
    ):
        report = lint(workspace, paths, (), (), as_news=as_news).report()
    findings: dict[str, list[Finding]] = {path: [] for path in paths}
    for finding in by_rank(report.findings):
        if finding.path in findings:
            findings[finding.path].append(finding)
    return findings


def _json(explanation: Explanation, report: Report) -> dict[str, Any]:
    from newscards.output.reports import json_report

    seen, record = explanation.view, explanation.record
    return {
        "path": path_json(record.path),
        "id": path_json(record.id),
        "shown": seen.is_shown if seen else None,
        "page": seen.has_page if seen else None,
        "listed": seen.is_listed if seen else None,
        "fate": seen.fate.name.lower() if seen else "unknown",
        "cause": seen.cause.name.lower().replace("_", "-") if seen else None,
        "sentence": explanation.sentence,
        "points": [
            {"name": point.name, "mark": point.mark.value, "text": point.text}
            for point in explanation.reasons
        ],
        "story": _story(explanation.story),
        "remedies": [
            {"text": remedy.text, "setPublished": remedy.set_published} for remedy in explanation.suggestions
        ],
        "findings": [json_report.as_object(finding) for finding in report.findings],
    }


def _story(story: StoryOfCard | None) -> dict[str, Any] | None:
    if story is None or not story.others:
        return None
    cards = (story.card, *story.others) if story.card.published else story.others
    return {
        "cards": len(story.others) + 1,
        "head": story.is_head,
        "published": [path_json(card.path) for card in cards if card.published],
    }
