"""The console's process: python -m tailorbird.shell.console.app --data DIR --port 8701 --api http://127.0.0.1:8700

It listens on 127.0.0.1 and prints its link, token included. Nothing in it writes to the engines: consent, replay and
decisions go through the HTTP API, promotion through the model registry.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tailorbird.errors import MissingExtra, TailorbirdError
from tailorbird.shell.config import as_environment
from tailorbird.shell.console.token import console_link, console_token
from tailorbird.shell.layout import Layout

if TYPE_CHECKING:
    from starlette.types import ASGIApp

NOT_AGAIN = 3  # tells the supervisor that another try is of no use
STATIC = Path(__file__).parent / "static"


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM; 0 when stopped as asked, 1 where it cannot start, 3 where the extra is not installed."""
    parser = argparse.ArgumentParser(prog="python -m tailorbird.shell.console.app")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--port", type=int, default=8701, help="TCP port on 127.0.0.1")
    parser.add_argument("--api", default="http://127.0.0.1:8700", help="address of the HTTP API")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting: logs.level=debug")
    arguments = parser.parse_args(argv)
    os.environ.update(as_environment(arguments.set))
    try:
        serve(Layout(arguments.data), arguments.port, arguments.api)
    except MissingExtra as error:
        print(f"console: {error}", file=sys.stderr)
        return NOT_AGAIN
    except TailorbirdError as error:
        print(f"console: {error}", file=sys.stderr)
        return 1
    return 0


def serve(layout: Layout, port: int, api: str) -> None:
    """Run the console until the process is told to stop. Raises MissingExtra without the extra `console`."""
    app, link = build(layout, port, api)
    import uvicorn

    print(f"console: {link}", flush=True)
    # An open page holds its websocket for ever: at the end it is waited for a second and no longer.
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=1
    )
    asyncio.run(uvicorn.Server(config).serve())


def build(layout: Layout, port: int, api: str) -> tuple["ASGIApp", str]:
    """The console as an ASGI app, and the link that lets a browser in."""
    # Else NiceGUI makes a folder where it stands.
    os.environ.setdefault("NICEGUI_STORAGE_PATH", str(layout.run / "console"))
    os.environ.setdefault("MARKDOWN_CONTENT_CACHE_SIZE", "10")
    try:
        from nicegui import app as pages
        from nicegui import ui
    except ImportError:
        raise MissingExtra("The console", "console") from None
    from fastapi import FastAPI

    from tailorbird.shell.config import load_settings
    from tailorbird.shell.console.desk import Desk
    from tailorbird.shell.console.door import Door
    from tailorbird.shell.console.pages import add_all
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.logs import configure

    pages.add_static_files("/tailorbird", STATIC)
    logs = load_settings(layout.root).logs
    add_all(Desk(Engines(layout), api, configure("console", logs.level, logs.format)))
    app = FastAPI(openapi_url=None)
    ui.run_with(
        app,
        title="Tailorbird",
        favicon=STATIC / "mark.svg",
        # Nothing here is bound, and polling for it would cost CPU for ever.
        binding_refresh_interval=None,
        tailwind=False,
        show_welcome_message=False,
    )
    return Door(app, console_token(layout), port), console_link(layout, port)


if __name__ == "__main__":
    sys.exit(main())
