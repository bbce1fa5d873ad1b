"""What every process does beside its work."""

import threading
import time

from tailorbird.collect.seal import _cipher, close_sealed
from tailorbird.shell.processes.start import _forgetting


def test_every_process_lets_go_of_keys_in_time_though_nothing_comes():
    close_sealed(b"k" * 16, b"leaf", b"content")
    stop = threading.Event()
    thread = threading.Thread(target=_forgetting, args=(stop, 0.001))
    thread.start()
    deadline = time.monotonic() + 10
    while _cipher.cache_info().currsize and time.monotonic() < deadline:
        time.sleep(0.001)
    stop.set()
    thread.join()
    assert not _cipher.cache_info().currsize
