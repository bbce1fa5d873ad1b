"""What of an interrupted import is in the log already.

The ledger is written about once a second; kill -9 leaves up to a second of rows that were appended and not noted.
The fold would drop their repeats for a day, but an import may be taken up again after a week. So the log behind the
ledger's offset is read, or the lake where the log was dropped: what stands there with our source is not sent again.
"""

from tailorbird.errors import Corrupt
from tailorbird.events import Event, decode_record
from tailorbird.shell.ports import Lake, Log

_SENT = "SELECT message_id FROM events WHERE source = ? AND log_offset > ?"


def sent_since(log: Log, lake: Lake | None, source: str, offset: int) -> set[str]:
    """The messageIds of `source` that came into the log behind `offset`."""
    sealed = lake.sealed() if lake is not None else 0
    try:
        # The log may be dropped up to where the lake is sealed: each is asked for its own part.
        return _in_log(log, source, max(offset, sealed)) | _in_lake(lake, source, offset, sealed)
    except Corrupt:  # the log was dropped up to a later seal between the two looks
        if lake is None or lake.sealed() == sealed:
            raise
        return sent_since(log, lake, source, offset)


def _in_lake(lake: Lake | None, source: str, offset: int, sealed: int) -> set[str]:
    if lake is None or sealed <= offset:
        return set()
    return {row["message_id"] for row in lake.query(_SENT, [source, offset])}


def _in_log(log: Log, source: str, offset: int) -> set[str]:
    found: set[str] = set()
    end = log.end()
    while offset < end:
        batch = log.read(offset)
        records = (decode_record(payload) for _, payload in batch.records)
        found.update(one.message_id for one in records if isinstance(one, Event) and one.source == source)
        offset = batch.through
    return found
