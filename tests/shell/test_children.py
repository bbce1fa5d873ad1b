"""Children are started again, also where the machine has no room for one at first."""

import subprocess
from types import SimpleNamespace

from tailorbird.shell import children as module
from tailorbird.shell.children import Children
from tailorbird.shell.logs import Logger
from tailorbird.shell.metrics import Metrics


def test_a_child_that_cannot_be_forked_is_tried_again_and_the_others_run_on(tmp_path, monkeypatch):
    now, lines, started = [0.0], [], []
    log = SimpleNamespace(
        error=lambda name, **fields: lines.append((name, fields)), warning=lambda name, **fields: None
    )
    children = Children(Logger(log), Metrics(tmp_path, "supervisor"), clock=lambda: now[0])

    def start(command: list[str], **_: object) -> SimpleNamespace:
        if len(started) in (1, 2):
            started.append(None)
            raise BlockingIOError(11, "Resource temporarily unavailable")
        started.append(SimpleNamespace(poll=lambda: 1 if len(started) == 1 else None))
        return started[-1]

    monkeypatch.setattr(module, "subprocess", SimpleNamespace(Popen=start, DEVNULL=subprocess.DEVNULL))
    children.add("web", "nothing", [])
    for _ in range(6):
        children.tend()
        now[0] += 1.0
    assert [(name, fields["again_in_s"]) for name, fields in lines] == [
        ("child_not_started", 0.1),
        ("child_not_started", 0.2),
    ]
    assert children.all[0].process is started[-1] and len(started) == 4
