"""The globals of a grade cell: trusted names first, then the names in the student's session.

Functions become local functions that call the student's, objects become stand-ins, data becomes values.
"""

from __future__ import annotations

import builtins
import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from grader.judging.stopwatch import Interrupted, Stopwatch
from grader.sandbox import RemoteFunction, SandboxError, Session, SessionEnded, function_of


class StudentNames(dict[str, Any]):
    """The globals of one grade cell.

    asked: names that the assignment asks for. A student's function with such a name precedes Python's builtin.
    """

    def __init__(
        self, trusted: Mapping[str, Any], session: Session, stopwatch: Stopwatch, asked: Collection[str] = ()
    ) -> None:
        super().__init__(trusted)
        self._session, self._stopwatch, self._asked = session, stopwatch, asked
        self.missing: set[str] = set()
        """Names that the test looked up and that are defined nowhere."""
        # Python's own globals() would return this dict, which lacks the student's names.
        space = Namespace(self)
        self["__name__"] = "__main__"  # the module of classes that a test cell defines, see host.objects
        self |= {"globals": lambda: space, "locals": lambda: space, "dir": space.dir, "vars": space.vars}

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name) and name not in self._asked:
            raise KeyError(name)  # Python goes on to its builtins, so a student cannot replace `all` or `abs`
        try:
            with in_session(self._stopwatch, self._session):
                value = self._session.lookup(name)
        except NameError:
            if not hasattr(builtins, name):
                self.missing.add(name)
            raise KeyError(name) from None
        return guarded(value, self._session, self._stopwatch) if isinstance(value, RemoteFunction) else value

    def __delitem__(self, name: str) -> None:
        if dict.__contains__(self, name):
            return super().__delitem__(name)
        try:
            with in_session(self._stopwatch, self._session):
                self._session.remove(name)
        except NameError:
            raise KeyError(name) from None

    def of_student(self) -> list[str]:
        with in_session(self._stopwatch, self._session):
            return self._session.names()


class Namespace(Mapping[str, Any]):
    """The value of `globals()` in a grade cell: the student's names, and those that the cell has defined."""

    def __init__(self, names: StudentNames) -> None:
        self._names = names

    def __getitem__(self, name: str) -> Any:
        return self._names[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.dir())

    def __len__(self) -> int:
        return len(self.dir())

    def __contains__(self, name: object) -> bool:
        return name in self.dir()

    def dir(self, *of: Any) -> list[str]:
        """Return the names, as `dir()` does."""
        if of:
            return builtins.dir(*of)
        # Names with two underscores come from exec and not from the cell.
        own = (name for name in dict.keys(self._names) if not name.startswith("__"))
        return sorted({*own, *self._names.of_student()})

    def vars(self, *of: Any) -> Any:
        """Return the namespace, as `vars()` does."""
        return builtins.vars(*of) if of else self


@contextmanager
def in_session(stopwatch: Stopwatch, session: Session) -> Iterator[None]:
    """Measure a call in the session. The end of the session becomes Interrupted, which no test can catch."""
    try:
        with stopwatch.calling(session):
            yield
    except (SessionEnded, SandboxError) as ended:
        raise Interrupted(ended) from None


def guarded(function: RemoteFunction, session: Session, stopwatch: Stopwatch) -> Callable[..., Any]:
    """Return a local function for the student's function, with a signature that `inspect` can read."""

    def call(*args: Any, **kwargs: Any) -> Any:
        with in_session(stopwatch, session):
            return function(*args, **kwargs)

    def call_each(arguments: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        with contextlib.closing(function.call_each(arguments)) as answers:
            for _ in arguments:
                with in_session(stopwatch, session):
                    answer = next(answers)
                # Outside `in_session`: the time between two answers belongs to the test and not to the student.
                yield answer

    remote = function_of(call, function.about)
    session.objects.stands_for(remote, function.number)
    remote.call_each = call_each  # type: ignore[attr-defined]  # the course's checks send all their calls at once
    return remote
