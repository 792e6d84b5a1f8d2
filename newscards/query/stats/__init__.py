"""Statistics: cards counted by dimensions.

    dimensions    the properties that cards are counted by
    tally         counts, tallies and cross tables
    groups        topics and providers, compared with the registry
    overview      a corpus at a glance
    scales        time and quality in a limited number of bins

It imports what ``query`` may.
"""
