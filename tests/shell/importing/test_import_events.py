"""Rows become events exactly once, whatever the file looks like and whenever the import is cut."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from tailorbird.collect.plan import BUILT_IN_PLAN
from tailorbird.collect.seal import open_sealed
from tailorbird.errors import BadRequest, LogUnavailable
from tailorbird.events import decode_record
from tailorbird.shell.importing.event_row import EventShape
from tailorbird.shell.importing.events import Importing, report_path
from tailorbird.shell.importing.files import RowFile
from tailorbird.shell.importing.ledger import open_ledger
from tailorbird.shell.importing.resume import sent_since
from tailorbird.shell.importing.row import Row
from tailorbird.shell.importing.sink import LogSink
from tailorbird.testing.memory_keys import MemoryKeys
from tailorbird.testing.memory_log import MemoryLog


class Shop:
    """A log to import into, and imports that can be cut after some appends as kill -9 would."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log, self.keys = folder / "imports", MemoryLog(), MemoryKeys()

    def run(self, path: Path, cut_after: int | None = None, **shape):
        ledger = open_ledger(self.folder, "events", path)
        already = sent_since(self.log, None, "import", ledger.offset)
        log = self.log if cut_after is None else CutLog(self.log, cut_after)
        sink = LogSink(log, self.keys, BUILT_IN_PLAN, b"k" * 32, "import", lambda: 1_700_000_000_000)
        calls = EventShape(ledger.file_id, **shape)
        return Importing(RowFile(path), calls, ledger, sink, self.folder).run(already, lambda ledger, part: None)

    def events(self):
        return [decode_record(payload) for _, payload in self.log.read(0, 1 << 40).records]

    def report(self, ledger):
        return report_path(self.folder, ledger).read_text().splitlines()


class CutLog:
    """A log whose process dies behind an append: it stands, but nobody hears of it."""

    def __init__(self, log: MemoryLog, appends: int) -> None:
        self.log, self.left, self.end = log, appends, log.end

    def append(self, payloads, *, durable=True):
        offset = self.log.append(payloads)
        self.left -= 1
        if self.left == 0:
            raise LogUnavailable("cut")
        return offset


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def view(number: int, **fields) -> dict:
    return {"type": "track", "event": "Product Viewed", "userId": f"u{number}", **fields}


def write_lines(path: Path, rows: list) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def test_every_line_becomes_one_event(shop, tmp_path):
    done = shop.run(write_lines(tmp_path / "a.jsonl", [view(n) for n in range(1_234)]))
    assert (done.taken, done.refused, done.finished) == (1_234, 0, True)
    assert len(shop.events()) == 1_234


def test_own_message_ids_are_kept_and_others_come_from_file_and_row(shop, tmp_path):
    path = write_lines(tmp_path / "a.jsonl", [view(1, messageId="mine"), view(2)])
    done = shop.run(path)
    assert [event.message_id for event in shop.events()] == ["mine", f"{done.file_id}-2"]


@pytest.mark.parametrize("named", [{}, {"messageId": None}, {"messageId": ""}, {"messageId": 1.5}])
@pytest.mark.parametrize("shape", [{}, {"columns": {"userId": "userId"}}])
def test_row_without_a_usable_message_id_gets_the_same_one_each_time(named, shape):
    row = Row(7, 7, json.dumps({**view(7), **named}).encode(), 0)
    message_id, call = EventShape("file", **shape).call(row)
    assert (message_id, json.loads(call)["messageId"]) == ("file-7", "file-7")
    assert list(json.loads(call, object_pairs_hook=lambda pairs: [name for name, _ in pairs])).count("messageId") == 1


def test_bad_rows_are_reported_with_their_line_and_harm_nobody(shop, tmp_path):
    rows = [view(1), "{broken", view(2, timestamp="soon"), {"type": "track", "event": "E"}, "", view(3)]
    done = shop.run(write_lines(tmp_path / "a.jsonl", rows))
    assert (done.taken, done.refused) == (2, 3)
    assert [line.split(",")[:3] for line in shop.report(done)] == [
        ["line", "reason", "where"],
        ["2", "json", ""],
        ["3", "timestamp", "timestamp"],
        ["4", "identifier", ""],
    ]


def test_report_holds_no_identifier(shop, tmp_path):
    done = shop.run(write_lines(tmp_path / "a.jsonl", [{"type": "?", "userId": "secret-person"}]))
    assert "secret-person" not in "".join(shop.report(done))


