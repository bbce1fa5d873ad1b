"""Where the example storefront is, and how to start it: a shop of its own that knows only the public API."""

import sys
from pathlib import Path

import tailorbird

_PACKAGE = Path(tailorbird.__file__).parent
_PLACES = (
    _PACKAGE.parent.parent / "examples" / "storefront",  # a checkout
    _PACKAGE / "_examples" / "storefront",  # the wheel
)


def storefront_command(port: int) -> list[str] | None:
    """The command that runs it, None where it is not installed."""
    for place in _PLACES:
        if (place / "app.py").is_file():
            return [sys.executable, str(place / "app.py"), "--port", str(port)]
    return None
