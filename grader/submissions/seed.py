"""The seed of a submission's hidden tests: a keyed hash over everything that the submission can read or contain."""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping

SEED_BYTES = 6
"""Bytes of a seed. Nobody can try all seeds, and a number in JSON keeps each exactly."""


def submission_seed(secret: bytes, assignment: str, student: str, content: bytes, files: Mapping[str, bytes]) -> int:
    """The seed, below 2^48. It differs for each secret, assignment, student, notebook and set of files beside it.

    content: bytes of the notebook. student: empty if no student is named. files: path -> content, in any order.
    """
    # keyed, so that a student who knows all the bytes still cannot compute the inputs of the hidden tests
    mac = hmac.new(secret, digestmod="sha256")
    parts = [assignment.encode("utf-8", "surrogateescape"), os.fsencode(student), content]
    for name, data in sorted(files.items()):
        parts += [os.fsencode(name), data]
    for part in parts:
        mac.update(len(part).to_bytes(8))  # so that no byte can change sides between two parts
        mac.update(part)
    return int.from_bytes(mac.digest()[:SEED_BYTES])
