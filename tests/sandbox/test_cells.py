"""A cell does what it does in a notebook."""

from __future__ import annotations

import base64

import pytest

from grader.sandbox import Limits, Sandbox, Session, SessionEnded


def text_of(session: Session, source: str) -> str:
    """What the cell prints."""
    return "".join(output.get("text", "") for output in session.run_cell(source).outputs)


def result_of(session: Session, source: str) -> str:
    """The text of the cell's last value."""
    (output,) = (output for output in session.run_cell(source).outputs if output["output_type"] == "execute_result")
    return str(output["data"]["text/plain"])


def test_streams_and_the_last_value_are_recorded_in_order(session: Session) -> None:
    run = session.run_cell("import sys\nprint('a')\nprint('b')\nprint('c', file=sys.stderr)\n6 * 7")
    assert run.outputs == [
        {"output_type": "stream", "name": "stdout", "text": "a\nb\n"},
        {"output_type": "stream", "name": "stderr", "text": "c\n"},
        {"output_type": "execute_result", "data": {"text/plain": "42"}, "metadata": {}, "execution_count": 1},
    ]
    assert run.error is None and run.execution_count == 1 and 0 <= run.cpu_seconds < 1


def test_names_live_from_cell_to_cell(session: Session) -> None:
    session.run_cell("x = 20")
    assert result_of(session, "x + 1") == "21"
    assert result_of(session, "_ * 2") == "42"
    assert result_of(session, "In[1], Out[2]") == "('x = 20', 21)"


def test_an_error_is_an_output_and_a_record(session: Session) -> None:
    run = session.run_cell("def f():\n    return {}['key']\nf()")
    (output,) = run.outputs
    assert (output["output_type"], output["ename"], output["evalue"]) == ("error", "KeyError", "'key'")
    assert any("Cell In[1]" in line for line in output["traceback"])
    assert run.error is not None and run.error.type_name == "KeyError"
    assert "in f" in run.error.traceback_text and "site-packages" not in run.error.traceback_text


def test_a_syntax_error_names_its_line(session: Session) -> None:
    run = session.run_cell("1 +")
    assert run.error is not None and run.error.type_name == "SyntaxError"
    assert run.outputs[0]["ename"] == "SyntaxError"


def test_a_class_may_render_its_own_traceback(session: Session) -> None:
    run = session.run_cell(
        "class Hint(Exception):\n    def _render_traceback_(self):\n        return ['try again']\nraise Hint('x')"
    )
    assert run.outputs[0]["traceback"] == ["try again"]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import sys; sys.exit(3)", "SystemExit"),
        ("quit()", "SystemExit"),
        ("exit", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("input('?')", "StdinNotImplementedError"),
        ("import getpass; getpass.getpass()", "StdinNotImplementedError"),
    ],
)
def test_leaving_and_asking_are_errors_and_the_session_lives(session: Session, source: str, name: str) -> None:
    run = session.run_cell(source)
    assert run.error is not None and run.error.type_name == name
    assert name in [output.get("ename") for output in run.outputs]
    assert result_of(session, "1 + 1") == "2"


def test_an_exception_that_cannot_be_shown_is_still_an_error(session: Session) -> None:
    run = session.run_cell("class E(Exception):\n    def __str__(self): raise ValueError\nraise E")
    assert run.error is not None and run.outputs[0]["ename"] == "E"


def test_figures_come_as_png_at_the_end_of_the_cell(session: Session) -> None:
    run = session.run_cell("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nprint('after')")
    assert [output["output_type"] for output in run.outputs] == ["stream", "display_data"]
    assert base64.b64decode(run.outputs[1]["data"]["image/png"]).startswith(b"\x89PNG")
    assert session.run_cell("pass").outputs == []


def test_display_takes_any_mime_type(session: Session) -> None:
    run = session.run_cell(
        "from IPython.display import display, HTML, SVG, Image\ndisplay(HTML('<b>x</b>'))\n"
        "display({'application/json': {'a': [1, None]}}, raw=True)\nprint(get_ipython() is not None)"
    )
    assert run.outputs[0]["data"]["text/html"] == "<b>x</b>"
    assert run.outputs[1]["data"]["application/json"] == {"a": [1, None]}
    assert run.outputs[2]["text"] == "True\n"


def test_clear_output_clears(session: Session) -> None:
    source = "from IPython.display import clear_output\nprint('old')\nclear_output()\nprint('new')"
    assert text_of(session, source) == "new\n"


