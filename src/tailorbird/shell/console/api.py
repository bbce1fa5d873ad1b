"""The console as a caller of the HTTP API: decisions, consent and replay take the same way as everybody's.

It calls with a key of its own, made when it is first needed and again when it was revoked; the secret half is only in
this process's memory.
"""

from typing import Any
from urllib.parse import quote

import httpx

from tailorbird.errors import TailorbirdError, Unavailable
from tailorbird.shell.auth import create_key
from tailorbird.shell.ports import Definitions

_RIGHTS = ("read", "decide", "collect", "admin")
_TIMEOUT_S = 5.0


class Refused(TailorbirdError):
    """The API answered that it will not; its own words."""


class Api:
    """A few calls. Raises Unavailable where the API is away, Refused where it says no."""

    def __init__(
        self, address: str, definitions: Definitions, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._address = address
        self._definitions = definitions
        self._transport = transport  # None: a socket
        self._client: httpx.AsyncClient | None = None

    async def decide(self, person: dict[str, str], placements: list[str], **more: Any) -> dict[str, Any]:
        """The decisions by placement, as a page of the shop would get them."""
        body = {"person": person, "placements": placements, **more}
        decisions: dict[str, Any] = (await self._call("POST", "/v1/decide", json=body))["decisions"]
        return decisions

    async def consent(self, type: str, value: str, said: dict[str, bool]) -> int:
        """Note what the person said; the offset behind which it counts."""
        return int(
            (await self._call("PUT", f"/v1/people/{quote(f'{type}:{value}', safe='')}/consent", json=said)).get(
                "offset", 0
            )
        )

    async def replay(self, reason: str = "", offset: int | None = None, limit: int = 1000) -> dict[str, int]:
        """Give one rejected call another try, or the newest of a reason; how many became what."""
        which = {"reason": reason} if offset is None else {"offset": str(offset)}
        answer = await self._call("POST", "/v1/rejected/replay", params={**which, "limit": limit})
        outcomes: dict[str, int] = answer["outcomes"]
        return outcomes

    async def ready(self) -> dict[str, Any] | None:
        """What /readyz says, None where nobody answers. Needs no key."""
        try:
            async with httpx.AsyncClient(base_url=self._address, timeout=_TIMEOUT_S) as client:
                told: dict[str, Any] = (await client.get("/readyz")).json()
                return told
        except (httpx.HTTPError, ValueError):
            return None

    async def _call(self, method: str, path: str, **more: Any) -> Any:
        try:
            client = self._opened()
            answer = await client.request(method, path, **more)
            if answer.status_code == httpx.codes.UNAUTHORIZED:
                # Revoked, or another console has taken its place. Who reads this folder may make keys: as at a restart.
                if self._client is client:  # no other call was faster
                    self._client = None
                answer = await self._opened().request(method, path, **more)
        except httpx.HTTPError as error:
            raise Unavailable(f"The API at {self._address} does not answer ({type(error).__name__}).") from None
        if answer.is_error:
            raise Refused(f"The API answered {answer.status_code}: {answer.text[:300]}")
        return answer.json()

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            # A new one at each start, in the place of the one before: of that one only the hash was kept.
            key = create_key(self._definitions, "console", _RIGHTS, author="console")
            headers = {"Authorization": f"Bearer {key}"}
            self._client = httpx.AsyncClient(
                base_url=self._address, headers=headers, timeout=_TIMEOUT_S, transport=self._transport
            )
        return self._client
