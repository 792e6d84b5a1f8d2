"""The machine formats of ``validate``: functions from a report to text."""
