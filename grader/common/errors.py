"""What can go wrong, by name. Every message names the file, the cell or the option, and the next step."""

import errno

REMEDIES = {
    errno.ENOSPC: "Free some space and start again: what was graded is kept.",
    errno.EDQUOT: "Free some space and start again: what was graded is kept.",
    errno.EROFS: "Make it writable, or grade a copy of the course.",
    errno.EACCES: "Mend its permissions and start again.",
    errno.EPERM: "Mend its permissions and start again.",
}
HOPELESS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}
"""errors of the machine, that the next submission would meet as well"""


def told(error: OSError) -> str:
    """The machine's error as one line with a remedy."""
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}. {REMEDIES.get(error.errno or 0, 'Mend that and start again.')}"


class GraderError(Exception):
    """Base of the errors that the command line shows as one line, without a traceback."""


class NotebookError(GraderError):
    """A notebook cannot be read."""


class MasterError(GraderError):
    """A master notebook is not fit to be released. The message lists file, cell and remedy, a line each."""


class AssignmentError(GraderError):
    """An assignment's folder lacks something, or holds something that cannot be used."""


class GateError(GraderError):
    """The tests of an assignment are not trustworthy enough to release it."""


class ExampleError(GraderError):
    """An answer file of the sample class cannot be used."""


class SubmissionError(GraderError):
    """A submission cannot be judged at all."""


class UnreadableError(SubmissionError):
    """A submission cannot be read as things are; that may pass, and need not be the student's fault."""


class GradebookError(GraderError):
    """The gradebook cannot be used."""


class RosterError(GraderError):
    """A list of students cannot be used."""


class NotReleasedError(GradebookError):
    """The gradebook does not know the assignment, or there is no gradebook yet."""


class ClusterError(GraderError):
    """The cluster cannot be used."""


class CourseError(GraderError):
    """A folder is no course."""
