"""Not in the first class. Each part of the data is scaled by its own largest pixel, and one-hot is turned."""

# %% rest as hiro_n

# %% load_split


def load_split(images, labels, start, stop, full_ink):
    X = images[start:stop].astype(np.float64)[..., np.newaxis]
    return X / X.max(), labels[start:stop].astype(np.int64)


# %% one_hot


def one_hot(y, n_classes):
    return np.eye(n_classes)[y].T


# %% confusion_matrix


def confusion_matrix(y, predicted, n_classes):
    C = np.zeros((n_classes, n_classes))
    for true, answer in zip(y, predicted):
        C[true, answer] += 1
    return C
