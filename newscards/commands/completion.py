"""``newscards completion``: the script that makes a shell complete newscards."""

from __future__ import annotations

import contextlib
import os
import re

import click
from click.shell_completion import CompletionItem, ShellComplete, _resolve_context, split_arg_string

from newscards.commands.shared.options import COMPLETE, CONTEXT, common_options
from newscards.output.ui import Ui
from newscards.text import one_line


@click.command("completion", context_settings=CONTEXT)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@common_options
def command(shell: str) -> None:
    """Print the completion script of a shell.

    It completes commands and options, and what these take: topics, providers, card ids, the names of fields
    and rules, files. What the cards of a large corpus say it knows from the index.

    \b
    Examples:
      eval "$(newscards completion bash)"                  in ~/.bashrc
      eval "$(newscards completion zsh)"                   in ~/.zshrc, after compinit
      newscards completion fish | source                   in ~/.config/fish/config.fish
    """
    from newscards.output.ui import current

    ui = current()
    ui.write(SHELLS[shell](click.get_current_context().find_root().command, ui).source())


_IN_QUOTES, _SPECIAL = r"[\\\"$`]", r"[^\w@%+=:,./\x80-\U0010ffff-]"
"""What bash may take for something else than itself in double quotes, and without any."""
_END = "\x1f"
"""Put behind a line, so that its last word is the one that is completed, also where that is empty."""

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
    """Return the words of a line, without their quotes; the last one may be empty, or in open quotes."""
    *words, last = split_arg_string(line + _END)
    return [*words, last.removesuffix(_END)]


class _Shell(ShellComplete):
    """What the shells have in common."""

    def __init__(self, cli: click.Command, ui: Ui) -> None:
        super().__init__(cli, {"obj": ui}, "newscards", COMPLETE)
        self.line = os.environ.get("COMP_WORDS", "")
        *self.words, self.word = _words(self.line)
        option, equals, _ = self.word.partition("=")
        self.option = option + equals if equals and option.startswith("--") else ""
        """``--topic=`` in ``--topic=Oce``, which goes on to be one word."""

    def source(self) -> str:
        """Return the script."""
        return self.source_template.lstrip()

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one that is completed, and that one as far as it is typed."""
        words = [os.path.expandvars(os.path.expanduser(word)) for word in self.words[1:]]
        beginning = self.word.removeprefix(self.option)
        if self.option:
            words.append(self.option.removesuffix("="))
        return words, beginning

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """Return what a word may become.

        That of an option's value is asked here: click would take `-qua` behind `--sort` for an option, and
        forget the PATHs before an option without a value.
        """
        if args and args[-1].startswith("-"):
            ctx = _resolve_context(self.cli, {"obj": Ui()}, self.prog_name, args[:-1])
            for param in ctx.command.params:
                if isinstance(param, click.Option) and args[-1] in param.opts and not param.is_flag:
                    return param.shell_complete(ctx, incomplete)
        return super().get_completions(args, incomplete)

    def complete(self) -> str:
        """Return the answer, without what cannot be shown, and so not chosen."""
        words, beginning = self.get_completion_args()
        items = self.get_completions(words, beginning)
        if items and items[0].type in ("file", "dir"):
            return f"{items[0].type}\n{beginning}"
        lines = self.lines([item for item in items if item.value == one_line(item.value)])
        return "\n".join([items[0].type, *lines]) if lines else ""

    def lines(self, items: list[CompletionItem[str]]) -> list[str]:
        """Return the lines of some completions."""
        return [self.format_completion(item) for item in items]

    def help_of(self, item: CompletionItem[str]) -> str:
        """Return the help for a completion, on one line."""
        return " ".join(one_line(item.help or "").split())


class Bash(_Shell):
    """Bash: what is answered is put into the line as it is, in the place of a part of the word."""

    source_template = _BASH

    def __init__(self, cli: click.Command, ui: Ui) -> None:
        super().__init__(cli, ui)
        self.part = os.environ.get("COMP_PART", "")
        """What is replaced: it begins with the word, or at an open quote in it, a colon, and so on."""
        before = self.line.removesuffix(self.part)
        self.quote = before[-1:] if before.endswith(("'", '"')) else ""
        self.kept = len(_words(before)[-1])
        """How many characters of the word are not replaced."""

    def lines(self, items: list[CompletionItem[str]]) -> list[str]:
        """Return the lines of some completions.

        Bash puts what several have in common in the place of what is typed, also where that is less: of `AI`
        and `Aid` the `A` for `ai`. Then they begin as it is typed. And behind the only one it closes an open
        quote, so that of what may go on there are two.
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
        """Return what is to be put into the line, with the quotes that it needs there."""
        text, quote = (self.option + item.value)[self.kept :], self.quote
        if not quote:
            return re.sub(_SPECIAL, r"\\\g<0>", text)
        quoted = re.sub(_IN_QUOTES, r"\\\g<0>", text) if quote == '"' else text.replace("'", "'\\''")
        return quoted + quote * text.endswith(quote)  # bash takes that one for the closing one


class Zsh(_Shell):
    """Zsh, which puts the quotes itself."""

    source_template = _ZSH

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a completion, a tab, and what is shown of it: of a list the last part alone."""
        from newscards.commands.shared.completions import PART

        shown = item.value.rpartition(",")[2] if item.type == PART else item.value
        help_ = self.help_of(item)
        return f"{_described(self.option + item.value)}\t{_described(shown)}" + (f":{help_}" if help_ else "")


def _described(text: str) -> str:
    """Return a text as zsh's ``_describe`` takes it, to which a colon is its end."""
    return re.sub(r"[\\:]", r"\\\g<0>", text)


class Fish(_Shell):
    """Fish, which puts the quotes itself."""

    source_template = _FISH

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a completion, a tab, and the help for it."""
        return f"{self.option}{item.value}\t{self.help_of(item)}"


SHELLS: dict[str, type[_Shell]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}
"""The shells by name."""


def answer(cli: click.Command, ui: Ui, instruction: str) -> None:
    """Answer what the variable ``COMPLETE`` asks: ``bash_complete``, or ``bash_source``, and so on."""
    shell, _, what = instruction.partition("_")
    with contextlib.suppress(Exception):
        asked = SHELLS[shell](cli, ui)
        ui.write(asked.source() if what == "source" else asked.complete() + "\n")
        ui.flush()
