"""Runs a student's code in a locked-in process of its own, and lets trusted code call it by value.

with Sandbox() as sandbox, sandbox.open(files={...}) as session:
    session.run_cell("def double(x): return 2 * x")
    session.function("double")(21)  # 42
"""

from .answers import CellRun, Usage
from .errors import IsolationError, RemoteError, SandboxError, SessionEnded, WireError
from .isolation import Layer
from .limits import Limits, text_size
from .sandbox import Sandbox, layers
from .session import RemoteFunction, Session
from .shared_start import SharedStart
from .wire import Opaque

__all__ = [
    "CellRun",
    "IsolationError",
    "Layer",
    "Limits",
    "Opaque",
    "RemoteError",
    "RemoteFunction",
    "Sandbox",
    "SandboxError",
    "Session",
    "SessionEnded",
    "SharedStart",
    "Usage",
    "WireError",
    "layers",
    "text_size",
]
