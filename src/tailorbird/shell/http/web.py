"""All that one web process holds, put together once; each endpoint takes from it what it needs."""

from dataclasses import dataclass

from tailorbird.shell.config import Settings
from tailorbird.shell.engines import Engines
from tailorbird.shell.health import Health
from tailorbird.shell.http.collect import Collect
from tailorbird.shell.http.freshness import Freshness
from tailorbird.shell.http.ingest import Ingest
from tailorbird.shell.http.lookup import Lookup
from tailorbird.shell.http.shelves import Shelves
from tailorbird.shell.http.site import SiteWatch
from tailorbird.shell.http.unfolded import Unfolded
from tailorbird.shell.layout import Layout
from tailorbird.shell.logs import Logger
from tailorbird.shell.metrics import Metrics
from tailorbird.shell.ports import Catalogue, Definitions, Keys, Lake, State
from tailorbird.shell.standing import Programs


@dataclass(frozen=True, slots=True)
class Web:
    """The parts of a web process."""

    layout: Layout
    settings: Settings
    logger: Logger
    metrics: Metrics
    site_key: bytes
    state: State
    keys: Keys
    catalogue: Catalogue
    definitions: Definitions
    lake: Lake
    programs: Programs
    site: SiteWatch
    shelves: Shelves
    lookup: Lookup
    freshness: Freshness
    unfolded: Unfolded
    ingest: Ingest
    collect: Collect
    health: Health


def open_web(engines: Engines, settings: Settings, logger: Logger, metrics: Metrics) -> Web:
    """The parts, on these engines. Call it in the running event loop."""
    site_key, state = engines.site_key, engines.state
    site = SiteWatch(engines.definitions, logger)
    ingest = Ingest(engines.log, engines.keys, metrics, logger, settings.http.max_waiting_bytes)
    health = Health(engines.log, state, engines.layout.log, settings.health, lambda: ingest.failure)
    return Web(
        engines.layout,
        settings,
        logger,
        metrics,
        site_key,
        state,
        engines.keys,
        engines.catalogue,
        engines.definitions,
        engines.lake,
        Programs(),
        site,
        Shelves(engines.catalogue, engines.layout.models, logger),
        Lookup(state, site_key),
        Freshness(state, settings.decide.wait_ms),
        Unfolded(engines.log),
        ingest,
        Collect(site, ingest, site_key, metrics),
        health,
    )
