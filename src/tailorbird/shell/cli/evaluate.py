"""`tailorbird evaluate`: how good is it, on your own or public data?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from tailorbird.shell.cli import say

evaluate_app = typer.Typer(
    name="evaluate",
    help="Judge the recommenders on your own or public data: a line of JSON a model.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Train = Annotated[Path, typer.Option("--train", metavar="FILE", help="What may be learned from: Parquet, CSV, JSONL.")]
Test = Annotated[Path, typer.Option("--test", metavar="FILE", help="What is asked; touched once, at the end.")]
Data = Annotated[Path, typer.Option("--data", metavar="FILE", help="The interactions: Parquet, CSV or JSONL.")]
At = Annotated[int, typer.Option("--at", min=1, max=1000, help="How long a list is.")]
Model = Annotated[str, typer.Option("--model", metavar="NAME", help="A model, all of them each alone, or auto.")]
Budget = Annotated[float, typer.Option("--budget", metavar="SECONDS", min=1, help="How long `auto` may take.")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same figures.")]
Attributes = Annotated[
    Path | None, typer.Option("--attributes", metavar="FILE", help="JSON {item: [words]}, or a table of items.")
]
Threads = Annotated[int, typer.Option("--threads", min=0, help="Threads of numerical work; 0: all cores.")]


@evaluate_app.command("collaborative")
def collaborative(
    train: Train, test: Test, at: At = 20, model: Model = "auto", budget: Budget = 900, seed: Seed = 0,
    attributes: Attributes = None, threads: Threads = 0,
) -> None:  # fmt: skip
    """Who likes what: columns user and item; everything that the user does not have in train is ranked.

    \b
    Examples:
      tailorbird evaluate collaborative --train T.parquet --test U.parquet --at 20
      tailorbird evaluate collaborative --train T.parquet --test U.parquet --model popular
    """
    threads = _limited(threads)
    from tailorbird.shell.evaluating import trials
    from tailorbird.shell.evaluating.run import Options, lines_of

    _print(lines_of(trials.collaborative(train, test, at, attributes), Options(model, budget, seed, threads), say.note))


@evaluate_app.command("next-item")
def next_item(
    data: Data, at: At = 10, model: Model = "auto", budget: Budget = 900, seed: Seed = 0,
    attributes: Attributes = None, threads: Threads = 0,
) -> None:  # fmt: skip
    """What comes next: columns user, position and item; the last item is the test, all items are ranked.

    \b
    Examples:
      tailorbird evaluate next-item --data D.parquet --at 10
      tailorbird evaluate next-item --data D.csv --attributes items.json --model all
    """
    threads = _limited(threads)
    from tailorbird.shell.evaluating import trials
    from tailorbird.shell.evaluating.run import Options, lines_of

    _print(lines_of(trials.next_item(data, at, attributes), Options(model, budget, seed, threads), say.note))


@evaluate_app.command("sessions")
def sessions(
    train: Train, test: Test, at: At = 20, model: Model = "auto", budget: Budget = 900, seed: Seed = 0,
    attributes: Attributes = None, threads: Threads = 0,
) -> None:  # fmt: skip
    """The next click: columns session, position (or time) and item. A column `prefix` in the test asks for its last.

    \b
    Examples:
      tailorbird evaluate sessions --train T.parquet --test U.parquet --at 20
    """
    threads = _limited(threads)
    from tailorbird.shell.evaluating import trials
    from tailorbird.shell.evaluating.run import Options, lines_of

    _print(lines_of(trials.sessions(train, test, at, attributes), Options(model, budget, seed, threads), say.note))


@evaluate_app.command("baskets")
def baskets(
    data: Data, at: At = 10, model: Model = "auto", budget: Budget = 900, seed: Seed = 0,
    attributes: Attributes = None, threads: Threads = 0,
) -> None:  # fmt: skip
    """The next basket: columns user, basket (or time) and item; the last basket is the test, all items are ranked.

    \b
    Examples:
      tailorbird evaluate baskets --data D.parquet --at 20
    """
    threads = _limited(threads)
    from tailorbird.shell.evaluating import trials
    from tailorbird.shell.evaluating.run import Options, lines_of

    _print(lines_of(trials.baskets(data, at, attributes), Options(model, budget, seed, threads), say.note))


@evaluate_app.command("ratings")
def ratings(train: Train, test: Test, model: Model = "auto", seed: Seed = 0, threads: Threads = 0) -> None:
    """Explicit ratings: columns user, item and rating; RMSE and MAE of what is predicted.

    \b
    Examples:
      tailorbird evaluate ratings --train T.parquet --test U.parquet
    """
    _limited(threads)
    from tailorbird.shell.evaluating import trials
    from tailorbird.shell.evaluating.ratings import lines_of

    _print(lines_of(*trials.ratings(train, test), model, seed))


def _limited(threads: int) -> int:
    """How many threads that is; told to numpy and numba before they start, for they ask once."""
    import os

    # numpy's BLAS and numba read these once, when they are first imported: so nothing heavy is imported above this
    # call.
    threads = threads or os.cpu_count() or 1
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = str(threads)
    return threads


def _print(lines: Iterator[dict[str, Any]]) -> None:
    import msgspec

    for line in lines:
        print(msgspec.json.encode(line).decode(), flush=True)
