"""Writes `digits.h5` of the assignment from the digits that scikit-learn brings along: the same bytes on each run.

    pip install -e '.[digits]' && python source/convnet_application/private/write_digits.py

1,797 images of handwritten digits, 8 x 8 pixels from 0 (paper) to 16 (ink). They are shuffled once and cut into three
groups, each with `images` (m, 8, 8) and `labels` (m,), both uint8.
"""

from pathlib import Path

import h5py
import numpy as np
from sklearn.datasets import load_digits

SPLITS = {"train": 1257, "dev": 270, "test": 270}
"""group -> number of images"""
FULL_INK, CLASSES = 16, 10


def main() -> None:
    """Write the file beside the master notebook."""
    digits = load_digits()
    order = np.random.RandomState(1).permutation(len(digits.target))
    images, labels = digits.images[order].astype(np.uint8), digits.target[order].astype(np.uint8)
    with h5py.File(Path(__file__).resolve().parents[1] / "digits.h5", "w", libver="latest") as file:
        file.attrs.update(
            {"full_ink": FULL_INK, "classes": CLASSES, "source": "UCI optical digits, as in scikit-learn"}
        )
        start = 0
        for name, size in SPLITS.items():
            group = file.create_group(name)
            part = slice(start, start + size)
            group.create_dataset("images", data=images[part], compression="gzip", compression_opts=9, shuffle=True)
            group.create_dataset("labels", data=labels[part])
            start += size


if __name__ == "__main__":
    main()
