"""The layout of a site: `_news`, `_config.yml`, and the names that Jekyll leaves out."""

from __future__ import annotations

import os

SITE_FOLDER = "_news"


def site_root(folder: str) -> str:
    """Return the folder whose cards ``folder`` stands for: its ``_news`` where it holds one."""
    news = os.path.join("" if os.path.normpath(folder) == os.curdir else folder, SITE_FOLDER)
    return news if os.path.isdir(news) else folder


def news_folder(folder: str) -> str:
    """Return the absolute path of the ``_news`` that a folder is or lies in; empty where there is none."""
    above, separator, _ = os.path.join(os.path.abspath(folder), "").partition(
        f"{os.sep}{SITE_FOLDER}{os.sep}"
    )
    return f"{above}{os.sep}{SITE_FOLDER}" if separator else ""


def config_files(folder: str) -> list[str]:
    """Return where the configuration of a folder's site may be, the likeliest first.

    Beside its ``_news``, or one folder up, where ``collections_dir`` says so (Jekyll: configuration.rb);
    Jekyll takes the first file that is there.
    """
    news = news_folder(folder)
    beside = os.path.dirname(news)
    sources = [beside, os.path.dirname(beside)] if news else []
    return [os.path.join(source, name) for source in sources for name in ("_config.yml", "_config.yaml")]


def is_left_out(name: str) -> bool:
    """Tell whether Jekyll leaves a file or a folder of this name out of the site."""
    return name.startswith(_LEFT_OUT) or name.endswith("~")


_LEFT_OUT = ("_", ".", "#")
