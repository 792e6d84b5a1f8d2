"""``newscards schema``: the JSON Schema of a card."""

from __future__ import annotations

import click

from newscards.commands.shared.options import CONTEXT, common_options
from newscards.output.ui import current


@click.command("schema", context_settings=CONTEXT)
@common_options
def command() -> int:
    """Print the JSON Schema (draft 2020-12) of a card's front matter, for editors.

    With the schema, an editor that runs yaml-language-server completes and checks the fields of YAML files.
    Cards are Markdown files, which the YAML extension of VS Code ignores: add to its settings
    `"files.associations": {"**/_news/*.md": "yaml"}`. Then name the schema in the card, in a comment right
    below the opening `---`, by its path from the card:

    \b
      ---
      # yaml-language-server: $schema=../card.schema.json
      category: news

    The setting `yaml.schemas` works too, but reports the closing line `---`, because it takes the body for a
    second document. With `"yaml.yamlVersion": "1.1"` an editor reads YAML as Jekyll does.

    A schema checks only the values of one card. `newscards validate` also checks dates, fences, stories and
    what the site shows. Fields, types and choices are those of the configuration.

    \b
    Examples:
      newscards schema > card.schema.json
      newscards schema --config site/newscards.toml
    """
    from newscards.cards.json_schema import card_schema
    from newscards.commands.shared.corpora import current_workspace
    from newscards.query.linters import make_linter
    from newscards.text import json_text

    ui = current()
    make_linter(current_workspace().settings_for(()))  # raises for what is wrong in the configuration
    ui.write(json_text(card_schema(), indent=2) + "\n")
    return 0
