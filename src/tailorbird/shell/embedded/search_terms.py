"""From whatever somebody types to a question for SQLite's full-text index, so that no text is an error."""

import unicodedata

_MOST_TERMS = 12
_LONGEST = 40


def terms_of(text: str) -> list[str]:
    """The words in the text, as the index itself would cut them: letters and digits, whatever stands between them.

    >>> terms_of('Müsli-Riegel, 40 g: "lecker" AND (gut*'), terms_of("!?")
    (['Müsli', 'Riegel', '40', 'g', 'lecker', 'AND', 'gut'], [])
    """
    spaced = "".join(char if unicodedata.category(char)[0] in "LN" else " " for char in _composed(text))
    return [term[:_LONGEST] for term in spaced.split()][:_MOST_TERMS]


def match_of(terms: list[str], operator: str) -> str:
    """The terms as an FTS5 expression: each the beginning of a word, but single letters whole.

    >>> match_of(["vitamin", "c"], "AND")
    '"vitamin"* AND "c"'
    """
    # Quoted, so that AND, NEAR or a star typed by somebody are words and not FTS5's own.
    return f" {operator} ".join(f'"{term}"' + ("*" if len(term) > 1 else "") for term in terms)


def _composed(text: str) -> str:
    """Accents joined to their letters: a lone accent would else cut a word in two."""
    return unicodedata.normalize("NFC", text)
