"""Wrong answers to load_split(images, labels, start, stop, full_ink): each is one misconception, with its hint."""

import numpy as np


def _right(images, labels, start, stop, full_ink):
    return images[start:stop].astype(np.float64)[..., np.newaxis] / full_ink, labels[start:stop].astype(np.int64)


def forgets_to_scale(images, labels, start, stop, full_ink):
    """The pixels keep their range.

    Hint: print X.max(): the blackest pixel should be 1.
    """
    return images[start:stop].astype(np.float64)[..., np.newaxis], labels[start:stop].astype(np.int64)


def divides_whole_numbers(images, labels, start, stop, full_ink):
    """The pixels are divided as whole numbers, so that nearly all become 0.

    Hint: `//` rounds down; turn the pixels into float64 and divide with `/`.
    """
    X, y = _right(images, labels, start, stop, full_ink)
    return np.floor(X), y


def divides_by_255(images, labels, start, stop, full_ink):
    """The pixels are divided by 255, whatever full_ink is.

    Hint: not every image has 255 as its blackest pixel; that number comes as an argument.
    """
    return images[start:stop].astype(np.float64)[..., np.newaxis] / 255, labels[start:stop].astype(np.int64)


def divides_by_the_largest_pixel(images, labels, start, stop, full_ink):
    """The pixels are divided by the largest one of this part.

    Hint: two parts of the same file would be scaled differently; full_ink is the same for both.
    """
    X, y = _right(images, labels, start, stop, full_ink)
    return X / X.max(), y


def centres_the_pixels(images, labels, start, stop, full_ink):
    """The pixels run from -0.5 to 0.5.

    Hint: centring is a good idea for some networks, but the task asks for 0 to 1.
    """
    X, y = _right(images, labels, start, stop, full_ink)
    return X - 0.5, y


def forgets_the_channel_axis(images, labels, start, stop, full_ink):
    """The images have no channel axis.

    Hint: print X.shape: it should end in 1; np.newaxis adds an axis.
    """
    X, y = _right(images, labels, start, stop, full_ink)
    return X[..., 0], y


def puts_the_channel_axis_first(images, labels, start, stop, full_ink):
    """The channel axis stands before height and width.

    Hint: channels stand last in this course, (m, n_H, n_W, n_C).
    """
    X, y = _right(images, labels, start, stop, full_ink)
    return np.moveaxis(X, -1, 1), y


def flattens_the_images(images, labels, start, stop, full_ink):
    """Each image is laid out in a row.

    Hint: a convolution needs to know which pixels are neighbours; flattening comes later.
    """
    X, y = _right(images, labels, start, stop, full_ink)
    return X.reshape(len(X), -1), y


def takes_stop_too(images, labels, start, stop, full_ink):
    """One example too many is taken.

    Hint: a slice ends before its stop by itself.
    """
    return _right(images, labels, start, stop + 1, full_ink)


def starts_at_zero(images, labels, start, stop, full_ink):
    """The part begins with the first example of the file.

    Hint: both ends of the slice matter, start and stop.
    """
    return _right(images, labels, 0, stop, full_ink)


def takes_labels_from_the_front(images, labels, start, stop, full_ink):
    """The images are cut out, but the labels are the first ones of the file.

    Hint: image and label belong together: slice both alike.
    """
    X, _ = _right(images, labels, start, stop, full_ink)
    return X, labels[: stop - start].astype(np.int64)


def scales_the_labels(images, labels, start, stop, full_ink):
    """The labels are scaled like pixels.

    Hint: a label is a name, not an amount.
    """
    X, y = _right(images, labels, start, stop, full_ink)
    return X, y / full_ink


def turns_labels_into_floats(images, labels, start, stop, full_ink):
    """The labels become floats, as the pixels do.

    Hint: labels will be places in an array, and only whole numbers can be: astype(np.int64).
    """
    X, y = _right(images, labels, start, stop, full_ink)
    return X, y.astype(np.float64)
