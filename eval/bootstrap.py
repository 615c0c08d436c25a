"""The spread of a mean, by drawing the values anew."""

from collections import Counter
from collections.abc import Sequence

_RESAMPLES = 10_000


def mean_interval(values: Sequence[float], widest: tuple[float, float]) -> tuple[float, float]:
    """The 95% percentile bootstrap of the mean; `widest` where there are too few values to draw from.

    The values are few different ones, and only how often each of them is drawn matters: scipy.stats.bootstrap finds the
    same interval by drawing every value, which takes 100 times as long, minutes for the curves of 50 samples.
    """
    from numpy import percentile
    from numpy.random import default_rng

    if len(values) < 2:
        return widest
    counts = dict(sorted(Counter(values).items()))
    shares = [count / len(values) for count in counts.values()]
    drawn = default_rng(0).multinomial(len(values), shares, size=_RESAMPLES)
    low, high = percentile(drawn @ list(counts) / len(values), [2.5, 97.5])
    return float(low), float(high)
