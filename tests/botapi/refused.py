"""How the server says no: one exception, in the words of Telegram's own Bot API server.

Where Telegram would let something pass that we refuse, the words begin with "stricter than Telegram:", so
that nobody looks for them in Telegram's documentation.
"""

from __future__ import annotations

STRICTER = "stricter than Telegram: "


class Refused(Exception):  # noqa: N818 - the word the tests say
    """A call that gets no result. `code` is both the HTTP status and `error_code`."""

    def __init__(self, code: int, description: str, retry_after: int = 0) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def body(self) -> dict[str, object]:
        """The JSON object that Telegram answers with."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(message: str) -> Refused:
    """400 with Telegram's prefix and, as there, a small first letter except in words like URL_INVALID."""
    if not (message[1:2] == "_" or message[1:2].isupper()):
        message = message[0].lower() + message[1:]
    return Refused(400, f"Bad Request: {message}")


def stricter(message: str) -> Refused:
    """400 for something that Telegram lets pass, ignores or repairs, and that our bot must not do."""
    return Refused(400, f"Bad Request: {STRICTER}{message}")


def too_many(retry_after: int) -> Refused:
    """429 with the seconds to wait, in the body (and by the server in the header) as Telegram does it."""
    return Refused(429, f"Too Many Requests: retry after {retry_after}", retry_after)
