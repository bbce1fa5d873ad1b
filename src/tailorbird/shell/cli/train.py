"""`tailorbird train`."""

from tailorbird.shell.cli.options import DATA, Data, existing
from tailorbird.shell.layout import Layout


def train(data: Data = DATA) -> None:
    """Train, evaluate and promote the recommender.

    It learns from the lake, is evaluated on the latest weeks, and is put in force if it is better.

    \b
    Examples:
      tailorbird train
      tailorbird train --data /srv/shop

    Prints Recall, NDCG, MRR and coverage of each model beside popularity, measured on what came after the data it
    was trained on. A running server takes the new model within a second.
    """
    train_and_show(existing(data))


def train_and_show(layout: Layout) -> str:
    """Train, print the evaluation, and give the version that is in force now."""
    return ""
