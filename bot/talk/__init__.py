"""The conversation: pure functions of a book and an event. Imports the standard library alone."""
