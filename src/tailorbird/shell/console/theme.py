"""The colours that charts need, light and dark; everything else is in static/console.css.

The series colours differ in lightness as well as in hue, for readers who tell few hues apart. Their order is fixed,
so a placement keeps its colour from chart to chart.
"""

from dataclasses import dataclass

COOKIE = "tailorbird_theme"


@dataclass(frozen=True, slots=True)
class Theme:
    """One look."""

    name: str
    ink: str
    quiet: str
    line: str
    card: str
    accent: str
    good: str
    series: tuple[str, ...]

    @property
    def dark(self) -> bool:
        return self.name == "dark"

    def colour(self, at: int) -> str:
        """The colour of the series number `at`; starts again after the last."""
        return self.series[at % len(self.series)]


LIGHT = Theme(
    "light",
    ink="#23261f",
    quiet="#8a8b7b",
    line="#e4ddcd",
    card="#fffdf8",
    accent="#b84e27",
    good="#5d7327",
    series=("#b84e27", "#1f6f7d", "#8a9a3b", "#6b4a7d", "#c9942a", "#54604a"),
)
DARK = Theme(
    "dark",
    ink="#ece8da",
    quiet="#83866f",
    line="#30342a",
    card="#1f221c",
    accent="#e8875c",
    good="#a9c162",
    series=("#e8875c", "#6fc0cd", "#b7c96b", "#b797cc", "#e3b857", "#a3ad95"),
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def theme_of(cookies: dict[str, str]) -> Theme:
    """The look that the visitor chose; light at first.

    >>> theme_of({COOKIE: "dark"}).dark, theme_of({}).dark
    (True, False)
    """
    return THEMES.get(cookies.get(COOKIE, ""), LIGHT)
