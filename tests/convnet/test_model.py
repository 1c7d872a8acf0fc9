"""The second assignment's network: it reads digits, its parts agree with loops and with a framework."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import h5py
import numpy as np
import pytest
from courses import COURSE
from notebooks import read, text_of

from grader.assignments.assignment import Assignment

NAME = "convnet_application"
SOURCE = COURSE / "source" / NAME


@pytest.fixture(scope="module")
def convnet() -> Assignment:
    return Assignment(SOURCE, COURSE / "release" / NAME)


@pytest.fixture
def module(convnet: Assignment) -> Iterator[Any]:
    """A function: the name of a module of the assignment -> the module."""
    with convnet.importable():
        yield importlib.import_module


@pytest.fixture(scope="module")
def network(convnet: Assignment) -> dict[str, Any]:
    """What the solutions define, with the notebook's own first_parameters."""
    cells = {cell["id"]: text_of(cell) for cell in read(SOURCE / f"{NAME}.ipynb")["cells"]}
    names = dict(convnet.reference)
    exec(cells["network-gradients-try"].split("\n\n\n")[0], names)
    return names


def split(network: dict[str, Any], name: str) -> tuple[np.ndarray, np.ndarray]:
    with h5py.File(SOURCE / "digits.h5") as file:
        images, labels = file[name]["images"], file[name]["labels"]
        return network["load_split"](images, labels, 0, len(labels), file.attrs["full_ink"])


def test_it_reads_digits_that_it_has_never_seen(network: dict[str, Any]) -> None:
    """Is it right in 95 % after four epochs at most, and in more than 97 % after eight?"""
    (X, y), (X_test, y_test) = split(network, "train"), split(network, "test")
    assert len(set(map(bytes, X)) & set(map(bytes, X_test))) == 0
    Y, parameters, shuffle = network["one_hot"](y, 10), network["first_parameters"](), np.random.RandomState(4)
    velocities, right = [np.zeros(p.shape) for p in parameters], []
    for _ in range(8):
        order = shuffle.permutation(len(y))
        parameters, velocities, _ = network["train_epoch"](X, Y, parameters, velocities, order, 16, 0.03, 0.9)
        scores = network["build_network"](parameters).forward(X_test)
        right.append(float(np.mean(scores.argmax(axis=1) == y_test)))
    assert max(right[:4]) >= 0.95
    assert right[-1] > 0.97


def test_layers_to_borrow_agree_with_the_solutions(network: dict[str, Any], module: Any) -> None:
    """Do the layers that are handed out give the outputs and gradients of the exercises' own?"""
    layers, draw = module("layers"), np.random.default_rng(3)
    A_prev, W, b = draw.normal(size=(2, 6, 4, 3)), draw.normal(size=(3, 3, 3, 5)), draw.normal(size=(1, 1, 1, 5))
    dZ = draw.normal(size=(2, 6, 4, 5))
    theirs = layers.Conv3x3(W, b)
    Z, cache = network["fast_conv_forward"](A_prev, W, b, {"pad": 1, "stride": 1})
    np.testing.assert_allclose(theirs.forward(A_prev), Z, atol=1e-12)
    dA_prev, dW, db = network["fast_conv_backward"](dZ, cache)
    np.testing.assert_allclose(theirs.backward(dZ), dA_prev, atol=1e-12)
    np.testing.assert_allclose(theirs.gradients[0], dW, atol=1e-12)
    np.testing.assert_allclose(theirs.gradients[1], db, atol=1e-12)
    pool, dA = layers.MaxPool2x2(), draw.normal(size=(2, 3, 2, 3))
    A, cache = network["fast_pool_forward"](A_prev, 2)
    np.testing.assert_allclose(pool.forward(A_prev), A)
    np.testing.assert_allclose(pool.backward(dA), network["fast_pool_backward"](dA, cache))


def test_layers_to_borrow_refuse_what_they_cannot_do(module: Any) -> None:
    """Is a filter or an image that the borrowed layers are not made for refused with its shape?"""
    layers = module("layers")
    with pytest.raises(ValueError, match=r"filters of 3 x 3.* Got \(5, 5, 1, 2\)"):
        layers.Conv3x3(np.ones((5, 5, 1, 2)), np.zeros((1, 1, 1, 2)))
    with pytest.raises(ValueError, match=r"even height and width\. Got shape \(1, 5, 4, 1\)"):
        layers.MaxPool2x2().forward(np.ones((1, 5, 4, 1)))


