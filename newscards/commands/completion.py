"""``newscards completion``: scripts for completion in bash, zsh and fish, and their answers at a TAB."""

from __future__ import annotations

import contextlib
import os
import re

import click
from click.shell_completion import CompletionItem, ShellComplete, _resolve_context, split_arg_string

from newscards.commands.shared.options import COMPLETE, CONTEXT, common_options
from newscards.output.ui import Ui, current
from newscards.text import one_line


@click.command("completion", context_settings=CONTEXT)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@common_options
def command(shell: str) -> None:
    """Print the completion script for a shell.

    The script completes commands, options and their values: topics, providers, card ids, fields, rules and
    files. For a large corpus it reads topics, providers and ids from the index.

    \b
    Examples:
      eval "$(newscards completion bash)"        in ~/.bashrc
      eval "$(newscards completion zsh)"         in ~/.zshrc, after compinit
      newscards completion fish | source         in ~/.config/fish/config.fish
    """
    ui = current()
    ui.write(SHELLS[shell](click.get_current_context().find_root().command, ui).source())


_IN_QUOTES, _SPECIAL = r"[\\\"$`]", r"[^\w@%+=:,./\x80-\U0010ffff-]"
"""Characters that bash needs escaped: inside double quotes, and outside of quotes."""
_END = "\x1f"
"""A mark at the end of a line, so that its last word is the one to complete, even if it is empty."""

_BASH = r"""
_newscards_completion() {
    local IFS=$'\n' flags=$- answer
    COMPREPLY=()
    answer=$(COMP_WORDS=${COMP_LINE:0:COMP_POINT} COMP_PART=$2 _NEWSCARDS_COMPLETE=bash_complete \
        "${1/#\~/$HOME}" 2>/dev/null)
    case ${answer%%$'\n'*} in
        file) compopt -o default 2>/dev/null ;;
        dir) compopt -o dirnames 2>/dev/null ;;
        plain | part)
            [[ $answer == part* ]] && compopt -o nospace 2>/dev/null
            set -f
            COMPREPLY=(${answer#*$'\n'})
            [[ $flags == *f* ]] || set +f
            ;;
    esac
}
# The bash of macOS, 3.2, has neither nosort nor compopt; it completes files where there is nothing else.
complete -o nosort -F _newscards_completion newscards 2>/dev/null ||
    complete -o default -F _newscards_completion newscards
"""

_ZSH = r"""
#compdef newscards
_newscards_completion() {
    local type program=${~${(Q)words[1]}} line="${(j: :)words[1,CURRENT-1]} $QIPREFIX$IPREFIX$PREFIX"
    local -a answer shown completions how=(-M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}')
    answer=("${(@f)$(COMP_WORDS=$line _NEWSCARDS_COMPLETE=zsh_complete $program 2>/dev/null)}")
    type=$answer[1]
    shift answer
    completions=("${(@)answer%%$'\t'*}")
    shown=("${(@)answer#*$'\t'}")
    (( $#completions == 1 )) && how=(-U)
    case $type in
        file | dir) compset -P '--*='; _files ;;
        plain) _describe -V newscards shown completions $how ;;
        part) _describe -V newscards shown completions $how -S '' ;;
    esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _newscards_completion "$@"
else
    compdef _newscards_completion newscards
fi
"""

_FISH = r"""
function _newscards_completion
    set -l line (commandline -cp | string collect)
    set -l answer (env COMP_WORDS=$line _NEWSCARDS_COMPLETE=fish_complete (commandline -opc)[1] 2>/dev/null)
    switch "$answer[1]"
        case file dir
            set -l option (commandline -ct | string match -r -- '^--[^=]*=')
            for path in (__fish_complete_path $answer[2])
                echo "$option$path"
            end
        case plain part
            printf '%s\n' $answer[2..]
    end
end
complete --no-files --keep-order --command newscards --arguments '(_newscards_completion)'
"""


def _words(line: str) -> list[str]:
    """Return the words of a line without their quotes; the last may be empty or have an open quote."""
    *words, last = split_arg_string(line + _END)
    return [*words, last.removesuffix(_END)]


