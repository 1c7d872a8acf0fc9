"""The seed of a submission: another one for everything that a submission can read or say, and for every secret."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.submissions.seed import submission_seed

TEXT, BYTES = st.text(max_size=5), st.binary(max_size=5)
SUBMISSIONS = st.tuples(BYTES, TEXT, TEXT, BYTES, st.dictionaries(TEXT.filter(str.isprintable), BYTES, max_size=3))
ADA = (b"k" * 32, "convolution", "ada", b"{}", {"a.txt": b"1", "b.txt": b"2"})


@given(SUBMISSIONS, SUBMISSIONS)
def test_two_submissions_share_a_seed_only_if_they_are_the_same(one: tuple, other: tuple) -> None:
    """Does any difference count, also of a byte that changes sides between two parts?"""
    assert (submission_seed(*one) == submission_seed(*other)) == (one == other)


def test_every_part_counts() -> None:
    changes = [
        (0, b"K" * 32),
        (1, "pooling"),
        (2, "ben"),
        (2, ""),
        (3, b"{} "),
        (4, {}),
        (4, {"a.txt": b"1", "b.txt": b"3"}),
        (4, {"a.txt": b"2", "b.txt": b"1"}),
        (4, {"a.txt": b"1", "b.txt": b"2", "timestamp.txt": b"now"}),
    ]
    others = [(*ADA[:place], part, *ADA[place + 1 :]) for place, part in changes]
    seeds = {submission_seed(*one) for one in (ADA, *others)}
    assert len(seeds) == len(others) + 1
    assert all(0 <= seed < 2**48 for seed in seeds), "JSON's numbers are exact below 2^53"


def test_order_of_the_files_does_not_count() -> None:
    assert submission_seed(*ADA) == submission_seed(*ADA[:4], dict(reversed(ADA[4].items())))


def test_a_name_that_is_no_text_has_a_seed() -> None:
    """Does a file whose name is no UTF-8 count as any other?"""
    odd = submission_seed(*ADA[:4], {"\udcff": b""})
    assert odd != submission_seed(*ADA[:4], {"\udcfe": b""})
