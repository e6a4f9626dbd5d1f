"""A new campaign: its entry in campaigns.yaml, and the link of its poster, also as a QR code."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import segno

from bot.address import CAMPAIGN, start_link
from bot.book import Book, Campaign
from bot.desk.folder import Folder
from bot.problems import BadSetting, did_you_mean

FILE = "campaigns.yaml"
PRINTED_MM = 30
"""A phone reads the code from a poster at this width."""
QUIET_ZONE = 4
PIXELS = 12
"""Of the PNG, for each square of the code."""
INCH_MM = 25.4


def new(folder: Folder, campaign: Campaign, page: str, out: Path) -> tuple[str, dict[Path, bytes]]:
    """Notes a campaign (folder.save writes it), and returns its link and the files of its QR code.

    page   where the link leads; "" for home, or for the quiz in the modes before and after
    out    the folder of the files

    Raises BadSetting.
    """
    book = folder.book
    if not CAMPAIGN.fullmatch(campaign.id):
        raise BadSetting(f"{campaign.id!r} is no id of a campaign; write 3 to 8 of a-z 0-9, such as vte26a")
    if campaign.id in book.campaigns:
        label = book.campaigns[campaign.id].label
        raise BadSetting(f"there is a campaign {campaign.id} already ({label}); take another id")
    if not book.organisation.telegram:
        raise BadSetting(
            "no link can be made without the bot's name in Telegram; write telegram: into organisation.yaml"
        )
    link = start_link(book.organisation.telegram, page or first_page(book, campaign.mode), campaign.id)
    if page and page not in book.pages:
        hint = did_you_mean(page, book.pages) or "khua pages lists them"
        raise BadSetting(f"--page {page}: there is no such page; {hint}")
    files = {out / f"{campaign.id}.{kind}": code for kind, code in qr(link).items()}
    for path in files:
        if path.exists():
            raise BadSetting(f"{path} is there already; move it away, or name another folder with --out")
    said = {"label": campaign.label, "province": campaign.province, "place": campaign.place,
            "mode": campaign.mode if campaign.mode != "plain" else "", "until": campaign.until}  # fmt: skip
    needed = ("label", "place")
    folder.pencil(FILE).put(
        (campaign.id,), {key: text for key, text in said.items() if text or key in needed}
    )
    return link, files


def first_page(book: Book, mode: str) -> str:
    """Where a campaign leads: to the quiz, but in the mode plain. Raises BadSetting where there is none."""
    if mode == "plain":
        return "home"
    quiz = next((page.id for page in book.pages.values() if page.kind == "quiz"), None)
    if quiz is None:
        raise BadSetting(f"--mode {mode} leads to the quiz, and the book has none; give a --page")
    return quiz


def qr(link: str) -> dict[str, bytes]:
    """The QR code of a link as svg and png: dark on white, with a quiet zone, to be printed 3 cm wide."""
    code = segno.make(link, error="m", micro=False)
    width = code.symbol_size(border=QUIET_ZONE)[0]
    svg, png = BytesIO(), BytesIO()
    code.save(svg, kind="svg", border=QUIET_ZONE, scale=PRINTED_MM / width, unit="mm", light="white")
    dpi = round(width * PIXELS * INCH_MM / PRINTED_MM)
    code.save(png, kind="png", border=QUIET_ZONE, scale=PIXELS, dpi=dpi, light="white")
    return {"svg": svg.getvalue(), "png": png.getvalue()}
