"""What the tables of a model are made with; training may search for better ones (`tailorbird train --tune`)."""

import msgspec

MadeOf = tuple[tuple[str, float], ...]  # (retriever, weight); empty: of sessions alone, as `nearness` says


class Nearness(msgspec.Struct, frozen=True):
    """What the item-to-item matrix is made with: see item_to_item.py."""

    neighbours: int = 40
    own_power: float = 0.6  # B
    other_power: float = 0.4  # D
    size_power: float = 0.5  # LARGE
    shrink: float = 30.0
    largest_session: int = 300  # of a larger one, the last ones


class Settings(msgspec.Struct, frozen=True):
    """What `fit` goes by. With the weights of the blend they are the recipe of a model."""

    nearness: Nearness = Nearness()
    lasting_days: float = 60.0  # half-life of a contact in what is popular
    recent_days: float = 5.0  # and in what is trending
    made_of: MadeOf = ()  # what the item-to-item table is made of: see learned_near.py
    shrink: float = 20.0  # contacts without a difference that a circumstance's ratio starts from: see ratios.py
