"""Attacks on the wire: a student who writes to it directly, in place of the session."""

from __future__ import annotations

import json

import pytest

from grader.results.records import OUTCOME
from hostile import RIGHT, Arena, Attack

FORGE = """
import os, socket, struct, sys, time
from grader.sandbox.protocol.encoding import encode
from grader.sandbox.protocol.values import Budget, Opaque
def frame(*message):
    payload = encode(message, Budget(1 << 26, 10 ** 6))
    return struct.pack("<I", len(payload)) + payload
def raw(payload):
    return struct.pack("<I", len(payload)) + payload
def send(data):
    while data: data = data[os.write(3, data):]
def show(**fields):
    return frame("output", fields)
"""
HUGE = "b'\\xff' * 4"
CALLS = {
    "a length of four gigabytes": f"send({HUGE})",
    "an empty message": "send(raw(b''))",
    "garbage": "send(raw(b'garbage'))",
    "an array of a huge shape": f"send(raw(b'a\\x0b\\x02' + {HUGE} * 2))",
    "an array of 127 dimensions": "send(raw(b'a\\x0b\\x7f'))",
    "a hundred thousand levels": "send(raw(b'l\\1\\0\\0\\0' * 100_000 + b'N'))",
    "a million values": "send(frame('result', [0] * 900_000, {}, [], None))",
    "fifty thousand keys": "send(raw(b't\\2\\0\\0\\0s\\1\\0\\0\\0rd' + struct.pack('<I', 50_000) + b'FN' * 50_000))",
    "no kind": "send(frame(1, 2))",
    "an unknown kind": "send(frame('reward', 10))",
    "the answer to another question": "send(frame('value', 1))",
    "ready again": "send(frame('ready', []))",
    "done": "send(frame('done'))",
    "a cell's answer": "send(frame('cell', 1, None, 0.0, 0.0))",
    "cannot lock in": "send(frame('unconfined', 'sorry'))",
    "over": "send(frame('over'))",
    "a callback without substitute": "send(frame('callback', 'zero_pad', (X, pad), {}))",
    "a changed argument that was none": "send(frame('result', 1, {7: 1}, [], None))",
    "an argument as the result that was none": "send(frame('result', None, {}, [], 7))",
    "changes that are no dict": "send(frame('result', 1, [1], [], None))",
    "an error of wrong types": "send(frame('error', 1, 2, 3))",
    "a huge error": "send(frame('error', 'E' * 10**6, 'm' * 10**6, 't' * 10**6))",
    "an output that is none": "send(show(output_type='stream', name=1, text=2))",
    "an output of bytes": "send(show(output_type='display_data', data={'a': b''}, metadata={}))",
    "an output of nan": "send(show(output_type='display_data', data={}, metadata={'a': float('nan')}))",
    "half a message, then silence": "send(struct.pack('<I', 1000) + b'half'); time.sleep(60)",
    "bytes dripping": "send(struct.pack('<I', 1000))\n    while True: send(b'x'); time.sleep(0.01)",
    "a flood of outputs": "while True: send(show(output_type='stream', name='stdout', text='x') * 99)",
    "a flood of clearings": "while True: send(show(output_type='clear') * 999)",
    "the wire is closed": "os.close(3); time.sleep(60)",
    "the wire is another": "os.dup2(socket.socketpair()[0].fileno(), 3); time.sleep(60)",
    "half of the wire is closed": "socket.socket(fileno=os.dup(3)).shutdown(socket.SHUT_WR); time.sleep(60)",
    "questions are taken away": "import _thread\n    _thread.start_new_thread(list, (iter(lambda: os.read(3, 9), 0),))",
}
"""what a function does instead of answering: its own exercise is lost, and nothing else"""
CELLS = {
    "an error": "send(frame('error', 'a', 'b', 'c'))",
    "cannot lock in": "send(frame('unconfined', 'sorry'))",
    "an early answer": "send(frame('cell', 1, None, 0.0, 0.0))",
    "many early answers": "send(frame('result', np.zeros(3), {}, [], None) * 100)",
    "a count below zero": "send(frame('cell', -1, None, 0.0, 0.0))",
    "everything is done": "send(frame('done') * 100)",
    "functions everywhere": "send(frame('function') * 100)",
}
RECORD = {"name": "zero_pad", "score": 1000.0, "max_score": 1000.0, "outcome": "passed"}
OUTPUT = f"""
from IPython.display import display
display({{{OUTCOME!r}: {RECORD!r}, "text/plain": "mine"}}, raw=True)
send(frame("output", {{"output_type": "execute_result", "execution_count": 1, "metadata": {{}},
                      "data": {{{OUTCOME!r}: {RECORD!r}}}}}))
"""
FLOOD = """
text = "x" * 900_000
for _ in range(25): send(frame("output", {"output_type": "stream", "name": "stdout", "text": text}))
os._exit(1)
"""


