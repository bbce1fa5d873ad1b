"""Whether a definition can be read, and where not: the words, and the place in the text."""

from markupsafe import Markup

from tailorbird.errors import TailorbirdError
from tailorbird.know.language.mistake import Mistake
from tailorbird.know.language.tree import Expression
from tailorbird.shell.console.markup import Content, div, pre, tag
from tailorbird.shell.console.segments.english import in_english


def told(text: str, meant: Expression | None, trouble: TailorbirdError | None = None) -> Markup:
    """What it says in English where all is well; else what is wrong, with a mark below the place."""
    if trouble is not None:
        return _verdict("error", "bad", [div(str(trouble)), _place(text, trouble)])
    if meant is None:
        return _verdict("info", "quiet", "Nothing is asked for yet: add a condition, or write one.")
    return _verdict("check_circle", "good", in_english(meant))


def _verdict(icon: str, tone: str, words: Content) -> Markup:
    return div(tag("i", icon, cls="material-icons", aria_hidden="true"), div(words), cls=f"tb-verdict-{tone}")


def _place(text: str, trouble: TailorbirdError) -> Markup | None:
    """The line of the mistake with a mark under it; None where it lies in another definition."""
    if not isinstance(trouble, Mistake) or trouble.definition:
        return None
    lines = text.splitlines()
    if not 0 < trouble.line <= len(lines):
        return None
    return pre(f"{lines[trouble.line - 1]}\n{' ' * (trouble.column - 1)}^")
