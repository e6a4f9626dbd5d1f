"""Khua: a chatbot for people in Laos who think about working in Thailand."""

__version__ = "0.1.0"
