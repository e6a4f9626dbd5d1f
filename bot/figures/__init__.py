"""Figures: what was counted, for people: in the terminal, as a report, as open data; see commands.py."""
