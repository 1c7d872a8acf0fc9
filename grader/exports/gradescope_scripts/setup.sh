#!/usr/bin/env bash
# Gradescope runs this once, as root, while it builds the autograder's image.
set -euo pipefail

source=/autograder/source
environment=/autograder/grader-env
export DEBIAN_FRONTEND=noninteractive

apt-get update -qq
apt-get install -qq --yes --no-install-recommends ca-certificates libseccomp2 python3 python3-venv > /dev/null

# The grader needs Python 3.11. Ubuntu 22.04 calls an older one python3 and has newer ones beside it.
new_enough() { command -v "$1" > /dev/null && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; }
python=""
for name in python3 python3.13 python3.12 python3.11; do
    if ! new_enough "$name" && test "$name" != python3; then
        apt-get install -qq --yes --no-install-recommends "$name" "$name-venv" > /dev/null 2>&1 || continue
    fi
    if new_enough "$name"; then python=$name; break; fi
done
test -n "$python" || { echo "setup.sh: this image has no Python 3.11 or newer. Choose a newer base image." >&2; exit 1; }

"$python" -m venv "$environment"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check -r "$source/requirements.txt"
packages=$("$environment/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
cp -r "$source/engine/grader" "$source/engine/checks" "$packages/"

# Hidden tests, solutions and the course's secret are for root only.
chmod -R go-rwx "$source"

# An image that cannot grade must not be published: the released notebook is graded as a trial.
"$environment/bin/python" -m grader --course "$source/course" gradescope-run @ASSIGNMENT@ --trial