def test_magics_help_and_await_work(session: Session) -> None:
    assert "loops" in text_of(session, "%timeit -n1 -r1 1+1").replace("loop ", "loops ")
    assert "42" in text_of(session, "%%capture kept\nprint(42)") + text_of(session, "print(kept.stdout)")
    assert session.run_cell("len?").error is None
    assert result_of(session, "import asyncio\nawait asyncio.sleep(0.001, 'slept')") == "'slept'"


def test_what_is_written_to_the_descriptors_is_dropped(session: Session) -> None:
    assert text_of(session, "import os\nos.write(1, b'raw')\nos.write(2, b'raw');\nprint('kept')") == "kept\n"


def test_the_files_given_are_there_and_can_be_imported(one_sandbox: Sandbox) -> None:
    files = {"public_tests.py": b"answer = 42\n", "figures/a.svg": b"<svg/>"}
    with one_sandbox.open(files=files) as session:
        assert result_of(session, "import public_tests\npublic_tests.answer") == "42"
        assert result_of(session, "open('figures/a.svg').read()") == "'<svg/>'"
        assert result_of(session, "__name__") == "'__main__'"
    with pytest.raises(ValueError, match="inside the working folder"):
        one_sandbox.open(files={"../a": b""})


def test_random_numbers_follow_the_seed(one_sandbox: Sandbox) -> None:
    draw = "import random, numpy as np\n(random.random(), float(np.random.rand()))"

    def drawn(seed: int | None) -> str:
        with one_sandbox.open(seed=seed) as session:
            return result_of(session, draw)

    assert drawn(1) == drawn(1) != drawn(2)
    assert drawn(None) != drawn(None)


def test_a_long_output_is_cut_with_one_note(one_sandbox: Sandbox) -> None:
    with one_sandbox.open(limits=Limits(cell_output_bytes=1000)) as session:
        text = text_of(session, "for _ in range(1000): print('x' * 99)")
        assert 1000 < len(text) < 1200 and text.count("not shown") == 1
        text = text_of(session, "print('x' * 10_000_000)")
        assert 1000 < len(text) < 1200
        run = session.run_cell("display({'text/plain': 'y' * 2000}, raw=True)\nprint('z')")
        assert "not shown" in run.outputs[0]["text"]
        assert text_of(session, "print('fresh')") == "fresh\n"


@pytest.mark.parametrize(
    "source",
    [
        "while True: print('x' * 1000)",
        "while True:\n    try: print('x' * 1000)\n    except BaseException: pass",
        "while True: display(1)",
        "print('x' * 100_000_000)",
    ],
)
def test_endless_output_ends_the_session(one_sandbox: Sandbox, source: str) -> None:
    limits = Limits(cell_output_bytes=10_000, session_output_bytes=1_000_000, cell_seconds=20)
    with one_sandbox.open(limits=limits) as session:
        with pytest.raises(SessionEnded) as ended:
            session.run_cell(source)
        assert ended.value.reason == "output"
        assert len(str(ended.value.outputs)) < 100_000


def test_a_killed_cell_keeps_what_it_had_printed(one_sandbox: Sandbox) -> None:
    with one_sandbox.open() as session:
        with pytest.raises(SessionEnded) as ended:
            session.run_cell("print('so far')\nwhile True: pass", timeout=0.3)
        assert ended.value.reason == "time"
        assert ended.value.outputs == [{"output_type": "stream", "name": "stdout", "text": "so far\n"}]


def test_threads_may_print(session: Session) -> None:
    source = "import threading\nt = [threading.Thread(target=print, args=('x',)) for _ in range(5)]\n"
    text = text_of(session, source + "for x in t: x.start()\nfor x in t: x.join()")
    assert text.count("x") == 5


def test_data_that_a_notebook_cannot_keep_becomes_text(session: Session) -> None:
    source = "display({'text/plain': 5, 'application/json': {'a': float('nan')}, 'x+json': [1]}, raw=True)"
    (output,) = session.run_cell(source).outputs
    assert output["data"] == {"text/plain": "5", "application/json": "{'a': nan}", "x+json": [1]}


def test_temporary_files_have_a_place(session: Session) -> None:
    source = "import tempfile\nwith tempfile.TemporaryFile() as file, tempfile.TemporaryDirectory() as folder:\n"
    assert (
        text_of(session, source + "    print(file.write(b'abc'), folder.startswith(tempfile.gettempdir()))")
        == "3 True\n"
    )
