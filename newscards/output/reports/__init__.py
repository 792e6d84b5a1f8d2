"""The machine formats of ``validate``: each takes a report and returns text."""
