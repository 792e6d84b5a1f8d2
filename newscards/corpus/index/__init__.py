"""The index: what is known of the cards in a folder, in a SQLite file of the user's cache folder.

folder        where indexes lie; the key that says whether one may still answer
database      the SQLite file
snapshot      how files were when they were last read
encoding      cards as exact JSON
summaries     cards without their bulk, from the index or from their files
topics        ids of cards by topic
"""
