# Everything starts here. `make demo` and `make test` need nothing but Python 3.11 or newer.
PYTHON ?= python3
ASSIGNMENT ?= convolution_step_by_step
BIN := .venv/bin
SETUP := .venv/.installed
APT := apt-get update -qq && apt-get install -qq --yes

.PHONY: demo test lint setup lab figures data release sample-class autograde feedback scores bench clean

demo: release sample-class autograde feedback scores  ## the main job: release, sample class, autograde, scores, feedback
	@echo "Autograded notebooks: autograded/<student>/$(ASSIGNMENT)/"
	@echo "Feedback pages:       feedback/<student>/$(ASSIGNMENT)/$(ASSIGNMENT).html"
	@echo "Gradebook:            gradebook.db"

test: setup lint  ## set up, lint, run the tests
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

setup: $(SETUP)  ## a virtual environment in .venv with the course's requirements and the grader

$(SETUP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv || { $(APT) python3-venv && $(PYTHON) -m venv --clear .venv; }
	ldconfig -p | grep -q libseccomp.so.2 || { $(APT) libseccomp2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -e '.[dev]'
	touch $@

lab: setup  ## open the release as a student sees it
	cd release/$(ASSIGNMENT) && $(CURDIR)/$(BIN)/jupyter lab $(ASSIGNMENT).ipynb

figures: setup  ## draw the notebook's figures anew
	$(BIN)/python source/$(ASSIGNMENT)/draw_figures

data: setup  ## write public_tests.h5 anew from the master's solutions and the misconceptions
	$(BIN)/grader data $(ASSIGNMENT)

release: setup  ## build release/ from the master, if its tests prove themselves
	$(BIN)/grader release $(ASSIGNMENT)

sample-class: setup  ## turn the answers in examples/ into submissions
	$(BIN)/grader sample-class $(ASSIGNMENT)

autograde: setup
	$(BIN)/nbgrader autograde $(ASSIGNMENT) --force --log-level=ERROR

feedback: setup
	$(BIN)/nbgrader generate_feedback $(ASSIGNMENT) --force --log-level=ERROR

scores: setup
	$(BIN)/grader scores $(ASSIGNMENT)

bench: setup  ## measure what the tests, a remote call and a submission cost, the last against stock nbgrader
	$(BIN)/python benchmarks/test_cost.py
	$(BIN)/python benchmarks/remote_call.py
	$(BIN)/python benchmarks/overhead.py

clean:  ## remove what was generated, but for the release
	rm -rf submitted feedback gradebook.db autograded/*/
