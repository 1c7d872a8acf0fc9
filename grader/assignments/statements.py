"""A code cell as top-level statements, each with the global names that it reads, makes and changes.

Magics are left out, because the judge's process has no IPython.
"""

from __future__ import annotations

import ast
import dis
import re
import textwrap
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import CodeType

RUN_THEIR_BODY = ("time", "timeit", "capture", "prun")
"""Cell magics with a body of ordinary Python."""
# bytecode and not the syntax tree: the compiler has decided already which names are global
READS = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS", "LOAD_CLASSDEREF"}
STORES = {"STORE_NAME", "STORE_GLOBAL"}


@dataclass(frozen=True)
class Statement:
    """One top-level statement of a cell."""

    node: ast.stmt
    cell: str
    """The cell's label."""
    lines: str
    """The source of the whole cell."""

    @cached_property
    def code(self) -> CodeType:
        """The compiled statement."""
        # dont_inherit: this module's `from __future__` must not change the meaning of the instructor's code
        return compile(ast.Module([self.node], []), self.cell, "exec", dont_inherit=True)

    @property
    def source(self) -> str:
        """The statement's source text."""
        return ast.get_source_segment(self.lines, self.node) or ast.unparse(self.node)

    @cached_property
    def reads(self) -> frozenset[str]:
        """The global names that the statement, or a function that it defines, looks up."""
        return frozenset(_names(self.code, READS, inside=True))

    @cached_property
    def makes(self) -> frozenset[str]:
        """The global names that the statement binds."""
        nested = {"STORE_GLOBAL"}
        return frozenset([*_names(self.code, STORES, inside=False), *_names(self.code, nested, inside=True)])

    @property
    def binds_first(self) -> frozenset[str]:
        """The names that a loop or a `with` statement binds before its body reads them."""
        targets: list[ast.expr] = []
        if isinstance(self.node, ast.For):
            targets = [self.node.target]
        elif isinstance(self.node, ast.With):
            targets = [item.optional_vars for item in self.node.items if item.optional_vars is not None]
        return frozenset(part.id for one in targets for part in ast.walk(one) if isinstance(part, ast.Name))

    @property
    def is_import(self) -> bool:
        """The statement imports modules or names."""
        return isinstance(self.node, ast.Import | ast.ImportFrom)

    @property
    def is_star_import(self) -> bool:
        """The statement is `from module import *`, so its names are not known."""
        return isinstance(self.node, ast.ImportFrom) and any(alias.name == "*" for alias in self.node.names)

    @property
    def is_definition(self) -> bool:
        """The statement defines a function or a class."""
        return isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)

    @property
    def may_change(self) -> frozenset[str]:
        """The names of objects that it may change in place, as in `x[0] = 1`, `x.append(1)`, `fill(x)` or `del x`."""
        if self.is_import or self.is_definition or isinstance(self.node, ast.Assert):
            return frozenset()
        found = _names(self.code, {"LOAD_NAME", "DELETE_NAME"}, inside=False)
        return frozenset(found) - self.makes


def statements(source: str, label: str) -> list[Statement]:
    """The cell's statements in order; none if the cell is not valid Python. label: the cell's name in tracebacks."""
    text = without_magics(source)
    try:
        body = ast.parse(text, filename=label).body
        compile(text, label, "exec")  # `ast.parse` accepts a `return` outside a function, and the compiler does not
    except (SyntaxError, ValueError):
        return []
    return [Statement(node, label, text) for node in body]


def without_magics(source: str) -> str:
    """The cell as plain Python. Lines with magics and shell commands become empty, and a common indent is removed."""
    first = next((line.strip() for line in source.splitlines() if line.strip()), "")
    if first.startswith("%%") and first[2:].split(" ")[0] not in RUN_THEIR_BODY:
        return ""
    # empty lines in their place keep the line numbers of errors right
    text = "\n".join("" if re.match(r"\s*[%!?]|.*\?\s*$", line) and not _is_python(line) else line
                     for line in source.splitlines())  # fmt: skip
    return textwrap.dedent(text) if re.match(r"\s*\n*[ \t]", text) else text


def unbound(some: Iterable[Statement]) -> set[str]:
    """The names that the statements read before they bind them."""
    made: set[str] = set()
    wanted: set[str] = set()
    for statement in some:
        wanted |= statement.reads - made - statement.binds_first
        made |= statement.makes
    return wanted


def needed(
    wanted: Iterable[str],
    some: Sequence[Statement],
    fixed: Collection[str] = (),
    always: Callable[[Statement], bool] = lambda statement: False,
) -> list[Statement]:
    """The statements that the names depend on, directly or through other statements, in their order.

    fixed: names of modules, functions and classes (see `fixed_names`); a call does not change them. always: decides
    whether a statement is kept in any case, together with its dependencies.
    """
    names = set(wanted)
    kept: set[int] = set()
    before = -1
    while len(kept) > before:  # one pass is not enough: a function may use another one that is defined below it
        before = len(kept)
        for index, statement in reversed([*enumerate(some)]):
            if index in kept:
                continue
            if (
                always(statement)
                or statement.is_star_import
                or statement.makes & names
                or _changes(statement, names, fixed)
            ):
                kept.add(index)
                names |= statement.reads
    return [some[index] for index in sorted(kept)]


def fixed_names(some: Iterable[Statement]) -> frozenset[str]:
    """The names that only imports and definitions bind."""
    fixed: set[str] = set()
    others: set[str] = set()
    for statement in some:
        (fixed if statement.is_import or statement.is_definition else others).update(statement.makes)
    return frozenset(fixed - others)


def _changes(statement: Statement, names: Collection[str], fixed: Collection[str]) -> bool:
    """Whether the statement may change the object of one of the names, or seeds a generator in use."""
    if not (statement.may_change - frozenset(fixed)).isdisjoint(names):
        return not _is_only_shown(statement.node)
    is_call = isinstance(statement.node, ast.Expr) and ".seed(" in statement.source
    return is_call and not statement.reads.isdisjoint(names)


def _is_only_shown(node: ast.stmt) -> bool:
    """Whether the statement is `print(...)`, or an expression without a call."""
    if not isinstance(node, ast.Expr):
        return False
    call = node.value
    if not isinstance(call, ast.Call):
        return not any(isinstance(part, ast.Call) for part in ast.walk(call))
    return isinstance(call.func, ast.Name) and call.func.id in ("print", "display")


def _names(code: CodeType, operations: Collection[str], inside: bool) -> Iterator[str]:
    for instruction in dis.get_instructions(code):
        if instruction.opname in operations:
            yield instruction.argval
    if inside:
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                yield from _names(constant, operations, inside)


def _is_python(line: str) -> bool:
    """Whether a line that looks like a magic or a help request is Python."""
    # `%` may begin the second line of an expression, and a comment or a text may end in `?`
    return not re.match(r"\s*(%{1,2}[a-zA-Z_]|!|\?)", line) and not re.fullmatch(r"\s*[\w.]+\?{1,2}\s*", line)
