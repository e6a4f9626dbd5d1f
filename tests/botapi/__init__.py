"""A Bot API server on loopback that is stricter than Telegram, for tests that run the real bot against it."""

from .faults import Fault, Limits
from .html import is_link, utf16
from .html import parse as parse_html
from .markup import Button
from .people import Group, Person
from .refused import STRICTER
from .server import TOKEN, Call, Telegram, Violation
from .updates import Update
from .world import Alert, Message

__all__ = [
    "STRICTER",
    "TOKEN",
    "Alert",
    "Button",
    "Call",
    "Fault",
    "Group",
    "Limits",
    "Message",
    "Person",
    "Telegram",
    "Update",
    "Violation",
    "is_link",
    "parse_html",
    "utf16",
]
