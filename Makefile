# Needs Python 3.11 or newer (with venv), make, and a package index. Everything else goes into .venv.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
# One more than there are cores, four at most: some tests only wait.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(min((os.cpu_count() or 1) + 1, 4))')

# Tests start the program many times; without bytecode it would be compiled each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check check-static bench lock
.DELETE_ON_ERROR:

run: $(VENV)/.ready-run
	@$(BIN)/python -m bot run

test: $(VENV)/.ready-dev
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

check: check-static test

check-static: $(VENV)/.ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.ready-dev
	$(BIN)/python -m bot bench

$(VENV)/.ready-dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked tools and libraries (first time only) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.ready-run

$(VENV)/.ready-run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked libraries (first time only) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/bin/python:
	@test -n "$(PYTHON)" \
	  || { echo "Qunyun needs Python 3.11 or newer: install it, or name it with 'make PYTHON=/path/to/python3.11 ...'." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python's venv is missing. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

lock:
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 --group build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 --group build --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock
