# Everything runs in .venv, which `setup` makes from requirements-dev.lock.
PYTHON ?= python3
VENV := .venv/bin

# Compiled modules are kept, whatever the shell says: compiling the tests takes each worker twelve seconds.
PYTEST := PYTHONDONTWRITEBYTECODE= $(VENV)/python -m pytest -p tests.slowest
# Each worker takes whole modules, the longest first.
PARALLEL := --numprocesses auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder
LOCK := $(VENV)/uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml

.DEFAULT_GOAL := demo
.PHONY: setup demo test quick faults lint lock bench

setup:
	@$(PYTHON) tools/bootstrap.py

demo: setup
	@$(VENV)/python manage.py demo

# ARGS goes to pytest: make test ARGS="-k coverage -x". SHORT leaves out what has a target of its own; CI takes it in.
SHORT ?= not faults and not benchmarks
test: setup
	@$(PYTEST) $(PARALLEL) -m "$(SHORT)" $(ARGS)

# What one runs between edits: no browser, no programs started and killed, not every address there is, fewer random
# examples. One area: make quick ARGS=tests/strategy
quick: setup
	@EXAMPLES=$${EXAMPLES:-0.25} $(PYTEST) $(PARALLEL) -m "not e2e and not slow and not faults and not benchmarks" $(ARGS)

# What kills and freezes servers, test by test; FAULT_ROUNDS says how often those that take turns are killed.
faults: setup
	@FAULT_ROUNDS=$${FAULT_ROUNDS:-4} $(PYTEST) -m faults --verbose --durations 0 $(ARGS)

lint: setup
	@$(VENV)/ruff format --check .
	@$(VENV)/ruff check .
	@$(VENV)/mypy
	@find templates -name '*.html' -exec $(VENV)/djade --check --target-version 5.2 {} +
	@$(VENV)/python tools/check_templates.py
	@$(VENV)/python manage.py check
	@$(VENV)/python -W "ignore:Got an error checking a consistent migration history" manage.py makemigrations --check --dry-run

# Keeps the versions that are there, unless ARGS="--upgrade" or ARGS="--upgrade-package django".
lock: setup
	@$(LOCK) --output-file requirements.lock $(ARGS)
	@$(LOCK) --group dev --output-file requirements-dev.lock $(ARGS)

# BENCH_JSON=path writes the figures there as well.
bench: setup
	@$(VENV)/python -m tools.bench
