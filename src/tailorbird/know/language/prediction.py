"""Predictions as definitions read them: the last 'Prediction Made' of a model, within a fortnight (docs/why/109).

A model is named by the very call that asks for it, so a definition needs no second place that declares the model:
`likely('Order Completed', '14 days')` reads the events whose property `model` is that text.
"""

import re
from typing import Literal, cast

from tailorbird.know.language.lengths import DAY
from tailorbird.know.language.tree import Aggregate, Compare, Constant, Events, Expression, Kind, Property, Window

MADE = "Prediction Made"
FRESH = 14 * DAY  # an older word counts as none: nobody scores this person any more
Function = Literal["likely", "likely_to_leave", "expected_value", "next_category"]
_CALL = re.compile(r"(likely|likely_to_leave|expected_value|next_category)\(.*\)", re.DOTALL)


def said(model: str, kind: Kind = "number") -> Aggregate:
    """The expression of a model's last word: its value, or of kind "text" its label.

    >>> model_of(said("next_category()", "text"))
    'next_category()'
    """
    # What every engine has already: predictions need no state, no table and no merge of their own.
    of_model = Compare("=", Property("properties", ("model",), "text"), Constant(model, "text"))
    column = "label" if kind == "text" else "value"
    return Aggregate("last", Events(MADE, of_model), Property("properties", (column,), kind), Window(FRESH, DAY), kind)


def model_of(node: Expression) -> str:
    """The call that names the model whose last word the node is; "" for all else."""
    match node:
        case Aggregate("last", Events("Prediction Made", Compare("=", _, Constant(str() as model)))):
            # Whole and equal: a definition that asks for such events by hand, otherwise, is not told as a prediction.
            return model if _CALL.fullmatch(model) and node == said(model, node.kind) else ""
    return ""


def function_of(model: str) -> Function:
    """The function that a model is named by.

    >>> function_of("likely_to_leave('60 days')")
    'likely_to_leave'
    """
    return cast("Function", model.partition("(")[0])
