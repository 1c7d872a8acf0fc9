"""JupyterHub for a course that this grader judges: docs/jupyterhub.md explains it, tests/hub/ runs it.

Start it as root, so that each student works as a Unix user of their own: jupyterhub -f jupyterhub_config.py
"""

import os
import shutil

c = get_config()  # noqa: F821

INSTRUCTOR = os.environ.get("COURSE_INSTRUCTOR", "instructor")  # a Unix user, who owns the course folder
STUDENTS = set(os.environ.get("COURSE_STUDENTS", "ada ben").split())  # Unix users
COURSE = os.environ.get("COURSE_FOLDER", f"/home/{INSTRUCTOR}/course")  # closed to students: it holds the solutions
COURSE_ID = os.environ.get("COURSE_ID", "convolution")  # as in nbgrader_config.py
EXCHANGE = os.environ.get("COURSE_EXCHANGE", "/srv/nbgrader/exchange")  # open to all, as nbgrader asks for
GRADED_ON_SUBMISSION = os.environ.get("COURSE_ASSIGNMENT", "convolution_step_by_step")

# Put your own authenticator here: PAM, the university's login, ... This one takes any password.
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allowed_users = STUDENTS | {INSTRUCTOR}
c.Authenticator.admin_users = {INSTRUCTOR}

c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"  # as the Unix user of the same name
# nbgrader's settings for everybody: course id and exchange. /etc/jupyter is read anyway.
c.Spawner.environment = {"JUPYTER_CONFIG_PATH": os.environ.get("COURSE_SETTINGS", "/etc/jupyter")}

# Each submission is judged when it arrives. The result is in the instructor's folder `results`, and is no grade yet:
# `nbgrader collect` and `grader autograde` write the gradebook.
c.JupyterHub.services = [
    {
        "name": "grader",
        "command": [
            str(shutil.which("grader")),
            "serve-folder",
            GRADED_ON_SUBMISSION,
            f"{EXCHANGE}/{COURSE_ID}/inbound",
            "results",
            "--exchange",
        ],
        "user": INSTRUCTOR,
        "cwd": COURSE,
    }
]
