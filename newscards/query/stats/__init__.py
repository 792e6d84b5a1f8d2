"""Cards, counted.

dimensions    what cards are counted by
tally         counts, tallies and cross tables
groups        topics and providers, held against the registry
overview      a corpus at a glance
scales        time and quality, shown in few lines
"""
