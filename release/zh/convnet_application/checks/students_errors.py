"""Describe an error of the student's function: type, message, line, and the usual remedy."""

from __future__ import annotations

import re

from checks.messages import joined, say

MESSAGE_LENGTH = 300

OF_AN_ARRAY = say("Where it gets an array, choose the entry first (`.item()`, where the array has just one).")
REPLACEMENTS = {
    **dict.fromkeys(("float", "int", "bool", "object", "str", "complex")),
    "float_": "np.float64",
    "complex_": "np.complex128",
    "singlecomplex": "np.complex64",
    "longfloat": "np.longdouble",
    "int0": "np.intp",
    "uint0": "np.uintp",
    "bool8": "np.bool",
    "unicode_": "np.str_",
    "string_": "np.bytes_",
    "asscalar": say("the array's own method .item()"),
    "product": "np.prod",
    "cumproduct": "np.cumprod",
    "alltrue": "np.all",
    "sometrue": "np.any",
    "round_": "np.round",
    "row_stack": "np.vstack",
    "trapz": "np.trapezoid",
    "in1d": "np.isin",
    "msort": "np.sort",
    "NaN": "np.nan",
    **dict.fromkeys(("Inf", "Infinity", "PINF", "infty"), "np.inf"),
    "NINF": "-np.inf",
}
"""Names of older NumPy versions -> today's names (NumPy 2 migration guide). None: the same name without np."""

SHAPE_IS_ONE = say("the shape is one argument, a tuple: np.zeros((a, b)).")
WHOLE = say("sizes and indices are whole numbers: use // or int().")
CALLED = say(
    "( ) after a name calls a function, and here the name stands for a value: [ ] chooses an entry, * multiplies; "
    "or was the name of a function given to a value?"
)
ADVICE = (
    (
        r"unpack non-iterable NoneType",
        say("the right side of that line is None: is it still to be written, or does a function there return nothing?"),
    ),
    (
        r"'NoneType' object is not callable",
        say("the name before ( ) is None: which line should have given it a value?"),
    ),
    (r"NoneType|dtype\('O'\)", say("something is None there: which line should have given it a value?")),
    (
        r"only (0-dimensional|length-1|size-1) arrays can be converted",
        say("a plain number belongs there: choose one entry of the array; where it has just one, `.item()` gives it."),
    ),
    (r"can only convert an array of size 1", say("`.item()` is for an array with one entry: choose the entry first.")),
    (r"zero-size array", say("the slice is empty there: print where it starts and where it ends.")),
    (
        r"index -?\d+ is out of bounds for axis",
        say("print the index and the array's shape: the loop goes too far, or the index belongs to another axis."),
    ),
    (r"slice indices must be integers|only integers, slices", WHOLE),
    (
        r"only have a single ellipsis",
        say("`...` stands for all axes that are left, so once is enough: write `:` for each of the others."),
    ),
    (
        r"[Ee]llipsis",
        say("`...` is no value to work with: put your code or the value in its place, or leave the argument out."),
    ),
    (
        r"too many indices for array",
        say("print the array's shape: that line uses more indices than the array has axes."),
    ),
    (
        r"'module' object is not callable",
        say("a module cannot be called: name the function in it, as in `time.time()`."),
    ),
    (r"object is not callable", CALLED),
    (
        r"'[\w.]+' object (is not subscriptable|does not support item assignment)|invalid index to scalar",
        say("that value has no entries to choose, or none that can be changed: print it and its type."),
    ),
    (
        r"'(tuple|list)' object has no attribute 'shape'",
        say("it is a plain sequence already: unpack it, or use its length."),
    ),
    (r"Cannot interpret '[\d.+\-e() ,]+' as a data type", SHAPE_IS_ONE),
    (r"^(?:\w+\.)?(zeros|ones|empty|full|eye)\(\) takes", SHAPE_IS_ONE),
    (r"'(?:numpy\.)?float\d*' object cannot be interpreted as an integer", WHOLE),
    (
        r"'(tuple|list)' object cannot be interpreted as an integer",
        say("a whole number belongs there: choose an entry of the sequence, or unpack it with `*`."),
    ),
    (
        r"setting an array element with a sequence",
        say(
            "one number belongs there, and the right side is an array: print its shape; `.item()` gives a single entry."
        ),
    ),
    (
        r"No module named '(i?pdb|pudb|web_pdb|rpdb|wdb)'",
        say("that is a debugger, which waits for a person to type: delete the line."),
    ),
    (r"No module named '", say("that package is not installed here: delete the import, and do without it.")),
    (r"name '(np|plt|h5py)' is not defined", say("run the cell with the imports, the notebook's first.")),
    (r"name '\w+' is not defined", say("look at the spelling, and at the line that should make it.")),
    (r"referenced before assignment|not associated with a value", say("look at the line that should give it a value.")),
    (
        r"could not broadcast|could not be broadcast|shape mismatch|matmul: .* mismatch|not aligned",
        say("print the shapes of both sides just before that line."),
    ),
    (r"cannot reshape array", say("print both shapes: they must have the same number of entries.")),
    (
        r"truth value of an array",
        say("one True or False belongs there: compare single entries, or choose between np.all and np.any."),
    ),
    (
        r"(not enough|too many) values to unpack",
        say("print the right side of that line: it must have as many values as there are names on the left."),
    ),
    (
        r"(list|tuple) index out of range",
        say("print the index and the length of the sequence: the last index is length - 1."),
    ),
    (r"is read-only", say("work on a copy.")),
    (
        r"truncated file|file signature not found|bad object header|unable to (lock|read)",
        say("that file is not whole, or of another format: take it from the released folder again."),
    ),
    (
        r"No such file or directory",
        say("there is no such file where the notebook runs: only files of the released folder, by their names, are."),
    ),
    (
        r"Unable to allocate",
        say("print the shape of the array that the line makes: it is much larger than it needs to be."),
    ),
    (r"has no attribute '", say("look at the spelling, and print the type of the value that is asked for it.")),
    (r"maximum recursion depth", say("the function calls itself without end: should it call another one?")),
)
"""Pattern of an error message -> usual remedy."""
WRONG_CALL = re.compile(
    r"takes (from )?\d+ (to \d+ )?positional argument|missing \d+ required|unexpected keyword argument"
    r"|got multiple values for argument"
)
IN_THE_CODE = ("TypeError", "AttributeError", "NameError", "UnboundLocalError", "RecursionError", "ImportError")
"""Errors that come from the code itself more than from the values of a case, which its own advice is about."""


