"""`tailorbird observed`."""

from typing import Annotated

import typer

from tailorbird.shell.cli import say
from tailorbird.shell.cli.options import DATA, Data, Json, existing


def observed(
    data: Data = DATA,
    latest: Annotated[int, typer.Option(min=1, help="Look at so many of the latest events.")] = 5_000,
    json: Json = False,
) -> None:
    """List fields that arrive though nobody declared them, as YAML to copy into site/events.yaml.

    \b
    Examples:
      tailorbird observed
      tailorbird observed --latest 50000 --json

    Only names and kinds are shown, never a value. Until a field is declared it stays sealed.
    """
    import yaml

    from tailorbird.shell.engines import Engines
    from tailorbird.shell.importing.sink import plan_of
    from tailorbird.shell.observing import observed as look
    from tailorbird.shell.observing import report

    engines = Engines(existing(data))
    try:
        with engines.state.snapshot() as snapshot:
            found = report(look(snapshot, engines.keys, plan_of(engines.definitions), latest))
    finally:
        engines.close()
    if json:
        print(say.json_text(found))
    elif found["proposal"]:
        print(yaml.safe_dump(found["proposal"], sort_keys=False, allow_unicode=True), end="")
    else:
        print("Every field of the latest events is declared.")
