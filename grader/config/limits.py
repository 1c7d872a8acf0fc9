"""Every limit of the engine that a course does not set, with its unit. `sandbox/limits.py` has those of a session.

A limit bounds the cost of untrusted bytes, or the wait for a machine. Sizes of a layout, such as the number of bars in
a chart, stand next to the layout.
"""

from __future__ import annotations

# ---------------------------------------------------------------- submissions

NOTEBOOK_FILE_BYTES = 256_000_000
"""Bytes of a notebook's file with its outputs. A larger file is not opened."""
NOTEBOOK_FILE_VALUES = 10_000_000
"""Values in a notebook's file when its outputs are skipped. More take seconds, and no cell shows as many."""
NOTEBOOK_VALUES = 500_000
"""Values in a notebook's file that is parsed. Each takes up to 100 bytes of memory; 60 KB hold a few thousand."""
NOTEBOOK_LISTS = 20_000
"""Lists of outputs that are skipped in a notebook's file. More take longer than a second or two."""
NOTEBOOK_STEPS = 1_000_000
"""Brackets of nested values that are skipped in those lists."""
NOTEBOOK_READS = 5
"""Attempts to read a notebook that changes during the reading."""
NOTEBOOK_READ_PAUSE_SECONDS = 0.05
"""Seconds between two attempts to read a notebook."""
NOTEBOOK_CELLS = 2000
"""Cells of a notebook. A notebook with more is not judged."""
ATTACHMENTS_CHARACTERS = 20_000_000
"""Characters (base64) of all pictures pasted into a notebook's text cells together. Larger ones are left out."""
ATTACHMENTS = 500
"""Pictures pasted into a notebook's text cells. Further ones are left out."""
BESIDE_BYTES = 20_000_000
"""Bytes of all files beside a notebook together. Files beyond that are left out."""
BESIDE_FILES = 500
"""Files beside a notebook. Further ones are left out."""
# a walk calls itself for each level, and Python allows a thousand
BESIDE_DEPTH = 50
"""Folders inside each other beside a notebook. Deeper ones are left out."""
BESIDE_FOLDERS = 10_000
"""Folders beside a notebook. Further ones are left out."""
ERROR_NAME_CHARACTERS = 500
"""Characters of an exception's name in an output."""
TIMESTAMP_BYTES = 1000
"""Bytes of a submission's timestamp.txt. A longer one is no timestamp."""

# ---------------------------------------------------------------- judging

SUBSTITUTE_CALLS = 20_000
"""Calls of the reference that one carried-forward exercise may make."""
SUBSTITUTE_BYTES = 16 << 20
"""Bytes of the arguments that one carried-forward exercise may send to the reference."""
LENT_CALLS_FACTOR = 10
"""Calls of a lent function for each call that the reference makes. An answer may call it per image, not per batch."""
LENT_SIZE_FACTOR = 2
"""Size of an argument for a lent function, relative to the reference's. An answer may use another precision."""
LENT_SIZE_MARGIN_BYTES = 1024
"""Bytes on top of that size, for names and frames."""
# a second judgement of failed exercises must not double the time of a class
CARRY_FORWARD_SHARE = 0.5
"""Time of all attempts to carry forward, as a fraction of the time of a submission's main session."""
CARRY_FORWARD_TRIES = 2
"""Attempts to run the earlier cells again. A cell that only just kept its time limit may miss it here."""
HURRIED_CELL_SECONDS = 0.3
"""Seconds of a cell that defines nothing, after a time limit in the same submission. Right ones take less."""
HURRIED_CALL_SECONDS = 0.25
"""Seconds of a call whose helper has reached a time limit. The attempt with a working helper has the full limit."""
IDLE_GRACE_SECONDS = 0.25
"""Seconds that a session may wait after a submission has used up its waiting time. On a loaded machine, a session that
computes all the time seems to wait for a part of this, as its messages do."""
REFERENCE_STATEMENT_SECONDS = 60.0
"""Seconds of one statement of the master, when the tests' side runs it. An endless loop would hang every command."""
SUBSTITUTE_SECONDS = 5.0
"""Seconds of one call of the reference. The student's code chooses its arguments."""
FAILED_LINES = 5
"""Lines of a failed cell that are named in addition to the first."""
FAILED_LINE_CHARACTERS = 80
"""Characters of a failed line that are shown."""
FAILED_LINE_ERROR_CHARACTERS = 200
"""Characters of its error that are shown."""
CANDIDATES = 8
"""Misconceptions that are tried on one answer. With more candidates no test can tell them apart."""
CANDIDATE_SECONDS = 2.0
"""Seconds of a grade cell on one misconception, because a misconception may loop."""
PROBE_SECONDS = 2.0
"""Seconds of a student's functions on the probes of all exercises together."""
SMALL_SECONDS = 2.0
"""Seconds of a student's functions on small cases. After them no further case begins."""
PICTURE_SECONDS = 2.0
"""Seconds of a student's functions for the pictures of their windows. After them no further picture begins."""
SMALL_CASES = 80
"""Small cases that are tried in the search for the smallest failing input."""
CASE_LINES = 24
"""Lines of one value in a comment of the minimal counterexample's cell."""

