"""A call's changes of its arguments, as the judge has to apply them to its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..protocol.channel import HEADER
from ..protocol.decoding import decode_numbered
from ..protocol.encoding import encode, encode_numbered
from ..protocol.sharing import Arguments, Contents
from ..protocol.values import Budget, Context


def changed_parts(
    question: bytes, objects: list[Any], message: tuple[Any, ...], budget: Budget, context: Context
) -> dict[int, Contents]:
    """The changed parts of the arguments, number -> contents: those with other contents than on arrival.

    question: the call's bytes. objects: its parts at their numbers. message: the call, its arguments as they are now.
    """
    # nearly all calls change nothing, and then one comparison of bytes is enough
    payload, now = encode_numbered(message, budget, context=context)
    if payload == memoryview(question)[HEADER.size :] and all(map(_is_same, now, objects)):
        return {}
    before: list[Any] = []
    decode_numbered(question, budget, HEADER.size, context, None, before)
    of_new, of_old = by_id(objects), by_id(before)
    return {
        number: Contents(new)
        for number, (new, old) in enumerate(zip(objects, before, strict=True))
        if new is not None and _alone(new, budget, context, of_new) != _alone(old, budget, context, of_old)
    }


def _alone(part: Any, budget: Budget, context: Context, arguments: Arguments) -> bytes:
    return encode(Contents(part), budget, context=context, arguments=arguments)


def by_id(objects: list[Any]) -> Arguments:
    """The objects of a question in the form for the encoder of its answer."""
    return {id(value): (number, value) for number, value in enumerate(objects) if value is not None}


def _is_same(now: Any, before: Any) -> bool:
    """Whether a part of an argument is the object that arrived."""
    # the encoder makes objects of its own for other types
    return now is before or type(now) not in (list, dict, np.ndarray)
