"""Recipes that need an extra to be fitted: those whose library is installed join the catalog."""

from importlib.util import find_spec

from tailorbird.offer.retrievers.catalog import Entry
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.retriever import Kind


def learned(kind: Kind, known: Histories) -> list[Entry]:
    """What can be tried beside the catalog: with the extra `sequence`, the attentive model where order says something.

    Not for sessions: they are answered by what was met in them, in less time.
    """
    if kind != "next-item" or not known.ordered or find_spec("jax") is None:
        return []
    from tailorbird.shell.learning.attentive import AttentiveRecipe

    return [Entry(AttentiveRecipe(), ("next-item",))]
