"""What the shop has to be told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Where Tailorbird is, and the keys for it."""

    api: str
    key: str  # of this server: collect, decide, read; never leaves it
    browser_key: str  # in every page, so it may only collect and decide
    secret: bytes  # signs the cookie with the basket
    currency: str = "USD"
