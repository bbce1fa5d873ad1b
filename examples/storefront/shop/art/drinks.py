"""Cans, bottles, cartons, cups."""

from shop.art.ink import CREAM, GLASS, STEEL, WHITE, Ink, body, box, line, oval, path, rect


def can(ink: Ink) -> str:
    front = path("M38 30h44v66H38z", ink.main) + ink.label(38, 44, 44, 40)
    tin = "M44 20h32l6 9v68l-6 9H44l-6-9V29z"
    return body(tin, STEEL, front) + oval(60, 20, 16, 2.6, "#e9ecf0") + rect(57, 17.4, 7, 2, 1, "#9aa1ab")


def cans(ink: Ink) -> str:
    """A pack of six, seen from the front."""
    tops = "".join(rect(x, 38, 22, 6, 2, STEEL) for x in (24, 49, 74))
    front = ink.label(18, 54, 84, 44, ink.main if ink.own else "")
    return tops + body(box(18, 42, 84, 66, 5), ink.main, front) + rect(46, 30, 28, 8, 4, ink.deep)


def soda(ink: Ink) -> str:
    drink = ink.one_of("drink", "#5a2d1a", "#d9772b", "#b8d63a", "#8d2437", "#e3f0ee")
    bottle = "M53 18h14v8c0 8 13 14 13 28v44c0 6-3 10-8 10H48c-5 0-8-4-8-10V54c0-14 13-20 13-28z"
    return body(bottle, drink, ink.label(38, 58, 44, 28, ink.main)) + rect(51, 10, 18, 10, 2.5, ink.accent)


def water(ink: Ink) -> str:
    bottle = "M53 18h14v10c0 6 11 9 11 20v50c0 6-3 10-7 10H49c-4 0-7-4-7-10V48c0-11 11-14 11-20z"
    ribs = "".join(line(f"M40 {y}h40", "#fff", 1.6, 'opacity=".7"') for y in (88, 94, 100))
    return body(bottle, "#bfe3f2", ribs + ink.label(40, 54, 42, 26)) + rect(51, 10, 18, 10, 2.5, ink.main)


def wine(ink: Ink) -> str:
    glass = ink.one_of("glass", "#23402f", "#3b1626", "#2a3450", "#8fae62")
    bottle = "M54 12h12v26c0 8 10 10 10 22v40c0 5-2 8-6 8H50c-4 0-6-3-6-8V60c0-12 10-14 10-22z"
    foil = rect(53, 8, 14, 20, 2, ink.main)
    return body(bottle, glass, ink.label(44, 64, 32, 32, CREAM), shade_from=66) + foil


def beer(ink: Ink) -> str:
    glass = ink.one_of("glass", "#6b3a14", "#2f5d33", "#7c4a17")
    bottle = "M55 14h10v22c0 8 11 12 11 24v42c0 4-2 6-5 6H49c-3 0-5-2-5-6V60c0-12 11-16 11-24z"
    return body(bottle, glass, ink.label(44, 64, 32, 28), shade_from=66) + rect(53, 9, 14, 6, 2, ink.accent)


def spirits(ink: Ink) -> str:
    drink = ink.one_of("drink", "#c8792c", "#e8f1f2", "#a4501f", "#d7e6c4")
    flask = "M52 16h16v14c0 6 18 6 18 18v54c0 4-2 6-6 6H40c-4 0-6-2-6-6V48c0-12 18-12 18-18z"
    return body(flask, drink, ink.label(40, 56, 40, 36, CREAM)) + rect(50, 8, 20, 10, 2, ink.deep)


def jug(ink: Ink) -> str:
    """A gallon of milk."""
    milk = ink.one_of("cap", "#2f6fde", "#d8432b", "#3c9d5d", "#6d3b86")
    outline = "M46 22h20v8c14 4 20 14 20 28v42c0 5-3 8-8 8H42c-5 0-8-3-8-8V52c0-12 12-14 12-22z"
    grip = path("M76 46c6 5 6 24 1 30-4 3-8 0-8-5V52c0-6 4-9 7-6z", "#dfe6ea")
    return body(outline, WHITE, grip + ink.label(36, 62, 32, 32)) + rect(44, 14, 24, 10, 3, milk)


def carton(ink: Ink) -> str:
    """A gable-top carton of milk, cream or juice."""
    roof = path("M40 44l10-20h34l-10 20z", ink.deep) + path("M84 24l6 20H74z", ink.main)
    front = body("M40 44h34v62H40z", ink.pale, ink.label(40, 52, 34, 46), light=0.3, shade_from=90)
    side = path("M74 44h16v62H74z", ink.main)
    return side + roof + front + rect(50, 15, 34, 9, 1.5, ink.pale) + oval(62, 36, 5, 4, ink.accent)


def juice(ink: Ink) -> str:
    drink = ink.one_of("drink", "#f59b1d", "#f3c331", "#b72b45", "#d65a2a", "#7f2a62")
    bottle = "M50 20h20v8c0 5 12 8 12 20v52c0 5-3 8-7 8H45c-4 0-7-3-7-8V48c0-12 12-15 12-20z"
    return body(bottle, drink, ink.label(38, 58, 44, 34)) + rect(47, 11, 26, 10, 3, ink.main)


def coffee(ink: Ink) -> str:
    bag = "M36 24h48l4 12-3 66c0 4-2 6-6 6H41c-4 0-6-2-6-6l-3-66z"
    bean = oval(60, 88, 8, 5.5, "#4a2a18", 'transform="rotate(-25 60 88)"') + line("M54 91q6-2 12-6", ink.pale, 1.4)
    return body(bag, ink.main, ink.label(40, 44, 40, 32) + bean) + rect(36, 18, 48, 8, 2, ink.deep)


def tea(ink: Ink) -> str:
    cup = "M28 56h56v26c0 14-10 24-22 24H50c-12 0-22-10-22-24z"
    handle = line("M84 64c16-2 16 22-2 22", ink.main, 6)
    tag = line("M64 56v18", CREAM, 1.4) + rect(58, 74, 13, 13, 2, ink.accent)
    steam = line("M46 46c-6-8 6-10 0-18M62 44c-6-8 6-10 0-18", ink.deep, 2.6, 'opacity=".35"')
    return (
        steam + handle + body(cup, ink.main, tag) + oval(56, 56, 28, 4.5, "#8a4b23") + rect(22, 104, 68, 4, 2, ink.deep)
    )


def shaker(ink: Ink) -> str:
    """Drink powder in a canister."""
    return (
        body(box(36, 30, 48, 78, 5), ink.main, ink.label(36, 46, 48, 46))
        + rect(33, 20, 54, 14, 4, ink.deep)
        + oval(60, 20, 24, 2.4, GLASS, 'opacity=".5"')
    )
