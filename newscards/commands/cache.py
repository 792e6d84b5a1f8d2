"""``newscards cache``: the indexes by which thousands of cards are listed fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newscards.commands.shared.options import CONTEXT, common_options
from newscards.errors import NewscardsError
from newscards.output.ui import Ui, current
from newscards.text import counted, json_text, path_json, path_text

if TYPE_CHECKING:
    from newscards.corpus.index.folder import StoredIndex


@click.group("cache", context_settings=CONTEXT)
@common_options
def command() -> None:
    """Show or delete the indexes, by which cards are listed and checked that have not changed.

    There is one for each folder of 200 cards and more, in the user's cache folder, or in
    $NEWSCARDS_CACHE_DIR. They bring themselves up to date, and may be deleted at any time; --no-cache
    does without. With --corpus DIR the index of these cards alone is meant.

    \b
    Examples:
      newscards cache info
      newscards cache clear
    """


@command.command("info", short_help="Show which indexes there are.", context_settings=CONTEXT)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="For people, or as JSON.")  # fmt: skip
@common_options
def info(form: str) -> int:
    """Show the cache folder, and each index: of which cards, how large, and when it was last written.

    \b
    Examples:
      newscards cache info
      newscards cache info --corpus site --format json
    """

    return show(form)


@command.command("clear", short_help="Delete all indexes.", context_settings=CONTEXT)
@common_options
def clear() -> int:
    """Delete the indexes, and the cache folder where nothing else is in it; the next listing makes one anew.

    \b
    Examples:
      newscards cache clear
      newscards cache clear --corpus site
    """

    return clear_all()


def show(form: str) -> int:
    """Show the cache folder and its indexes; return the exit code."""
    from newscards.corpus.index.folder import cache_folder, stored_indexes

    ui, folder = current(), cache_folder()
    try:
        indexes = stored_indexes(folder, _only(folder, ui))
    except OSError as error:
        raise _unusable(folder, error) from error
    size = sum(each.bytes for each in indexes)
    if form == "json":
        listed = [_json(each) for each in indexes]
        told = {"folder": path_json(folder), "bytes": size, "indexes": listed}
        ui.write(json_text(told, indent=2) + "\n")
        return 0
    if not folder:
        ui.notice("there is no cache folder, for the user has no home; $NEWSCARDS_CACHE_DIR may name one")
        return 0
    ui.write(f"{path_text(folder)}: {_counted(len(indexes))}, {counted(size, 'byte')}\n")
    if indexes:
        from newscards.output.terminal.cache import print_indexes

        print_indexes(ui.console(), indexes)
    return 0


def clear_all() -> int:
    """Delete what newscards has in the cache folder, or of --corpus alone, and tell; return the exit code."""
    from newscards.corpus.index.folder import ENDING, cache_folder, clear
    from newscards.errors import system_reason

    ui, folder = current(), cache_folder()
    try:
        files, size, failed = clear(folder, _only(folder, ui))
    except OSError as error:
        raise _unusable(folder, error) from error
    if files:
        count = sum(file.endswith(ENDING) for file in files)
        ui.write(f"{path_text(folder)}: {_counted(count)} deleted, {counted(size, 'byte')} freed\n")
    elif not failed:
        ui.notice("there is nothing to delete")
    if failed:
        what = f"{counted(len(failed), 'file')} could not be deleted"
        raise NewscardsError(f"{path_text(folder)}: {what}: {system_reason(failed[0])}")
    return 0


def _only(cache: str, ui: Ui) -> list[str]:
    """Return the files of the indexes of --corpus; none where it is not given, and all are meant."""
    from newscards.corpus.index.folder import index_file
    from newscards.layout import site_root

    return [index_file(cache, site_root(corpus)) for corpus in ui.corpora]


def _counted(number: int) -> str:
    return f"{number:,} {'index' if number == 1 else 'indexes'}"


def _unusable(folder: str, error: OSError) -> NewscardsError:
    from newscards.errors import system_reason

    return NewscardsError(f"the cache folder {path_text(folder)} cannot be read: {system_reason(error)}")


def _json(index: StoredIndex) -> dict[str, object]:
    from newscards.cards.values import iso

    return {
        "file": path_json(index.file),
        "corpus": path_json(index.corpus) if index.corpus else None,
        "state": index.state,
        "cards": index.cards if index.corpus else None,
        "bytes": index.bytes,
        "written": iso(index.written.replace(microsecond=0)),
    }
