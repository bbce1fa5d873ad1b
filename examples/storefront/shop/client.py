"""The shop's side of Tailorbird's HTTP API. Nothing here raises: a shop stays open when its recommender is away.

While the API does not answer, calls are skipped for two seconds at a time so that pages stay fast, and events wait in
memory to be sent with the next one that gets through.
"""

import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx

from shop.settings import Settings

Json = dict[str, Any]
REST_S = 2.0  # how long an API that did not answer is left alone
ITEM_FRESH_S = 60.0
KEPT_EVENTS = 1000
KEPT_ITEMS = 20_000


class Client:
    """One per process; keeps connections, a short memory of items, and events that could not be sent yet."""

    def __init__(self, settings: Settings) -> None:
        timeout = httpx.Timeout(2.0, connect=0.4)
        headers = {"Authorization": f"Bearer {settings.key}"}
        self._http = httpx.AsyncClient(base_url=settings.api, headers=headers, timeout=timeout)
        self._away_until = 0.0
        self._waiting: deque[Json] = deque(maxlen=KEPT_EVENTS)
        self._items: dict[str, tuple[float, Json]] = {}

    @property
    def away(self) -> bool:
        """Whether the API did not answer a moment ago."""
        return time.monotonic() < self._away_until

    async def close(self) -> None:
        await self._http.aclose()

    async def send(self, events: Sequence[Json]) -> str:
        """Send events, and those that still wait; the offset token behind them, or "" if they have to wait."""
        self._waiting.extend(events)
        batch = list(self._waiting)
        answer = await self._call("POST", "/v1/batch", json={"batch": batch}) if batch else None
        if answer is None:
            return ""
        for event in batch:
            if event in self._waiting:
                self._waiting.remove(event)
        return str(answer.get("offset", ""))

    async def decide(self, person: Json, placements: Sequence[str], context: Json, limit: int, after: str) -> Json:
        """{placement: decision}, in the order of the page; an item stands in the first that wants it, and only there.

        One call a placement, because what to leave out is known only when the one before is decided.
        """
        decisions: Json = {}
        shown: list[str] = []
        for name in placements:
            body = {"person": person, "placements": [name], "context": context, "limit": limit, "exclude": shown}
            answer = await self._call("POST", "/v1/decide", json=body | ({"after": after} if after else {}))
            decision = ((answer or {}).get("decisions") or {}).get(name) or {}
            if decision.get("items"):
                decisions[name] = decision
                shown = shown + [choice["id"] for choice in decision["items"]]
        return decisions

    async def person(self, kind: str, value: str, after: str = "") -> Json:
        """What Tailorbird knows of somebody; {} if nothing."""
        parameters = {"after": after} if after else {}
        return await self._call("GET", f"/v1/people/{kind}:{quote(value, safe='')}", params=parameters) or {}

    async def search(
        self, query: str = "", category: str = "", limit: int = 24, offset: int = 0
    ) -> tuple[list[Json], int]:
        """A page of items, and how many there are."""
        parameters: Mapping[str, Any] = {"q": query, "category": category, "limit": limit, "offset": offset}
        answer = await self._call("GET", "/v1/items", params=parameters) or {}
        items = answer.get("items", [])
        for item in items:
            self._remember(item)
        return items, int(answer.get("total", len(items)))

    async def item(self, item_id: str) -> Json | None:
        """One item, at most a minute old; an older copy if the API is away."""
        kept = self._items.get(item_id)
        if kept and time.monotonic() - kept[0] < ITEM_FRESH_S:
            return kept[1]
        found = await self._call("GET", f"/v1/items/{quote(item_id, safe='')}")
        if found:
            self._remember(found)
        return found or (kept[1] if kept else None)

    def _remember(self, item: Json) -> None:
        if len(self._items) >= KEPT_ITEMS:
            self._items.clear()
        self._items[str(item["id"])] = (time.monotonic(), item)

    async def _call(self, method: str, path: str, **parts: Any) -> Json | None:
        """The JSON of a good answer, {} for a refusal such as 404, None when nobody is there."""
        if self.away:
            return None
        try:
            answer = await self._http.request(method, path, **parts)
            body: Json = answer.json() if answer.is_success else {}
        except (httpx.HTTPError, ValueError):
            answer, body = None, {}
        if answer is None or answer.status_code >= 500:
            self._away_until = time.monotonic() + REST_S
            return None
        return body
