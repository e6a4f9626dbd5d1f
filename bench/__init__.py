"""Speed, as ratios to a stock bot measured side by side. `python -m bench.run` is the only command."""
