"""The mean of several forests, as one forest: what one of them learned by chance counts less."""

from collections.abc import Sequence

import numpy as np

from tailorbird.offer.forest.forest import Forest


def averaged(forests: Sequence[Forest]) -> Forest:
    """All their trees, the leaves divided by how many forests there are (bagging: Breiman, 1996).

    Takes as long to ask as all of them. Raises ValueError where they know different features, or where there is none.

    >>> none = {name: [] for name in ("feature", "threshold", "kind", "left", "right")}
    >>> one, three = (Forest.checked((), start=[0, 1], leaf=[leaf], **none) for leaf in (1.0, 3.0))
    >>> averaged([one, three]).scores(np.zeros((1, 0), np.float32)).tolist()
    [2.0]
    """
    known = {forest.features for forest in forests}
    if len(known) != 1:
        raise ValueError(f"Forests that are averaged know the same features: these know {len(known)} sets of them.")
    # Each forest counts its leaves from 0: behind others they begin where those end.
    before = np.cumsum([0, *(forest.start[-1] for forest in forests)])
    start = [forest.start[1:] + more for forest, more in zip(forests, before[:-1], strict=True)]
    rest = {
        name: np.concatenate([getattr(forest, name) for forest in forests])
        for name in ("feature", "threshold", "kind", "left", "right", "leaf")
    }
    # The mean of sums is the sum of trees whose leaves are divided: no other place has to know of it.
    rest["leaf"] = rest["leaf"] / len(forests)
    return Forest.checked(next(iter(known)), start=np.concatenate([[0], *start]), **rest)
