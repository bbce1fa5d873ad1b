"""Every metric, once: name, kind, unit, labels, meaning, and what to do about it."""

from typing import Literal, NamedTuple

Kind = Literal["counter", "gauge", "histogram"]


class Metric(NamedTuple):
    """One metric. A counter's name is shown with `_total` behind it."""

    name: str
    kind: Kind
    unit: str
    labels: tuple[str, ...]
    meaning: str
    do: str


METRICS = (
    Metric(
        "tailorbird_events_accepted",
        "counter",
        "events",
        ("source",),
        "Events answered 200 after they were on disk.",
        "A source that stops: look at that site's SDK and its key.",
    ),
    Metric(
        "tailorbird_events_rejected",
        "counter",
        "events",
        ("source", "reason"),
        "Events in quarantine, by reason.",
        "Look at GET /v1/rejected or the console; mend the sender or the tracking plan; replay.",
    ),
    Metric(
        "tailorbird_decisions",
        "counter",
        "decisions",
        ("placement", "link"),
        "Decisions answered, by placement and by the link of the cold-start chain that spoke.",
        "Much 'popular' or 'catalogue' where you expect 'history': is the person's id sent? Is a model trained?",
    ),
    Metric(
        "tailorbird_decisions_unlogged",
        "counter",
        "decisions",
        (),
        "Decisions that were answered while the log could not be written.",
        "More than 0: the disk was full or read-only; their exposures cannot be joined.",
    ),
    Metric(
        "tailorbird_decide_stale",
        "counter",
        "calls",
        (),
        "Decide calls whose `after` was not reached within the wait.",
        "Rising: the stream worker lags; see tailorbird_lag_bytes.",
    ),
    Metric(
        "tailorbird_http_requests",
        "counter",
        "calls",
        ("route", "status"),
        "Answers by route and status.",
        "Status 500 is a bug: report it with the log line 'request_failed' of that moment.",
    ),
    Metric(
        "tailorbird_http_seconds",
        "histogram",
        "seconds",
        ("route",),
        "From the call's first byte in the app to its answer.",
        "collect: mostly the disk's flush. decide above 25 ms: too many calls for the web workers; add --workers.",
    ),
    Metric(
        "tailorbird_log_appends",
        "counter",
        "writes",
        (),
        "Group commits: durable writes to the log, each for all calls that waited.",
        "accepted events / appends is the size of a group.",
    ),
    Metric(
        "tailorbird_log_append_seconds",
        "histogram",
        "seconds",
        (),
        "One durable write to the log.",
        "Above 50 ms: a slow or busy disk.",
    ),
    Metric(
        "tailorbird_log_failures",
        "counter",
        "writes",
        (),
        "Writes to the log that failed; all their callers got 503.",
        "Free space on the disk of the data folder; look for 'log_unavailable' in the logs.",
    ),
    Metric(
        "tailorbird_lag_bytes",
        "gauge",
        "bytes",
        (),
        "Log behind what the stream worker has folded.",
        "Rising for minutes: more events than one core folds; look for a restarting stream worker.",
    ),
    Metric(
        "tailorbird_unsealed_bytes",
        "gauge",
        "bytes",
        (),
        "Folded log that is not in the lake yet.",
        "Rising for minutes: the batch process is down or the disk is slow; look for 'seal_failed'.",
    ),
    Metric(
        "tailorbird_records_folded",
        "counter",
        "records",
        ("outcome",),
        "Records that the stream worker took from the log: kept, duplicate, consent (refused), decided, rejected, "
        "signal, unfolded, foreign; and unmoved: kept, but no segment could take it.",
        "Flat while events are accepted: see 'child_ended' and 'worker_waits' in the logs. Many 'duplicate': a sender "
        "repeats message ids. Any 'unfolded', 'unmoved' or 'foreign': report it.",
    ),
    Metric(
        "tailorbird_segment_moves",
        "counter",
        "moves",
        (),
        "People who entered or left a segment.",
        "A leap right after `apply` is the new definition; later ones come from events and from time.",
    ),
    Metric(
        "tailorbird_definitions_refused",
        "gauge",
        "",
        (),
        "1 while the traits and segments in the store cannot be read; the last good ones stay in force.",
        "See 'definition_refused' in the logs: mend what `detail` names and apply again.",
    ),
    Metric(
        "tailorbird_restarts",
        "counter",
        "restarts",
        ("role",),
        "Child processes that the supervisor had to start again.",
        "More than a few: see 'child_ended' in the logs for the exit code.",
    ),
    Metric(
        "tailorbird_memory_bytes",
        "gauge",
        "bytes",
        ("process",),
        "Resident memory of each process.",
        "Web workers share the model's files: count shared pages once.",
    ),
)
