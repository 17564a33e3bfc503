# On a fresh machine with Python 3.11, git and make: `make run`, `make test`.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Those that `check-all` tests with, where the machine has them.
PYTHONS ?= 3.11 3.13

.PHONY: run test check check-all coverage format lint types contracts hooks torture bench snapshots wheel clean

run: $(STAMP)
	@$(BIN)/relui demo

test: $(STAMP)
	$(BIN)/pytest -n auto --dist worksteal

check: lint types contracts coverage

# The same tests with the branches counted: fails below the floor in pyproject.toml.
coverage: $(STAMP)
	$(BIN)/pytest -n auto --dist worksteal --cov --cov-report=term

check-all: lint types contracts
	@for version in $(PYTHONS); do \
	  if python$$version -c '' 2>/dev/null; then \
	    $(MAKE) test PYTHON=python$$version VENV=.venv-$$version || exit 1; \
	  else echo "There is no python$$version here: not tested."; fi; \
	done

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

contracts: $(STAMP)
	$(BIN)/lint-imports

# Format, lint and types at every commit from now on.
hooks: $(STAMP)
	$(BIN)/pre-commit install

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The slow crash and soak tests.
torture: $(STAMP)
	$(BIN)/pytest -m torture -p no:xdist

# Ratios against a minimal Textual app and against a tenth of the data; never a test.
bench: $(STAMP)
	$(BIN)/python -m benchmarks all

# After a look at what changed: take the new looks over.
snapshots: $(STAMP)
	$(BIN)/pytest -n auto tests/ui --snapshot-update

wheel: $(STAMP)
	$(BIN)/python -m build --wheel

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("relui needs Python 3.11 or newer; set PYTHON=...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	$(BIN)/python -m compileall -q relui
	@touch $(STAMP)

clean:
	rm -rf $(VENV) .venv-* .coverage dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
