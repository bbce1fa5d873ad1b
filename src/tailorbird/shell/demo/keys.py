"""The demo's API keys, the same at every start, so that an open page or a curl command of yesterday still works."""

import os
from pathlib import Path

import msgspec

from tailorbird.shell.auth import KIND, KeyRing, create_key
from tailorbird.shell.ports import Definitions

RIGHTS = {
    "demo": ("collect",),  # sends the year of shopping
    "shop": ("collect", "decide", "read"),  # the storefront's server
    "browser": ("collect", "decide"),  # stands in every page, so it may not read
}


def demo_keys(definitions: Definitions, path: Path) -> dict[str, str]:
    """name -> key. They lie in the folder in the open, readable by you alone: this is a demo, and says so."""
    try:
        keys = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except (OSError, ValueError):
        keys = {}
    # The file alone is not believed: the folder may have been made anew around it.
    ring = KeyRing(definitions.all(KIND))
    if keys.keys() >= RIGHTS.keys() and all(ring.of_key(keys[name]) for name in RIGHTS):
        return keys
    keys = {name: create_key(definitions, name, can, "demo") for name, can in RIGHTS.items()}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(keys))
    return keys
