"""`tailorbird demo`: data, server, models and storefront, in that order; what is done is not done again.

begin -> server -> shelf -> year -> settle -> define -> train -> cluster -> predict -> storefront -> wait for Ctrl-C
"""

import time
from pathlib import Path
from typing import NoReturn

from tailorbird.errors import BadRequest, Corrupt
from tailorbird.shell.cli import say
from tailorbird.shell.cli.options import clock
from tailorbird.shell.demo.company import Companion, Company, python
from tailorbird.shell.demo.keys import demo_keys
from tailorbird.shell.demo.mark import VERSION, Mark, read_mark
from tailorbird.shell.demo.plan import DEMO_PLAN
from tailorbird.shell.demo.source import find_source
from tailorbird.shell.demo.stages import Stages
from tailorbird.shell.demo.storefront import storefront_command
from tailorbird.shell.demo.week import Shift
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout

_LOOK_EVERY_S = 0.5


def run_demo(data: Path, port: int, people: int | None, *, keep_dates: bool = False, serve: bool = True) -> None:
    """The whole demo in the folder `data`; returns when it is done, or never if it serves until Ctrl-C."""
    started = time.monotonic()
    source, layout = find_source(), Layout(data)
    path = layout.imports / "demo.json"
    mark = _mark(layout, path, people, keep_dates)
    mark.save(path)  # from here on the folder is known as the demo's
    engines = Engines(layout)
    engines.definitions.put("plan", "events", DEMO_PLAN, "demo")
    keys = demo_keys(engines.definitions, data / "demo-keys.json")
    _check(mark, engines)
    _say_what(mark, data)
    with Company() as company:
        url = f"http://127.0.0.1:{port}"
        server = company.add(Companion("server", _serve(data, port), layout.run / "server.log"))
        stages = Stages(source, mark, path, engines, company, url, keys["demo"])
        stages.stock_shelf()
        server.wait_for(f"{url}/readyz")
        stages.send_year()
        stages.settle()
        first = not mark.defined
        stages.define()
        stages.train()
        stages.cluster()
        stages.predict()
        if first:
            stages.show_segments()
        if serve:
            shop = _open_shop(company, layout, port + 2, url, keys)
            _say_where(url, _console(layout, port + 1), shop, keys, time.monotonic() - started)
            _wait(company)


def _mark(layout: Layout, path: Path, people: int | None, keep_dates: bool) -> Mark:
    """The mark of the run before, if it is of the same demo; else a new one. Raises BadRequest for another folder."""
    mark = read_mark(path)
    if mark is None:
        if layout.log.exists() or layout.lake.exists():
            raise BadRequest(f"{layout.root} holds data that is not the demo's. Choose another folder with --data.")
        return Mark(0 if keep_dates else Shift.into_week_of(clock()).weeks, people)
    if mark.version != VERSION or (people is not None and mark.households != people):
        size = "all" if mark.households is None else f"{mark.households}"
        raise BadRequest(f"{layout.root} holds a demo of {size} households. Remove it, or choose another with --data.")
    return mark


def _check(mark: Mark, engines: Engines) -> None:
    """Whether what the mark says is done is still there. Raises Corrupt otherwise."""
    if engines.catalogue.count() < mark.items:
        mark.items = 0
    if max(engines.log.end(), engines.lake.sealed()) < mark.offset:
        raise Corrupt(f"{engines.layout.root} has lost a part of its events. Remove it, and run the demo again.")


def _serve(data: Path, port: int) -> list[str]:
    # Nobody asks for a new model while the demo is looked at; the first one is trained by the demo itself.
    quiet = ("batch.train_every_h=0", "batch.train_on_change=false", "batch.refit_every_h=0")
    settings = [word for setting in quiet for word in ("--set", setting)]
    return python("tailorbird.shell.cli.main", "serve", "--data", str(data), "--port", str(port), *settings)


def _open_shop(company: Company, layout: Layout, port: int, url: str, keys: dict[str, str]) -> str | None:
    command = storefront_command(port)
    if command is None:
        say.note("The storefront is not part of this installation; API and console run.")
        return None
    environment = {"TAILORBIRD_API": url, "TAILORBIRD_KEY": keys["shop"], "TAILORBIRD_BROWSER_KEY": keys["browser"]}
    shop = company.add(Companion("storefront", command, layout.run / "storefront.log", environment))
    shop.wait_for(f"http://127.0.0.1:{port}/")
    return f"http://127.0.0.1:{port}"


def _say_what(mark: Mark, data: Path) -> None:
    if mark.sent and mark.model:
        say.note(f"The work of an earlier run is in {data}; starting.")
        return
    who = "2,469 households" if mark.households is None else f"the first {mark.households} households"
    moved = f", moved by {mark.weeks} weeks" if mark.weeks else ""
    say.note(f"The Complete Journey, a year of {who}{moved}, into {data}.")


def _console(layout: Layout, port: int) -> str | None:
    """The console's link; its token lets this terminal's owner in."""
    token = layout.run / "console.token"
    return f"http://127.0.0.1:{port}/?token={token.read_text().strip()}" if token.exists() else None


def _say_where(url: str, console: str | None, shop: str | None, keys: dict[str, str], took_s: float) -> None:
    places = {"Shop": shop, "Console": console, "API": f"{url}/docs"}
    shown = "\n".join(f"  {name:<9} {place}" for name, place in places.items() if place)
    print(
        f"\nReady after {say.seconds(took_s)}. Click three products of one category, then look at the home page.\n\n"
        f"{shown}\n\n"
        f"  curl -u {keys['shop']}: {url}/v1/people/userId:1\n\n"
        "Ctrl-C stops everything; the next `tailorbird demo` starts in seconds.",
        flush=True,
    )


def _wait(company: Company) -> NoReturn:
    while True:
        company.check()
        time.sleep(_LOOK_EVERY_S)
