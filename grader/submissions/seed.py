"""The seed of a submission's hidden tests: a keyed hash over everything that the submission can read or say."""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping

SEED_BYTES = 6
"""too many seeds to try, and JSON's numbers keep them exactly"""


def submission_seed(secret: bytes, assignment: str, student: str, content: bytes, files: Mapping[str, bytes]) -> int:
    """The seed, below 2^48: another one for each secret, assignment, student, notebook and set of files beside it.

    content: the notebook's bytes. student: empty where nobody is named. files: path -> content, in any order.
    """
    mac = hmac.new(secret, digestmod="sha256")
    parts = [assignment.encode("utf-8", "surrogateescape"), os.fsencode(student), content]
    for name, data in sorted(files.items()):
        parts += [os.fsencode(name), data]
    for part in parts:
        mac.update(len(part).to_bytes(8))  # so that no byte can change sides between two parts
        mac.update(part)
    return int.from_bytes(mac.digest()[:SEED_BYTES])
