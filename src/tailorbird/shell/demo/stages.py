"""The demo's work, stage by stage. Each looks at the mark, does what is not done yet, and notes it."""

import time
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from tailorbird.errors import BadRequest, TailorbirdError
from tailorbird.shell.cli import say
from tailorbird.shell.demo.company import Company
from tailorbird.shell.demo.lanes import Lanes
from tailorbird.shell.demo.mark import Mark
from tailorbird.shell.demo.source import Source
from tailorbird.shell.engines import Engines
from tailorbird.shell.importing.resume import sent_since

if TYPE_CHECKING:
    from tailorbird.shell.demo.lines import Lines

_ITEMS_AT_ONCE = 5_000
_SAVE_EVERY_S = 0.5
_LOOK_EVERY_S = 0.2
_PATIENCE_S = 300.0


class Stuck(TailorbirdError):
    """The workers do not get on; says how far they are."""


@dataclass
class Stages:
    """What the stages share: the data, the mark, the engines of the folder (to read), the server's address and key."""

    source: Source
    mark: Mark
    path: Path  # of the mark
    engines: Engines
    company: Company
    url: str
    key: str

    def save(self) -> None:
        self.mark.save(self.path)

    @cached_property
    def lines(self) -> "Lines":
        """All lines of all baskets; read once, and only if a stage needs them."""
        from tailorbird.shell.demo.lines import read_lines

        return read_lines(self.source)

    @property
    def mine(self) -> "Lines":
        """Those of the households of this demo."""
        return self.lines if self.mark.households is None else self.lines.of_households(self.mark.households)

    def stock_shelf(self) -> None:
        """Products into the catalogue: all, or in a small demo what its households bought."""
        if self.mark.items:
            return
        from tailorbird.shell.demo.items import items, read_products, unit_prices

        catalogue, products = self.engines.catalogue, read_products(self.source)
        prices = unit_prices(products, self.lines)
        if self.mark.households is not None:
            bought = set(self.mine.product.tolist())
            products = [product for product in products if product["product_id"] in bought]
        shelf, done = items(products, prices), 0
        with say.progress("Catalogue", "items", len(products)) as step:
            while some := list(islice(shelf, _ITEMS_AT_ONCE)):
                catalogue.upsert(some)
                done += len(some)
                step(done / len(products), done)
        self.mark.items = done
        self.save()

    def send_year(self) -> None:
        """Every event through the front door, in the order of time."""
        mark = self.mark
        if mark.sent:
            return
        from tailorbird.shell.demo.year import Year

        year = Year(self.source, self.mine, mark.shift)
        total, log, lake = year.count(), self.engines.log, self.engines.lake
        already = sent_since(log, lake, "demo", mark.offset) if mark.offset else set()
        mark.offset = mark.offset or log.end()
        self.save()
        lanes = Lanes(self.url, self.key, mark.lanes, already)
        with say.progress("A year of shopping", "events", total) as step:
            saver = _Saver(self, lanes)

            def each() -> None:
                saver.now_and_then()
                self.company.check()
                step(sum(lanes.done) / total, sum(lanes.done))

            lanes.send(year.events(), each)
        mark.sent, mark.lanes, mark.offset = True, lanes.done, log.end()
        self.save()
        self.__dict__.pop("lines", None)  # training wants the memory

    def settle(self) -> None:
        """Wait until the stream worker has folded all of it and the lake has sealed it."""
        state, lake, target = self.engines.state, self.engines.lake, self.mark.offset
        if lake.sealed() >= target:
            return
        moved_at, before = time.monotonic(), 0
        with say.progress("Profiles and lake", "bytes", target) as step:
            while (sealed := lake.sealed()) < target:
                self.company.check()
                folded = state.offset()
                # Patience is for standing still and not for being slow: a small machine may take its time.
                if sealed + folded != before:
                    moved_at, before = time.monotonic(), sealed + folded
                if time.monotonic() - moved_at > _PATIENCE_S:
                    raise Stuck(f"Nothing was folded or sealed for {_PATIENCE_S:.0f} s at {sealed:,} of {target:,}.")
                step((sealed + folded) / 2 / target, (sealed + folded) // 2)
                time.sleep(_LOOK_EVERY_S)
            step(1.0, target)

    def define(self) -> None:
        """Put traits and segments in force over the whole year; the server looks at everybody while we train."""
        if self.mark.defined:
            return
        from tailorbird.shell.demo.site_folder import define

        define(self.engines)
        self.mark.defined = True
        self.save()

    def show_segments(self) -> None:
        """How many households are in each segment now."""
        from tailorbird.shell.demo.site_folder import sizes

        table = say.table("segment", ">households", title="Segments, live from here on")
        people = sizes(self.engines, self.company.check)
        for name, count in sorted(people.items(), key=lambda pair: (-pair[1], pair[0])):
            table.add_row(name, f"{count:,}")
        say.out().print(table)

    def train(self) -> None:
        """Train on all of it, and show how good the model is on the weeks that it has not seen."""
        if self.mark.model:
            return
        from tailorbird.shell.cli.train import train_and_show

        self.mark.model = train_and_show(self.engines).manifest.version
        self.save()

    def cluster(self) -> None:
        """Find who shops alike, show it in words, and put the clusters in force as segments."""
        if self.mark.clustered:
            return
        from tailorbird.shell.cli.clusters import train_and_show
        from tailorbird.shell.clustering.work import definitions_of

        for name in definitions_of(self.engines):
            try:
                train_and_show(self.engines, name)
            except BadRequest as error:  # a demo of few households
                say.note(str(error))
        self.mark.clustered = True
        self.save()

    def predict(self) -> None:
        """Train the models that traits ask for, and say of every household what they expect."""
        if self.mark.predicted:
            return
        from tailorbird.shell.cli.predict import predict_and_show

        try:
            predict_and_show(self.engines)
        except BadRequest as error:  # a demo of few households
            say.note(str(error))
        self.mark.predicted = True
        self.save()


class _Saver:
    """Notes how far the lanes came, twice a second."""

    def __init__(self, stages: Stages, lanes: Lanes) -> None:
        self._stages, self._lanes, self._at = stages, lanes, time.monotonic()
        self._start = stages.mark.offset

    def now_and_then(self) -> None:
        if time.monotonic() - self._at < _SAVE_EVERY_S:
            return
        mark, self._at = self._stages.mark, time.monotonic()
        # What a lane has under way lies behind its own last token, so the smallest of these leaves nothing out. It is
        # read before the counts: what is acknowledged in between is then counted, and found in the log besides.
        mark.offset = min(lane.offset or self._start for lane in self._lanes.lanes)
        mark.lanes = self._lanes.done
        self._stages.save()
