"""IPython's way from a cell's text to its code is kept; what a traceback leaves out would have changed nothing."""

from __future__ import annotations

from grader.sandbox import Session


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
