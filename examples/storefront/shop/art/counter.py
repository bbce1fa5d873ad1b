"""From the counters: meat, fish, bakery, delicatessen."""

from shop.art.ink import CREAM, CRUST, LEAF, WHITE, Ink, body, line, oval, path, rect


def _board() -> str:
    return rect(12, 92, 96, 14, 6, "#c58f56") + rect(12, 92, 96, 4, 2, "#d9a86f")


def steak(ink: Ink) -> str:
    meat = ink.one_of("meat", "#c23b3f", "#d0545a", "#a93238")
    cut = "M24 66c-4-24 22-42 46-36 22 4 36 18 34 36-2 16-22 12-36 18-14 8-38 6-44-18z"
    marbling = line("M40 56c8-8 20-8 30-6M44 70c10-6 22-2 34-8M76 46c6 2 12 8 14 14", "#f6c9c2", 2.4)
    return (
        _board()
        + path(cut, "#f7e3d7", 'transform="translate(0 6)"')
        + body(cut, meat, marbling, light=0, shade_from=200)
        + oval(48, 60, 7, 5, "#fbeee6")
        + path(cut, "none", 'stroke="#f7e3d7" stroke-width="4"')
    )


def chop(ink: Ink) -> str:
    meat = ink.one_of("meat", "#e39a92", "#d9847e", "#eaa9a0")
    cut = "M22 58c0-20 20-30 40-26 26 4 42 18 40 36s-24 26-44 22c-22-4-36-14-36-32z"
    return (
        _board()
        + body(cut, meat, line("M40 52c14-8 30-4 44 6", "#fbe4de", 3), light=0, shade_from=200)
        + path(cut, "none", 'stroke="#fbeee6" stroke-width="5"')
        + path("M26 74l22-14 8 10-24 12z", "#fff7ec")
    )


def drumstick(ink: Ink) -> str:
    skin = ink.one_of("skin", "#c9792f", "#e0a35c", "#b8641f")
    bone = path("M78 78l18 16c6-2 12 4 8 9 3 6-5 11-10 7L72 88z", CREAM)
    meat = "M28 34c20-18 56-8 60 22 2 20-8 32-22 30-22-2-46-12-46-34 0-8 4-14 8-18z"
    gleam = oval(40, 44, 9, 5, WHITE, 'opacity=".35" transform="rotate(-36 40 44)"')
    return bone + body(meat, skin, light=0, shade_from=74) + gleam


def sausage(ink: Ink) -> str:
    skin = ink.one_of("skin", "#b5523a", "#c96a4c", "#98402c")

    def link(y: int) -> str:
        return path(
            f"M22 {y}c0-8 8-12 14-8 14 8 34 8 48 0 6-4 14 0 14 8 0 6-4 9-9 11-18 8-40 8-58 0-5-2-9-5-9-11z", skin
        ) + line(f"M38 {y + 4}c14 5 30 5 44 0", "#fff", 2.4, 'opacity=".35"')

    return _board() + link(36) + link(56) + link(76)


def bacon(ink: Ink) -> str:
    def rasher(x: int) -> str:
        wave = f"M{x} 24c10 14-10 28 0 42s-10 26 0 40"
        return (
            line(wave, "#b8433f", 17)
            + line(wave, "#f3c8bd", 5, 'transform="translate(4 0)"')
            + line(wave, "#8f2f2e", 3, 'transform="translate(-5 0)"')
        )

    return rasher(38) + rasher(60) + rasher(82)


def fish(ink: Ink) -> str:
    skin, belly = (("#e98a6b", "#f7c2ab"), ("#7fa3b8", "#d4e4ec"), ("#5f8aa0", "#c6dbe4"))[ink.kind(3)]
    tail = path("M84 68l24-20c-4 14-4 28 0 40z", skin)
    scales = "".join(line(f"M{x} 56q5 12 0 24", "#000", 1.8, 'opacity=".13"') for x in (52, 62, 72))
    shape = "M12 70c14-26 54-36 80-2-26 34-66 28-80 2z"
    lower = path("M12 70c20 10 54 10 80-2-26 34-66 28-80 2z", belly)
    return (
        tail
        + body(shape, skin, lower + scales, light=0, shade_from=200)
        + oval(30, 64, 3.6, 3.6, "#24313a")
        + path("M54 46l16-14 8 16z", skin)
        + _lemon()
    )


