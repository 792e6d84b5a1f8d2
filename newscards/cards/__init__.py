"""Cards: the fields of a card and their meaning. Only ``reader`` reads files.

    fields        FIELDS, the one table of a card's fields
    card          Card, and Unreadable for a file that cannot be read as one
    reader        a file as a Card or an Unreadable
    values        values by dotted name: as JSON, as a cell, as a sort key
    assignments   FIELD and VALUE of the command line as a path and a typed value
    related       entries of ``related``: the cards that they copy and name
    languages     the languages of translations, from their paths
    file_names    the name of a card's file, from its title and date
    names         names of topics and providers, compared as a reader compares them
    stories       a card in its story, and the stories of many cards
    urls          the parts of a URL; whether two URLs address one page
    meant         the values that a value of the wrong type was probably meant to be
    text_cleanup  entities, mojibake and invisible characters, found and removed
    change_text   the change of a value, in words
    word_changes  the words that changed in a text
    json_schema   FIELDS as a JSON Schema

May import: frontmatter.
"""