@pytest.mark.parametrize("cut_after", [1, 2, 3])
@pytest.mark.parametrize("packed", [False, True])
def test_import_cut_at_any_append_neither_repeats_nor_loses(shop, tmp_path, cut_after, packed):
    path = write_lines(tmp_path / "a.jsonl", [view(n) if n % 7 else "{" for n in range(4_000)])
    if packed:
        path = tmp_path / "a.jsonl.gz"
        path.write_bytes(gzip.compress((tmp_path / "a.jsonl").read_bytes()))
    with pytest.raises(LogUnavailable):
        shop.run(path, cut_after=cut_after)
    done = shop.run(path)
    assert Counter(event.message_id for event in shop.events()).most_common(1)[0][1] == 1
    assert (len(shop.events()), done.taken, done.refused) == (3_428, 3_428, 572)
    assert len(shop.report(done)) == 573


def test_finished_file_is_known_again_under_another_name(shop, tmp_path):
    path = write_lines(tmp_path / "a.jsonl", [view(1)])
    shop.run(path)
    assert open_ledger(shop.folder, "events", path.rename(tmp_path / "b.jsonl")).finished


def test_changed_file_is_another_file(shop, tmp_path):
    path = write_lines(tmp_path / "a.jsonl", [view(1)])
    shop.run(path)
    assert not open_ledger(shop.folder, "events", write_lines(path, [view(2)])).finished


def test_csv_columns_go_where_they_belong(shop, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(
        "customer,order_id,revenue,context.page.path,timestamp,products\n"
        '007,o1,9.50,/cart,2023-05-01T10:00:00Z,"[{""product_id"": ""p1"", ""quantity"": 2}]"\n'
    )
    shop.run(path, event="Order Completed", columns={"customer": "userId"})
    event = shop.events()[0]
    assert event.plain_properties["revenue"] == 9.5
    assert event.plain_properties["products"] == [{"product_id": "p1", "quantity": 2}]
    assert (event.plain_context["page.path"], event.timestamp) == ("/cart", 1_682_935_200_000)


def test_csv_line_with_too_many_cells_is_refused_not_shortened(shop, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("userId,event\n1,Product Viewed\n2,Product,Viewed\n")
    done = shop.run(path)
    assert (done.taken, done.refused) == (1, 1)
    assert shop.report(done)[1].startswith("3,columns")


def test_quoted_newlines_keep_the_line_numbers_of_an_editor(shop, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('userId,event,note\n1,E,"two\nlines"\n,E,nobody\n')
    assert shop.report(shop.run(path))[1].startswith("4,identifier")


def test_parquet_rows_keep_their_types(shop, tmp_path):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    columns = {"userId": ["1", "2"], "event": ["Order Completed"] * 2, "revenue": [1.5, None], "timestamp": [5, 6]}
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    shop.run(tmp_path / "a.parquet")
    assert [event.plain_properties.get("revenue") for event in shop.events()] == [1.5, None]


def test_rows_without_type_or_event_identify(shop, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("userId,email,plan\n1,a@example.com,pro\n")
    shop.run(path)
    assert (shop.events()[0].type, [one.type for one in shop.events()[0].identifiers]) == (
        "identify",
        ["userId", "email"],
    )


def test_oversized_row_is_refused_alone(shop, tmp_path):
    done = shop.run(write_lines(tmp_path / "a.jsonl", [view(1, properties={"x": "y" * 600_000}), view(2)]))
    assert (done.taken, done.refused) == (1, 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.parquet", b"not parquet"), ("a.jsonl.gz", b"\x1f\x8b broken"), ("a.xyz", b"{}"), ("a.csv", b"a,a\n1,2\n")],
)
def test_file_of_another_kind_is_refused_with_its_name(shop, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadRequest, match=name):
        shop.run(tmp_path / name)


def test_import_asks_for_keys_again_in_time(shop, monkeypatch):
    monkeypatch.setattr("tailorbird.shell.importing.sink.KEYS_HELD_S", -1.0)
    sink = LogSink(shop.log, shop.keys, BUILT_IN_PLAN, b"k" * 32, "import", lambda: 1_700_000_000_000)
    call = b'{"type": "track", "event": "Quiz Done", "userId": "ann"}'
    sink.send([call])
    leaf = shop.events()[0].leaf
    shop.keys.destroy([leaf])
    sink.send([call])
    assert open_sealed(shop.keys.get(leaf), leaf, shop.events()[1].sealed).identifiers
