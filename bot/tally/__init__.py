"""The tally: how often what was asked and decided, never by whom.

names.py    which names may be counted, and how coarsely      file.py    the file: SQLite, readable by anybody
keeper.py   counts wait here for the file, and lose nothing that can be kept
"""

NAME = "tally.db"
"""The file below the folder of data."""
