# Everything starts here. `make demo` and `make test` need nothing but Python 3.11 or newer.
PYTHON ?= python3
ASSIGNMENT ?= convolution_step_by_step
ASSIGNMENTS := $(ASSIGNMENT) $(filter-out $(ASSIGNMENT),$(notdir $(patsubst %/,%,$(wildcard source/*/))))  # the default first
BIN := .venv/bin
SETUP := .venv/.installed
APT := apt-get update -qq && apt-get install -qq --yes

.PHONY: demo test lint setup lab edit figures data release sample-class autograde feedback report scores bench schema clean clean-class

demo: release sample-class autograde feedback report  ## the main job: release, sample class, scores, feedback, report
	@echo "Autograded notebooks: autograded/<student>/$(ASSIGNMENT)/"
	@echo "Feedback pages:       feedback/<student>/$(ASSIGNMENT)/$(ASSIGNMENT).html"
	@for file in $$(grep -l '^# %% language ' source/$(ASSIGNMENT)/private/sample_answers/*.py); do \
		language=$$(sed -n 's/^# %% language //p' $$file); student=$$(basename $$file .py); \
		echo "  in another language:  feedback/$$student/$(ASSIGNMENT)/$(ASSIGNMENT).html ($$language)"; done
	@echo "Class report:         reports/$(ASSIGNMENT).html"
	@echo "Gradebook:            gradebook.db"

test: setup lint  ## set up, lint, run the tests
	$(BIN)/python -m pytest --numprocesses=logical --maxprocesses=4 --dist=loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

setup: $(SETUP)  ## a virtual environment in .venv with the course's requirements and the grader

$(SETUP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv || { $(APT) python3-venv && $(PYTHON) -m venv --clear .venv; } \
		|| { echo 'Python needs its venv module: apt-get install python3-venv'; exit 1; }
	@$(PYTHON) -c 'import ctypes; ctypes.CDLL("libseccomp.so.2")' 2> /dev/null || { $(APT) libseccomp2; } \
		|| { echo 'The sandbox needs libseccomp: apt-get install libseccomp2'; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -e '.[dev]'
	cp grader/nbgrader_hooks/grader_formgrader.json .venv/etc/jupyter/jupyter_server_config.d/
	touch $@

lab: setup  ## open the release as a student sees it
	cd release/$(ASSIGNMENT) && $(CURDIR)/$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) $(ASSIGNMENT).ipynb

edit: setup  ## open the master; its kernels find the public and the hidden tests
	cd source/$(ASSIGNMENT) && PYTHONPATH=$$($(CURDIR)/$(BIN)/python -m grader.assignments.layout .) \
		$(CURDIR)/$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) $(ASSIGNMENT).ipynb

figures: setup  ## draw the notebooks' figures again
	for script in source/*/private/draw_figures; do PYTHONPATH=drawing $(BIN)/python $$script || exit 1; done

.PHONY: pictures
pictures: setup  ## take the pictures of pages in README.md and docs/ again, from those of `make demo`; needs Chromium
	PYTHONPATH=tests $(BIN)/python docs/take_pictures.py

.PHONY: architecture
architecture: setup  ## draw docs/architecture.svg again, from the imports in grader/
	$(BIN)/python docs/draw_architecture.py

data: setup  ## write public_tests.h5 again, from the masters' solutions and the misconceptions
	$(BIN)/grader data

# Side by side: these write to an assignment's own folders, and only read the gradebook.
side_by_side = @$(MAKE) --no-print-directory --jobs=2 --output-sync=line $(ASSIGNMENTS:%=$(1)-%)

# Other languages come after English, whose proofs hold for them: only texts and the same judgement are looked at.
languages_of = $(notdir $(patsubst %/,%,$(wildcard source/$(1)/private/languages/*/)))

release-of-%:
	$(BIN)/grader release $*
	$(if $(call languages_of,$*),$(BIN)/grader release $* $(addprefix --language ,$(call languages_of,$*)))

feedback-of-%:
	$(BIN)/nbgrader generate_feedback $* --force --log-level=ERROR

report-of-%:
	$(BIN)/grader report $*

release: setup  ## build release/ from the masters, if their tests prove themselves
	$(call side_by_side,release-of)

sample-class: setup  ## turn the assignments' sample answers into submissions
	for name in $(ASSIGNMENTS); do $(BIN)/grader sample-class $$name || exit 1; done

autograde: setup  ## grade new and changed submissions in submitted/
	for name in $(ASSIGNMENTS); do $(BIN)/grader autograde $$name || exit 1; done

feedback: setup  ## write a page for every student to feedback/
	$(call side_by_side,feedback-of)

report: setup  ## write the report of the class, one page, to reports/
	$(call side_by_side,report-of)

scores: setup
	$(BIN)/grader scores $(ASSIGNMENT)

schema: setup  ## write the tables of docs/result-schema.md, and the JSON Schema, from the types
	$(BIN)/python -m grader.results.schema_page docs

bench: setup  ## measure tests, calls, a submission and a class against stock nbgrader, and how often a mistake is named
	$(BIN)/python benchmarks/test_cost.py
	$(BIN)/python benchmarks/remote_call.py
	$(BIN)/python benchmarks/figures.py
	$(BIN)/python benchmarks/layer_speed.py
	for name in $(ASSIGNMENTS); do $(BIN)/python benchmarks/overhead.py --assignment $$name || exit 1; done
	$(BIN)/python benchmarks/class_throughput.py
	$(BIN)/python benchmarks/class_growth.py
	$(BIN)/python benchmarks/slow_submissions.py
	$(BIN)/python benchmarks/where_time_goes.py
	$(BIN)/python benchmarks/arrival.py
	$(BIN)/python benchmarks/report_page.py
	$(BIN)/python benchmarks/misconception_matching.py
	$(BIN)/python benchmarks/vectorised_convolution.py

clean:  ## remove the pages (feedback and reports), but not the results behind them
	rm -rf feedback reports

clean-class: clean  ## remove the class itself: submissions, results, and the gradebook with all manual entries
	rm -rf submitted gradebook.db autograded/*/ .grader
