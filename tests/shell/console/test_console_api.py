"""The console's calls of the API, against one that knows the keys of this moment."""

import asyncio

import httpx
import pytest

from tailorbird.shell.auth import KIND, KeyRing, create_key
from tailorbird.shell.console.api import Api, Refused
from tailorbird.testing import MemoryDefinitions


def _api(definitions: MemoryDefinitions, knows: bool = True) -> Api:
    def answer(request: httpx.Request) -> httpx.Response:
        ring = KeyRing(definitions.all(KIND) if knows else [])
        known = ring.of_header(request.headers["authorization"].encode())
        return httpx.Response(200, json={"decisions": {}}) if known else httpx.Response(401, text="No known API key")

    return Api("http://api", definitions, httpx.MockTransport(answer))


def test_revoked_key_of_the_console_is_made_anew() -> None:
    definitions = MemoryDefinitions()
    api = _api(definitions)

    async def story() -> list[dict[str, object]]:
        before = await api.decide({"userId": "ann"}, ["home"])
        definitions.delete(KIND, "console", "somebody")
        return [before, *await asyncio.gather(*(api.decide({"userId": "ann"}, ["home"]) for _ in range(3)))]

    assert asyncio.run(story()) == [{}] * 4
    assert [key.version for key in definitions.all(KIND)] == [3]  # made, revoked, made once more


def test_key_that_another_console_has_replaced_is_made_anew() -> None:
    definitions = MemoryDefinitions()
    api = _api(definitions)

    async def story() -> object:
        await api.decide({"userId": "ann"}, ["home"])
        create_key(definitions, "console", ["read"], "another console")
        return await api.decide({"userId": "ann"}, ["home"])

    assert asyncio.run(story()) == {}


def test_api_that_knows_no_key_is_asked_twice_and_said() -> None:
    definitions = MemoryDefinitions()
    with pytest.raises(Refused, match="401: No known API key"):
        asyncio.run(_api(definitions, knows=False).decide({"userId": "ann"}, ["home"]))
    assert [key.version for key in definitions.all(KIND)] == [2]
