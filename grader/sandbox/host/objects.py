"""The judge's end of objects that stay in the session, and of a test's own objects that the session may use."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from ..errors import RemoteError, WireError
from ..limits import BoundedMemory
from ..protocol.encoding import encode
from ..protocol.operations import LENT, SPECIALS
from ..protocol.records import DATACLASS, MEMBER, NAMED_TUPLE, StandIns
from ..protocol.values import EITHER, Budget, Opaque
from .stand_ins import RemoteClass, RemoteObject, class_of, error_class, function_of, object_of

if TYPE_CHECKING:
    from .session import Session

FUNCTION = "a function"
"""Stands among the names of classes for functions that came. Who expects one can take any object that is called."""
OURS, THEIRS = "guest", "host"
"""The kinds of references: to an object of the session, and to one of the judge."""
MAX_LENT = 1_000
"""Objects that a test may lend to one session."""
MAX_CALLS = 100_000
"""Calls of lent objects that one session may make."""
CALLBACK_MEMORY = 512 << 20
"""Bytes that a test's own function may allocate for a student's arguments."""
PLAIN = (str, int, float, bool, type(None))
"""Types of an error's arguments that travel with it."""
ITERATORS = frozenset({"__iter__", "__next__"})
TESTS_MODULES = ("__main__", "builtins", None)


