"""The learning curve as a picture."""

import json
from pathlib import Path


def draw_curve(log: Path, picture: Path) -> None:
    """Draw the losses of a log (JSON lines) over the tokens seen, with the learning rate below."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    lines = [json.loads(line) for line in log.read_text().splitlines()]
    figure, (upper, lower) = pyplot.subplots(2, sharex=True, figsize=(8, 6), height_ratios=(4, 1))
    for name, label in (("loss", "training"), ("held_out_loss", "held out")):
        points = [(line["tokens"] / 1e6, line[name]) for line in lines if name in line]
        if points:
            upper.plot(*zip(*points, strict=True), label=label)
    upper.set(yscale="log", ylabel="loss per learned token (nats)")
    if upper.lines:
        upper.legend()
    rates = [(line["tokens"] / 1e6, line["rate"]) for line in lines if "rate" in line]
    if rates:
        lower.plot(*zip(*rates, strict=True))
    lower.set(xlabel="million tokens", ylabel="rate factor")
    figure.tight_layout()
    figure.savefig(picture, dpi=120)
    pyplot.close(figure)
