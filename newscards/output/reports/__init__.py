"""The machine formats of ``validate``: functions from a report to text.

    formats        the formats by name
    output_files   `--output FORMAT:FILE`
    common         paths, fingerprints, one-line texts
    json_report    json, jsonl
    sarif_report   sarif
    junit_report   junit
    github_report  github: annotations, and the summary of a step
    gitlab_report  gitlab

It imports what ``output`` may.
"""
