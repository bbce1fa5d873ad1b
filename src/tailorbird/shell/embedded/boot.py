"""Which run of the machine this is: what was written but not synced survives a killed process, not a new boot."""

import uuid
from pathlib import Path

UNKNOWN = bytes(16)

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def boot_id() -> bytes:
    """16 bytes that change with every boot; `UNKNOWN` (16 zeros) where the system does not tell.

    Who meets UNKNOWN must assume that the power was cut.

    >>> len(boot_id())
    16
    """
    try:
        return uuid.UUID(_BOOT_ID.read_text().strip()).bytes
    except (OSError, ValueError):
        return UNKNOWN
