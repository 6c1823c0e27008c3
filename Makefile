# Every target sets up what it needs by itself: Python 3.11 or newer and make are enough.
# The environment lives in .venv; stamp files in it say which lock it was made from.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run demo test simulate tamper lint format bench lock environment

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCKS := requirements requirements-build requirements-dev requirements-bench
PYTEST_ARGS ?= -n auto

# The first Python on PATH that runs and is new enough; a pyenv shim may exist and yet not run.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)

help:  ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(VENV)/.runtime  ## make .venv and install Mingpai with its locked dependencies

run: $(VENV)/.runtime  ## serve the register kept in $MINGPAI_HOME (./var)
	$(BIN)/mingpai serve

demo: $(VENV)/.runtime  ## fill an empty home (./var-demo) with the demonstration and serve it
	MINGPAI_HOME="$${MINGPAI_HOME:-./var-demo}" $(BIN)/mingpai demo --serve

test: $(VENV)/.dev  ## run every test, on SQLite and on PostgreSQL
	$(BIN)/python -m pytest $(PYTEST_ARGS)

simulate: $(VENV)/.dev  ## live through a whole year, as it should go and in all ways in which it may go wrong
	MINGPAI_SIMULATE=all $(BIN)/python -m pytest -s -v tests/simulation

tamper: $(VENV)/.dev  ## flip 20,000 bits of a log one by one, and notice every one
	MINGPAI_TAMPER=all $(BIN)/python -m pytest $(PYTEST_ARGS) tests/tamper

lint: $(VENV)/.dev  ## check style, types and who imports whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev  ## bring the code into its form
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: $(VENV)/.bench  ## measure, with durable databases
	$(BIN)/python -m tests.bench

lock: $(VENV)/.dev  ## resolve requirements*.in into requirements*.txt (UPGRADE=--upgrade for newer ones)
	for lock in $(LOCKS); do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-header --no-annotate \
			$(UPGRADE) $$lock.in --output-file $$lock.txt || exit 1; \
	done

environment:
	@test -n "$(PYTHON)" || { \
		echo "Mingpai needs Python 3.11 or newer; none was found on PATH (try: make PYTHON=/path/to/python3)" >&2; \
		exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
		echo "$(PYTHON) cannot make environments; on Debian and Ubuntu install python3-venv" >&2; \
		rm -rf $(VENV); exit 1; }

$(VENV)/.runtime: requirements.txt requirements-build.txt pyproject.toml | environment
	$(PIP) install --require-hashes -r requirements-build.txt -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements-bench.txt
	$(PIP) install --require-hashes -r requirements-bench.txt
	@touch $@
