"""What was said of people and where they stood: predictions from the lake, segments from each person's moves."""

from collections.abc import Iterator, Mapping

from tailorbird.know.fold import AHEAD_MS, MADE
from tailorbird.know.moves import history
from tailorbird.offer.recommend.said import PREDICTION, SEGMENT, Said
from tailorbird.shell.ports import Lake, Snapshot

Word = tuple[int, int, str, float, str]  # (number of the person, ms, feature, value, label)


def read_said(lake: Lake, snapshot: Snapshot, number: Mapping[bytes, int], segments: frozenset[str]) -> Said:
    """All words about people who have a number; of segments only those named, which are in force."""
    return Said.of(len(number), [*_predictions(lake, number), *_moves(snapshot, number, segments)])


def _predictions(lake: Lake, number: Mapping[bytes, int]) -> Iterator[Word]:
    columns = {row["column_name"] for row in lake.query(_COLUMNS)}
    if not {"properties_model", "properties_value"} <= columns:
        return
    label = "properties_label" if "properties_label" in columns else "NULL"
    for row in lake.query(_WORDS.format(label=label, made=MADE, ahead=AHEAD_MS)):
        who = number.get(bytes(row["person"]))
        if who is not None:
            yield who, row["happened"], PREDICTION + row["model"], row["value"], row["label"] or ""


def _moves(snapshot: Snapshot, number: Mapping[bytes, int], segments: frozenset[str]) -> Iterator[Word]:
    # From the moves and not from the present standing: a moment of last March must not know who is a member today.
    for person, who in number.items() if segments else ():
        for move in history(snapshot, person):
            if move.segment in segments:
                yield who, move.at, SEGMENT + move.segment, float(move.entered), ""


_COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_name = 'people_events'"
# The time of a word as the fold takes it (know/fold.py, `when`); of two at once the greater holds, as in a profile.
_WORDS = """
SELECT coalesce(person, leaf) AS person, properties_model AS model, properties_value AS value, {label} AS label,
       least(epoch_ms(timestamp), epoch_ms(received_at) + {ahead}) AS happened
FROM people_events WHERE type = 'track' AND event = '{made}' AND properties_model <> '' AND properties_value IS NOT NULL
ORDER BY happened, value, label"""