class _Shell(ShellComplete):
    """The base class of the shells."""

    def __init__(self, cli: click.Command, ui: Ui) -> None:
        super().__init__(cli, {"obj": ui}, "newscards", COMPLETE)
        self.line = os.environ.get("COMP_WORDS", "")
        *self.words, self.word = _words(self.line)
        option, equals, _ = self.word.partition("=")
        self.option = option + equals if equals and option.startswith("--") else ""
        """The option in a word like ``--topic=Oce``, here ``--topic=``, else empty."""

    def source(self) -> str:
        """Return the script."""
        return self.source_template.lstrip()

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one to complete, and the typed beginning of that one."""
        words = [os.path.expandvars(os.path.expanduser(word)) for word in self.words[1:]]
        beginning = self.word.removeprefix(self.option)
        if self.option:
            words.append(self.option.removesuffix("="))
        return words, beginning

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """Return the completions of a word.

        Values of options are completed here: click would take `-qua` behind `--sort` for an option, and lose
        the PATHs before an option without a value.
        """
        if args and args[-1].startswith("-"):
            ctx = _resolve_context(self.cli, {"obj": Ui()}, self.prog_name, args[:-1])
            for param in ctx.command.params:
                if isinstance(param, click.Option) and args[-1] in param.opts and not param.is_flag:
                    return param.shell_complete(ctx, incomplete)
        return super().get_completions(args, incomplete)

    def complete(self) -> str:
        """Return the answer to the script, without completions that hold unprintable characters."""
        words, beginning = self.get_completion_args()
        items = self.get_completions(words, beginning)
        if items and items[0].type in ("file", "dir"):
            return f"{items[0].type}\n{beginning}"
        lines = self.lines([item for item in items if item.value == one_line(item.value)])
        return "\n".join([items[0].type, *lines]) if lines else ""

    def lines(self, items: list[CompletionItem[str]]) -> list[str]:
        """Return a line for each completion."""
        return [self.format_completion(item) for item in items]

    def help_of(self, item: CompletionItem[str]) -> str:
        """Return the help for a completion, on one line."""
        return " ".join(one_line(item.help or "").split())


class Bash(_Shell):
    """Bash, which inserts the answer into the line as it is, in place of a part of the word."""

    source_template = _BASH

    def __init__(self, cli: click.Command, ui: Ui) -> None:
        super().__init__(cli, ui)
        self.part = os.environ.get("COMP_PART", "")
        """The part of the word that bash replaces: it begins at the word, an open quote, a colon, ..."""
        before = self.line.removesuffix(self.part)
        self.quote = before[-1:] if before.endswith(("'", '"')) else ""
        self.fixed = len(_words(before)[-1])
        """The number of characters of the word before that part."""

    def lines(self, items: list[CompletionItem[str]]) -> list[str]:
        """Return a line for each completion, adapted to two habits of bash.

        Bash replaces the typed text by the common beginning of all lines, even if that is shorter: `ai` by
        the `A` of `AI` and `Aid`. So those that match except for case begin as typed. Bash also closes an
        open quote behind a single line, so a completion that may go on gets a second line.
        """
        from newscards.commands.shared.completions import PART

        lines, part, length = super().lines(items), self.part, len(self.part)
        if self.quote and len(items) == 1 and items[0].type == PART:
            lines.append(f"{lines[0]} ")
        if len({line[:length] for line in lines}) < 2:
            return lines
        folded = part.casefold()
        return [part + line[length:] if line[:length].casefold() == folded else line for line in lines]

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return the text to insert into the line, escaped as the quotes around it need."""
        text, quote = (self.option + item.value)[self.fixed :], self.quote
        if not quote:
            return re.sub(_SPECIAL, r"\\\g<0>", text)
        quoted = re.sub(_IN_QUOTES, r"\\\g<0>", text) if quote == '"' else text.replace("'", "'\\''")
        return quoted + quote * text.endswith(quote)  # bash takes the last quote for the closing one


class Zsh(_Shell):
    """Zsh, which quotes the answer itself."""

    source_template = _ZSH

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a completion, a tab, and its display text: for a list, only the last part."""
        from newscards.commands.shared.completions import PART

        shown = item.value.rpartition(",")[2] if item.type == PART else item.value
        help_ = self.help_of(item)
        return f"{_described(self.option + item.value)}\t{_described(shown)}" + (f":{help_}" if help_ else "")


def _described(text: str) -> str:
    """Return a text escaped for zsh's ``_describe``, in which a colon ends a completion."""
    return re.sub(r"[\\:]", r"\\\g<0>", text)


class Fish(_Shell):
    """Fish, which quotes the answer itself."""

    source_template = _FISH

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a completion, a tab, and its help."""
        return f"{self.option}{item.value}\t{self.help_of(item)}"


SHELLS: dict[str, type[_Shell]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}
"""The shells by name."""


def answer(cli: click.Command, ui: Ui, instruction: str) -> None:
    """Answer the value of the variable ``COMPLETE``: ``bash_complete``, ``bash_source``, and so on.

    An error gives no completions, because a shell would print its message into the line.
    """
    shell, _, request = instruction.partition("_")
    with contextlib.suppress(Exception):
        adapter = SHELLS[shell](cli, ui)
        ui.write(adapter.source() if request == "source" else adapter.complete() + "\n")
        ui.flush()