class Objects:
    """The references that cross the judge's wire: stand-ins for the session's objects, and the test's lent objects."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.allowed: Callable[[str], bool] = lambda type_name: True
        """Whether a test may get an object of the class with this name, or a function for FUNCTION; other objects
        become Opaque. The student decides what an object's operations return, so a test gets only what it expects."""
        self.of_test: Callable[[str], bool] = lambda module: False
        """Whether a module is the test's own, so that instances of its classes can be lent."""
        self.met: set[str] = set()
        """The names of the classes of all objects that came."""
        self.refused: set[str] = set()
        """The operations of the objects that became Opaque."""
        self.limited: Callable[[], AbstractContextManager[object]] = nullcontext
        """The time limit for a test's own function that the session calls."""
        self._calls_left = MAX_CALLS
        self._memory: BoundedMemory | None = None
        self._stand_ins = StandIns()
        self._made: dict[tuple[str, int], Any] = {}
        self._of_session: dict[int, int] = {}
        """id() of a stand-in that is no RemoteObject -> its number in the session."""
        # keeps them alive: an id may be used again after its object is gone
        self._kept: list[Any] = []
        self._lent: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._errors: dict[tuple[Any, ...], type[RemoteError]] = {}

        self.around: Callable[[], AbstractContextManager[object]] = nullcontext
        """A context for each operation on an object of the session."""

    def stands_for(self, value: Any, number: int) -> None:
        """Record that `value` stands for the session's object of this number."""
        self._kept.append(value)
        self._of_session[id(value)] = number

    # ---- outgoing

    def refer(self, value: Any) -> tuple[str, Any] | None:
        """The kind and the content of a reference to the value; None if it cannot be lent."""
        if isinstance(value, RemoteObject | RemoteClass) and value._session is self._session:
            return OURS, (value._content[0],)
        if id(value) in self._of_session:
            return OURS, (self._of_session[id(value)],)
        form = _form(value) or ("object" if self.of_test(type(value).__module__) else None)
        if form is None:
            return None
        if id(value) not in self._numbers:
            if len(self._lent) >= MAX_LENT:
                return None
            self._numbers[id(value)] = len(self._lent)
            self._lent[len(self._lent)] = value
        name = str(getattr(value, "__name__", type(value).__name__))[:200]
        return THEIRS, (self._numbers[id(value)], form, name)

    def reply(self, question: list[Any], budget: Budget) -> bytes:
        """The message that answers a session's question about a lent object. Raises WireError if it is malformed."""
        try:
            answer: tuple[Any, ...] = ("return", self.answer(*question))
        except WireError:
            raise
        except RemoteError as error:
            answer = ("raise", error.type_name, error.message[:4000])
        except Exception as error:
            arguments = error.args if all(type(argument) in PLAIN for argument in error.args) else ()
            answer = ("raise", type(error).__name__, str(error)[:4000], arguments)
        try:
            return encode(answer, budget, strict=True, context=self)
        except WireError as error:
            return encode(("raise", "TypeError", f"the test's own value cannot be sent: {error}"), budget)

    def answer(self, number: Any, operation: Any, positional: Any, named: Any) -> Any:
        """Perform an operation on a lent object for the session. Raises WireError if the operation is not allowed."""
        if type(number) is not int or number not in self._lent or type(positional) is not tuple:
            raise WireError("malformed question about an object")
        if type(named) is not dict or not all(type(key) is str for key in named):
            raise WireError("malformed question about an object")
        self._calls_left -= 1
        if self._calls_left < 0:
            raise RuntimeError("the test's own objects were used too often")
        if self._memory is None:
            self._memory = BoundedMemory(CALLBACK_MEMORY)
        with self._memory, self.limited():
            lent = self._lent[number]
            return _done(lent, operation, positional, named, self.of_test(type(lent).__module__))

    # ---- incoming

    def resolve(self, kind: str, content: Any) -> Any:
        """The object that a reference from the session stands for. Raises WireError if the reference is malformed."""
        if kind == THEIRS:
            return self._lent[content[0]]
        if kind == EITHER:
            as_object, as_value = content
            return as_value if isinstance(as_object, Opaque) else as_object
        if kind in (NAMED_TUPLE, DATACLASS, MEMBER):
            return self._stand_ins.together(kind, content)
        if kind != OURS:
            raise WireError("unknown kind")
        number, form = content[:2]
        if type(number) is not int or form not in ("class", "function", "object"):
            raise WireError("malformed reference")
        key = form, number
        if key not in self._made:
            self._made[key] = self._make(form, content)
        return self._made[key]

    def made(self, value: Any) -> bool:
        """Whether the value is a record that this session has sent."""
        return self._stand_ins.has(type(value))

    def _make(self, form: str, content: Any) -> Any:
        if form == "function":
            self.met.add(FUNCTION)
            return self._function(content, content[2])
        if form == "class":
            if content[6]:
                return self._own_error(content)
            return class_of(self._session, content)
        kind = self._class(content[2])
        # an iterator only yields values, each of which is checked in turn
        if not set(kind._content[4]) <= ITERATORS:
            self.met.add(kind.__name__)
            if not self.allowed(kind.__name__):
                if "__call__" in kind._content[4] and self.allowed(FUNCTION):
                    return self._function(content, {})
                self.refused.update(kind._content[4])
                return Opaque(kind.__name__)
        return object_of(kind, content)

    def _function(self, content: Any, about: Any) -> Callable[..., Any]:
        found = function_of(lambda *p, **n: self._session.operate("__call__", found, p, n), about)
        self.stands_for(found, content[0])
        return found

    def _class(self, about: Any) -> type[RemoteObject]:
        number, *rest = about
        key = "class", number
        if key not in self._made:
            self._made[key] = class_of(self._session, (number, "class", *rest))
        made: type[RemoteObject] = self._made[key]
        return made

    def _own_error(self, content: Any) -> type[RemoteError]:
        """A class for a student's class of exceptions. `except` and `pytest.raises` accept it."""
        made = self.error(content[2], content[7])
        self.stands_for(made, content[0])
        return made

    def error(self, name: str, bases: Any) -> type[RemoteError]:
        """The stand-in for a class of exceptions, the same one for each call."""
        key = name, tuple(map(str, bases))
        if key not in self._errors:
            self._errors[key] = error_class(*key)
        return self._errors[key]


def _form(value: Any) -> str | None:
    """The form in which a value can be lent: "function", which can only be called, "object", or None.

    Objects are mocks and instances of a test's own classes.
    """
    mock = sys.modules.get("unittest.mock")  # a test that has not imported it has no mocks
    if mock is not None and isinstance(value, mock.NonCallableMock):
        return "object"
    if callable(value):
        return "function"
    kind = type(value)
    if kind.__module__ in TESTS_MODULES and kind.__module__ != "builtins":
        return "object"
    return None


def _done(lent: Any, operation: Any, positional: tuple[Any, ...], named: dict[str, Any], is_object: bool) -> Any:
    if operation == "__call__":
        return lent(*positional, **named)
    if not is_object and _form(lent) != "object":
        raise WireError("a function can only be called")
    if operation in ("getattr", "setattr") and positional and type(positional[0]) is str:
        if positional[0].startswith("_"):  # __globals__ and the like lead to the test and its expected values
            raise AttributeError(positional[0])
        return (getattr if operation == "getattr" else setattr)(lent, *positional)
    if operation in LENT:
        return SPECIALS[operation](lent, *positional, **named)
    raise WireError("unknown operation")
