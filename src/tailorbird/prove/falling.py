"""Whether a rate has fallen against its own past: by more than chance, and by enough to matter.

The interval of the difference of two rates from the intervals of each: R. Newcombe, "Interval estimation for the
difference between independent proportions", Statistics in Medicine 17 (1998), method 10.
"""

from math import sqrt

from tailorbird.prove.interval import Estimate

LEAST = 0.1  # of the past rate: a smaller loss is no reason to act, however sure


def change(past: Estimate, now: Estimate) -> Estimate:
    """now - past with its 95 % interval; no value where one of them has none.

    >>> from tailorbird.prove.interval import wilson
    >>> [round(x, 3) for x in change(wilson(56, 70), wilson(48, 80))]
    [-0.2, -0.334, -0.052]
    """
    if past.value is None or now.value is None:
        return Estimate(None)
    apart = now.value - past.value
    if past.low is None or past.high is None or now.low is None or now.high is None:
        return Estimate(apart)
    # Newcombe's method 10: each end takes the near end of one interval and the far end of the other.
    below = sqrt((now.value - now.low) ** 2 + (past.high - past.value) ** 2)
    above = sqrt((now.high - now.value) ** 2 + (past.value - past.low) ** 2)
    return Estimate(apart, apart - below, apart + above)


def has_fallen(past: Estimate, now: Estimate) -> bool:
    """Beyond noise, and by a tenth or more.

    >>> from tailorbird.prove.interval import wilson
    >>> has_fallen(wilson(500, 5000), wilson(350, 5000)), has_fallen(wilson(5, 50), wilson(3, 50))
    (True, False)
    """
    apart = change(past, now)
    if apart.value is None or apart.high is None or not past.value:
        return False
    return apart.high < 0 and apart.value <= -LEAST * past.value
