"""``newscards completion``: the script that makes a shell complete newscards."""

from __future__ import annotations

import click

from newscards.commands.shared.options import CONTEXT, common_options


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
    from newscards.commands.shells import SHELLS
    from newscards.output.ui import current

    ui = current()
    ui.write(SHELLS[shell](click.get_current_context().find_root().command, ui).source())
