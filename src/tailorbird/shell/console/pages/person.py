"""A person: who they are, what they did, what they see now and why, and what they allow."""

from nicegui import ui
from starlette.requests import Request

from tailorbird.errors import TailorbirdError
from tailorbird.shell.console import portrait
from tailorbird.shell.console.consents import Consents
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.frame import page_frame
from tailorbird.shell.console.offers import Offers
from tailorbird.shell.console.parts import box, button, card, empty, every, html, note
from tailorbird.shell.console.segments.held import computed_card, segments_card
from tailorbird.shell.console.someone import Someone, someone, strongest

_POLL_S = 2.0


def add(desk: Desk) -> None:
    @ui.page("/people/{person}", title="Person · Tailorbird")
    async def page(request: Request, person: str) -> None:
        visit = await desk.visit(request.cookies)
        found = await _look(desk, person)
        if isinstance(found, Someone):
            with page_frame(visit, "/people", "Person", portrait.lead(found)) as right:
                view = _View(desk, found, right)
            # Behind the page: an API that is away must not hold it up.
            ui.timer(0.05, view.offers.refresh, once=True)
            every(_POLL_S, view.refresh)
            return
        with page_frame(visit, "/people", "Person"):
            if found:
                note(found, "bad", "error")
            with card():
                empty("person_off", "No such person", "They were merged into another person, or never here.")


async def _look(desk: Desk, person: str) -> Someone | str | None:
    try:
        return await desk.read(someone, desk, bytes.fromhex(person))
    except TailorbirdError as error:
        return str(error)
    except ValueError:
        return None


class _View:
    """The page's parts; a new version of the profile redraws what depends on it."""

    def __init__(self, desk: Desk, found: Someone, right: ui.element) -> None:
        self._desk, self._found = desk, found
        self._opened = False
        with right:
            self._button = button("Show personal values", self._open, icon="visibility")
        self._stats = html(cls="tb-grid c4")
        with box("tb-grid wide"):
            with box("tb-column"):
                self.offers = Offers(desk, strongest(found.profile))
                with card("Timeline", "latest first"):
                    self._timeline = html()
            with box("tb-column"):
                with card():
                    self._segments = html()
                with card():
                    self._computed = html()
                with card():
                    self._who = html()
                self._consents = Consents(desk, found)
                with card("Affinities", "share of all contacts, decayed with a half-life of 30 days"):
                    self._affinities = html()
                with card(flush=True):
                    self._counters = html()
        self._draw()

    async def refresh(self) -> None:
        """Draw again if the person did something; their recommendations follow."""
        found = await _look(self._desk, self._found.profile.person.hex())
        if not isinstance(found, Someone):
            return
        before, self._found = self._found, found
        if (found.stands, found.moves) != (before.stands, before.moves):  # time moves people, too
            self._draw_standing()
        if found.profile.version == before.profile.version:
            return
        self._draw()
        self._consents.show(found)
        await self.offers.follow()

    def _draw_standing(self) -> None:
        found = self._found
        self._segments.set_content(segments_card(found.stands, found.now))
        self._computed.set_content(computed_card(found.stands, found.sure))
        self._timeline.set_content(portrait.timeline(found, self._opened))

    def _draw(self) -> None:
        self._draw_standing()
        found, opened = self._found, self._opened
        self._stats.set_content(portrait.stats(found))
        self._who.set_content(portrait.who(found, opened))
        self._affinities.set_content(portrait.affinities(found))
        self._counters.set_content(portrait.counters(found))

    def _open(self) -> None:
        self._opened = not self._opened
        self._button.set_text("Hide personal values" if self._opened else "Show personal values")
        self._draw()
