"""Attacks on the tests, on Python and on IPython, from inside the student's own interpreter."""

from __future__ import annotations

import pytest

from grader.results.codec import result_json
from hostile import ANSWERED, RIGHT, Arena, Attack

NOTHING = dict.fromkeys(ANSWERED, 0)
"""for attacks that take the student's own right answers down too"""
PATCH_EVERY_REPORT = """
import sys, checks
checks.run_checks = lambda exercise, target, checks_, known=None, seed=None: checks.Report(exercise, (), seed)
checks._compare = checks._compare_arrays = checks._compare_numbers = lambda *a, **k: None
checks.Report.passed = property(lambda self: True)
checks.CheckResult.passed = True
for module in ("public_tests", "expected_values"):
    for name in vars(sys.modules[module]).copy():
        if name.endswith("_test"):
            setattr(sys.modules[module], name, lambda target: None)
"""
DROP_ASSERTS = """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Raise(self, node): return ast.Pass()
    def visit_Expr(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Drop())
"""
OVERWRITE_ARRAY_METHODS = """
import ctypes, gc
methods = gc.get_referents(np.ndarray.__dict__)[0]
for name in ("__eq__", "__ne__", "all", "any", "__sub__"):
    methods[name] = lambda *arguments, **named: np.bool_(True)
ctypes.pythonapi.PyType_Modified(ctypes.py_object(np.ndarray))
np.isclose = np.allclose = np.array_equal = lambda *arguments, **named: np.bool_(True)
"""
EVERY_TEST = ["zero_pad", "conv_single_step", "conv_forward", "pool_forward", "conv_backward", "pool_backward"]

ATTACKS = [
    Attack("tests redefined", before="\n".join(f"{name}_test = lambda target: None" for name in EVERY_TEST)),
    Attack("checks.run_checks and all reports patched", before=PATCH_EVERY_REPORT),
    Attack(
        "modules of the tests replaced",
        before="""
import sys, types
names = "checks", "public_tests", "hidden_tests", "expected_values", "reference", "grader", "grader.results.records"
for name in names:
    sys.modules[name] = types.ModuleType(name)
""",
    ),
    Attack("array methods overwritten in the type's own dict", before=OVERWRITE_ARRAY_METHODS),
    Attack("numpy's comparisons replaced", before="np.isclose = np.allclose = np.array_equal = lambda *a, **k: True"),
    Attack("print replaced", before="import builtins; builtins.print = None", after="print(1)"),
    Attack(
        "callable and abs replaced",
        before="import builtins; builtins.callable = builtins.abs = lambda *a: True",
        earns={"zero_pad": 0},
        says="raised TypeError",
    ),
    Attack("builtins.sum replaced", before="import builtins; builtins.sum = lambda *a, **k: 0"),
    Attack(
        "__build_class__ and __import__ replaced",
        before="import builtins; builtins.__build_class__ = builtins.__import__ = lambda *a, **k: None",
        earns=NOTHING,
        says="zero_pad_solution.*raised AttributeError",
    ),
    Attack("AssertionError is made harmless", before="import builtins; builtins.AssertionError = ValueError"),
    Attack("an AST transformer drops checks", before=DROP_ASSERTS),
    Attack(
        "an input transformer empties test cells",
        before="get_ipython().input_transformers_cleanup.append(lambda lines: [x for x in lines if '_test' not in x])",
    ),
    Attack("showtraceback silenced", before="get_ipython().showtraceback = lambda *a, **k: None"),
    Attack("_showtraceback silenced", before="get_ipython()._showtraceback = lambda *a, **k: None"),
    Attack(
        "a custom handler swallows exceptions",
        before="get_ipython().set_custom_exc((BaseException,), lambda *a, **k: None)",
    ),
    Attack(
        "hooks for exceptions",
        before="import sys, threading\n"
        "sys.excepthook = sys.unraisablehook = threading.excepthook = lambda *a: None\n"
        "import atexit; atexit.register(lambda: open('<outside>/canary.txt', 'w').write('x'))",
    ),
    Attack(
        "tracing rewrites local variables",
        before="""
import sys
def trace(frame, event, argument):
    if "differs" in frame.f_locals: frame.f_locals["differs"] = False
    return trace
sys.settrace(trace); sys.setprofile(lambda *a: None)
""",
    ),
    Attack("callbacks of the garbage collector", before="import gc; gc.callbacks.append(lambda *a: 1 / 0)"),
    Attack(
        "an import hook",
        before="""
import sys
class Finder:
    def find_spec(self, name, path=None, target=None): raise RuntimeError("hooked")
sys.meta_path.insert(0, Finder()); sys.path_hooks.insert(0, lambda path: 1 / 0); sys.path.clear()
""",
    ),
    Attack(
        "cell events",
        before="""
def event(*arguments): raise SystemExit
for name in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
    get_ipython().events.register(name, event)
""",
        earns=NOTHING,
        says="zero_pad_solution.*raised SystemExit",
    ),
    Attack("the extension autoreload", before="%load_ext autoreload\n%autoreload 2"),
    Attack(
        "shell magics", before="!cp <course>/source/*/private/hidden_tests.py .\n%system id\nget_ipython().system('id')"
    ),
    Attack(
        "cell magics write a test module",
        before="%%writefile public_tests.py\ndef zero_pad_test(target): pass",
    ),
    Attack("run_cell replaced", before="type(get_ipython()).run_cell = lambda *a, **k: None", earns=NOTHING),
    Attack("the namespace replaced", before="get_ipython().user_ns.clear()", earns=NOTHING, says="NameError|np"),
    Attack(
        "a namespace that answers every name",
        before="""
class Yes(dict):
    def __missing__(self, name): return lambda *a, **k: np.zeros(1)
    def __contains__(self, name): return True
get_ipython().user_ns = Yes(get_ipython().user_ns)
""",
    ),
    Attack("isinstance says yes", before="import builtins; builtins.isinstance = lambda *a: True", earns=NOTHING),
    Attack(
        "len says 3",
        before="import builtins; builtins.len = lambda *a: 3",
        says="left out, since it ended the run",
    ),
    Attack(
        "type says float",
        before="import builtins; builtins.type = lambda *a: float",
        says="gave up its wire",
    ),
]

