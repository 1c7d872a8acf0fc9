"""Rules of NumPy that cost a right answer one check instead of all.

Since NumPy 2.4 an array with one entry is no number any more: `float(b[:, :, :, c])` raises, and so does an entry of Z
that is given a sum with `b[:, :, :, c]`. Both were right before.
"""

from grader.assignments.accommodation import Accommodation

DEFINITION = """\
def _with_numbers_for_entries(function):
    import functools
    import numpy

    class Numbers(numpy.ndarray):
        def __getitem__(self, index):
            part = self.view(numpy.ndarray)[index]
            return part.ravel()[0] if getattr(part, "size", 0) == 1 else part

    def plain(value):
        if isinstance(value, Numbers):
            return value.view(numpy.ndarray)
        return type(value)(map(plain, value)) if type(value) in (tuple, list) else value

    @functools.wraps(function)
    def wrapped(A_prev, W, b, hparameters):
        return plain(function(A_prev, W, b.view(Numbers), hparameters))

    return wrapped
"""

ACCOMMODATIONS = {
    "conv_forward": Accommodation(
        error=r"only (0-dimensional|length-1) arrays can be converted|setting an array element with a sequence",
        definition=DEFINITION,
        wrapper="_with_numbers_for_entries",
        own_checks=("puts plain numbers into Z", "puts plain numbers into Z, drawn anew"),
    )
}
