"""Every exception Tailorbird raises on purpose, as one short tree.

    TailorbirdError
    ├── Unavailable            try again later (HTTP 503): the cause passes by itself
    │   ├── LogUnavailable     disk full or read-only; nothing was acknowledged
    │   └── StateUnavailable   the state store is full, locked, rebuilding or away
    ├── BadRequest             the caller's bytes are wrong (HTTP 400)
    │   └── TooLarge           more bytes or events than one call may bring (HTTP 413)
    ├── NotAllowed             no key, an unknown key (401) or a key without that right (403)
    ├── BadDefinition          a tracking plan, placement or setting that cannot be loaded
    ├── Corrupt                stored bytes that fail their checksum or schema
    └── MissingExtra           an optional dependency is not installed

Messages name the thing, the value, the place and the next step.
"""


class TailorbirdError(Exception):
    """The root: catch this to catch all that Tailorbird raises on purpose."""


class Unavailable(TailorbirdError):
    """The cause passes by itself: try again after `retry_after` seconds."""

    retry_after: int = 1


class LogUnavailable(Unavailable):
    """The event log cannot be written; nothing of this call was acknowledged."""

    retry_after = 5


class StateUnavailable(Unavailable):
    """The state store cannot be read or written right now."""


class BadRequest(TailorbirdError):
    """The caller's bytes cannot be understood; says where and what to send instead."""


class TooLarge(BadRequest):
    """More bytes or events than one call may bring; says the limit."""


class NotAllowed(TailorbirdError):
    """The key is missing, unknown, or lacks the right that the call needs."""

    def __init__(self, message: str, *, known: bool = False) -> None:
        super().__init__(message)
        self.known = known  # a known key that lacks a right is 403; anything else is 401


class BadDefinition(TailorbirdError):
    """A definition that cannot be loaded; the old version stays in force."""


class Corrupt(TailorbirdError):
    """Stored bytes that are not what was written; says which file and where."""


class MissingExtra(TailorbirdError):
    """An optional dependency is missing; says which extra to install."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs an optional part that is not installed: pip install 'tailorbird[{extra}]'")
