"""A running shop is liked less than it was: it trains once, and keeps the model that is no worse; whatever breaks
meanwhile, visitors are answered by the model that served."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tailorbird.collect.identifiers import known
from tailorbird.errors import Corrupt
from tailorbird.events import DAY_MS, Decided, Item, encode_record
from tailorbird.shell.engines import Engines
from tailorbird.shell.importing.sink import LogSink, plan_of
from tailorbird.shell.layout import Layout
from tailorbird.shell.models import Models
from tailorbird.shell.on_behalf import track
from tailorbird.shell.training.run import train_and_promote
from tailorbird.shell.training.watched import read_watched
from tailorbird.testing.live import LiveServer

pytestmark = pytest.mark.slow
PEOPLE = [f"userId:p{n}" for n in range(80)]
ITEMS = [f"i{n}" for n in range(20)]
NOW = time.time_ns() // 1_000_000
FELL_AT = NOW - 8 * DAY_MS  # from then on one page in ten is clicked, before four in ten


def orders():
    for n, person in enumerate(PEOPLE):
        for day in range(2, 100, 7):
            items = [{"product_id": ITEMS[n % 20], "price": 2}, {"product_id": ITEMS[(n + day) % 20], "price": 2}]
            yield said(person, "Order Completed", NOW - day * DAY_MS, {"order_id": f"{person}{day}", "products": items})


def said(person, event, at, properties):
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at / 1000))
    return track(person, event, properties, type="track", messageId=f"{person}{event}{at}", timestamp=when)


def pages(site_key):
    """Decisions as the log keeps them, and what people did: everybody sees two pages a day."""
    chance = random.Random(5)
    for person in PEOPLE:
        leaf = known(site_key, "userId", person.partition(":")[2]).hashed.hash
        for number in range(2 * 36):
            at, name = NOW - DAY_MS - number * DAY_MS // 2, f"{person}-{number}"
            shown = chance.sample(ITEMS, 4)
            decided = Decided(name, at, leaf, "home", shown, ["popular"] * 4, [4.0, 3.0, 2.0, 1.0], "popular", 1.0, "m")
            calls = [said(person, "Recommendation Viewed", at + 5000, {"decision_id": name})]
            if chance.random() < (0.4 if at < FELL_AT else 0.1):
                clicked = {"decision_id": name, "product_id": shown[0]}
                calls.append(said(person, "Recommendation Clicked", at + 9000, clicked))
            yield decided, calls


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A folder with a hundred days of a shop, a champion of three days ago, and a drop of clicks since last week."""
    layout = Layout(tmp_path_factory.mktemp("shop"))
    not_by_the_clock = "batch: {train_every_h: 1000, refit_every_h: 0, job_nice: 0}\n"
    (layout.root / "settings.yaml").write_text(not_by_the_clock)
    engines = Engines(layout, writes_state=False)
    engines.catalogue.upsert([Item(item) for item in ITEMS])
    sink = LogSink(engines.log, engines.keys, plan_of(engines.definitions), engines.site_key, "shop", lambda: NOW)
    shown = list(pages(engines.site_key))
    engines.log.append([encode_record(decided) for decided, _ in shown])
    calls = [*orders(), *(call for _, some in shown for call in some)]
    for start in range(0, len(calls), 500):
        assert not sink.send(calls[start : start + 500]).refused
    end = engines.log.end()
    engines.close()
    with LiveServer(layout.root):  # folds it all, and seals it into the lake
        reader = Engines(layout)
        until(lambda: reader.lake.sealed() >= end)
        reader.close()
    engines = Engines(layout)
    assert train_and_promote(engines, NOW - 3 * DAY_MS).promoted
    engines.close()
    return layout


def until(holds, seconds=150):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.2)


def serving(server):
    status, body = server.post("/v1/decide", {"person": "userId:p1", "placements": ["home"], "limit": 4})
    home = body["decisions"]["home"]
    assert status == 200 and len(home["items"]) == 4
    return home["model"]


def logged(layout: Path, event: str) -> int:
    return (layout.root / "server.log").read_text().count(f'"event": "{event}"')


def test_a_drop_sets_off_one_training_whose_model_does_not_serve(shop):
    models = Models(shop.models)
    champion, before = models.current(), logged(shop, "trained")
    with LiveServer(shop.root) as server:
        assert serving(server).endswith(champion)
        until(lambda: serving(server).endswith(champion) and logged(shop, "trained") > before)
        [trigger] = read_watched(shop.models).triggers
        assert trigger.kind == "drop" and trigger.why.startswith("drop: CTR fell from 4")
        [newer] = [version for version in models.versions() if version != champion]
        told = models.manifest(newer)
        assert not told.promoted and told.lineage.why == trigger.why and "knows nothing later" in told.verdict
        assert told.learned.exposures > 1000  # and it knew what was seen
        again = [sys.executable, "-m", "tailorbird.shell.training.watching", "--data", str(shop.root)]
        assert subprocess.run(again, timeout=60).returncode == 0
        assert len(read_watched(shop.models).triggers) == 1 and not (shop.run / "train").exists()
        assert serving(server).endswith(champion) and models.current() == champion


def test_a_half_written_model_leaves_the_old_one_serving(shop):
    models = Models(shop.models)
    champion = models.current()
    with LiveServer(shop.root) as server:
        assert serving(server).endswith(champion)
        whole, half = shop.models / champion, shop.models / "99999999-000000"
        half.mkdir()
        for path in whole.iterdir():
            data = path.read_bytes()
            (half / path.name).write_bytes(data[: len(data) // 2] if path.suffix == ".npy" else data)
        with pytest.raises(Corrupt):
            models.promote(half.name)
        link = shop.models / "current"
        link.unlink()
        link.symlink_to(half.name)  # as if somebody had
        until(lambda: serving(server).endswith(champion) and logged(shop, "model_refused"))
        assert serving(server).endswith(champion)
        models.promote(champion)
        time.sleep(0.5)
        assert serving(server).endswith(champion)


def test_a_training_killed_midway_leaves_the_champion_and_the_next_one_ends_well(shop):
    models = Models(shop.models)
    champion, kept = models.current(), models.versions()
    with LiveServer(shop.root) as server:
        failed, trained = logged(shop, "training_failed"), logged(shop, "trained")
        (shop.run / "train").write_text("a test")
        until(lambda: trainings(server))
        time.sleep(1)
        for pid in trainings(server):
            os.kill(pid, signal.SIGKILL)
        until(lambda: logged(shop, "training_failed") > failed)
        assert serving(server).endswith(champion) and models.versions() == kept
        (shop.run / "train").write_text("a test")
        until(lambda: serving(server).endswith(champion) and logged(shop, "trained") > trained)
        assert len(models.versions()) == len(kept) + 1 and models.current() == champion


def trainings(server):
    """Pids of trainings below this very server's batch process."""
    batch = {str(pid) for pid, role in server.children().items() if role == "batch"}
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[1]
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if parent in batch and b"tailorbird.shell.training" in words:
                found.append(int(folder.name))
    return found
