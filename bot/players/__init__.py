"""Players: thin rooms that turn an event of their world into ours and draw a screen in their own way."""
