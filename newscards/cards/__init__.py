"""Cards: what the fields of a card say. Nothing here knows of the disk but ``reader``.

    fields        FIELDS, the one table of what a card holds
    card          Card, and Unreadable for a file that is none
    reader        a file as a Card or an Unreadable
    values        values by dotted name: as JSON, as a cell, as a sort key
    assignments   FIELD and VALUE as typed, as a path and a value
    related       what the entries of ``related`` copy and whom they name
    stories       a card in its story, and the stories of many cards
    urls          the parts of a URL; when two URLs are one page
    text_cleanup  entities, mojibake and invisible characters, found and taken out
    change_text   what becomes of a value, in words
    json_schema   FIELDS as a JSON Schema

May import: frontmatter.
"""
