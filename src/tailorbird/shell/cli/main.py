"""The command line. Each command is one file; what is heavy is imported when a command runs, not for its help.

tailorbird demo       a year of real shopping, a shop, an API and a console to look at
tailorbird serve      everything for your own data
"""

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

import typer

from tailorbird.errors import TailorbirdError
from tailorbird.shell.cli import exits, say
from tailorbird.shell.cli.apply import apply, diff, revert
from tailorbird.shell.cli.clusters import clusters_app
from tailorbird.shell.cli.demo import demo
from tailorbird.shell.cli.doctor import doctor
from tailorbird.shell.cli.evaluate import evaluate_app
from tailorbird.shell.cli.imports import import_app
from tailorbird.shell.cli.keys import keys_app
from tailorbird.shell.cli.lists import list_app
from tailorbird.shell.cli.models import models_app
from tailorbird.shell.cli.observed import observed
from tailorbird.shell.cli.person import person
from tailorbird.shell.cli.placements import placements_app
from tailorbird.shell.cli.predict import predict, predictions_app
from tailorbird.shell.cli.rebuild import rebuild
from tailorbird.shell.cli.recommend import recommend
from tailorbird.shell.cli.rejected import rejected_app
from tailorbird.shell.cli.segment_ask import segment_app
from tailorbird.shell.cli.serve import serve
from tailorbird.shell.cli.train import train

# The threads of BLAS and of numba take turns: whoever waits must sleep, or it takes the core of who works. Both ask
# once, when they are first imported; the processes that `serve` starts inherit it.
PATIENT = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_THREAD_TIMEOUT": "4"}

EPILOG = """\b
Exit codes: 0 done; 1 failed; 2 wrong command line; 3 done, but some rows were refused or something was found;
4 not now, try again; 5 refused; 6 an optional part is missing; 7 not found; 130 Ctrl-C.
\b
Start here:  tailorbird demo        or        tailorbird serve --data data
"""

app = typer.Typer(
    name="tailorbird",
    help="Self-hosted, real-time personalization: collect, know, offer, prove.",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
# In the order in which one comes to need them; help shows them so, commands before groups.
app.command()(demo)
app.command()(serve)
app.command()(train)
app.command()(predict)
app.command()(person)
app.command()(recommend)
app.command()(observed)
app.command()(apply)
app.command()(diff)
app.command()(revert)
app.command()(doctor)
app.command()(rebuild)
app.add_typer(evaluate_app)
app.add_typer(import_app)
app.add_typer(keys_app)
app.add_typer(segment_app)
app.add_typer(clusters_app)
app.add_typer(predictions_app)
app.add_typer(list_app)
app.add_typer(placements_app)
app.add_typer(models_app)
app.add_typer(rejected_app)


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version.", is_eager=True)) -> None:
    if version:
        from importlib.metadata import version as installed

        print(f"tailorbird {installed('tailorbird')}")
        raise typer.Exit


def main() -> None:
    """Run the command line. What Tailorbird raises on purpose is one line on standard error and an exit code."""
    signal.signal(signal.SIGINT, _interrupted)
    signal.signal(signal.SIGTERM, _interrupted)
    for name, value in PATIENT.items():
        os.environ.setdefault(name, value)
    try:
        app()
    except TailorbirdError as error:
        say.fail(str(error))
        sys.exit(exits.code_of(error))
    except SystemExit as end:
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        # `tailorbird rejected list | head` is no failure: Typer makes 1 of it, and Python's own last flush complains.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(exits.OK)
    except OSError as error:  # a folder that is read-only, a disk that is full: the machine's matter, not a bug
        where = f"{error.filename}: " if error.filename else ""
        say.fail(f"{where}{error.strerror or error}. Mend that, and try again; `tailorbird doctor` looks closer.")
        sys.exit(exits.UNAVAILABLE)


def _interrupted(number: int, frame: FrameType | None) -> NoReturn:
    """Ctrl-C and SIGTERM unwind through every `finally` and `with`, and print no traceback."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
