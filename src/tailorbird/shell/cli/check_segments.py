"""What doctor looks at of traits and segments: whether the store's can be read, and whether they are in force."""

from collections.abc import Iterator

from tailorbird.errors import BadDefinition
from tailorbird.shell.cli.finding import Finding, bad, note, ok
from tailorbird.shell.engines import Engines
from tailorbird.shell.in_force import program_body, read_in_force, seen_events
from tailorbird.shell.standing import told

_MEND = "Mend it and `tailorbird apply`; the last good ones stay in force."


def check_segments(engines: Engines) -> Iterator[Finding]:
    """Read them as the stream worker would."""
    bodies = read_in_force(engines.definitions).bodies
    found = f"{len(bodies['trait'])} traits, {len(bodies['segment'])} segments"
    if not (bodies["trait"] or bodies["segment"]):
        yield ok("segments", "none defined")
        return
    from tailorbird.know.language.program import load

    with engines.state.snapshot() as snapshot:
        seen, at_work = seen_events(snapshot), told(snapshot)
    try:
        load(program_body(bodies, seen))
    except BadDefinition as error:
        yield bad("segments", str(error), _MEND)
        return
    if at_work.refused:
        yield bad("segments", at_work.refused, _MEND)
    elif at_work.segments.keys() != bodies["segment"].keys():
        yield note("segments", f"{found}, not in force yet", "The stream worker takes them up within a second.")
    else:
        still = ", some people still to be looked at" if at_work.reaching else ""
        yield ok("segments", f"{found} in force{still}")
