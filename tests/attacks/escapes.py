"""Attacks that try forbidden things, and say so if one of them worked."""

from __future__ import annotations

from hostile import RIGHT, Arena, Attack

ESCAPED = "it worked"
SETUP = """
import importlib
for name in "ctypes fcntl glob io mmap os resource signal socket subprocess sys threading time".split():
    try: globals()[name] = importlib.import_module(name)
    except ImportError: pass  # Python in a private home, and no namespaces: only what is preloaded can be had
libc = ctypes.CDLL(None, use_errno=True)
def native(result):
    if result < 0: raise OSError(ctypes.get_errno())
    return result
"""
ATTEMPT = """
def attempt():
    for escape in escapes:
        try:
            escape()
        except BaseException as error:
            print("refused", type(error).__name__)
        else:
            print(escape.__name__, "it " + "worked")
attempt()
"""
DURING_A_CALL = "def zero_pad(X, pad):\n    attempt()\n    return right_zero_pad(X, pad)"


def trying(name: str, *bodies: str) -> Attack:
    """An attack that runs each of `bodies` in a cell, and once more while the first exercise is judged."""
    functions = [f"def escape_{number}():\n{indented(body)}" for number, body in enumerate(bodies)]
    listed = f"escapes = [{', '.join(f'escape_{number}' for number in range(len(bodies)))}]"
    right = RIGHT["zero_pad"].replace("def zero_pad", "def right_zero_pad")
    source = "\n".join([SETUP, *functions, listed, ATTEMPT])
    return Attack(name, before=source, answers={"zero_pad": right + DURING_A_CALL})


def indented(body: str) -> str:
    return "\n".join(f"    {line}" for line in body.splitlines())


def fails_to_escape(arena: Arena, attack: Attack) -> None:
    """The five points, and nothing that was tried worked."""
    result = arena.repel(attack)
    text = "".join(str(output.get("text", "")) for run in result.cells.values() for output in run.outputs)
    assert "refused" in text and ESCAPED not in text, text
