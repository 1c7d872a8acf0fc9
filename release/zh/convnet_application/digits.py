"""Opens the file of handwritten digits, and says in a sentence what is wrong where it cannot be used."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np

from checks.messages import say, shown

GROUPS = ("train", "dev", "test")


class DigitsUnusable(Exception):
    """The file of digits is missing or damaged. The message says which, and what to do."""


def open_digits(path: str = "digits.h5") -> h5py.File:
    """Open the file for reading. Use it in a `with` block, or close it.

    Returns: an h5py.File with the groups train, dev and test, each with `images` (m, 8, 8) and `labels` (m,), both
    uint8. Raises DigitsUnusable.
    """
    again = say("take it again from the assignment's folder, and put it next to the notebook.")
    if not Path(path).is_file():
        raise DigitsUnusable(shown(say("{path} is missing: {again}", path=path, again=again)))
    try:
        file = h5py.File(path, "r")
    except OSError:
        said = say("{path} is cut short, or is no HDF5 file: {again}", path=path, again=again)
        raise DigitsUnusable(shown(said)) from None
    problem = _problem(file)
    if problem:
        file.close()
        raise DigitsUnusable(shown(say("{path} {problem}: {again}", path=path, problem=problem, again=again)))
    return file


def _problem(file: h5py.File) -> str:
    """What makes the file unfit, in words; empty where nothing does. All of it is read: a hole shows only then."""
    try:
        for group in GROUPS:
            if group not in file or not {"images", "labels"} <= set(file[group]):
                return say("has no images and labels for {group}", group=group)
            images, labels = file[group]["images"], file[group]["labels"]
            if images.dtype != np.uint8 or labels.dtype != np.uint8:
                said = "holds {images} and {labels} in {group}, where uint8 belongs"
                return say(said, images=str(images.dtype), labels=str(labels.dtype), group=group)
            if images.shape[1:] != (8, 8) or images.shape[:1] != labels.shape:
                said = "holds images {images} and labels {labels} in {group}, which do not fit"
                return say(said, images=str(images.shape), labels=str(labels.shape), group=group)
            if images[()].max(initial=0) > file.attrs["full_ink"] or labels[()].max(initial=0) >= file.attrs["classes"]:
                return say("holds numbers in {group} that are no pixels or no digits", group=group)
    except (OSError, KeyError, AttributeError):
        return say("is damaged inside")
    return ""
