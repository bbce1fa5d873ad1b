"""Doctor beside a server that works, on addresses that are not ours; what an import says at its end."""

import socket
from types import SimpleNamespace

from tailorbird.shell.cli.check_data import _state
from tailorbird.shell.cli.check_machine import check_compiled, check_port
from tailorbird.shell.cli.imports import _end
from tailorbird.shell.engines import Engines
from tailorbird.shell.importing.ledger import Ledger
from tailorbird.shell.layout import Layout


def test_a_server_that_works_meanwhile_is_not_ahead_of_its_log(tmp_path):
    engines, end = Engines(Layout(tmp_path), writes_state=True), [100]
    real = engines.state

    def offset() -> int:
        end[0] += 50  # another event comes, and is folded, while doctor looks
        return end[0]

    state = SimpleNamespace(offset=offset, snapshot=real.snapshot)
    [finding] = _state(SimpleNamespace(log=SimpleNamespace(end=lambda: end[0]), state=state, layout=engines.layout))
    assert finding.level == "ok"
    engines.close()


def test_a_port_is_free_taken_or_not_ours(tmp_path):
    layout = Layout(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert "taken by another program" in check_port("API port", "127.0.0.1", port, layout).found
    assert check_port("API port", "127.0.0.1", port, layout).level == "ok"
    elsewhere = check_port("API port", "203.0.113.1", port, layout)
    assert (elsewhere.level, "203.0.113.1" in elsewhere.found) == ("bad", True)


def test_the_rate_of_an_import_is_of_this_run(tmp_path, capsys):
    _end(Ledger("f", "events", "f.jsonl", (0, 0), taken=1_000), tmp_path, "events", 2.0, before=900)
    assert "1,000 events imported" in (said := capsys.readouterr().out) and "(50/s)" in said


def test_doctor_says_what_runs_as_python(monkeypatch):
    monkeypatch.setattr("tailorbird.flow.__file__", "/usr/lib/python3/tailorbird/flow.py")
    assert "C compiler" in check_compiled().todo
    monkeypatch.setattr("tailorbird.flow.__file__", "/usr/lib/python3/tailorbird/flow.cpython-311-x86_64-linux-gnu.so")
    assert (check_compiled().level, check_compiled().found) == ("ok", "compiled")
