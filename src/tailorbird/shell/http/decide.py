"""POST /v1/decide: what should this person see now, and why.

The person is looked up in the state as of `after`, the token of an earlier acknowledgement: it is waited for at most
20 ms, so what a page sent a moment ago counts on the very next page. The decision goes into the log behind the answer.
"""

import asyncio
import itertools
import os
import time
from operator import attrgetter

import msgspec

from tailorbird.collect.visit import device_of, foreign_host
from tailorbird.consent.purpose import Policy, may
from tailorbird.errors import BadRequest, Unavailable
from tailorbird.events import Decided, Decision, Identifier, Leaf, encode_record
from tailorbird.know.traits import say
from tailorbird.offer.decide import decide
from tailorbird.offer.placement import Placements
from tailorbird.offer.recommend.circumstances import Circumstance, visit_of
from tailorbird.offer.recommend.person import Person
from tailorbird.offer.request import Context
from tailorbird.offer.request import Request as Ask
from tailorbird.shell.auth import require
from tailorbird.shell.http.app import Route
from tailorbird.shell.http.freshness import Freshness, offset_of
from tailorbird.shell.http.ingest import Ingest
from tailorbird.shell.http.lookup import Found, Lookup
from tailorbird.shell.http.shelves import Shelves
from tailorbird.shell.http.site import SiteWatch
from tailorbird.shell.http.unfolded import Unfolded
from tailorbird.shell.http.wire import Request, Response
from tailorbird.shell.metrics import Metrics

MOST_BYTES = 64 * 1024
MOST_PLACEMENTS = 20
LOG_WITHIN_S = 0.01  # nobody waits for it, and a write and its sync for each few decisions cost as much as deciding
NOBODY = Found(None, None, 0)
NO_CONTEXT = Context()
NO_CHANCE: list[float] = []  # one byte in the log for all pages that chance has no part in
_ID, _SCORE = attrgetter("id"), attrgetter("score")  # a dozen for each decision: these take half of a loop's time
_TOO_FAR = "the stream worker is too far behind to know whether consent still holds"
_NO_STATE = "what is known of people cannot be read now"


class ContextBody(msgspec.Struct):
    """What the page is about; unknown fields are ignored."""

    item: str | int | None = None
    items: list[str | int] = []
    category: str | None = None
    page: str | None = None
    query: str | None = None
    device: str | None = None
    country: str | None = None
    region: str | None = None
    source: str | None = None
    referrer: str | None = None


class Body(msgspec.Struct):
    """The body of the call."""

    person: dict[str, str | int | float | None] | str | None = None
    placements: list[str] = msgspec.field(default_factory=lambda: ["home"])
    context: ContextBody | None = None
    exclude: list[str | int] = []
    limit: int | None = None
    debug: bool = False
    after: str | int | None = None


class Answer(msgspec.Struct):
    """The answer."""

    decisions: dict[str, Decision]
    person: str | None  # our id of the person, None for one we do not know
    offset: str  # the state that was looked at
    fresh: bool  # whether `after` was reached


_read = msgspec.json.Decoder(Body).decode
_write = msgspec.json.Encoder().encode


class Decide:
    """The decide endpoint of one web process."""

    def __init__(
        self,
        site: SiteWatch,
        shelves: Shelves,
        lookup: Lookup,
        freshness: Freshness,
        unfolded: Unfolded,
        ingest: Ingest,
        metrics: Metrics,
    ) -> None:
        self._site = site
        self._shelves = shelves
        self._lookup = lookup
        self._freshness = freshness
        self._unfolded = unfolded
        self._ingest = ingest
        self._metrics = metrics
        self._start, self._counter = os.urandom(8).hex(), itertools.count()
        self._decided: list[bytes] = []  # records on their way into the log

    def routes(self) -> dict[tuple[str, str], Route]:
        return {("POST", "/v1/decide"): Route("decide", self.post, MOST_BYTES, at_once=True, now=self.post_now)}

    async def post(self, request: Request) -> Response:
        """Wait for what `after` stands for, look the person up, decide, answer; the log hears of it behind that."""
        body, after = self._asked(request)
        fresh = not after or await self._freshness.reached(after)
        return self._answer(request, body, after, fresh)

    def post_now(self, request: Request) -> Response | None:
        """`post`, where nothing has to be waited for; else None."""
        body, after = self._asked(request)
        if after and not self._freshness.reached_already(after):
            return None
        return self._answer(request, body, after, True)

    def _asked(self, request: Request) -> tuple[Body, int]:
        """What an allowed caller asks, and the offset that they wait for."""
        caller = require(self._site.caller(request.headers), "decide")
        body = read_body(request.body)
        if body.debug:  # it tells what somebody bought and what is not for sale yet: a browser's key may not read that
            require(caller, "read")
        return body, 0 if body.after is None else offset_of(body.after)

    def _answer(self, request: Request, body: Body, after: int, fresh: bool) -> Response:
        site = self._site.now()
        identifiers = self._lookup.identifiers(body.person)
        found, why = self._find(identifiers, fresh)
        person = found.known
        if not fresh and person is not None:
            person, why = self._allowed(person, found, identifiers, after)
        now = int(time.time() * 1000)
        shelf, model = self._shelves.now()
        # Where it cannot be known whether consent still holds, the visit may not speak either.
        asked = ask_of(body, _browser(request) if identifiers else "", visit=not why)
        decisions = decide(asked, person, shelf, model, site.placements, site.policy, now, self._new_id)
        decisions = [_with(why, decision) for decision in decisions] if why else decisions
        leaf = _leaf(identifiers, person, site.policy, now)
        # What was asked of a placement that nobody declared is not a decision: a caller may name what it likes.
        offered = [decision for decision in decisions if decision.placement in site.placements]
        # Encoded at once, while all of it is at hand: some moments later each part is far away in memory.
        self._log([encode_record(decided_of(decision, leaf, now)) for decision in offered])
        self._count(decisions, site.placements, fresh)
        return Response(200, _write(answer_of(decisions, found, fresh)))

    def _allowed(
        self, person: Person, found: Found, identifiers: list[Identifier], after: int
    ) -> tuple[Person | None, str]:
        """The person with what was said since about consent; None where that cannot be known (law 7)."""
        hashes = {*found.hashes, *(identifier.hash for identifier in identifiers)}
        said = self._unfolded.said(found.offset, after, hashes)
        if said is None:
            return None, _TOO_FAR
        if not said:
            return person, ""
        consent = dict(person.profile.consent)
        # By the fold's own rule: what arrived late may have been said before what is known.
        for purpose, word in said.items():
            say(consent, purpose, word)
        newer = Person(msgspec.structs.replace(person.profile, consent=consent))
        newer.segments = person.segments
        return newer, ""

    def _find(self, identifiers: list[Identifier], fresh: bool) -> tuple[Found, str]:
        if not identifiers:
            return NOBODY, ""
        try:
            return self._lookup.find(identifiers, with_hashes=not fresh), ""
        except Unavailable:
            return NOBODY, _NO_STATE

    def _log(self, decided: list[bytes]) -> None:
        if decided and not self._decided:
            asyncio.get_running_loop().call_later(LOG_WITHIN_S, self._send)
        self._decided.extend(decided)

    def _send(self) -> None:
        decided, self._decided = self._decided, []
        self._ingest.log_decisions(decided)

    def _new_id(self) -> str:
        """Unique over processes and restarts."""
        return f"{self._start}{next(self._counter):08x}"

    def _count(self, decisions: list[Decision], placements: Placements, fresh: bool) -> None:
        for decision in decisions:
            # Only names that the site declared: a label must not grow with what callers make up.
            placement = decision.placement if decision.placement in placements else ""
            self._metrics.add("tailorbird_decisions", 1, placement, decision.link)
        if not fresh:
            self._metrics.add("tailorbird_decide_stale")


