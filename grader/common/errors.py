"""The grader's named errors. Every message names the file, the cell or the option, and the next step."""

import errno

REMEDIES = {
    errno.ENOSPC: "Free some space and start again: the submissions graded so far are kept.",
    errno.EDQUOT: "Free some space and start again: the submissions graded so far are kept.",
    errno.EROFS: "Make it writable, or grade a copy of the course.",
    errno.EACCES: "Fix its permissions and start again.",
    errno.EPERM: "Fix its permissions and start again.",
}
"""The next step for each error number of the operating system."""
HOPELESS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}
"""Error numbers of faults of the machine. The next submission would fail in the same way, so the run stops."""


def told(error: OSError) -> str:
    """The operating system's error as one line: the file, the error and its remedy."""
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}. {REMEDIES.get(error.errno or 0, 'Fix that and start again.')}"


class GraderError(Exception):
    """Base class of the errors that the command line shows as one line, without a traceback."""


class NotebookError(GraderError):
    """A notebook cannot be read."""


class MasterError(GraderError):
    """A master notebook is not fit for release. The message lists file, cell and remedy, one line per fault."""


class AssignmentError(GraderError):
    """An assignment's folder lacks a file, or holds one that cannot be used."""


class GateError(GraderError):
    """The tests of an assignment are not trustworthy enough to release it."""


class ExampleError(GraderError):
    """An answer file of the sample class cannot be used."""


class SubmissionError(GraderError):
    """A submission cannot be graded at all."""


class UnreadableError(SubmissionError):
    """A submission cannot be read at the moment. The cause may pass, and need not be the student's fault."""


class GradebookError(GraderError):
    """The gradebook cannot be used."""


class TableError(GraderError):
    """A file is not a table. The message does not name the file."""


class RosterError(GraderError):
    """A list of students cannot be used."""


class NotReleasedError(GradebookError):
    """The assignment is not in the gradebook, or there is no gradebook yet."""


class ClusterError(GraderError):
    """The cluster cannot be used."""


class LanguageError(GraderError):
    """A language is unknown, or a catalogue of translations cannot be used."""


class CourseError(GraderError):
    """A folder is not a course, or a file of the course cannot be used."""