def error_name(error: BaseException) -> str:
    """Return the name of the error's type. An error from another process carries it as `type_name`."""
    # From `type` itself: a student's metaclass can override __name__.
    name = type.__dict__["__name__"].__get__(type(error))
    # Recognised by its name, since students have this package without the grader.
    if name == "RemoteError":
        return str(getattr(error, "type_name", name))
    return name


def first_line(error: BaseException) -> str:
    """Return the first line of the error's message. A message that cannot be computed is replaced by a note."""
    try:
        message = error.message if type(error).__name__ == "RemoteError" else str(error)
        return (message[:MESSAGE_LENGTH].strip().splitlines() or [""])[0]
    except Exception:
        return say("(its message cannot be shown)")


def in_words(error: BaseException) -> tuple[str, str, str]:
    """Return the finding, the next step, and the finding without the message, which may quote the function's input."""
    name, message = error_name(error), first_line(error)
    if name == "SystemExit":
        ended = say("sys.exit() or quit() ended the function.")
        return ended, say("return the result instead."), ended
    what = joined((f"{name}: {message}" if message else name, _line_of(error)))
    finding = say("raised {error}", error=what)
    discreet = say("raised {error}", error=joined((name, _line_of(error))))
    removed = re.match(r"module 'numpy' has no attribute '(\w+)'", message)
    if removed and removed.group(1) in REPLACEMENTS:
        old = removed.group(1)
        why = say("NumPy has removed np.{name}.", name=old)
        advice = say("write {new} in place of np.{name}.", new=REPLACEMENTS[old] or old, name=old)
        # A cast of an array fails under the new name, too.
        advice = joined((advice, OF_AN_ARRAY)) if old in ("float", "int", "complex") else advice
        return joined((finding, why)), advice, joined((discreet, why))
    return finding, _advice(name, message, bool(_line_of(error))), discreet


def _advice(name: str, message: str, in_a_cell: bool) -> str:
    """Return the usual remedy, or nothing. in_a_cell: the error was raised on a line of the student's."""
    # The first pattern wins: the list goes from special messages to general ones.
    known = next((advice for pattern, advice in ADVICE if re.search(pattern, message)), "")
    if known:
        return known
    if WRONG_CALL.search(message):
        # An error without a line of the student's comes from the call of the function itself.
        if in_a_cell:
            return say("compare the call on that line with the first line of the function that it calls.")
        return say("keep the first line of the function as it was given.")
    if name == "KeyError":
        return say("the dict has no such key: print its keys.")
    if name in IN_THE_CODE and in_a_cell:
        return say("print the type and the shape of each value on that line, just before it.")
    return ""


def _line_of(error: BaseException) -> str:
    """Return '(line 7 of the cell, in zero_pad)' for the innermost frame of a notebook cell, '' if it is unknown."""
    frame, place = error.__traceback__, ""
    while frame:
        code = frame.tb_frame.f_code
        if "ipykernel_" in code.co_filename or code.co_filename.startswith("<ipython-input"):
            place = _place(frame.tb_lineno, code.co_name)
        frame = frame.tb_next
    # The traceback of a remote error arrives as text.
    remote = re.findall(r"^Cell In.*line (\d+), in (\w+)$", str(getattr(error, "traceback_text", "")), re.MULTILINE)
    return _place(*remote[-1]) if remote and not place else place


def _place(line: int | str, function: str) -> str:
    return say("(line {line} of the cell, in {function})", line=line, function=function)