# ---------------------------------------------------------------- results

# a finding may quote a value of the student's function, and that value may have any size
TEXT_CHARACTERS = 5000
"""Characters of one finding or error in a result. The rest is cut."""
STORE_NAME_CHARACTERS = 200
"""Characters of a file's name in the result store, of the 255 bytes that file systems allow."""

# ---------------------------------------------------------------- an assignment that is being written

WATCH_LOOK_MILLISECONDS = 500
"""Milliseconds without a report of the system, after which `grader watch` looks at the files all the same."""
WATCH_STEP_MILLISECONDS = 20
"""Milliseconds within which two reports that follow one another are one."""
WATCH_GROUP_MILLISECONDS = 100
"""Milliseconds that reports are collected for at most, so that the edited exercise is proved at once."""
WATCH_STOP_SECONDS = 5
"""Seconds that the gate's process has to remove its files when it is broken off."""

# ---------------------------------------------------------------- a class

# a typical notebook takes 0.3 s, and every tenth submission of a class may loop without doubling the run
FIRST_SECONDS = 1.5
"""Seconds of own time of one notebook's cells and calls at its turn in a run. A slower one is judged at the end."""
FIRST_CELL_SHARE = 0.2
"""Part of the limits that the master's cells have of their own, such as for training. It is added to FIRST_SECONDS."""
ARRIVAL_SECONDS = 4.0
"""Seconds of own time of a notebook that arrives in a watched folder. A slower one waits until no other does."""
NOTHING_LEFT_SECONDS = 0.01
"""Seconds below which a submission's time is used up. Differences of measured times do not end exactly at 0."""
AGAIN_SECONDS = 60.0
"""Seconds of own time for all submissions together that were put off, at the end of the run, at most."""
# two loops, each in one function, take 11 s, and twice that on a busy machine
SLOW_LEAST_SECONDS = 25.0
"""Seconds of own time that all of them have in any case, at their turns and at the end. A small class takes as long."""
SLOW_TIME_SHARE = 0.8
"""Own time of all of them, at their turns and at the end, relative to the others' time. 1.0 would double a run."""
SLOW_SHARE = 0.25
"""Fraction of a run's submissions from which on those that were put off have their full time: few students loop."""
SLOW_CLASS_SHARE = 0.75
"""Fraction of the submissions so far that are put off, from which on none is: the assignment itself is slow."""
SLOW_CLASS_SIZE = 30
"""Submissions before that fraction means anything."""
# a transaction for each submission would write the database's file once per student
BATCH = 25
"""Submissions in one transaction of the gradebook."""
BATCH_SECONDS = 2.0
"""Seconds after which a transaction is written even if it is not full."""
LOG_BYTES = 5_000_000
"""Bytes of the log of a course's runs. A longer log is renamed, and a new one begins."""
# more than one, because a worker may also die by chance, for example when the machine runs out of memory
JOB_TRIES = 3
"""Workers that one submission may crash before the run gives up on it."""
JOBS_AHEAD = 3
"""Jobs per worker that run or wait in line. More would only fill memory."""
CLUSTER_CONNECT_SECONDS = 20.0
"""Seconds that a cluster's scheduler has for its answer."""
CLUSTER_PATIENCE_SECONDS = 60.0
"""Seconds that a run waits without a single worker. The cluster may be replacing its workers."""
CLUSTER_LOOK_SECONDS = 5.0
"""Seconds between two looks at a cluster's workers."""
# programs write a large file in several steps, and the first report of it may come after the first step
ARRIVAL_REST_SECONDS = 0.03
"""Seconds between the two looks at a notebook that has arrived. It is graded if both looks find the same bytes."""
FOLDER_LOOK_MILLISECONDS = 1000
"""Milliseconds between two looks at a watched folder when no change is reported."""
CHANGES_STEP_MILLISECONDS = 10
"""Milliseconds within which the next change joins the same group."""
CHANGES_GROUP_MILLISECONDS = 100
"""Milliseconds of a group of changes, at most."""
SECRET_WAIT_SECONDS = 2.0
"""Seconds to wait for another process that writes the course's secret, on a file system without hard links."""
UNFINISHED_SECONDS = 5.0
"""Seconds without a change after which a notebook in a watched folder is graded even if it is cut short."""
LEFT_PART_SECONDS = 60.0
"""Seconds after which a half-written result belongs to no running service. Writing one takes a moment."""

# ---------------------------------------------------------------- pages and analysis

