"""Nobody enters the console without its token."""

import asyncio
import stat

import httpx
import pytest
from starlette.responses import PlainTextResponse

from tailorbird.errors import Corrupt
from tailorbird.shell.console.door import Door
from tailorbird.shell.console.token import console_link, console_token
from tailorbird.shell.layout import Layout
from tailorbird.testing.live import free_port

PORT = free_port()
INSIDE = Door(PlainTextResponse("inside"), "s3cret", PORT)


def ask(path: str, door: Door = INSIDE, **headers: str) -> httpx.Response:
    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app=door)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://127.0.0.1:{PORT}") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(get())


def cookie() -> str:
    return ask("/?token=s3cret").headers["set-cookie"].split(";")[0]


@pytest.mark.parametrize(
    "path", ["/", "/?token=", "/?token=wrong", "/people/ab", "/tailorbird/console.css", "/_nicegui/x"]
)
def test_without_the_token_nothing_is_answered(path):
    answer = ask(path)
    assert answer.status_code == 401 and "inside" not in answer.text


def test_the_token_becomes_a_cookie_and_leaves_the_address():
    answer = ask("/kpi?days=7&token=s3cret")
    assert (answer.status_code, answer.headers["location"]) == (303, "/kpi?days=7")
    assert "HttpOnly" in answer.headers["set-cookie"] and "s3cret" not in answer.headers["set-cookie"]


def test_the_cookie_lets_in():
    assert ask("/", cookie=cookie()).text == "inside"


def test_the_cookie_of_another_console_does_not():
    other = Door(PlainTextResponse("inside"), "s3cret", PORT + 1)
    assert ask("/", other, cookie=cookie()).status_code == 401


def test_another_sites_script_cannot_use_the_cookie():
    assert ask("/", cookie=cookie(), origin="https://elsewhere.example").status_code == 401
    assert ask("/", cookie=cookie(), origin=f"http://127.0.0.1:{PORT}").text == "inside"


def test_a_websocket_without_the_cookie_is_closed():
    sent: list[dict] = []

    async def knock() -> None:
        async def send(message: dict) -> None:
            sent.append(message)

        await INSIDE({"type": "websocket", "path": "/", "headers": []}, None, send)

    asyncio.run(knock())
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_the_token_can_only_be_read_by_its_owner_and_stays(tmp_path):
    layout = Layout(tmp_path)
    token = console_token(layout)
    path = tmp_path / "run" / "console.token"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and len(token) >= 32
    assert console_link(layout, PORT) == f"http://127.0.0.1:{PORT}/?token={token}"
    assert [one.name for one in path.parent.iterdir()] == ["console.token"]


def test_an_empty_token_lets_nobody_in(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "console.token").write_text("")
    with pytest.raises(Corrupt, match=r"console\.token is empty"):
        console_token(Layout(tmp_path))
