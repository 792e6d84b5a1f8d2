"""The index: the content of a folder's cards as last read, in an SQLite file in the user's cache folder.

    folder        the files in the cache folder; the key by which an index is still valid
    database      the SQLite file
    snapshot      size, times and inode of each file at the last read
    encoding      cards as exact JSON
    summaries     cards without their bulky fields, from the index or from their files
    topics        ids of cards by topic

It imports what ``corpus`` may.
"""