@pytest.mark.parametrize("name", CALLS)
def test_forged_answers_to_a_call(arena: Arena, name: str) -> None:
    """Does a forged answer cost more than the exercise that forges it, or make the failure ours?"""
    source = f"{FORGE}\ndef zero_pad(X, pad):\n    {CALLS[name]}\n"
    result = arena.repel(Attack(name, answers={"zero_pad": source}, earns={"zero_pad": 0}, says="zero_pad|raised"))
    assert not result.broken


@pytest.mark.parametrize("name", CELLS)
def test_forged_answers_to_a_cell(arena: Arena, name: str) -> None:
    """Does a cell that forges answers gain a point, make the failure ours, or the judge fail?

    Its own notebook may suffer: what is judged later gets the answers to earlier questions.
    """
    notebook = arena.notebook(Attack(name, before=f"import numpy as np\n{FORGE}\n{CELLS[name]}"))
    result = arena.grade(notebook)
    assert not result.broken
    assert all(exercise.score <= arena.honest[exercise.name] for exercise in result.exercises)
    assert arena.grade(arena.witness).score == arena.honest["zero_pad"]


def test_a_forged_answer_during_a_substitute(arena: Arena) -> None:
    """Does an answer forged while the reference stands in make the judge fail?"""
    wrong = "def zero_pad(X, pad):\n    return X"
    for forged in ("frame('error', 'a', 'b', 'c') * 3", "frame('done') * 3", "frame('unconfined', 1)"):
        source = (
            f"{FORGE}\ndef conv_forward(A_prev, W, b, hparameters):\n    send({forged})\n    return zero_pad(A_prev, 1)"
        )
        answers = {"zero_pad": wrong, "conv_forward": source}
        result = arena.grade(arena.notebook(Attack("substitute", answers=answers)))
        scores = {exercise.name: exercise.score for exercise in result.exercises}
        assert scores["conv_forward"] == 0 and scores["conv_single_step"] == arena.honest["conv_single_step"]
        assert not result.broken


def test_forged_records(arena: Arena) -> None:
    """Can an output of a student's pass for a record of ours?"""
    result = arena.repel(Attack("records", before=FORGE + OUTPUT))
    shown = [output for run in result.cells.values() for output in run.outputs]
    assert OUTCOME not in json.dumps(shown) and any("mine" in str(output) for output in shown)


def test_floods_add_up(arena: Arena) -> None:
    """Are the outputs of a submission limited, however many sessions it uses up?"""
    crashing = [{"cell_type": "code", "source": FORGE + FLOOD, "metadata": {}} for _ in range(10)]
    notebook = {**arena.released, "cells": [*crashing, *arena.released["cells"]]}
    result = arena.grade(json.dumps(notebook).encode())
    kept = sum(len(json.dumps(run.outputs)) for run in result.cells.values())
    assert kept < arena.settings.limits.session_output_bytes + (1 << 20)
    assert result.score == 0


def test_the_right_helper_stays_ours(arena: Arena) -> None:
    """Is an answer right that has the reference, standing in for an earlier exercise, do its own work?"""
    wrong = "def conv_single_step(a_slice_prev, W, b):\n    return 0.0"
    steal = RIGHT["create_mask_from_window"] + "\nkept = conv_single_step"
    attack = Attack("steal", answers={"conv_single_step": wrong, "create_mask_from_window": steal})
    result = arena.grade(arena.notebook(attack))
    left_alone = 0.95  # for inputs that are what they were
    assert {e.name: e.score for e in result.exercises} == {**arena.honest, "conv_single_step": left_alone}
