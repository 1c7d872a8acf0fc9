"""Draws the figures of the notebook: writes `figures/*.svg` of the assignment, the same bytes on each run."""

from pathlib import Path

from convolution import conv_forward, conv_single_step, window_corners
from gradients import conv_backward
from network import network_overview
from padding import zero_padding
from pooling import pooling
from pooling_gradients import distribute_value, mask, pool_backward

FIGURES = (
    network_overview,
    zero_padding,
    conv_single_step,
    conv_forward,
    window_corners,
    pooling,
    conv_backward,
    mask,
    distribute_value,
    pool_backward,
)


def main() -> None:
    """Write every figure, named for the function that draws it."""
    folder = Path(__file__).resolve().parents[2] / "figures"
    folder.mkdir(exist_ok=True)
    for figure in FIGURES:
        (folder / f"{figure.__name__}.svg").write_bytes(figure().svg().encode())


if __name__ == "__main__":
    main()