# far more than any honest page needs, so that a busy machine loses none
PAGE_SECONDS = 20.0
"""Seconds for the page of one notebook. A typical page takes 0.1 s, the largest of a class 1 s."""
PAGE_MEMORY_BYTES = 1 << 30
"""Bytes of memory for the page of one notebook, in addition to the memory of the process that asks for it."""
LIVE_NAME_CHARACTERS = 255
"""Characters of a student's name on the live page."""
LIVE_LINE_CHARACTERS = 1000
"""Characters of a score or of a problem's line on the live page."""
FINDING_SEARCH_CHARACTERS = 10_000
"""Characters of a finding, or of a line of a traceback, that are searched for paths of the machine."""
TRACEBACK_LINES = 1_000
"""Lines of a traceback that are searched for paths of the machine."""
FORMGRADER_MARKDOWN_CHARACTERS = 20_000
"""Characters of one text that the Formgrader renders as Markdown."""
FORMGRADER_SEARCH_CHARACTERS = 4_000_000
"""Characters that the Formgrader's search for the ends of a text's formulas may read."""
FORMGRADER_HTML_CHARACTERS = 1_000_000
"""Characters of one output's HTML in the Formgrader."""
FORMGRADER_CODE_CHARACTERS = 100_000
"""Characters of one cell's code in the Formgrader."""
FORMGRADER_LINE_CHARACTERS = 2_000
"""Characters of the longest line of code that the Formgrader colours."""
FORMGRADER_ADDRESS_CHARACTERS = 6_000_000
"""Characters of one picture's address in the Formgrader, which may hold the picture itself."""
CODE_CHARACTERS = 30_000
"""Characters of a cell's code on a page."""
OUTPUT_CHARACTERS = 6_000
"""Characters of one output on a page."""
OUTPUT_LINES = 150
"""Lines of one output on a page."""
LINE_CHARACTERS = 2_000
"""Characters of one line on a page."""
COLOURED_CHARACTERS = 400
"""Characters of the longest line of code that is coloured. A longer line is no code, or slows the colouring down."""
CELL_PICTURES = 8
"""Pictures of one cell on a page."""
PICTURE_BYTES = 4 << 20
"""Bytes of one picture on a page."""
# a PNG of a few bytes can announce a picture that fills the memory of a browser
PICTURE_SIDE = 8192
"""Pixels of a picture's longer side."""
PICTURE_PIXELS = 1 << 24
"""Pixels of one picture on a page."""
DRAWING_CHARACTERS = 60_000
"""Characters of an SVG that an assignment draws of an answer. A longer one is left out; its words stay."""
COMMENT_CHARACTERS = 20_000
"""Characters of an instructor's comment on a page."""
FORMULA_CHARACTERS = 1_000
"""Characters of one formula in a comment. A longer formula is shown as TeX source."""
FORMULAS = 100
"""Formulas of one comment that are converted. Further formulas are shown as TeX source."""
ANSWER_LINES = 60
"""Lines of an answer that the class report shows."""
ANSWER_CHARACTERS = 20_000
"""Characters of an answer that the class report parses. A longer answer would slow the parser down."""
EXAMPLES_READ = 8
"""Notebooks that are opened in the search for an example of a mistake."""
LEFT_OUT_STATEMENTS = 3
"""Statements of one cell that may end the session. Each of them takes up to the time limit."""
IDLE_SESSIONS = 8
"""Further sessions of a submission that has used up its waiting time."""
SINGLE_MISTAKE_SECONDS = 0.5
"""Seconds for one call of a mistake of the catalogue, because a mistake may loop."""
MISTAKE_UNIONS = 2000
"""Unions of sets of mistakes that are tried on one answer."""
MISTAKE_WAYS = 12
"""Ways to write one set of mistakes."""
EXTENDED_SETS = 12
"""Sets of mistakes close to an answer. Each is tried again with one more mistake."""
BEHAVIOUR_NUMBERS = 10_000
"""Numbers of one output that are compared with a mistake's."""
ANSWER_PIECES = 6
"""Cells that may be joined into one answer, at most."""
ASSERT_PARTS = 8
"""Values that the explanation of a failed assert shows."""
SCRIPT_BYTES = 2_000_000
"""Bytes of a script that was handed in as a notebook. Nobody writes a longer one."""
GRADESCOPE_METADATA_BYTES = 1_000_000
"""Bytes of Gradescope's description of a submission."""
SIZE_CHARACTERS = 60
"""Characters of a type's name that a partly done function is told of. Longer ones are left out."""
SIZE_AXES = 8
"""Axes of a shape that a partly done function is told of."""
SIZE_NUMBER = 10**12
"""Largest number that a partly done function is told of, because Python refuses to write out a huge one."""
LIKENESS_CHARACTERS = 20_000
"""Characters of an answer that are compared with other students' answers."""
LIKENESS_PAIRS = 20
"""Pairs of alike submissions that the class report shows."""
