"""What a forged message says is an output: of any shape, and never an exception of ours but WireError."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.sandbox.errors import WireError
from grader.sandbox.host.replies import OUTPUT_FIELDS, asks_to_clear, checked_output
from grader.sandbox.protocol.values import Opaque

FIELDS = sorted({"output_type", *(name for fields in OUTPUT_FIELDS.values() for name in fields)})
KEYS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.binary(max_size=3), st.text(max_size=3))
LEAVES = st.one_of(
    KEYS,
    st.complex_numbers(),
    st.builds(Opaque, st.text(max_size=3)),
    st.sampled_from([np.zeros(3), np.zeros(()), np.array(["clear", "x"]), np.float64(1), np.bool_(True), np.int8(1)]),
    st.sampled_from([*OUTPUT_FIELDS, "clear", "text/plain", "application/json", "a+json", 1 << 2000, -1]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.one_of(KEYS, st.sampled_from(["text/plain", "image/svg+xml"])), inner, max_size=3),
    ),
    max_leaves=12,
)
OUTPUTS = st.one_of(VALUES, st.dictionaries(st.one_of(st.sampled_from(FIELDS), KEYS), VALUES, max_size=5))


@st.composite
def nearly_outputs(draw: st.DrawFn) -> dict[str, Any]:
    """The fields of some kind of output, each of its type or of any."""
    kind = draw(st.sampled_from(sorted(OUTPUT_FIELDS)))
    wanted = {
        str: st.text(max_size=3),
        int: st.integers(),
        list: st.lists(VALUES, max_size=3),
        dict: st.dictionaries(st.one_of(st.just("text/plain"), KEYS), VALUES, max_size=3),
    }
    fields = {name: draw(wanted[type_]) for name, type_ in OUTPUT_FIELDS[kind].items()}
    return {"output_type": kind, **fields}


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(OUTPUTS, nearly_outputs()))
def test_only_wire_error_is_raised(output: Any) -> None:
    """Is whatever is said to be an output either an output, in JSON as it stands, or refused?"""
    asks_to_clear(output)
    try:
        kept = checked_output(output)
    except WireError:
        return
    assert json.loads(json.dumps(kept)).keys() == kept.keys()
    assert all(type(name) is str for name in kept.get("data", {}))


@pytest.mark.parametrize("key", [1, None, True, 2.5, b"text/plain"])
def test_keys_are_text(key: Any) -> None:
    """Is a media type refused that is no text, at any depth?"""
    for data in ({key: "x"}, {"application/json": [{"a": {key: 1}}]}):
        with pytest.raises(WireError):
            checked_output({"output_type": "display_data", "data": data, "metadata": {}})


@pytest.mark.parametrize("kind", [np.array(["clear", "clear"]), np.zeros(2), ["clear"], None])
def test_an_array_is_no_request_to_clear(kind: Any) -> None:
    """Is a kind that is an array refused, without being compared?"""
    output = {"output_type": kind}
    assert not asks_to_clear(output)
    with pytest.raises(WireError):
        checked_output(output)
