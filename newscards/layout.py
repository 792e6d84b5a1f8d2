"""The layout of a site: `_news`, `_config.yml`, and the file names that Jekyll ignores."""

from __future__ import annotations

import os

SITE_FOLDER = "_news"


def site_root(folder: str) -> str:
    """Return the folder that holds the cards of ``folder``: its ``_news`` if it has one, else itself."""
    news = os.path.join("" if os.path.normpath(folder) == os.curdir else folder, SITE_FOLDER)
    return news if os.path.isdir(news) else folder


def news_folder(folder: str) -> str:
    """Return the absolute path of the ``_news`` that a folder is or lies in; empty if there is none."""
    above, separator, _ = os.path.join(os.path.abspath(folder), "").partition(
        f"{os.sep}{SITE_FOLDER}{os.sep}"
    )
    return f"{above}{os.sep}{SITE_FOLDER}" if separator else ""


def config_files(folder: str) -> list[str]:
    """Return the paths at which the configuration of a folder's site may be, the likeliest first.

    It is beside ``_news``, or one folder up where ``collections_dir`` says so (Jekyll: configuration.rb).
    Jekyll reads the first file that exists.
    """
    news = news_folder(folder)
    beside = os.path.dirname(news)
    sources = [beside, os.path.dirname(beside)] if news else []
    return [os.path.join(source, name) for source in sources for name in ("_config.yml", "_config.yaml")]


def is_skipped_name(name: str) -> bool:
    """Return whether Jekyll ignores a file or a folder of this name."""
    return name.startswith(_LEFT_OUT) or name.endswith("~")


_LEFT_OUT = ("_", ".", "#", "~")