BORROWED: dict[str, Callable[[Any], Callable]] = {
    "conv_forward": lambda layers: lambda A_prev, W, b, hp: (layers.Conv3x3(W, b).forward(A_prev), (A_prev, W, b, hp)),
    "pool_forward": lambda layers: lambda A_prev, hp, mode: (layers.MaxPool2x2().forward(A_prev), (A_prev, hp)),
    "conv_backward": lambda layers: lambda dZ, cache: backward_of(layers.Conv3x3(*cache[1:3]), cache[0], dZ),
    "pool_backward": lambda layers: lambda dA, cache, mode: backward_of(layers.MaxPool2x2(), cache[0], dA),
}
"""Exercise of the first assignment -> an answer that borrows a layer"""


def backward_of(layer: Any, A_prev: np.ndarray, gradient: np.ndarray) -> Any:
    layer.forward(A_prev)
    dA_prev = layer.backward(gradient)
    return (dA_prev, *layer.gradients) if layer.gradients else dA_prev


@pytest.mark.parametrize("exercise", BORROWED)
def test_layers_to_borrow_answer_no_exercise_of_the_first_assignment(
    module: Any, assignment: Assignment, exercise: str
) -> None:
    """Does a student earn nothing like full marks who answers the first assignment with the layers of this one?"""
    answer = BORROWED[exercise](module("layers"))
    with assignment.importable():
        test = getattr(assignment.module("hidden_tests"), f"{exercise}_hidden_test")
        with pytest.raises(AssertionError) as failed:
            test(answer)
    checks = failed.value.report.checks  # type: ignore[attr-defined]
    assert sum(check.passed for check in checks) < len(checks) / 2


def damaged(path: Path, damage: str) -> Path:
    """A file of digits with this damage."""
    whole = (SOURCE / "digits.h5").read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage == "cut" else b"no HDF5" if damage == "other" else whole)
    if damage in ("floats", "no group", "short labels"):
        with h5py.File(path, "r+") as file:
            labels = file["dev"]["labels"][:]
            del file["dev" if damage == "no group" else "dev/labels"]
            if damage == "floats":
                file["dev"]["labels"] = labels.astype(float)
            elif damage == "short labels":
                file["dev"]["labels"] = labels[:-1]
    return path


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("cut", "cut short"),
        ("other", "no HDF5 file"),
        ("floats", "float64 in dev, where uint8 belongs"),
        ("no group", "no images and labels for dev"),
        ("short labels", "do not fit"),
    ],
)
def test_a_damaged_file_of_digits_is_told_in_a_sentence(tmp_path: Path, module: Any, damage: str, words: str) -> None:
    """Does opening say what is wrong, and what to do?"""
    digits: ModuleType = module("digits")
    path = damaged(tmp_path / "digits.h5", damage)
    with pytest.raises(digits.DigitsUnusable, match=words) as told:
        digits.open_digits(str(path))
    assert "take it again" in str(told.value)


def test_a_missing_file_of_digits_is_told_in_a_sentence(tmp_path: Path, module: Any) -> None:
    """The same for a file that is not there; and the whole file opens."""
    digits = module("digits")
    with pytest.raises(digits.DigitsUnusable, match="is missing"):
        digits.open_digits(str(tmp_path / "digits.h5"))
    with digits.open_digits(str(SOURCE / "digits.h5")) as file:
        assert sum(len(file[group]["labels"]) for group in digits.GROUPS) == 1797


def test_a_framework_gives_the_same_outputs_and_gradients(network: dict[str, Any]) -> None:
    """With the same weights, does PyTorch agree to 1e-6 in float64?"""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: the comparison with a framework is optional")
    X, y = (part[:20] for part in split(network, "test"))
    parameters = network["first_parameters"]()
    W1, b1, W2, b2, W3, b3 = (torch.tensor(parameter, requires_grad=True) for parameter in parameters)
    A = torch.tensor(X.transpose(0, 3, 1, 2))
    for W, b in ((W1, b1), (W2, b2)):
        A = torch.max_pool2d(torch.relu(torch.conv2d(A, W.permute(3, 2, 0, 1), b.flatten(), padding=1)), 2)
    scores = A.permute(0, 2, 3, 1).flatten(1) @ W3 + b3
    loss = torch.nn.functional.cross_entropy(scores, torch.tensor(y))
    loss.backward()
    ours, gradients = network["network_gradients"](X, network["one_hot"](y, 10), parameters)
    assert abs(ours - loss.item()) < 1e-6
    forward = network["build_network"](parameters).forward(X)
    np.testing.assert_allclose(forward, scores.detach().numpy(), atol=1e-6)
    for mine, theirs in zip(gradients, (W1, b1, W2, b2, W3, b3), strict=True):
        np.testing.assert_allclose(mine, theirs.grad.numpy(), atol=1e-6)
