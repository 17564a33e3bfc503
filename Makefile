# On a fresh machine with Python 3.11, git and make: `make run`, `make test`.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run test check format lint types contracts torture bench snapshots wheel clean

run: $(STAMP)
	@$(BIN)/relui demo

test: $(STAMP)
	$(BIN)/pytest -n auto --dist worksteal

check: lint types contracts test

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

contracts: $(STAMP)
	$(BIN)/lint-imports

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
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