def read_body(body: bytes) -> Body:
    """The call's body; raises BadRequest saying where it is wrong."""
    try:
        asked = _read(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadRequest(f"The body of decide cannot be read: {error}. Send JSON as /docs shows it.") from None
    if len(asked.placements) > MOST_PLACEMENTS:
        raise BadRequest(f"{len(asked.placements)} placements were asked for; at most {MOST_PLACEMENTS} in one call.")
    return asked


def ask_of(body: Body, user_agent: str = "", *, visit: bool = True) -> Ask:
    """The question in the terms of `offer`. `user_agent`: of a browser that asks itself, "" for a server; `visit`:
    whether what the visit says of itself may be used.
    """
    placements, exclude = tuple(dict.fromkeys(body.placements)), tuple(map(str, body.exclude))
    about = body.context
    if about is None and not user_agent:
        return Ask(placements, NO_CONTEXT, exclude, body.limit, body.debug)
    about = about or ContextBody()
    context = Context(
        "" if about.item is None else str(about.item),
        tuple(map(str, about.items)),
        about.category or "",
        about.page or "",
        about.query or "",
    )
    said = _visit(about, user_agent) if visit else ()
    return Ask(placements, context, exclude, body.limit, body.debug, said)


def _visit(about: ContextBody, user_agent: str) -> tuple[Circumstance, ...]:
    device = about.device or (device_of(user_agent) if user_agent else "")
    return visit_of(device, about.country or "", about.region or "", about.source or foreign_host(about.referrer))


def _browser(request: Request) -> str:
    """What the browser calls itself, where one asks; a server that asks for somebody says nothing of their device."""
    agent = request.header(b"user-agent")
    return agent.decode("latin-1") if agent.startswith(b"Mozilla/") else ""


def decided_of(decision: Decision, leaf: Leaf, now: int) -> Decided:
    """The decision as the log keeps it. A question counts as the one thing that was offered, so that it can be seen."""
    items = decision.items
    if decision.ask is not None:
        asked = decision.ask.trait
        return Decided(decision.id, now, leaf, decision.placement, [asked], ["question"], [0.0], decision.link, 1.0, "")
    return Decided(
        decision.id,
        now,
        leaf,
        decision.placement,
        list(map(_ID, items)),
        [choice.reasons[0].kind if choice.reasons else "" for choice in items],
        list(map(_SCORE, items)),
        decision.link,
        decision.probability,
        decision.model,
        [choice.probability for choice in items] if decision.probability < 1 else NO_CHANCE,
    )


def answer_of(decisions: list[Decision], found: Found, fresh: bool) -> Answer:
    """The answer to the call."""
    by_placement = {decision.placement: decision for decision in decisions}
    return Answer(by_placement, found.person.hex() if found.person else None, str(found.offset), fresh)


def _leaf(identifiers: list[Identifier], person: Person | None, policy: Policy, now: int) -> Leaf:
    """Whom the log says it was decided for: nobody, where the person does not want to be counted (law 7)."""
    said = person.profile.consent if person is not None else {}
    return identifiers[0].hash if identifiers and may("analytics", said, policy, now).allowed else b""


def _with(why: str, decision: Decision) -> Decision:
    return msgspec.structs.replace(decision, why=f"{decision.why}; {why}" if decision.why else why)
