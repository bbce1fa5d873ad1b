"""`tailorbird doctor`: looks at everything, and says what to do."""

from typing import TYPE_CHECKING

import typer

from tailorbird.shell.cli import exits, say
from tailorbird.shell.cli.options import DATA, Data, Json
from tailorbird.shell.layout import Layout

if TYPE_CHECKING:
    from tailorbird.shell.cli.finding import Finding


def doctor(data: Data = DATA, json: Json = False) -> None:
    """Look at everything, and say what to do.

    \b
    Examples:
      tailorbird doctor
      tailorbird doctor --data /srv/shop --json

    Looks at rights, disk, log (every checksum), state and its lag, lake, definitions, model, ports and Python
    packages. It changes nothing and may run beside a server. Exit code 3 if something is bad.
    """
    from tailorbird.shell.cli.check_data import check_data
    from tailorbird.shell.cli.check_machine import check_machine
    from tailorbird.shell.cli.finding import note
    from tailorbird.shell.config import load_settings

    layout = Layout(data)
    findings = list(check_machine(layout, load_settings(data)))
    if data.is_dir():
        findings += check_data(layout)
    else:
        findings.append(note("folder", f"{data} is not there yet", f"tailorbird serve --data {data}"))
    if json:
        print(say.json_text([finding._asdict() for finding in findings]))
    else:
        _print(findings)
    if any(finding.level == "bad" for finding in findings):
        raise typer.Exit(exits.REJECTED)


def _print(findings: "list[Finding]") -> None:
    from rich.text import Text

    from tailorbird.shell.cli.finding import MARKS

    table = say.table("", "what", "found", "what to do")
    for one in findings:
        table.add_row(MARKS[one.level], Text(one.what), Text(one.found), Text(one.todo))
    say.out().print(table, soft_wrap=False)
