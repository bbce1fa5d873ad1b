"""What a visit shows of itself without telling who it is: the kind of device, and the host it came from.

Both are read at the door from what is sealed (the browser's name, the page before), and are plain: `device.type` is
one of three words, `referrer.host` a host without path, query or "www.". A page of the same host is no referrer. What
a client says itself stands; a plan that declares one of them personal, or not at all, gets none.
"""

import re
from functools import lru_cache
from typing import Any

from tailorbird.collect.plan import TrackingPlan

DEVICE, REFERRER = "device.type", "referrer.host"
_TABLET = re.compile(r"iPad|Tablet|PlayBook|Silk|Kindle|Android(?!.*Mobile)")
_PHONE = re.compile(r"Mobi|iPhone|iPod|Windows Phone|Opera Mini|BlackBerry")
# Characters, of what a client may make as long as it likes: the time for `_TABLET` grows by its square.
LOOKED_AT = 512
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?(?:www\.)?([a-z0-9.-]{1,253})", re.IGNORECASE)


def add_visit(plain: dict[str, Any], context: dict[str, Any], plan: TrackingPlan) -> None:
    """Add what the context shows to its plain half."""
    agent, page = context.get("userAgent"), context.get("page")
    if agent.__class__ is str and DEVICE not in plain and DEVICE in _shown(plan):
        plain[DEVICE] = device_of(agent)
    if page.__class__ is dict and REFERRER not in plain and REFERRER in _shown(plan):
        host = foreign_host(page.get("referrer"), page.get("url"))
        if host:
            plain[REFERRER] = host


@lru_cache(4)
def _shown(plan: TrackingPlan) -> frozenset[str]:
    """Which of the two this plan declares, and not as personal."""
    return frozenset(path for path in (DEVICE, REFERRER) if path in plan.context and not plan.context[path].personal)


def device_of(user_agent: str) -> str:
    """ "mobile", "tablet" or "desktop", by the words that browsers themselves use; in the first LOOKED_AT characters.

    >>> device_of("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Mobile/15E148")
    'mobile'
    >>> device_of("Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36"), device_of("Mozilla/5.0 (X11; Linux)")
    ('tablet', 'desktop')
    """
    return _device(user_agent[:LOOKED_AT])


@lru_cache(4_096)
def _device(user_agent: str) -> str:
    return "tablet" if _TABLET.search(user_agent) else "mobile" if _PHONE.search(user_agent) else "desktop"


def foreign_host(referrer: Any, url: Any = None) -> str:
    """The host of the page before, "" where there is none, or where it is this page's own.

    >>> foreign_host("https://www.Example.com/search?q=tea", "https://shop.example/"), foreign_host("about:blank")
    ('example.com', '')
    """
    if not referrer or referrer.__class__ is not str:  # as on most pages
        return ""
    host = _host(referrer[:LOOKED_AT])
    return host if not url or url.__class__ is not str or host != _host(url[:LOOKED_AT]) else ""


@lru_cache(4_096)  # a visit's pages are few, and regular expressions dear
def _host(url: str) -> str:
    found = _HOST.match(url)
    return found[1].lower().rstrip(".") if found else ""
