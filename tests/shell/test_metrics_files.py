"""Numbers of several processes, summed."""

from pathlib import Path

import pytest

from tailorbird.shell.metrics import Metrics, exposition, forget_gauges


def test_numbers_of_all_processes_are_summed(tmp_path: Path) -> None:
    for name in ("web-0", "web-1"):
        metrics = Metrics(tmp_path, name)
        metrics.add("tailorbird_events_accepted", 5, "shop")
        metrics.took("tailorbird_http_seconds", 0.003, "collect")
        metrics.write()
    text = exposition(tmp_path).decode()
    assert 'tailorbird_events_accepted_total{source="shop"} 10.0' in text
    assert 'tailorbird_http_seconds_bucket{le="0.005",route="collect"} 2.0' in text
    assert 'tailorbird_http_seconds_bucket{le="0.002",route="collect"} 0.0' in text


def test_restarted_process_goes_on_counting(tmp_path: Path) -> None:
    for _ in range(2):
        metrics = Metrics(tmp_path, "web-0")
        metrics.add("tailorbird_log_appends")
        metrics.write()
    assert "tailorbird_log_appends_total 2.0" in exposition(tmp_path).decode()


def test_torn_file_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "web-9.msgpack").write_bytes(b"\x82\xa8coun")
    assert "tailorbird_log_appends" in exposition(tmp_path).decode()


def test_unlisted_metric_is_refused() -> None:
    with pytest.raises(KeyError):
        Metrics().add("tailorbird_surprise")


def test_a_worker_less_leaves_no_gauge_behind_and_all_it_counted(tmp_path: Path) -> None:
    metrics = Metrics(tmp_path, "web-1")
    metrics.add("tailorbird_log_appends", 3)
    metrics.write()
    (tmp_path / "web-1.4711").write_bytes(b"half of")
    assert 'process="web-1"' in exposition(tmp_path).decode()
    forget_gauges(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["web-1.msgpack"]
    assert 'process="web-1"' not in (text := exposition(tmp_path).decode())
    assert "tailorbird_log_appends_total 3.0" in text
