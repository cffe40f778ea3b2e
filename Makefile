# make build: set up what a user needs, then render this repository's own sessions.
# make test: set up the tools of development too, then check everything.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
BOX := tests/box/node_modules/ready
BROWSER := tests/browser/node_modules/ready

.PHONY: build test lint types unit fuzz docs replay bench clean

# As the action does it: the locked packages of requirements/runtime.txt, once, in a folder of the user's cache.
build:
	$(PYTHON) tools/start.py build

test: lint types unit

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/actionlint
	$(BIN)/zizmor --quiet --offline --pedantic .
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/session.yml
	$(BIN)/readingroom check
	$(BIN)/readingroom build --check

types: $(READY)
	$(BIN)/mypy

unit: $(READY) $(BOX) $(BROWSER)
	$(BIN)/pytest -q --numprocesses 2 --dist worksteal

# The property tests with examples that nobody has seen yet; each failure becomes an @example of its test.
fuzz: $(READY) $(BOX) $(BROWSER)
	HYPOTHESIS_PROFILE=fuzz $(BIN)/pytest -q --numprocesses 2 --dist worksteal -m hypothesis

docs: $(READY) $(BOX)
	$(BIN)/python tools/document.py
	$(BIN)/python tools/document_diagnostics.py
	$(BIN)/python tools/show_proposal.py

# A group's whole history on the GitHub in a box; takes minutes.
replay: $(READY) $(BOX)
	$(BIN)/python tools/replay.py --write docs/replay.md

bench: $(READY) $(BROWSER)
	$(BIN)/pip install --quiet --require-hashes -r requirements/bench.txt
	$(BIN)/python benchmarks/compare.py --write docs/performance.md
	$(BIN)/python benchmarks/whole_site.py --write docs/performance.md
	$(BIN)/python benchmarks/findings.py --write docs/performance.md

# The environment is created again only when what it is made from changes.
$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "readingroom needs Python 3.11 or newer")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# The emulator of GitHub that the tests run against; nothing of it is part of the product.
$(BOX): $(READY) tests/box/package-lock.json
	PATH="$(CURDIR)/$(BIN):$$PATH" NODE_OPTIONS=--use-system-ca npm ci --prefix tests/box --ignore-scripts --no-audit --no-fund --loglevel error
	touch $@

# Rules for accessibility, other readers of calendars and files, and a browser to try the site in: Debian's if none.
$(BROWSER): $(READY) tests/browser/package-lock.json
	PATH="$(CURDIR)/$(BIN):$$PATH" NODE_OPTIONS=--use-system-ca npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --loglevel error
	tests/browser/install
	touch $@

clean:
	rm -rf $(VENV) tests/box/node_modules tests/browser/node_modules dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