def _lemon() -> str:
    return oval(92, 98, 13, 9, "#f6cf2f") + oval(92, 97, 10, 6.5, "#fff0a3")


def shrimp(ink: Ink) -> str:
    bands = line("M50 40l6 12M66 34l2 13M82 40l-6 12M92 54l-12 6M94 72l-14-2", "#fff", 2.4, 'opacity=".55"')
    return (
        line("M34 62c4-30 60-38 60 6 0 22-18 32-34 30", "#ee7f63", 22)
        + bands
        + path("M60 88l-22 6 8 8-14 6 30 2z", "#d95f45")
        + oval(36, 56, 2.6, 2.6, "#3a1f1f")
        + line("M32 52C20 44 18 34 22 24M34 50c-4-10-2-18 4-26", "#d95f45", 2)
    )


def bread(ink: Ink) -> str:
    crust = ink.one_of("crust", "#c9843c", "#b06a2b", "#d99a4e", "#8f5528")
    loaf = "M20 62c-6-16 8-28 24-26 8-8 32-8 40 0 14-2 26 10 18 26v38c0 4-2 6-6 6H26c-4 0-6-2-6-6z"
    cuts = line("M40 46l8 16M58 42l8 18M76 46l8 16", CREAM, 4, 'opacity=".75"')
    return body(loaf, crust, cuts, light=0, shade_from=88)


def baguette(ink: Ink) -> str:
    stick = "".join(
        line(f"M{x} {y}l9 8", CREAM, 4, 'opacity=".8"') for x, y in ((40, 76), (52, 62), (64, 48), (76, 34))
    )
    return line("M32 94L88 26", "#a8642a", 30) + line("M30 92L86 24", CRUST, 26) + stick


def rolls(ink: Ink) -> str:
    def roll(x: int, y: int) -> str:
        seeds = "".join(oval(x + a, y - 8 + b, 1.8, 1.2, CREAM) for a, b in ((-9, 2), (0, -4), (8, 1), (-2, 5)))
        return (
            path(f"M{x - 26} {y + 10}c-2-34 54-34 52 0 0 8-52 8-52 0z", CRUST)
            + path(f"M{x - 26} {y + 8}h52c2 10-54 10-52 0z", "#b87432")
            + seeds
        )

    return roll(60, 52) + roll(36, 86) + roll(86, 86)


def cake(ink: Ink) -> str:
    icing = ink.one_of("icing", "#f5a9bb", "#7b4a31", "#fff1d6", "#c9a7e6", "#f3d27a")
    layers = rect(22, 70, 76, 36, 3, "#e9c48a") + rect(22, 84, 76, 6, 0, icing)
    drip = path("M20 58c0-6 80-6 80 0v16c-4 10-10 2-14-2s-8 12-14 6-8-6-12 2-10 2-14-4-8 8-14 2-8-2-12-6z", icing)
    return (
        layers
        + drip
        + oval(60, 56, 40, 9, icing)
        + oval(60, 54, 30, 5, WHITE, 'opacity=".35"')
        + rect(57, 26, 6, 26, 2, ink.main)
        + path("M60 12c6 6 4 12 0 14-4-2-6-8 0-14z", "#f7b32b")
    )


def pie(ink: Ink) -> str:
    filling = ink.one_of("filling", "#b3203c", "#e08a1e", "#5b2a5f", "#a8642a")
    lattice = "".join(line(f"M{x} 46l26 40M{x + 26} 46l-26 40", "#e8b565", 5) for x in (10, 30, 50, 70))
    top = body("M16 68c0-22 88-22 88 0s-88 22-88 0z", filling, lattice, light=0, shade_from=200)
    return (
        path("M14 70h92L94 102c-2 4-4 6-8 6H34c-4 0-6-2-8-6z", "#c9ced6")
        + top
        + path("M16 68c0-22 88-22 88 0s-88 22-88 0z", "none", 'stroke="#d99a4e" stroke-width="8"')
    )


