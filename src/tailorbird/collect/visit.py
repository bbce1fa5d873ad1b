"""What a visit shows of itself without telling who it is: the kind of device, and the host it came from.

Both are read at the door from what is sealed (the browser's name, the page before), and are plain: `device.type` is
one of three words, `referrer.host` a host without path, query or "www.". A page of the same host is no referrer. What
a client says itself stands; a plan that declares one of them personal, or not at all, gets none.
"""

import re
from functools import lru_cache
from typing import Any, Protocol

DEVICE, REFERRER = "device.type", "referrer.host"
_TABLET = re.compile(r"iPad|Tablet|PlayBook|Silk|Kindle|Android(?!.*Mobile)")
_PHONE = re.compile(r"Mobi|iPhone|iPod|Windows Phone|Opera Mini|BlackBerry")
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?(?:www\.)?([a-z0-9.-]{1,253})", re.IGNORECASE)


class Rule(Protocol):
    """How a plan declares one path of the context."""

    @property
    def personal(self) -> bool: ...


class Plan(Protocol):
    """What of a tracking plan is asked here."""

    @property
    def context(self) -> dict[str, Any]: ...


def add_visit(plain: dict[str, Any], context: dict[str, Any], plan: Plan) -> None:
    """Add what the context shows to its plain half."""
    agent, page = context.get("userAgent"), context.get("page")
    if agent.__class__ is str and DEVICE not in plain and _is_plain(DEVICE, plan):
        plain[DEVICE] = device_of(agent)
    if page.__class__ is dict and REFERRER not in plain and _is_plain(REFERRER, plan):
        host = foreign_host(page.get("referrer"), page.get("url"))
        if host:
            plain[REFERRER] = host


@lru_cache(4_096)
def device_of(user_agent: str) -> str:
    """ "mobile", "tablet" or "desktop", by the words that browsers themselves use.

    >>> device_of("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Mobile/15E148")
    'mobile'
    >>> device_of("Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36"), device_of("Mozilla/5.0 (X11; Linux)")
    ('tablet', 'desktop')
    """
    return "tablet" if _TABLET.search(user_agent) else "mobile" if _PHONE.search(user_agent) else "desktop"


def foreign_host(referrer: Any, url: Any = None) -> str:
    """The host of the page before, "" where there is none, or where it is this page's own.

    >>> foreign_host("https://www.Example.com/search?q=tea", "https://shop.example/"), foreign_host("about:blank")
    ('example.com', '')
    """
    if not referrer:  # as on most pages
        return ""
    host = _host(referrer)
    return host if host != _host(url) else ""


def _host(url: Any) -> str:
    found = _HOST.match(url) if url.__class__ is str else None
    return found[1].lower().rstrip(".") if found else ""


def _is_plain(path: str, plan: Plan) -> bool:
    declared: Rule | None = plan.context.get(path)
    return declared is not None and not declared.personal
