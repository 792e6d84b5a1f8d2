"""The module that ``python -m newscards`` runs."""

from newscards.cli import entry_point

if __name__ == "__main__":
    entry_point()
