"""May this purpose use this person's data now? The one function that everyone asks (law 7).

A purpose is why data are used. Three are built in; `site/consent.yaml` changes their defaults and adds others:

    purposes:
      messaging: {default: denied}
      research:  {default: granted, lasts_days: 365, why: "improve our assortment"}

What the person said last counts, until it has run out; where the person said nothing the site's default counts.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, NamedTuple, Protocol

import msgspec

from tailorbird.errors import BadDefinition
from tailorbird.events import DAY_MS

PURPOSES = {
    "analytics": "store the event and count it",
    "personalization": "choose what this person sees by what is known of them",
    "messaging": "write to this person",
}


class Said(Protocol):
    """What a person said about one purpose, last (see `know.profile.Consent`)."""

    @property
    def granted(self) -> bool: ...

    @property
    def at(self) -> int: ...


class Purpose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One purpose as the site declares it."""

    default: str = "granted"  # "granted" until withdrawn, or "denied" until granted
    lasts_days: Annotated[int, msgspec.Meta(ge=0)] = 0  # how long a person's word holds; 0: until they say otherwise
    why: str = ""  # for people: what it is used for


class Policy(msgspec.Struct, frozen=True):
    """All purposes of a site, by name."""

    purposes: dict[str, Purpose] = msgspec.field(
        default_factory=lambda: {name: Purpose(why=why) for name, why in PURPOSES.items()}
    )


class Verdict(NamedTuple):
    """Whether it is allowed, and the sentence that says why."""

    allowed: bool
    why: str


def may(purpose: str, consents: Mapping[str, Said], policy: Policy, now: int) -> Verdict:
    """Whether `purpose` may use the data of the person who said `consents`, at `now` (ms), and why.

    >>> may("personalization", {}, Policy(), now=0)
    Verdict(allowed=True, why='personalization is granted until withdrawn')
    >>> may("profiling", {}, Policy(), now=0).allowed
    False
    """
    declared = policy.purposes.get(purpose)
    # A misspelt purpose must not pass as one that nobody objected to.
    if declared is None:
        return Verdict(False, f"{purpose} is not declared in site/consent.yaml")
    said = consents.get(purpose)
    if said is None or _ran_out(said, declared, now):
        return _by_default(declared.default, purpose)
    return _as_said(said.granted, purpose)


BY_DEFAULT = {"granted": (True, "is granted until withdrawn"), "denied": (False, "is denied until granted")}


# Each event and each decision asks, and only a few purposes are declared: so their sentences are kept.
@cache
def _by_default(default: str, purpose: str) -> Verdict:
    allowed, words = BY_DEFAULT[default]
    return Verdict(allowed, f"{purpose} {words}")


@cache
def _as_said(granted: bool, purpose: str) -> Verdict:
    return Verdict(granted, f"the person {'granted' if granted else 'withdrew'} {purpose}")


def _ran_out(said: Said, declared: Purpose, now: int) -> bool:
    # A refusal never runs out: silence after "no" is not "yes".
    return said.granted and 0 < declared.lasts_days * DAY_MS <= now - said.at


def load_policy(body: Mapping[str, Any]) -> Policy:
    """The policy that the body of `site/consent.yaml` declares, on top of the built-in purposes.

    >>> load_policy({"purposes": {"messaging": {"default": "denied"}}}).purposes["messaging"].default
    'denied'

    Raises BadDefinition with the name, the value and what is allowed.
    """
    unknown = set(body) - {"purposes"}
    if unknown:
        raise BadDefinition(f"site/consent.yaml has {sorted(unknown)[0]!r}; it knows only 'purposes'")
    declared = body.get("purposes") or {}
    if not isinstance(declared, Mapping):
        raise BadDefinition("site/consent.yaml: 'purposes' must map a name to its settings")
    # On top of the built-in ones: a site that declares one purpose of its own must not lose the others.
    return Policy({**Policy().purposes, **{name: _purpose(name, entry) for name, entry in declared.items()}})


def _purpose(name: str, entry: Any) -> Purpose:
    # A purpose is replaced as a whole, but the words of a built-in one stay unless the site has its own.
    why = {"why": PURPOSES.get(name, "")}
    try:
        purpose = msgspec.convert({**why, **(entry or {})}, Purpose)
    except (msgspec.ValidationError, TypeError) as wrong:
        raise BadDefinition(f"site/consent.yaml, purpose {name!r}: {wrong}") from None
    if purpose.default not in BY_DEFAULT:
        known = " or ".join(BY_DEFAULT)
        raise BadDefinition(f"site/consent.yaml, purpose {name!r}: default {purpose.default!r} is not {known}")
    return purpose
