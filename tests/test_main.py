"""The begin of the process: UTF-8 in any locale, and Ctrl-C before the rest is imported."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import MakeCorpus
from tests.support import ROOT, card

LOCALES = {
    "UTF-8": {"LC_ALL": "C.UTF-8"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0"},
    "POSIX": {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "streams": {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "latin-1"},
    "ISO-8859-1": {"LANG": "en_US"},
    "EUC-JP": {"LANG": "ja_JP"},  # whose codec does not give back what the C library decoded
}
MADE = ("ISO-8859-1", "EUC-JP")
"""The locales that `localedef` makes; a name is that of a character map, too."""


@pytest.fixture(scope="session")
def made_locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of locales, with those of ``MADE`` that this machine can make."""
    folder = tmp_path_factory.mktemp("locales")
    if shutil.which("localedef"):
        for charmap in MADE:
            name = LOCALES[charmap]["LANG"]
            command = ["localedef", "--no-archive", "-i", name, "-f", charmap, str(folder / name)]
            subprocess.run(command, capture_output=True, check=False)
    return folder


@pytest.fixture(params=LOCALES)
def environment(request: pytest.FixtureRequest, made_locales: Path) -> dict[str, str]:
    """Return the environment of a locale; skips where there is no such locale."""
    chosen = LOCALES[request.param]
    if request.param in MADE and not (made_locales / chosen["LANG"]).is_dir():
        pytest.skip("this machine cannot make the locale")
    left_out = ("LC_", "LANG", "PYTHONUTF8", "PYTHONIOENCODING", "PYTHONCOERCE")
    others = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return others | chosen | {"LOCPATH": str(made_locales), "PYTHONPATH": str(ROOT)}


