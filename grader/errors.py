"""What can go wrong, by name. Every message names the file, the cell or the option, and the next step."""


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


class GradebookError(GraderError):
    """The gradebook cannot be used."""


class ClusterError(GraderError):
    """The cluster cannot be used."""


class CourseError(GraderError):
    """A folder is no course."""