SHADOWS = "run_checks", "NotDoneYet", "Report", "np", "print", "isinstance", "callable", "__builtins__", "hidden_tests"


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_interpreter_of_the_student_decides_nothing(arena: Arena, attack: Attack) -> None:
    """Does it gain a point to change tests, Python or IPython in one's own process?"""
    arena.repel(attack)


def test_names_of_the_tests_in_the_namespace(arena: Arena) -> None:
    """Do globals of the student that are named like the tests' own get in their way?"""
    shadows = "\n".join(f"globals()[{name!r}] = lambda *a, **k: None" for name in SHADOWS)
    arena.repel(Attack("shadows", after=shadows))


FORGED_FAILURES = [
    ("AssertionError with a report", "class E(AssertionError): pass", "E"),
    (
        "ChecksFailed of the course",
        "from checks import ChecksFailed as Base\nclass E(Base):\n    def __init__(s): 0",
        "E",
    ),
    ("a look-alike ChecksFailed", "class ChecksFailed(AssertionError): pass", "ChecksFailed"),
    ("a look-alike RemoteError", "class RemoteError(Exception): type_name = message = 'passed'", "RemoteError"),
    ("a look-alike Interrupted", "class Interrupted(BaseException): ended = None", "Interrupted"),
    ("a look-alike SandboxError", "class SandboxError(Exception): pass", "SandboxError"),
    ("a look-alike SessionEnded", "class SessionEnded(Exception): reason = 'closed'", "SessionEnded"),
    ("a look-alike Wrong", "class Wrong(Exception): not_done = True; raised = ''", "Wrong"),
    ("StopIteration", "", "StopIteration"),
    ("GeneratorExit", "", "GeneratorExit"),
    ("KeyboardInterrupt", "", "KeyboardInterrupt"),
    ("SystemExit", "", "SystemExit"),
]


@pytest.mark.parametrize(("definition", "name"), [x[1:] for x in FORGED_FAILURES], ids=[x[0] for x in FORGED_FAILURES])
def test_exceptions_that_look_like_results(arena: Arena, definition: str, name: str) -> None:
    """Is an exception that carries a report, or the name of one of ours, a wrong answer and nothing more?"""
    source = f"""
{definition}
class Full:
    passed = True; checks = (); not_done = ""
    def as_json(self): return {{"checks": [], "seed": 1, "mistake": None}}
def pool_forward(A_prev, hparameters, mode="max"):
    error = {name}()
    error.report = Full(); error.broken = True
    raise error
"""
    result = arena.repel(Attack(name, answers={"pool_forward": source}, says=f"raised {name}|ended the function"))
    assert not result.broken


UNPRINTABLE = {
    "huge": "return 'x' * 5_000_000",
    "raises": "raise ValueError",
    "exits": "raise SystemExit",
    "is no text": "return 3",
    "loops": "\n        while True: pass",
    "recurses": "return str(self)",
    "with lines and markup": "return '</div><script>alert(1)</script>\\x1b[2J' * 3",
    "with surrogates": "return '\\ud800'",
}


@pytest.mark.parametrize("body", UNPRINTABLE.values(), ids=UNPRINTABLE)
def test_exceptions_that_cannot_be_shown(arena: Arena, body: str) -> None:
    """Does an exception whose text is huge, endless or itself an error cost more than its exercise?"""
    source = f"""
class E(Exception):
    def __str__(self): {body}
def pool_forward(A_prev, hparameters, mode="max"):
    raise E
"""
    result = arena.repel(Attack("text", answers={"pool_forward": source}, says="raised E|did not finish|E$"))
    assert not result.broken
    assert len(str(result_json(result))) < 100_000


def test_a_right_answer_redefined_after_its_test(arena: Arena) -> None:
    """Is an exercise judged where its test stands, whatever becomes of the name later?"""
    arena.repel(Attack("redefined", after="def zero_pad(X, pad): return None", answers=RIGHT))
