"""Lines written for a machine and not for the answer print a line, and the cell goes on."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.sandbox import Limits, Sandbox, Session, SessionEnded

COMMANDS = [
    "!pip install torch",
    "!ls -l && rm -rf /",
    "%pip install -q torch",
    "%conda install torch",
    "%mamba install torch",
    "%uv pip install torch",
    "%ls",
    "%mkdir data",
    "%clear",
    "%autosave 60",
    "%connect_info",
    "%qtconsole",
    "%man ls",
    "%less file",
    "%edit",
    "get_ipython().system('ls')",
    "get_ipython().system_raw('ls')",
    "get_ipython().system_piped('ls')",
    "get_ipython().getoutput('ls');",
    "files = !ls",
    "files = %system ls",
    "%sx ls",
]
PRINTED = [
    "%cd /content/drive/MyDrive",
    "%cd ..",
    "%bookmark here",
    "%pushd /nowhere",
    "%load_ext no_such_extension",
    "%matplotlib widget",
    "%matplotlib ipympl",
    "%matplotlib tk",
    "%gui qt",
]


def printed(session: Session, source: str) -> str:
    run = session.run_cell(f"{source}\nafter = 1")
    assert run.error is None, run.error
    assert session.run_cell("after").error is None
    session.run_cell("del after")
    return "".join(output.get("text", "") for output in run.outputs)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_print_one_line_and_the_cell_goes_on(command: str, session: Session) -> None:
    text = printed(session, command)
    assert text.startswith("[not run while grading: ") and text.count("\n") == 1


@pytest.mark.parametrize("magic", PRINTED)
def test_housekeeping_magics_print_their_error(magic: str, session: Session) -> None:
    assert "Traceback" not in printed(session, magic)


@pytest.mark.parametrize("name", ["bash", "sh", "script bash", "perl", "python3"])
def test_cell_magics_of_other_programs_have_no_effect(name: str, session: Session) -> None:
    run = session.run_cell(f"%%{name}\nls")
    assert run.error is None
    assert run.outputs[0]["text"] == f"[not run while grading: %%{name}]\n"


def test_output_of_a_command_is_an_empty_list_of_lines(session: Session) -> None:
    run = session.run_cell("files = !ls\n(type(files).__name__, list(files), files.n, files.grep('x'))")
    assert run.outputs[-1]["data"]["text/plain"] == "('SList', [], '', [])"


def test_variables_are_expanded_in_a_command(session: Session) -> None:
    session.run_cell("package = 'torch'")
    assert "torch" in printed(session, "%pip install {package}")
    assert "local" in printed(session, "def f(inner):\n    get_ipython().run_line_magic('cd', '{inner}')\nf('local')")


def test_long_commands_are_cut_to_a_line(session: Session) -> None:
    text = printed(session, "get_ipython().system('a' * 5000 + chr(10) + 'b')")
    assert len(text) < 200 and text.count("\n") == 1


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("breakpoint()", "breakpoint()"),
        ("import pdb; pdb.set_trace()", "set_trace()"),
        ("from pdb import set_trace; set_trace()", "set_trace()"),
        ("from IPython.core.debugger import set_trace; set_trace()", "set_trace()"),
    ],
)
def test_debuggers_are_refused_by_name(call: str, name: str, session: Session) -> None:
    error = session.run_cell(call).error
    assert error is not None and error.message.startswith(f"{name} waits for a person to type")


def test_unknown_magic_is_an_error_as_in_a_kernel(session: Session) -> None:
    error = session.run_cell("%tensorflow_version 2.x").error
    assert error is not None and error.type_name == "UsageError"


# ------------------------------------------------------------------ the rest of a failed cell


def value(session: Session, name: str) -> object:
    try:
        return session.lookup(name)
    except NameError:
        return None


@pytest.mark.parametrize(
    "line",
    [
        "import google.colab",
        "from no_such_package.notebook import trange as no_such_name_x",
        "import no_such_module, math",
        "import matplotlib; matplotlib.use('TkAgg')",
        "%tensorflow_version 2.x",
    ],
)
def test_rest_of_a_cell_runs_behind_a_failed_import(line: str, session: Session) -> None:
    run = session.run_cell(f"first = 1\n{line}\nlast = first + len('ab')")
    assert run.error is not None and run.failed_lines == (2,) and run.went_on
    assert value(session, "last") == 3


def test_each_name_of_an_import_statement_counts(session: Session) -> None:
    run = session.run_cell("import no_such_module, math\nroot = math.sqrt(4)")
    assert (value(session, "root"), run.failed_lines) == (2.0, (1,))


def test_all_failed_lines_are_told_the_first_one_is_the_cells_error(session: Session) -> None:
    run = session.run_cell("import nowhere\nnowhere.mount()\nx = 1\nimport elsewhere")
    assert run.failed_lines == (1, 2, 4) and run.error is not None and "nowhere" in run.error.message


def test_only_new_names_come_behind_another_error(session: Session) -> None:
    """A kernel stops there. What is defined stays, nothing else happens, and what was to come is there."""
    session.run_cell("def old(): return 'first'")
    source = "1 / 0\ndef old(): return 'second'\ndef new(): return 3\nSMALL = 1e-8\nlater = old()\nprint('no')"
    run = session.run_cell(source)
    assert (run.failed_lines, run.went_on) == ((1,), False)
    assert session.call("old", (), {}) == "first" and session.call("new", (), {}) == 3
    assert (value(session, "SMALL"), value(session, "later")) == (1e-8, None)
    assert not any(output.get("text") == "no\n" for output in run.outputs)


@pytest.mark.parametrize("end", ["exit()", "raise SystemExit", "raise KeyboardInterrupt"])
def test_a_cell_that_ends_itself_has_no_rest(end: str, session: Session) -> None:
    session.run_cell(f"{end}\nx_after_end = 1")
    assert value(session, "x_after_end") is None


def test_code_that_is_none_has_no_rest(session: Session) -> None:
    assert session.run_cell("y_before = 1\nreturn 2\ny_after = 1").error is not None
    assert value(session, "y_after") is None


def test_cells_within_cells_are_statements_of_their_own(session: Session) -> None:
    run = session.run_cell("get_ipython().run_cell('import nowhere')\nimport nowhere_else\nz_last = 1")
    assert run.failed_lines == (2,) and value(session, "z_last") == 1


def test_statements_are_left_out_by_their_line(session: Session) -> None:
    session.run_cell("a1 = 1\na2 = (\n 2)\na3 = 3", left_out=(2,))
    assert [value(session, name) for name in ("a1", "a2", "a3")] == [1, None, 3]


@pytest.mark.parametrize("last", ["while True: pass", "import os; os._exit(3)"])
def test_end_of_a_session_names_the_statement(last: str, sandbox: Sandbox) -> None:
    with sandbox.open({}, Limits(cell_seconds=1)) as session:
        with pytest.raises(SessionEnded) as ended:
            session.run_cell(f"def f(): pass\nf()\n{last}\nf()")
        assert ended.value.line == 3


def test_no_statement_is_named_where_nothing_would_be_saved(sandbox: Sandbox) -> None:
    with sandbox.open({}, Limits(cell_seconds=1)) as session:
        with pytest.raises(SessionEnded) as ended:
            session.run_cell("while True: pass")
        assert ended.value.line == 0


def test_texts_are_tried_as_cells_and_not_run(session: Session) -> None:
    assert session.parses("tried = 1\n%time tried")
    assert not session.parses("def f(:")
    assert not session.parses("(" * 5000)
    assert value(session, "tried") is None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["ok", "import no_such", "%no_such_magic"]), min_size=1, max_size=6))
def test_every_sound_line_runs_whatever_imports_fail(session: Session, kinds: list[str]) -> None:
    lines = [f"v_{i} = {i}" if kind == "ok" else kind for i, kind in enumerate(kinds)]
    session.run_cell("\n".join(lines))
    names = [f"v_{i}" for i, kind in enumerate(kinds) if kind == "ok"]
    assert all(value(session, name) is not None for name in names)
    session.run_cell("\n".join(f"del {name}" for name in names))


def test_student_cannot_forge_failed_lines(sandbox: Sandbox) -> None:
    """Are line numbers that no cell has an end of the session, and never a line of ours?"""
    forged = (
        "import gc\n"
        "shell = get_ipython()\n"
        "type(shell).failed_lines = property(lambda self: [-1, 'x'], lambda self, value: None)"
    )
    with sandbox.open({}) as session, pytest.raises(SessionEnded) as ended:
        session.run_cell(forged)
    assert ended.value.reason == "protocol"
