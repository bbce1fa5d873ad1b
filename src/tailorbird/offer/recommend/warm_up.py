"""Compile, or load, the kernels before the first visitor comes."""

from tailorbird.consent.purpose import Policy
from tailorbird.events import Item
from tailorbird.know.profile import Bought, Profile, Touch
from tailorbird.offer.decide import decide
from tailorbird.offer.placement import BUILT_IN
from tailorbird.offer.recommend.ids import Places
from tailorbird.offer.recommend.model import Model
from tailorbird.offer.request import Context, Request
from tailorbird.offer.shelf import Shelf


def warm_up() -> None:
    """Ask every built-in placement once of a shop of one item: 1 s, and about 15 s the first time on a machine."""
    # With a purchase and a click: what is not asked for here is compiled when the first visitor asks for it.
    profile = Profile(b"", recent=[Touch("1", "bought", 0), Touch("1", "clicked", 0)], bought={"1": Bought(1, 0, 0)})
    request = Request(tuple(BUILT_IN), Context(item="2"))
    Places(["1"])
    decide(request, profile, Shelf([Item("1")]), Model.empty(), BUILT_IN, Policy(), 0, str)