def newscards(
    environment: Mapping[str, str],
    *args: str | bytes,
    stdin: bytes = b"",
    **more: str,
) -> tuple[int, bytes, bytes]:
    """Run newscards in a process of its own; return the exit code, and the bytes of both streams."""
    words = [word.encode() if isinstance(word, str) else word for word in args]
    command = [os.fsencode(sys.executable), b"-m", b"newscards", *words]
    values = {os.fsencode(name): value.encode() for name, value in {**environment, **more}.items()}
    done = subprocess.run(command, input=stdin, env=values, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


NAME = "2023-06-20-été-日本.md"
BYTES = b"2023-06-20-\xe9\xff.md"


@pytest.fixture
def corpus(make_corpus: MakeCorpus) -> Path:
    """Return a folder with a card of a name beyond ASCII, and one of a name that is not UTF-8."""
    first = card(title="Été", topics='["Café"]')
    return make_corpus({NAME: first, os.fsdecode(BYTES): card(title="Other", topics="[Ports]")})


def test_arguments_are_utf_8_in_any_locale(environment: dict[str, str], corpus: Path) -> None:
    title = "Été à Québec, 日本 ~\\¥"
    assert newscards(environment, "set", "title", title, NAME)[0] == 0
    assert title.encode() in (corpus / NAME).read_bytes()
    ids = f"{NAME.removesuffix('.md')}\n".encode()
    assert newscards(environment, "list", "--topic", "café", "--format", "ids") == (0, ids, b"")
    assert newscards(environment, "list", "--search", "québec", "--format", "ids") == (0, ids, b"")
    assert newscards(environment, "query", "select id from cards where title like '%日%'")[1] == ids


def test_names_that_newscards_printed_are_read_in_any_locale(
    environment: dict[str, str], corpus: Path
) -> None:
    _, ids, _ = newscards(environment, "list", "--topic", "Café", "--format", "ids")
    assert newscards(environment, "show", "-", "--field", "title", stdin=ids) == (0, "Été\n".encode(), b"")
    code, paths, _ = newscards(environment, "list", "--format", "paths")
    assert (code, paths) == (0, NAME.encode() + b"\n" + BYTES + b"\n")
    assert newscards(environment, "show", "-", "--field", "title", stdin=paths)[:2] == (
        0,
        "Été\nOther\n".encode(),
    )
    assert newscards(environment, "show", BYTES, "--field", "title")[:2] == (0, b"Other\n")


def test_paths_in_the_environment_are_utf_8_in_any_locale(environment: dict[str, str], corpus: Path) -> None:
    (corpus / "été").mkdir()
    (corpus / NAME).rename(corpus / "été" / NAME)
    code, out, _ = newscards(environment, "list", "--format", "paths", NEWSCARDS_CORPUS="été")
    assert (code, out) == (0, f"été/{NAME}\n".encode())
    (corpus / "été" / NAME).rename(corpus / NAME)
    tab = {"_NEWSCARDS_COMPLETE": "fish_complete", "COMP_WORDS": f"newscards show {NAME[:13]}"}
    _, out, _ = newscards({**environment, **tab, "COMP_PART": NAME[:13]})
    assert NAME.removesuffix(".md").encode() in out


@pytest.mark.parametrize(
    "args", [("set", "title", b"\xc9t\xe9", NAME), ("topic", "add", b"Caf\xe9", NAME, "--force")], ids=str
)
def test_a_value_that_is_not_utf_8_is_refused(
    environment: dict[str, str], corpus: Path, args: tuple[str | bytes, ...]
) -> None:
    before = (corpus / NAME).read_bytes()
    code, out, err = newscards(environment, *args)
    assert (code, out) == (2, b"")
    assert b" is not UTF-8\nhint: " in err
    assert (corpus / NAME).read_bytes() == before


@pytest.mark.parametrize(
    "args",
    [
        ["--help"],
        ["list"],
        ["list", "--format", "json"],
        ["validate"],
        ["validate", "--format", "github"],
        ["why", NAME],
        ["topics"],
        ["stats"],
        ["help", "cards"],
        ["show", "nö"],
        ["list", "--topic", "Cafe"],
    ],
    ids=" ".join,
)
def test_the_output_is_the_same_in_any_locale(corpus: Path, made_locales: Path, args: list[str]) -> None:
    results = {
        newscards({**os.environ, "PYTHONPATH": str(ROOT), **LOCALES[name]}, *args)
        for name in ("UTF-8", "POSIX", "streams")
    }
    assert len(results) == 1


def test_the_second_start_has_the_options_of_the_first(tmp_path: Path) -> None:
    code = (
        "import sys; from newscards import cli; from newscards.__main__ import entry_point;"
        "cli.entry_point = lambda: print(sys.flags.utf8_mode, sys.flags.dont_write_bytecode, *sys.argv[1:]);"
        "entry_point()"
    )
    command = [sys.executable, "-B", "-E", "-c", code, "é", "-X"]
    environment = os.environ | LOCALES["POSIX"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=False)
    assert (done.stdout.decode(), done.stderr) == ("1 1 é -X\n", b"")


def test_a_second_start_that_fails_is_an_error(tmp_path: Path) -> None:
    code = (
        "import sys; from newscards.__main__ import entry_point;"
        "sys.executable = '/no/such/python'; entry_point()"
    )
    command = [sys.executable, "-c", code, "list"]
    environment = os.environ | LOCALES["POSIX"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: Python cannot be started again in its UTF-8 mode: ")


def run_signalled(code: str, *, ignored: bool = False) -> tuple[int, bytes]:
    """Run ``newscards --version`` after some code; return the exit code and standard error."""
    program = f"import os, signal, sys\nfrom newscards.__main__ import entry_point\n{code}\nentry_point()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--version"], cwd=ROOT, env=os.environ | LOCALES["UTF-8"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN if ignored else signal.SIG_DFL),
    )  # fmt: skip
    return done.returncode, done.stderr


AT_AN_IMPORT = """
class Finder:
    def find_spec(self, name, path, target=None):
        if name == "click":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
"""


def test_ctrl_c_during_the_imports_ends_it_without_a_word() -> None:
    assert run_signalled(AT_AN_IMPORT) == (130, b"")


def test_ctrl_c_that_is_ignored_stays_ignored() -> None:
    assert run_signalled(AT_AN_IMPORT, ignored=True) == (0, b"")


IN_A_CALLBACK = """
import weakref
from newscards import cli
def main():
    class Thing: pass
    thing = Thing()
    reference = weakref.ref(thing, lambda _: os.kill(os.getpid(), signal.{number}))
    del thing
    return 0
cli.main = main
"""


@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_counts_where_python_ignores_exceptions(number: str, code: int) -> None:
    assert run_signalled(IN_A_CALLBACK.format(number=number)) == (code, b"")


def test_the_package_leaves_ctrl_c_to_a_program_that_imports_it() -> None:
    code = (
        "import signal, newscards; newscards.Corpus;"
        "assert signal.getsignal(signal.SIGINT) is signal.default_int_handler"
    )
    subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
