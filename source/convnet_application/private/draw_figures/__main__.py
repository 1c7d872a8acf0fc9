"""Draws the figures of the notebook: writes `figures/*.svg` of the assignment, the same bytes on each run."""

from pathlib import Path

from data import load_split, one_hot
from fast_layers import reshape_pool, turned_loop, windows
from small_layers import dense, relu, softmax
from training import confusion, digit_network, layer_list, momentum

FIGURES = (
    digit_network,
    load_split,
    one_hot,
    relu,
    dense,
    softmax,
    windows,
    turned_loop,
    reshape_pool,
    layer_list,
    momentum,
    confusion,
)


def main() -> None:
    """Write every figure, named for the function that draws it."""
    folder = Path(__file__).resolve().parents[2] / "figures"
    folder.mkdir(exist_ok=True)
    for figure in FIGURES:
        (folder / f"{figure.__name__}.svg").write_bytes(figure().svg().encode())


if __name__ == "__main__":
    main()
