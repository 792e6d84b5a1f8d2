"""``newscards schema``: the fields of a card as a JSON Schema."""

from __future__ import annotations

import click

from newscards.commands.shared.options import CONTEXT, common_options
from newscards.output.ui import current


@click.command("schema", context_settings=CONTEXT)
@common_options
def command() -> int:
    """Print the JSON Schema (draft 2020-12) of a card's front matter, for editors.

    An editor with yaml-language-server completes and checks fields by it, in what it takes for YAML. A card
    is Markdown to it: in VS Code, whose YAML extension looks at no Markdown, add to the settings
    `"files.associations": {"**/_news/*.md": "yaml"}`. Then name the schema in the card, in a comment right
    below the opening `---`, by its path from the card:

    \b
      ---
      # yaml-language-server: $schema=../card.schema.json
      category: news

    The setting `yaml.schemas` works too, but finds fault with the line `---` at the end, for it takes what
    follows for a second document. With `"yaml.yamlVersion": "1.1"` an editor reads as Jekyll does.

    A schema sees one card's values. Dates, fences, stories and what the site shows are for `validate`.
    The choices of `category` and `type` are those of the configuration.

    \b
    Examples:
      newscards schema > card.schema.json
      newscards schema --config site/newscards.toml
    """
    from newscards.cards.json_schema import card_schema
    from newscards.commands.shared.corpora import current_workspace
    from newscards.rules.selection import make_linter
    from newscards.text import json_text

    ui = current()
    linter = make_linter(current_workspace().settings_for(()))
    ui.write(json_text(card_schema(linter.root), indent=2) + "\n")
    return 0
