"""What every state store must do, as tests to inherit: give an `engine` fixture that yields an empty writer."""

import pytest

from tailorbird.shell.ports import State


class StateContract:
    """Inherit, override `engine`, and pytest runs them all on your engine."""

    @pytest.fixture
    def engine(self) -> State:
        raise NotImplementedError("Override the fixture `engine` with one that yields an empty state, open to write.")

    def test_commit_moves_changes_and_offset_together(self, engine: State) -> None:
        engine.commit({"profile": {b"anna": b"1"}, "node": {b"n": b"anna"}}, offset=10)
        with engine.snapshot() as snapshot:
            assert snapshot.get("profile", b"anna") == b"1"
            assert snapshot.get("node", b"n") == b"anna"
            assert snapshot.offset == engine.offset() == 10

    def test_new_state_is_empty_at_offset_zero(self, engine: State) -> None:
        with engine.snapshot() as snapshot:
            assert (snapshot.offset, snapshot.get("none", b"k"), snapshot.count("none")) == (0, None, 0)
            assert snapshot.get_many("none", [b"a", b"b"]) == [None, None]
            assert list(snapshot.scan("none")) == []

    def test_none_deletes(self, engine: State) -> None:
        engine.commit({"t": {b"a": b"1", b"b": b"2"}}, 1)
        engine.commit({"t": {b"a": None, b"never": None}, "absent": {b"x": None}}, 2)
        with engine.snapshot() as snapshot:
            assert list(snapshot.scan("t")) == [(b"b", b"2")]

    def test_value_is_replaced(self, engine: State) -> None:
        engine.commit({"t": {b"a": b"1"}}, 1)
        engine.commit({"t": {b"a": b"2"}}, 2)
        with engine.snapshot() as snapshot:
            assert snapshot.get("t", b"a") == b"2"

    def test_empty_value_is_not_absent(self, engine: State) -> None:
        engine.commit({"seen": {b"a": b""}}, 1)
        with engine.snapshot() as snapshot:
            assert snapshot.get_many("seen", [b"a", b"b"]) == [b"", None]

    def test_scan_goes_by_bytes_from_start_to_before_stop(self, engine: State) -> None:
        engine.commit({"t": {bytes([n]): b"" for n in (5, 200, 3, 4)}}, 1)
        with engine.snapshot() as snapshot:
            assert [key[0] for key, _ in snapshot.scan("t", bytes([4]), bytes([200]))] == [4, 5]
            assert [key[0] for key, _ in snapshot.scan("t")] == [3, 4, 5, 200]
            assert snapshot.count("t") == 4

    def test_get_many_keeps_the_order_of_the_keys(self, engine: State) -> None:
        engine.commit({"t": {b"a": b"1", b"b": b"2"}}, 1)
        with engine.snapshot() as snapshot:
            assert snapshot.get_many("t", [b"b", b"x", b"a", b"b"]) == [b"2", None, b"1", b"2"]

    def test_open_snapshot_does_not_move(self, engine: State) -> None:
        engine.commit({"t": {b"a": b"1"}}, 1)
        with engine.snapshot() as before:
            engine.commit({"t": {b"a": b"2"}, "new": {b"b": b"3"}}, 2)
            assert (before.get("t", b"a"), before.get("new", b"b"), before.offset) == (b"1", None, 1)
        with engine.snapshot() as after:
            assert (after.get("t", b"a"), after.get("new", b"b"), after.offset) == (b"2", b"3", 2)

    def test_clear_empties_named_tables_and_keeps_the_offset(self, engine: State) -> None:
        engine.commit({"a": {b"k": b"1"}, "b": {b"k": b"2"}}, 5)
        engine.clear(["a", "unknown"])
        with engine.snapshot() as snapshot:
            assert (snapshot.get("a", b"k"), snapshot.get("b", b"k"), snapshot.offset) == (None, b"2", 5)
        engine.commit({"a": {b"k": b"3"}}, 6)
        with engine.snapshot() as snapshot:
            assert snapshot.get("a", b"k") == b"3"

    def test_clear_of_everything_starts_over(self, engine: State) -> None:
        engine.commit({"a": {b"k": b"1"}}, 5)
        engine.clear()
        assert engine.offset() == 0
        with engine.snapshot() as snapshot:
            assert snapshot.count("a") == 0

    def test_many_tables_over_time_do_not_pile_up(self, engine: State) -> None:
        # More tables than LMDB would open (`lmdb_state`), if those that are cleared were not given back.
        for day in range(600):
            engine.commit({f"seen:{day}": {b"k": b""}}, day)
            engine.clear([f"seen:{day - 1}"])
        with engine.snapshot() as snapshot:
            assert snapshot.count("seen:599") == 1
