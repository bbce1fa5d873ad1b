"""What comes late, goes away or is new while a page is open must not be shown as something else."""

import asyncio
from types import SimpleNamespace

from tailorbird.events import Rejected
from tailorbird.know.cluster.drift import DRIFTED
from tailorbird.know.force import EMITTED, SWEEP
from tailorbird.know.tables import META, encode
from tailorbird.shell.clustering.registry import Look
from tailorbird.shell.console.clusters.charts import drift
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.offers import Offers
from tailorbird.shell.console.pages.kpi import _View as KpiView
from tailorbird.shell.console.pages.placements import _Try
from tailorbird.shell.console.segments.census import Census
from tailorbird.shell.console.theme import LIGHT
from tailorbird.shell.console.unseal import secret_of
from tailorbird.shell.console.vitals import _role
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.logs import Logger

DECISION = {"items": [], "link": "popular", "probability": 1.0}


class Field(SimpleNamespace):
    """A control of a page: keeps what it was told."""

    def set_content(self, text: object) -> None:
        self.value = str(text)


def deciding(change) -> SimpleNamespace:
    """A desk whose engine takes so long that something is changed meanwhile."""

    async def decide(person: object, placements: list[str], **_: object) -> dict:
        change()
        return {placements[0]: DECISION}

    return SimpleNamespace(now=1, api=SimpleNamespace(decide=decide))


def test_a_late_answer_is_not_shown_for_the_placement_chosen_since():
    offers = object.__new__(Offers)
    offers._named, offers._placement, offers._body = ("userId", "1"), "home", Field(value="of popular")
    offers._desk = deciding(lambda: setattr(offers, "_placement", "popular"))
    asyncio.run(offers.refresh())
    assert offers._body.value == "of popular"


def test_a_try_shows_what_was_asked_though_another_placement_is_chosen_since():
    form = object.__new__(_Try)
    form._found = {"home": SimpleNamespace(recipe="home"), "popular": SimpleNamespace(recipe="popular")}
    form._person = form._items = form._category = form._exclude = Field(value="")
    form._placement = "home"
    form._desk = deciding(lambda: setattr(form, "_placement", "popular"))
    assert asyncio.run(form._decided()) == DECISION


def test_figures_of_a_range_that_is_chosen_no_more_are_dropped():
    view = object.__new__(KpiView)

    async def read(work: object, desk: object, days: int) -> str:
        view._days = 7
        return f"figures of {days} days"

    view._days, view._desk, view._body = 365, SimpleNamespace(read=read), None  # drawing would fail
    asyncio.run(view.refresh())


def test_members_are_counted_anew_though_the_offset_stands_still(tmp_path):
    engines = Engines(Layout(tmp_path), writes_state=True)
    census = Census(engines.state)
    assert census.count().moves == 0
    engines.state.commit({META: {EMITTED: encode(3), SWEEP: b"half way"}}, 0)
    census._not_before = 0.0
    assert (census.count().moves, census.count().told.reaching) == (3, True)
    engines.state.commit({META: {SWEEP: None}}, 0)
    census._not_before = 0.0
    assert not census.count().told.reaching
    engines.close()


def test_opening_a_sealed_record_is_logged_by_its_leaf_alone(tmp_path):
    lines: list[tuple[str, dict]] = []
    log = SimpleNamespace(info=lambda name, **fields: lines.append((name, fields)))
    desk = Desk(Engines(Layout(tmp_path)), "http://127.0.0.1:1", Logger(log))
    record = Rejected("web", "json", "", "", leaf=b"\1" * 16, received_at=1, sealed=b"")
    assert "destroyed" in str(secret_of(desk, record))
    assert lines == [("unsealed", {"leaf": "01" * 16})]


def test_a_command_beside_the_server_is_not_called_its_supervisor(tmp_path):
    entry, root = tmp_path / "proc", tmp_path / "data"
    entry.mkdir()
    root.mkdir()
    (entry / "cwd").symlink_to(tmp_path)
    (tmp_path / "link").symlink_to(root)
    for command, role in (("serve", "supervisor"), ("demo", "supervisor"), ("import", "command")):
        assert _role(["python", "/bin/tailorbird", command, "--data", "link", ""], entry, root) == role
    web = ["python", "-m", "tailorbird.shell.processes.web", "--data", str(root), ""]
    assert _role(web, entry, root) == "web"
    assert _role([*web[:4], "elsewhere", ""], entry, root) is None


def test_the_line_of_drift_stands_where_drift_is_told():
    look = Look(1, "1", 9, 0.3, 0.0, {}, {"trips": 0.3}, ["trips"], 0.0)
    line = drift(LIGHT, [look])["series"][-1]["markLine"]["data"][0]
    assert (line["yAxis"], line["label"]["formatter"]) == (DRIFTED, f"PSI {DRIFTED}: drifted")
