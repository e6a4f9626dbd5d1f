"""An SVG drawing as PNG, in a process of its own: a drawing too much for the renderer ends that one alone.

The process is this very file. It sees the drawing and nothing else of ours.
"""

from __future__ import annotations

import subprocess
import sys

WIDTH = 640
"""Pixels: enough for a phone's whole width, and a few kilobytes for a drawing of lines."""

SECONDS = 10.0
"""Our drawings take a tenth of one, most of it for starting."""


class CannotDraw(Exception):
    """The renderer gave no picture."""


def render(svg: bytes) -> bytes:
    """The drawing as PNG on white, `WIDTH` wide. Blocks meanwhile. Raises CannotDraw."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", __file__], input=svg, capture_output=True, timeout=SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotDraw(type(error).__name__) from None
    return done.stdout


def _draw() -> None:
    """SVG in, PNG out."""
    import resvg_py

    svg = sys.stdin.buffer.read().decode("utf-8-sig")
    png = resvg_py.svg_to_bytes(svg_string=svg, width=WIDTH, background="#ffffff", skip_system_fonts=True)
    sys.stdout.buffer.write(png)


if __name__ == "__main__":
    _draw()
