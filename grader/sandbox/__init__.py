"""Run a student's code in an isolated process, and let trusted code call it by value.

with Sandbox() as sandbox, sandbox.open(files={...}) as session:
    session.run_cell("def double(x): return 2 * x")
    session.function("double")(21)  # 42

In: cells, files, plain values, limits. Out: outputs, values, and the reason for a session's end. Other rooms may import
the names below, and nothing from the rooms inside; this room imports no other room.
"""

from .errors import IsolationError, RemoteError, SandboxError, SessionEnded, WireError
from .host.fork_server import ForkServer
from .host.objects import FUNCTION
from .host.random_state import RandomState
from .host.remote_function import RemoteFunction
from .host.replies import CellRun, Usage
from .host.sandbox import Sandbox, layers, weaker_mode
from .host.session import Session
from .host.stand_ins import RemoteClass, RemoteObject, function_of
from .host.substitutes import Allowance
from .isolation.plan import Layer
from .limits import Limits, text_size
from .protocol.encoding import encoded_size
from .protocol.values import Opaque

__all__ = [
    "FUNCTION",
    "Allowance",
    "CellRun",
    "ForkServer",
    "IsolationError",
    "Layer",
    "Limits",
    "Opaque",
    "RandomState",
    "RemoteClass",
    "RemoteError",
    "RemoteFunction",
    "RemoteObject",
    "Sandbox",
    "SandboxError",
    "Session",
    "SessionEnded",
    "Usage",
    "WireError",
    "encoded_size",
    "function_of",
    "layers",
    "text_size",
    "weaker_mode",
]
