"""The yardstick: python-telegram-bot as its own examples use it, with a handler that shows a given screen."""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path
from typing import Any

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, ContextTypes

OFF = LinkPreviewOptions(is_disabled=True)


def read(path: Path) -> dict[str, dict[str, Any]]:
    """The screens: callback data -> text, parse_mode and reply_markup as the other bot sends them."""
    screens: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    for screen in screens.values():
        if isinstance(screen["reply_markup"], str):
            screen["reply_markup"] = json.loads(screen["reply_markup"])
    return screens


def keyboard(markup: dict[str, Any]) -> InlineKeyboardMarkup:
    """The buttons as objects of the library, built anew for each screen as handlers do."""
    return InlineKeyboardMarkup([[_button(**button) for button in row] for row in markup["inline_keyboard"]])


def _button(text: str, copy_text: dict[str, str] | None = None, **kind: str) -> InlineKeyboardButton:
    copied = CopyTextButton(copy_text["text"]) if copy_text else None
    return InlineKeyboardButton(text, copy_text=copied, **kind)  # type: ignore[arg-type]  # one of several


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--screens", type=Path, required=True)
    options = parser.parse_args()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    screens = read(options.screens)

    async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None and query.data is not None
        await query.answer()
        screen = screens[query.data]
        markup = keyboard(screen["reply_markup"])
        await query.edit_message_text(
            screen["text"], reply_markup=markup, parse_mode=screen["parse_mode"], link_preview_options=OFF
        )

    app = ApplicationBuilder().token(options.token).base_url(f"{options.url}/bot").build()
    app.add_handler(CallbackQueryHandler(tapped))
    app.run_polling(allowed_updates=["message", "callback_query"])


if __name__ == "__main__":
    main()