def pastry(ink: Ink) -> str:
    """A doughnut."""
    icing = ink.one_of("icing", "#f08aa6", "#6b3f26", "#fff1d6", "#b48be0")
    sprinkles = "".join(
        line(f"M{x} {y}l4 3", c, 2.6)
        for x, y, c in (
            (40, 46, "#fff"),
            (58, 38, "#ffd166"),
            (78, 46, "#58b4e8"),
            (90, 62, "#fff"),
            (34, 66, "#9cc53b"),
            (84, 80, "#ffd166"),
        )
    )
    return (
        oval(62, 70, 44, 38, CRUST)
        + oval(62, 64, 42, 34, icing)
        + sprinkles
        + oval(62, 66, 15, 11, "#a8642a")
        + oval(62, 69, 13, 8.5, "#f3e6d6")
    )


def croissant(ink: Ink) -> str:
    arc = path(
        "M14 86c-2-36 22-56 46-56s48 20 46 56c-2 8-14 8-18 0-4-14-14-22-28-22s-24 8-28 22c-4 8-16 8-18 0z", "#d48f3f"
    )
    folds = line("M34 44l10 26M52 34l4 30M70 34l-4 30M87 44L77 70", "#a8642a", 3)
    return arc + folds + line("M26 62c6-14 14-20 22-22", WHITE, 3, 'opacity=".4"')


def sandwich(ink: Ink) -> str:
    slices = path("M18 56L60 22l42 34z", "#e8b873") + path("M18 56h84v8H18z", "#f5dba8")
    filling = (
        path("M16 64c8 12 12-4 20 4s12-4 20 4 12-6 22 2 14-6 26-10z", LEAF)
        + rect(18, 76, 84, 7, 2, "#e1432f")
        + rect(18, 83, 84, 7, 2, "#f6c445")
    )
    return (
        slices
        + filling
        + path("M18 90h84v8c0 6-4 10-10 10H28c-6 0-10-4-10-10z", "#e8b873")
        + rect(57, 8, 3, 22, 1, "#b98450")
        + oval(58, 12, 6, 5, "#7f9f3a")
    )


def sushi(ink: Ink) -> str:
    def roll(x: int, y: int, heart: str) -> str:
        return (
            oval(x, y + 10, 21, 15, "#1f2f2a")
            + rect(x - 21, y, 42, 10, 0, "#1f2f2a")
            + oval(x, y, 21, 15, "#24382f")
            + oval(x, y, 17, 11.5, WHITE)
            + oval(x, y, 8, 5.5, heart)
        )

    return roll(60, 44, "#ef7d5a") + roll(36, 80, "#6bb355") + roll(86, 80, "#e1432f")


def bowl(ink: Ink) -> str:
    """Salads, soups, dips."""
    top = "".join(
        oval(x, y, 11, 8, c)
        for x, y, c in (
            (40, 58, "#6bb355"),
            (58, 54, "#93cc6a"),
            (78, 58, "#4f9a4b"),
            (50, 62, "#e1432f"),
            (70, 62, "#f6c445"),
        )
    )
    return (
        oval(60, 64, 46, 13, ink.deep)
        + oval(60, 63, 42, 10, ink.pale)
        + top
        + body("M14 64c0 10 92 10 92 0 2 26-20 44-46 44S12 90 14 64z", ink.main)
    )


def ham(ink: Ink) -> str:
    """Sliced cold meats."""

    def slice_(x: int, y: int) -> str:
        return (
            oval(x, y, 27, 22, "#f7d7cf")
            + oval(x, y, 23, 18, ink.one_of("ham", "#e58f8c", "#d9706d", "#c86a5a"))
            + line(f"M{x - 10} {y - 4}q8-6 18 0", "#fbe4de", 2.4)
        )

    return _board() + slice_(40, 56) + slice_(80, 56) + slice_(60, 72)
