"""POST /v1/{track,identify,...,batch} and their one-letter twins: the Segment tracking API.

A client that speaks Segment wants `{"success": true}` whatever one of its events looked like: the bad ones go to
quarantine. With `?strict=1` they are reported (400, with where and why) and kept all the same.
"""

import time
from collections import Counter
from typing import NamedTuple
from urllib.parse import parse_qs

from tailorbird.collect.accept import accept
from tailorbird.collect.dialects.segment import ROUTES, settings_answer, write_key_of
from tailorbird.collect.draft import Accepted, Call, RejectedDraft
from tailorbird.shell.auth import Caller, require
from tailorbird.shell.http.app import Route
from tailorbird.shell.http.ingest import Ingest
from tailorbird.shell.http.site import SiteWatch
from tailorbird.shell.http.wire import JSON, Request, Response
from tailorbird.shell.metrics import Metrics

MOST_BYTES = 500 * 1024


class Taken(NamedTuple):
    """What is left of a call once it is sealed, and waits for the disk: the drafts are gone (docs/why/058)."""

    payloads: list[bytes]
    events: int
    rejected: list[RejectedDraft]


class Collect:
    """The tracking endpoints of one web process."""

    def __init__(self, site: SiteWatch, ingest: Ingest, site_key: bytes, metrics: Metrics) -> None:
        self._site = site
        self._ingest = ingest
        self._site_key = site_key
        self._metrics = metrics

    def routes(self) -> dict[tuple[str, str], Route]:
        return {("POST", path): Route("collect", self.post, MOST_BYTES, at_once=True) for path in ROUTES}

    async def post(self, request: Request) -> Response:
        """Accept, store, and answer once it is on disk."""
        caller = self.caller(request)
        taken = await self._take(request, caller)
        offset = await self._ingest.write(taken.payloads)
        self._count(caller.name, taken.events, taken.rejected)
        if taken.rejected and wants_strictness(request):
            return strict_answer(taken, offset)
        return answer(offset)

    async def _take(self, request: Request, caller: Caller) -> Taken:
        """The call, accepted and sealed."""
        call = call_of(request, caller)
        accepted = accept(request.path, request.body, call, self._site.now().plan, self._site_key)
        return Taken(await self._ingest.seal(accepted), len(accepted.drafts), accepted.rejected)

    def caller(self, request: Request) -> Caller:
        """Who sends, by header or by the body's writeKey; raises NotAllowed."""
        # The header first: only where it names nobody the body is read for a key (a beacon cannot set headers,
        # docs/why/071).
        caller = self._site.caller(request.headers)
        if caller is None and (key := write_key_of((), request.body)):
            caller = self._site.of_key(key)
        return require(caller, "collect")

    def count(self, source: str, accepted: Accepted) -> None:
        """Note what came, by source and reason."""
        self._count(source, len(accepted.drafts), accepted.rejected)

    def _count(self, source: str, events: int, rejected: list[RejectedDraft]) -> None:
        if events:
            self._metrics.add("tailorbird_events_accepted", events, source)
        if not rejected:
            return
        for reason, count in Counter(draft.reason for draft in rejected).items():
            self._metrics.add("tailorbird_events_rejected", count, source, reason)


def call_of(request: Request, caller: Caller) -> Call:
    """The circumstances of a call."""
    header = request.header
    return Call(
        # Our clock, read once a call: all its events were received at one instant.
        int(time.time() * 1000),
        caller.name,
        request.client,
        header(b"user-agent").decode("latin-1"),
        header(b"content-type").decode("latin-1"),
        header(b"sec-gpc") == b"1",
        "admin" in caller.can,
    )


def wants_strictness(request: Request) -> bool:
    """Whether the caller asked to hear of bad events."""
    return parse_qs(request.query.decode("latin-1")).get("strict", ["0"])[-1] in ("1", "true")


def answer(offset: int) -> Response:
    """What every Segment client is content with; the offset is the token for `after`."""
    token = b"%d" % offset
    return Response(200, b'{"success":true,"offset":"%s"}' % token, [JSON, (b"x-tailorbird-offset", token)])


def strict_answer(taken: Taken, offset: int) -> Response:
    """What was wrong, and where."""
    errors = [{"where": one.where, "reason": one.reason, "detail": one.detail} for one in taken.rejected]
    body = {"success": False, "errors": errors, "accepted": taken.events, "offset": str(offset)}
    return Response.of(body, 400, ((b"x-tailorbird-offset", b"%d" % offset),))


async def project_settings(request: Request) -> Response:
    """GET /v1/projects/{key}/settings: how analytics.js learns where to send. The key is not checked, only repeated."""
    key = request.path.split("/")[3]
    host = request.header(b"host").decode("latin-1")
    # A proxy may end TLS before us.
    scheme = "https" if request.header(b"x-forwarded-proto") == b"https" else "http"
    return Response.of(settings_answer(key, f"{scheme}://{host}"))
