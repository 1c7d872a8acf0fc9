"""Attacks that look for what is none of a student's business."""

from __future__ import annotations

import pytest

from escapes import fails_to_escape, trying
from hostile import Arena, Attack

OPEN = "data = open({!r}, 'rb').read(10_000)\nprint(data)\nif not data: raise OSError"
PATHS = [
    "/etc/shadow",
    "<outside>/canary.txt",
    "<course>/source/convolution_step_by_step/private/hidden_tests.py",
    "<course>/source/convolution_step_by_step/private/small_cases.py",
    "<course>/source/convolution_step_by_step/convolution_step_by_step.ipynb",
    "<course>/gradebook.db",
    "<course>/nbgrader_config.py",
    "<course>/grader/judging/exercise.py",
    "<course>/grader/sandbox/guest/serve.py",
    "/root/.bash_history",
    "/proc/1/environ",
    "/proc/self/environ",
    "/proc/1/mem",
    "/dev/mem",
    "/dev/sda",
    "/dev/kmsg",
    "/proc/kallsyms",
    "/etc/hostname",
    "../../../../../../etc/shadow",
    "/dev/fd/3",
    "/proc/self/root/etc/shadow",
    "/proc/self/cwd/../../etc/shadow",
]
FOLDERS = ["/", "/root", "/home", "/tmp", "/var", "/proc", "/sys", "<outside>", "<course>", "<course>/source"]
LIST = """
found = [name for folder in {} for name in (os.listdir(folder) if os.path.isdir(folder) else [])]
print(found)
if not {{'canary.txt', 'convolution_step_by_step', 'shadow', 'hidden_tests.py'}} & set(found): raise OSError
"""
WALK = """
places = "/home /tmp /var /srv /opt /etc <outside> <course>".split()
found = {name for place in places for _, _, names in os.walk(place) for name in names}
if not found & {"hidden_tests.py", "shadow", "canary.txt"}: raise OSError
"""
WAYS = [
    trying("listing folders", LIST.format(FOLDERS)),
    trying("walking", WALK),
    trying("symbolic link", "os.symlink('/etc/shadow', 'l')\nprint(open('l').read())"),
    trying("hard link", "os.link('<outside>/canary.txt', 'h')\nprint(open('h').read())"),
    trying("rename", "os.rename('<outside>/canary.txt', 'mine')"),
    trying("sendfile", "os.sendfile(1, os.open('<outside>/canary.txt', 0), 0, 100)"),
    trying("openat2", "native(libc.syscall(437, -100, b'<outside>/canary.txt', bytes(24), 24))"),
    trying("open by handle", "native(libc.open_by_handle_at(-100, bytes(128), 0))"),
    trying("NumPy", "import numpy\nprint(numpy.fromfile('<outside>/canary.txt', dtype='u1'))"),
    trying("memory map", "import numpy\nprint(bytes(numpy.memmap('<outside>/canary.txt', mode='r')))"),
    trying("HDF5", "import h5py\nh5py.File('<outside>/canary.txt', 'r')"),
    trying("picture", "from IPython.display import Image\nprint(Image(filename='<outside>/canary.txt').data)"),
    trying(
        "loader",
        "import importlib.machinery as m\nprint(m.SourceFileLoader('j', JUDGE).get_data(JUDGE))".replace(
            "JUDGE", "'<course>/grader/judging/exercise.py'"
        ),
    ),
    trying("import", "sys.path.append('<course>')\nimport grader.judging.exercise"),
    trying(
        "import from the source",
        "sys.path.append('<course>/source/convolution_step_by_step/private')\nimport hidden_tests",
    ),
    trying("shared library", "ctypes.CDLL('<outside>/canary.txt')"),
    trying("load magic", "get_ipython().run_line_magic('load', '<outside>/canary.txt')"),
    trying("run magic", "get_ipython().run_line_magic('run', '<outside>/canary.txt')\nraise OSError"),
    trying("writefile magic", "get_ipython().run_cell_magic('writefile', '<outside>/written', 'x')"),
    trying("writing", "open('<outside>/written', 'w').write('x')"),
    trying("appending", "open('<outside>/canary.txt', 'a').write('x')"),
    trying("truncating", "os.truncate('<outside>/canary.txt', 0)"),
    trying("deleting", "os.unlink('<outside>/canary.txt')"),
    trying("saving an array", "import numpy\nnumpy.save('<outside>/written', [1])"),
    trying("saving a figure", "import matplotlib.pyplot as p\np.savefig('<outside>/written.png')"),
    trying("shared memory", "from multiprocessing.shared_memory import SharedMemory as S\nS('x', True, 99)"),
    trying("environment", "if not [1 for name in os.environ if 'SECRET' in name or 'PWD' in name]: raise OSError"),
    trying(
        "environment, in C",
        "if not ctypes.cast(libc.getenv(b'SECRET_OF_THE_JUDGE'), ctypes.c_char_p).value: raise OSError",
    ),
    trying("arguments of processes", "if not glob.glob('/proc/[0-9]*/cmdline'): raise OSError"),
    trying("descriptors", "if not [fd for fd in range(4, 9999) if os.path.exists(f'/dev/fd/{fd}')]: raise OSError"),
]
PLACES = ["~", ".", "/tmp", "/dev/shm", "/var/tmp", "/home/student"]
SCAN = """
import ctypes, gc, sys
names = ["hidden" + "_tests", "mis" + "conceptions", "grader.judging.grade"]
names += ["grader.judging.exercise", "grader.assignments.assignment"]
found = [name for name in names if name in sys.modules]
texts = [text for text in gc.get_objects() if isinstance(text, str) and "canary-" in text]
frame, files = sys._getframe(), set()
while frame:
    files.add(frame.f_code.co_filename)
    found += [name for name in frame.f_globals if name in names]
    frame = frame.f_back
print("found", found, texts, [file for file in files if "judge" in file or "hidden" in file])
"""


def test_files_of_the_machine(arena: Arena) -> None:
    """Can a student read a file that was not given to them?"""
    fails_to_escape(arena, trying("files", *map(OPEN.format, PATHS)))


@pytest.mark.parametrize("attack", WAYS, ids=lambda attack: attack.name)
def test_ways_of_reading_and_writing(arena: Arena, attack: Attack) -> None:
    """Is there another way in, or out?"""
    fails_to_escape(arena, attack)


def test_the_own_process(arena: Arena) -> None:
    """Is there anything of the judge in the memory of the session?"""
    result = arena.repel(Attack("scan", before=SCAN))
    shown = [output["text"] for run in result.cells.values() for output in run.outputs if "text" in output]
    assert "found [] [] []\n" in shown


LEAVE = f"""
import builtins, numpy, os, sys
builtins.left = numpy.left = sys.left = 1
for place in {PLACES}:
    try: open(os.path.expanduser(place) + "/left", "w").write("left behind")
    except OSError: pass
"""
LOOK = f"""
import builtins, numpy, sys
found = [place for place in {PLACES} if os.path.exists(os.path.expanduser(place) + "/left")]
if not (found or hasattr(builtins, "left") or hasattr(numpy, "left") or hasattr(sys, "left")): raise OSError
"""


def test_another_submission(arena: Arena) -> None:
    """Does one submission find what an earlier one left?"""
    arena.repel(Attack("leave", before=LEAVE))
    fails_to_escape(arena, trying("look", LOOK))
