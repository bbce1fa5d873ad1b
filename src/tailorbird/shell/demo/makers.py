"""Made-up brand names: the data hides every maker behind a number, and a shelf of numbers cannot be read.

The name is a pure function of the number, so a maker keeps its name in every run; the number stays on the item.
"""

from tailorbird.shell.demo.words import TABLES

HOUSE_BRAND = "Homeward"  # what the data calls "Private"

_FIRST = TABLES["makers"]["first"].split()
_LAST = TABLES["makers"]["last"].split()


def maker_name(manufacturer: int, label: str | None) -> str:
    """The brand on the card.

    >>> maker_name(69, "Private"), maker_name(2, "National") == maker_name(2, "National")
    ('Homeward', True)
    >>> len({maker_name(number, "National") for number in range(6_000)})
    6000
    """
    if label == "Private":
        return HOUSE_BRAND
    # Neighbours get unlike names.
    spread = manufacturer * 2_654_435_761 % (len(_FIRST) * len(_LAST))
    return f"{_FIRST[spread % len(_FIRST)]} {_LAST[spread // len(_FIRST)]}".replace("_", " ")
