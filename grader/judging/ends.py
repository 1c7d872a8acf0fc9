"""The reasons for a session's end, as messages.

The sandbox stands alone and knows no messages, so its sentences are recognised here. Others, with bytes that a session
sent, stay as they are.
"""

from __future__ import annotations

import re

from checks.messages import FIELD, Message, say

# Longer ones first: a value may be any text.
DETAILS = (
    say(
        "no answer within {seconds} s, most of which it was kept waiting, the last of the time for all calls and cells"
    ),
    say("no answer within {seconds} s, the last of the time for all calls and cells"),
    say("no answer within {seconds} s, most of which it was kept waiting"),
    say("no answer within {seconds} s"),
    say("more than {seconds} s in all, without computing"),
    say("more than {seconds} s of processor time"),
    say("more than {number} characters of output"),
    say("more output than the session may produce"),
    say("the process ended itself with exit code {code}"),
    say("the kernel killed the process (SIGKILL), most likely because it ran out of memory"),
    say("the process crashed ({signal})"),
    say("the session's process gave up its wire"),
    say("the session was closed"),
)
"""The sandbox's sentences, with the places of their values."""


def _pattern(message: Message) -> re.Pattern[str]:
    return re.compile(FIELD.sub(r"(?P<\1>.+)", re.sub(r"[.()]", r"\\\g<0>", message.id)))


PATTERNS = [(_pattern(message), message) for message in DETAILS]


def told(detail: str) -> str:
    """Return a `SessionEnded.detail` as a message; as it is if it is none of DETAILS."""
    if isinstance(detail, Message):
        return detail
    for pattern, message in PATTERNS:
        if found := pattern.fullmatch(detail):
            return say(message.id, **found.groupdict())
    return detail
