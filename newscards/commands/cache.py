"""``newscards cache``: the indexes, which make large corpora fast to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newscards.commands.shared.options import CONTEXT, common_options
from newscards.errors import NewscardsError, system_reason
from newscards.layout import NO_HOME, cache_folder
from newscards.output.ui import Ui, current
from newscards.text import counted, json_text, path_json, path_text

if TYPE_CHECKING:
    from newscards.corpus.index.folder import StoredIndex


@click.group("cache", context_settings=CONTEXT)
@common_options
def command() -> None:
    """Show or delete the indexes of large corpora.

    An index stores what was read from cards, and what was found in them, so that unchanged cards are not
    read again. Each folder of at least 200 cards has one, in the user's cache folder or in
    $NEWSCARDS_CACHE_DIR. Indexes update themselves, and you may delete them at any time; --no-cache runs a
    command without them. --corpus DIR limits these commands to the index of DIR.

    \b
    Examples:
      newscards cache info
      newscards cache clear
    """


@command.command("info", short_help="Show the indexes.", context_settings=CONTEXT)
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="The output format.")  # fmt: skip
@common_options
def info(output_format: str) -> int:
    """Show the cache folder and its indexes: the corpus, size and last write of each.

    \b
    Examples:
      newscards cache info
      newscards cache info --corpus site --format json
    """

    return run_info(output_format)


@command.command("clear", short_help="Delete the indexes.", context_settings=CONTEXT)
@common_options
def clear() -> int:
    """Delete the indexes, then the cache folder if nothing is left in it.

    The next command that reads a large corpus creates its index again.

    \b
    Examples:
      newscards cache clear
      newscards cache clear --corpus site
    """

    return run_clear()


_NO_FOLDER = f"no cache folder: {NO_HOME}; set $NEWSCARDS_CACHE_DIR to have one"


def run_info(output_format: str) -> int:
    """Show the cache folder and its indexes; return the exit code."""
    from newscards.corpus.index.database import has_sqlite
    from newscards.corpus.index.folder import stored_indexes

    ui, folder = current(), cache_folder()
    try:
        indexes = stored_indexes(folder, _requested_files(folder, ui))
    except OSError as error:
        raise _unusable(folder, error) from error
    if not has_sqlite():
        ui.notice("no index is used: this Python lacks the module sqlite3")
    size = sum(each.bytes for each in indexes)
    if output_format == "json":
        listed = [_json(each) for each in indexes]
        report = {"folder": path_json(folder), "bytes": size, "indexes": listed}
        ui.write(json_text(report, indent=2) + "\n")
        return 0
    if not folder:
        ui.notice(_NO_FOLDER)
        return 0
    ui.write(f"{path_text(folder)}: {_counted(len(indexes))}, {counted(size, 'byte')}\n")
    if indexes:
        from newscards.output.terminal.cache import print_indexes

        print_indexes(ui.console(), indexes)
    return 0


def run_clear() -> int:
    """Delete the indexes, or that of --corpus alone, and report it; return the exit code."""
    from newscards.corpus.index.folder import ENDING, clear

    ui, folder = current(), cache_folder()
    try:
        files, size, failed = clear(folder, _requested_files(folder, ui))
    except OSError as error:
        raise _unusable(folder, error) from error
    if files:
        count = sum(file.endswith(ENDING) for file in files)
        ui.write(f"{path_text(folder)}: {_counted(count)} deleted, {counted(size, 'byte')} freed\n")
    elif not failed:
        ui.notice("nothing to delete" if folder else _NO_FOLDER)
    if failed:
        message = f"{counted(len(failed), 'file')} could not be deleted"
        raise NewscardsError(f"{path_text(folder)}: {message}: {system_reason(failed[0])}")
    return 0


def _requested_files(cache: str, ui: Ui) -> list[str]:
    """Return the index files of --corpus; none without --corpus, which stands for all indexes."""
    from newscards.corpus.index.folder import index_file
    from newscards.layout import site_root

    return [index_file(cache, site_root(corpus)) for corpus in ui.corpora]


def _counted(number: int) -> str:
    return f"{number:,} {'index' if number == 1 else 'indexes'}"


def _unusable(folder: str, error: OSError) -> NewscardsError:
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
