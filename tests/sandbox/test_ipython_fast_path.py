"""What is left out on the way from a cell's text to its code would have changed nothing."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from IPython.core.async_helpers import _should_be_async
from IPython.core.inputtransformer2 import TransformerManager

from grader.sandbox import Session
from grader.sandbox.guest.ipython_fast_path import CellTransformer, may_await

PIECES = (
    *(
        "a",
        " ",
        "  ",
        "\t",
        "\n",
        "\\\n",
        "=",
        "==",
        "!=",
        "%",
        "!",
        "!!",
        "?",
        "??",
        ",",
        ";",
        "/",
        "#",
        "'",
        '"""',
        "(",
        ")",
        ":",
    ),
    *(
        "ls",
        "x = 1\n",
        "if a:\n    ",
        "%time",
        "%%time\n",
        "f(",
        "In [1]: ",
        ">>> ",
        "await ",
        "async def f():\n",
        "é",
        "\x0c",
    ),
)
cells = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(cells)
@settings(max_examples=400, deadline=None)
@example("a = \\\n  %pwd")
@example("if a:\n    !ls\n")
@example("#\x0c%")
@example("x.y?")
@example("if a:\n        a\n    a")
@example("if a:\n    a = '\x0c  '")
@example("if a:\n    a\n    'x\u2028  y'")
@example('=%"""')
@example("b = 7 % 2\nprint('%d' % b)\n")
def test_cells_are_transformed_as_ipython_does_it(cell: str) -> None:
    try:
        expected = TransformerManager().transform_cell(cell)
    except SyntaxError:  # of the indentation, which IPython finds before the compiler does
        with pytest.raises(SyntaxError):
            compile(CellTransformer().transform_cell(cell), "cell", "exec")
    except IndexError:  # IPython's own, of a magic that nothing follows
        with pytest.raises(IndexError):
            CellTransformer().transform_cell(cell)
    else:
        assert CellTransformer().transform_cell(cell) == expected


@given(cells)
@settings(max_examples=400, deadline=None)
@example("[x async for x in y]")
@example("await f()")
def test_what_cannot_await_is_no_coroutine(cell: str) -> None:
    assert may_await(cell) or not _should_be_async(cell)


def test_a_transformer_of_the_students_own_is_asked(session: Session) -> None:
    session.run_cell(
        "from IPython.core.inputtransformer2 import TokenTransformBase\n"
        "class Twice(TokenTransformBase):\n"
        "    @classmethod\n"
        "    def find(cls, lines):\n"
        "        return next((cls(t.start) for line in lines for t in line if t.string == 'once'), None)\n"
        "    def transform(self, lines):\n"
        "        return [line.replace('once', 'twice') for line in lines]\n"
        "get_ipython().input_transformer_manager.token_transformers.append(Twice)"
    )
    (shown,) = session.run_cell("print('a'); twice = 2; print(once)").outputs
    assert shown["text"] == "a\n2\n"


def test_cells_can_await(session: Session) -> None:
    (shown,) = session.run_cell("import asyncio\nprint(await asyncio.sleep(0, 'slept'))").outputs
    assert shown["text"] == "slept\n"


def test_cells_run_where_the_working_folder_is_gone(session: Session) -> None:
    session.run_cell("import os, tempfile\nwith tempfile.TemporaryDirectory() as folder:\n    os.chdir(folder)")
    session.run_cell("def f():\n    return 1 / 0")
    (shown,) = session.run_cell("f()").outputs
    assert shown["ename"] == "ZeroDivisionError"


def test_source_is_found_though_cells_are_said_to_be_in_no_module(session: Session) -> None:
    session.run_cell("def f():\n    return 3")
    (shown,) = session.run_cell("import inspect\nprint(inspect.getsource(f), inspect.getmodule(f).__name__)").outputs
    assert shown["text"] == "def f():\n    return 3\n __main__\n"
