"""Personal values as they are shown until somebody asks to see them."""

from typing import Any

DOTS = "••••"
_OPEN = (bool, type(None))


def masked(value: Any) -> str:
    """A value of which only the shape is left: enough to tell two apart at a glance, too little to know anybody.

    >>> masked("anna.schmidt@example.com"), masked("household-1042"), masked(42), masked("")
    ('a••••@e••••.com', 'h••••2', '••••', '••••')
    """
    if isinstance(value, _OPEN):
        return str(value)
    text = value if isinstance(value, str) else ""
    name, at, host = text.partition("@")
    if at and name and "." in host:
        return f"{name[0]}{DOTS}@{host[0]}{DOTS}.{host.rsplit('.', 1)[1]}"
    # Of a short text two letters would be most of it.
    return f"{text[0]}{DOTS}{text[-1]}" if len(text) >= 6 else DOTS


def shown(value: Any, opened: bool) -> str:
    """The value itself if it was opened, else its mask.

    >>> shown("household-1042", True), shown(["a"], True)
    ('household-1042', 'a')
    """
    if not opened:
        return masked(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
