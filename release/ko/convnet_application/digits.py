"""Opens the file of handwritten digits, and says in a sentence what is wrong where it cannot be used."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np

GROUPS = ("train", "dev", "test")


class DigitsUnusable(Exception):
    """The file of digits is missing or damaged. The message says which, and what to do."""


def open_digits(path: str = "digits.h5") -> h5py.File:
    """Open the file for reading. Use it in a `with` block, or close it.

    Returns: an h5py.File with the groups train, dev and test, each with `images` (m, 8, 8) and `labels` (m,), both
    uint8. Raises DigitsUnusable.
    """
    again = "take it again from the assignment's folder, and put it next to the notebook."
    if not Path(path).is_file():
        raise DigitsUnusable(f"{path} is missing: {again}")
    try:
        file = h5py.File(path, "r")
    except OSError:
        raise DigitsUnusable(f"{path} is cut short, or is no HDF5 file: {again}") from None
    problem = _problem(file)
    if problem:
        file.close()
        raise DigitsUnusable(f"{path} {problem}: {again}")
    return file


def _problem(file: h5py.File) -> str:
    """What makes the file unfit, in words; empty where nothing does. All of it is read: a hole shows only then."""
    try:
        for group in GROUPS:
            if group not in file or not {"images", "labels"} <= set(file[group]):
                return f"has no images and labels for {group}"
            images, labels = file[group]["images"], file[group]["labels"]
            if images.dtype != np.uint8 or labels.dtype != np.uint8:
                return f"holds {images.dtype} and {labels.dtype} in {group}, where uint8 belongs"
            if images.shape[1:] != (8, 8) or images.shape[:1] != labels.shape:
                return f"holds images {images.shape} and labels {labels.shape} in {group}, which do not fit"
            if images[()].max(initial=0) > file.attrs["full_ink"] or labels[()].max(initial=0) >= file.attrs["classes"]:
                return f"holds numbers in {group} that are no pixels or no digits"
    except (OSError, KeyError, AttributeError):
        return "is damaged inside"
    return ""
