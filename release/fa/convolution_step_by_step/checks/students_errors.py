"""Describe an error of the student's function: type, message, line, and the usual remedy."""

from __future__ import annotations

import re

from checks.messages import joined, say

MESSAGE_LENGTH = 300

REPLACEMENTS = {
    "float": say("b.item() for an array b with one entry, or for a plain number float"),
    "int": "int",
    "bool": "bool",
    "object": "object",
    "float_": "np.float64",
    "asscalar": say("the array's own method .item()"),
    "product": "np.prod",
    "cumproduct": "np.cumprod",
    "alltrue": "np.all",
    "sometrue": "np.any",
    "row_stack": "np.vstack",
    "trapz": "np.trapezoid",
    "in1d": "np.isin",
    "NaN": "np.nan",
    "Inf": "np.inf",
}
"""Names of older NumPy versions -> today's names (NumPy 2 migration guide)."""

ADVICE = (
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
    (
        r"[Ee]llipsis",
        say("`...` stands for what the documentation leaves out: write the value, or leave the argument out."),
    ),
    (r"'numpy.ndarray' object is not callable", say("an entry is chosen with [ ]; ( ) calls a function.")),
    (
        r"'(tuple|list)' object has no attribute 'shape'",
        say("it is a plain sequence already: unpack it, or use its length."),
    ),
    (
        r"(?:Cannot interpret|data type) '?[\w., ()]+'? (?:as a data type|not understood)",
        say("the shape is one argument, a tuple: np.zeros((a, b))."),
    ),
    (
        r"'float' object cannot be interpreted as an integer",
        say("sizes and indices are whole numbers: use // or int()."),
    ),
    (r"slice indices must be integers", say("sizes and indices are whole numbers: use // or int().")),
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
    (r"could not broadcast|could not be broadcast", say("print the shapes of both sides just before that line.")),
    (
        r"takes \d+ positional argument|missing \d+ required",
        say("keep the first line of the function as it was given."),
    ),
)
"""Pattern of an error message -> usual remedy."""


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
        advice = say("write {new} in place of np.{name}.", new=REPLACEMENTS[old], name=old)
        return joined((finding, why)), advice, joined((discreet, why))
    # The first pattern wins: the list goes from special messages to general ones.
    return finding, next((advice for pattern, advice in ADVICE if re.search(pattern, message)), ""), discreet


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
