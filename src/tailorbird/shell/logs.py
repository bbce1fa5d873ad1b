"""Structured logs on standard error: one line an event, never a key, an identifier or a body.

`LOG_EVENTS` is the one list of what can be written, with its meaning and what to do; docs/guide/operations.md is tested
against it. Fields are names, counts, codes and offsets, nothing that a caller sent.
"""

import sys
import traceback
from typing import Any, NamedTuple


class LogEvent(NamedTuple):
    """One thing that can stand in the logs."""

    name: str
    level: str
    meaning: str
    do: str


LOG_EVENTS = (
    LogEvent("started", "info", "A process is up.", "Nothing."),
    LogEvent("stopping", "info", "A process was asked to stop and finishes what is under way.", "Nothing."),
    LogEvent("stopped", "info", "A process ended as asked.", "Nothing."),
    LogEvent("child_ended", "warning", "A child process ended by itself; it is started again after `again_in_s`.",
             "If it repeats, the lines of that process just before tell why."),
    LogEvent("child_not_started", "error", "A child process could not be started; it is tried again in `again_in_s`.",
             "See `detail`: mostly the machine has no memory or no processes left."),
    LogEvent("process_failed", "error", "A process cannot go on, and ends; it is started again.",
             "Do what `detail` says. Where there is only `trace`, it is a bug: report it."),
    LogEvent("log_unavailable", "error", "The event log cannot be written; callers get 503 and try again.",
             "Free space on the disk, or make it writable. Nothing acknowledged is lost; it recovers by itself."),
    LogEvent("log_available", "info", "The event log can be written again.", "Nothing."),
    LogEvent("catalogue_unavailable", "error", "The catalogue cannot be read; decisions use the one read last.",
             "See `detail`: mostly a full disk."),
    LogEvent("definition_refused", "error", "A definition cannot be loaded; the one before stays in force.",
             "Mend what `detail` names and apply again."),
    LogEvent("definitions_signalled", "info", "Changed traits and segments went into the log, and hold from there on.",
             "Nothing."),
    LogEvent("program_compiled", "info", "The segments in force run compiled from now on.", "Nothing."),
    LogEvent("program_not_compiled", "warning", "The segments in force run as Python, not compiled.",
             "See `detail`. Everything works; an event takes a few microseconds more."),
    LogEvent("model_loaded", "info", "A newly promoted model is in use.", "Nothing."),
    LogEvent("model_refused", "error", "A model cannot be read; the one before stays in use.",
             "Train again, or roll back with `tailorbird models rollback`."),
    LogEvent("request_failed", "error", "A request failed by a bug; the caller got 500.", "Report it with `trace`."),
    LogEvent("sealed", "debug", "Records went from the log into the lake.", "Nothing."),
    LogEvent("seal_failed", "error", "Sealing failed; it is tried again.", "See `detail`: mostly a full disk."),
    LogEvent("compacted", "info", "Small files of the lake were joined.", "Nothing."),
    LogEvent("trained", "info", "A training ended; the line before it says whether its model serves now.", "Nothing."),
    LogEvent("training_failed", "error", "A training failed; the model in use stays.", "See `detail`."),
    LogEvent("retraining", "info", "The watch asked for a training or a refit, for the reason in `why`.",
             "A drop or a drift: look at what changed on the site; the console's page Models keeps the reasons."),
    LogEvent("watched", "debug", "It was looked whether a training is due.", "Nothing."),
    LogEvent("watching_failed", "error", "It could not be looked whether a training is due.",
             "See the line before it."),
    LogEvent("predicted", "info",
             "Models were trained where that was due, and everyone was scored; the lines before tell.", "Nothing."),
    LogEvent("predicting_failed", "error", "Predicting failed; what was said before holds for 14 days.",
             "See the lines before it."),
    LogEvent("clustered", "info", "Clusters were trained, or followed people; the line before says which.", "Nothing."),
    LogEvent("clustering_failed", "error", "A clustering failed; the one in force stays.", "See the lines before it."),
    LogEvent("weighed", "debug", "It was looked whether what everyone leans to is to be computed anew.", "Nothing."),
    LogEvent("weighing_failed", "error", "What everyone leans to could not be computed; yesterday's stays in force.",
             "See the line before it."),
    LogEvent("not_counted", "error", "Records are kept where they are, but the stream worker could not count them.",
             "`outcome` says how, `records` how many. Nothing else is held up, but it is a bug: report it."),
    LogEvent("unsealed", "info", "Somebody opened the sealed part of a record in the console.",
             "Nothing. `leaf` is whose it was, as a keyed hash."),
    LogEvent("worker_waits", "warning", "The stream worker cannot read or commit; it tries again.", "See `detail`."),
)  # fmt: skip
_LEVELS = {event.name: event.level for event in LOG_EVENTS}


class Logger:
    """Writes events of `LOG_EVENTS` with the fields of this process.

    >>> Logger(None).emit("started")
    """

    def __init__(self, log: Any) -> None:
        self._log = log

    def emit(self, name: str, **fields: Any) -> None:
        """One line; the level is that of the list."""
        level = _LEVELS[name]  # unknown names are a bug of ours: each is documented
        if self._log is not None:
            getattr(self._log, level)(name, **fields)


def configure(role: str, level: str = "info", form: str = "json") -> Logger:
    """The logger of this process."""
    import logging

    import structlog

    render = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.EventRenamer("event"),
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    return Logger(structlog.get_logger(role=role))


def trace_of(error: BaseException) -> str:
    """Where it happened: files, lines and the exception's type; its message may hold what a caller sent."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}"
