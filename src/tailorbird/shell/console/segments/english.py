"""A definition in English, laid out condition by condition."""

from markupsafe import Markup

from tailorbird.know.language.tree import Expression
from tailorbird.shell.console.markup import div

_STEP = 18  # px a level


def in_english(tree: Expression) -> Markup:
    """The outline of an expression, each level moved to the right; the SQL behind each line is left to the editor."""
    from tailorbird.know.language.explain import outline  # with it comes the parser of SQL

    lines = outline(tree).splitlines()
    return div([_line(line) for line in lines], cls="tb-english")


def _line(line: str) -> Markup:
    level = (len(line) - len(line.lstrip())) // 2
    return div(line.strip().partition("  -- ")[0], style=f"padding-left:{level * _STEP}px" if level else None)
