"""Predictions as events: what was said last, what is news, and sending it through the door that all events pass."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from tailorbird.know.language.prediction import MADE
from tailorbird.know.predict.changes import STEP, Word, is_news, step_of_amount
from tailorbird.know.predict.question import Question
from tailorbird.shell.engines import Engines
from tailorbird.shell.on_behalf import track
from tailorbird.shell.ports import Lake

SOURCE = "predictions"
_AT_ONCE = 500


class Told(NamedTuple):
    """What a model says of one person."""

    value: float
    label: str = ""


def last_words(lake: Lake, model: str) -> dict[bytes, Word]:
    """What was said of everyone by this model last, as far as the lake goes."""
    columns = {row["column_name"] for row in lake.query(_COLUMNS)}
    if not {"properties_model", "properties_value"} <= columns:
        return {}
    label = "properties_label" if "properties_label" in columns else "NULL"
    rows = lake.query(_LAST.format(label=label, made=MADE), [model])
    return {bytes(row["person"]): Word(row["at"], row["value"], row["label"] or "") for row in rows}


_COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_name = 'people_events'"
_LAST = """
SELECT coalesce(person, leaf) AS person, max(epoch_ms(least(timestamp, received_at))) AS at,
    arg_max(properties_value, (least(timestamp, received_at), log_offset)) AS value,
    arg_max({label}, (least(timestamp, received_at), log_offset)) AS label
FROM people_events WHERE type = 'track' AND event = '{made}' AND properties_model = ? AND properties_value IS NOT NULL
GROUP BY coalesce(person, leaf)"""


def news(
    question: Question, version: str, told: Mapping[bytes, Told], named: Mapping[bytes, str],
    last: Mapping[bytes, Word], usual: float, now: int,
) -> Iterator[bytes]:  # fmt: skip
    """The calls of what is worth saying, of all who have a name to be spoken of by."""
    amount = question.function == "expected_value"
    for person, (value, label) in told.items():
        least = step_of_amount(value, usual) if amount else STEP
        # Whom nobody can name any more (all identifiers forgotten) nothing can be said about.
        if named.get(person) and is_news(value, label, last.get(person), now, least):
            yield _call(question, version, person, named[person], Told(value, label), now)


def _call(question: Question, version: str, person: bytes, named: str, told: Told, now: int) -> bytes:
    # Three digits of a chance and cents of an amount: nobody can tell more, and the log holds them all.
    value = round(told.value, 2 if question.function == "expected_value" else 3)
    properties = {"model": question.model, "value": value, "version": version}
    if told.label:
        properties["label"] = told.label
    # Said again after a crash midway, it is the same message, and counts once.
    message_id = f"predicted-{question.slug}-{now}-{person.hex()}"
    return track(named, MADE, properties, type="track", messageId=message_id)


def send(engines: Engines, calls: Iterator[bytes], clock: Callable[[], int]) -> int:
    """Append them to the log, durable when it returns; how many. A running server counts them within milliseconds."""
    from tailorbird.shell.importing.sink import LogSink, plan_of

    plan = plan_of(engines.definitions)
    sink = LogSink(engines.log, engines.keys, plan, engines.site_key, SOURCE, clock)
    taken = 0
    while some := list(islice(calls, _AT_ONCE)):
        taken += sink.send(some).taken
    return taken
