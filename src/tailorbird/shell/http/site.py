"""What the site's definitions say now, compiled: keys, tracking plan, placements, consent policy."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tailorbird.collect.plan import BUILT_IN_PLAN, TrackingPlan
from tailorbird.consent.purpose import Policy
from tailorbird.errors import BadDefinition, TailorbirdError
from tailorbird.offer.placement import BUILT_IN, Placements
from tailorbird.shell.auth import Caller, Headers, KeyRing, caller_of
from tailorbird.shell.declared import placements_of, policy_of
from tailorbird.shell.logs import Logger
from tailorbird.shell.ports import Definitions

LOOK_EVERY_S = 0.1
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Site:
    """The definitions of one version."""

    version: int
    ring: KeyRing
    plan: TrackingPlan
    placements: Placements
    policy: Policy


class SiteWatch:
    """The site as of at most `LOOK_EVERY_S` ago. A definition that cannot be loaded leaves the one before in force."""

    def __init__(self, definitions: Definitions, logger: Logger) -> None:
        self._definitions = definitions
        self._logger = logger
        self._site = Site(-1, KeyRing([]), BUILT_IN_PLAN, BUILT_IN, Policy())
        self._look_at = 0.0
        self.look()

    def now(self) -> Site:
        """The site. Costs a look at the clock, and at the store ten times a second."""
        if time.monotonic() >= self._look_at:
            self.look()
        return self._site

    def caller(self, headers: Headers) -> Caller | None:
        """Who calls by these headers; a key made a moment ago is known."""
        caller = caller_of(self.now().ring, headers)
        if caller is None and (b"authorization" in headers or b"x-api-key" in headers):
            # Looked again at once, and not a tenth of a second later: who makes a key tries it out in the next moment.
            caller = caller_of(self.look().ring, headers)
        return caller

    def of_key(self, key: str) -> Caller | None:
        """Whose key this is; a key made a moment ago is known."""
        return self.now().ring.of_key(key) or self.look().ring.of_key(key)

    def look(self) -> Site:
        """The site as of this moment: for what must be seen at once, such as a key made a moment ago."""
        self._look_at = time.monotonic() + LOOK_EVERY_S
        try:
            version = self._definitions.version()
            if version != self._site.version:
                self._site = self._load(version)
        except TailorbirdError as error:
            self._logger.emit("definition_refused", kind="all", detail=str(error))
        return self._site

    def _load(self, version: int) -> Site:
        before = self._site
        return Site(
            version,
            # Each part by itself: a plan that cannot be read must not keep a withdrawn key valid.
            KeyRing(self._definitions.all("key")),
            self._or("plan", before.plan, self._plan),
            self._or("placement", before.placements, lambda: placements_of(self._definitions)),
            self._or("consent", before.policy, lambda: policy_of(self._definitions)),
        )

    def _or(self, kind: str, before: T, load: Callable[[], T]) -> T:
        try:
            return load()
        except BadDefinition as error:
            self._logger.emit("definition_refused", kind=kind, detail=str(error))
            return before

    def _plan(self) -> TrackingPlan:
        found = self._definitions.all("plan")
        return TrackingPlan.load(found[0].body, found[0].version) if found else BUILT_IN_PLAN
