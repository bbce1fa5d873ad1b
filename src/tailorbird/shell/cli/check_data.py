"""What doctor looks at in the data folder: rights, log, state, lake, definitions, model. It changes nothing."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from tailorbird.errors import TailorbirdError
from tailorbird.shell.cli.check_machine import running
from tailorbird.shell.cli.check_segments import check_segments
from tailorbird.shell.cli.finding import Finding, bad, note, ok
from tailorbird.shell.cli.say import amount
from tailorbird.shell.engines import SECRET_BYTES, Engines
from tailorbird.shell.layout import Layout

FAR_BEHIND_BYTES = 50_000_000
_RESTORE = "Restore it from your backup."


def check_data(layout: Layout) -> Iterator[Finding]:
    """Everything inside the data folder. A check that fails becomes a finding; the others go on."""
    yield from check_folder(layout)
    engines = Engines(layout)
    checks: dict[str, Callable[[Engines], Iterator[Finding]]] = {
        "server": _server,
        "log": _log,
        "state": _state,
        "lake": _lake,
        "definitions": _definitions,
        "segments": check_segments,
        "native": _native,
        "catalogue": _catalogue,
        "model": _model,
    }
    for what, check in checks.items():
        if not _there(layout, what):
            yield note(what, "not there yet", "`serve` or `import` makes it.")
            continue
        try:
            yield from check(engines)
        except (TailorbirdError, OSError, ValueError) as error:
            yield bad(what, str(error), f"If that does not say what to do: {_RESTORE}")
    engines.close()


def _there(layout: Layout, what: str) -> bool:
    """Whether a part was made yet: opening it would make it, and doctor makes nothing."""
    places = {"log": layout.log, "state": layout.state / "data.mdb", "lake": layout.lake}
    places |= {"definitions": layout.definitions, "catalogue": layout.catalogue}
    places |= {"segments": layout.state / "data.mdb"}
    return places.get(what, layout.root).exists()


def check_folder(layout: Layout) -> Iterator[Finding]:
    """Whether we may read and write, and others may not read the secret."""
    if not os.access(layout.root, os.R_OK | os.W_OK | os.X_OK):
        yield bad("folder", f"{layout.root} cannot be read and written", f"chown -R {os.getuid()} {layout.root}")
        return
    foreign = [path for path in _top(layout.root) if not os.access(path, os.R_OK | os.W_OK)]
    if foreign:
        yield bad("folder", f"{foreign[0]} cannot be written", f"chown -R {os.getuid()} {layout.root}")
    else:
        yield ok("folder", f"{layout.root} can be read and written")
    if not layout.secret.exists() and layout.keys.exists():
        yield bad("secret", "it is missing: without it nobody is known again", _RESTORE)
    elif not layout.secret.exists():
        yield note("secret", "not there yet", "It is made by the first `serve` or `import`.")
    elif layout.secret.stat().st_mode & 0o077:
        yield bad("secret", "others may read it", f"chmod 600 {layout.secret}")
    elif layout.secret.stat().st_size != SECRET_BYTES:
        yield bad("secret", f"it has {layout.secret.stat().st_size} bytes instead of {SECRET_BYTES}", _RESTORE)
    else:
        yield ok("secret", "readable by you alone")


def _top(root: Path) -> list[Path]:
    return [*root.iterdir(), *(root / "log").glob("*"), *(root / "state").glob("*/*")]


def _server(engines: Engines) -> Iterator[Finding]:
    yield ok("server", "runs on this folder" if running(engines.layout) else "not running")


def _log(engines: Engines) -> Iterator[Finding]:
    """Reads all that is not in the lake yet; each record carries a checksum."""
    sealed, end, count = engines.lake.sealed(), engines.log.end(), 0
    offset = sealed
    while offset < end:
        batch = engines.log.read(offset)
        # No step forward before the end: what stands there is no whole record.
        if batch.through == offset:
            yield bad("log", f"nothing can be read behind {offset:,} of {end:,}", "Restore the log from your backup.")
            return
        count, offset = count + len(batch.records), batch.through
    yield ok("log", f"ends at {end:,}; {count:,} records ({amount(end - sealed)}) not in the lake yet, all sound")


def _state(engines: Engines) -> Iterator[Finding]:
    # The state first: a server that works meanwhile would else seem to be ahead of its log.
    offset = engines.state.offset()
    behind = engines.log.end() - offset
    with engines.state.snapshot() as snapshot:
        people = snapshot.count("profile")
    found = f"{people:,} people, {amount(max(behind, 0))} behind the log"
    if behind < 0:
        yield bad("state", f"it is {-behind:,} bytes ahead of the log", "tailorbird rebuild")
    elif behind > FAR_BEHIND_BYTES and not running(engines.layout):
        yield note("state", found, "`serve` folds the rest.")
    else:
        yield ok("state", found)


def _lake(engines: Engines) -> Iterator[Finding]:
    sealed = engines.lake.sealed()
    if not sealed:
        yield note("lake", "empty", "The server seals the log into it every few seconds.")
        return
    rows = engines.lake.query("SELECT count(*) AS events, min(timestamp) AS first, max(timestamp) AS last FROM events")
    row = rows[0]
    span = f", {row['first']:%Y-%m-%d} to {row['last']:%Y-%m-%d}" if row["events"] else ""
    if sealed > engines.log.end():
        yield bad("lake", f"sealed to {sealed:,}, behind the end of the log", "Restore log and lake from one backup.")
    else:
        yield ok("lake", f"{row['events']:,} events{span}, sealed to {sealed:,}")


def _definitions(engines: Engines) -> Iterator[Finding]:
    from tailorbird.shell.auth import KIND
    from tailorbird.shell.declared import placements_of, policy_of
    from tailorbird.shell.importing.sink import plan_of

    plan = plan_of(engines.definitions)
    policy_of(engines.definitions)
    placements = placements_of(engines.definitions)
    yield ok("definitions", f"{len(plan.events)} events declared, {len(placements)} placements")
    keys = len(engines.definitions.all(KIND))
    if keys:
        yield ok("keys", f"{keys} API keys")
    else:
        yield note("keys", "no API key", "tailorbird keys create web --can collect,decide")


def _native(engines: Engines) -> Iterator[Finding]:
    """Compiled segments that a process died with; where none are compiled there is nothing to say."""
    from tailorbird.shell.native.folder import died

    for mark in died(engines.layout.native):
        found = f"a process died while it tried {mark.stem}: these segments run as Python"
        yield note("native", found, f"Report it. To try them again: rm {mark}")


def _catalogue(engines: Engines) -> Iterator[Finding]:
    count = engines.catalogue.count()
    if count:
        yield ok("catalogue", f"{count:,} items")
    else:
        yield note("catalogue", "empty", "tailorbird import items FILE")


def _model(engines: Engines) -> Iterator[Finding]:
    from tailorbird.shell.models import Models

    models = Models(engines.layout.models)
    version = models.current()
    if not version:
        yield note("model", "none yet: decisions fall back to the catalogue", "tailorbird train")
        return
    model = models.load(version)  # checks every checksum
    yield ok("model", f"{version}, {len(model.ids):,} items")
