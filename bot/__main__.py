"""`python -m bot` is the command `khua`."""

from bot.cli import console

if __name__ == "__main__":
    console()
