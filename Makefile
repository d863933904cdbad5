# Everything runs in .venv, which `setup` makes from requirements-dev.lock.
PYTHON ?= python3
VENV := .venv/bin

.DEFAULT_GOAL := demo
.PHONY: setup demo test faults lint bench

setup:
	@$(PYTHON) tools/bootstrap.py

demo: setup
	@$(VENV)/python manage.py demo

# ARGS goes to pytest: make test ARGS="-k coverage -x"
test: setup
	@$(VENV)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder $(ARGS)

# What kills and freezes servers, test by test; FAULT_ROUNDS says how often those that take turns are killed.
faults: setup
	@FAULT_ROUNDS=$${FAULT_ROUNDS:-4} $(VENV)/python -m pytest -m faults --verbose --durations 0 $(ARGS)

lint: setup
	@$(VENV)/ruff format --check .
	@$(VENV)/ruff check .
	@$(VENV)/mypy
	@find templates -name '*.html' -exec $(VENV)/djade --check --target-version 5.2 {} +
	@$(VENV)/python tools/check_templates.py
	@$(VENV)/python manage.py check
	@$(VENV)/python -W "ignore:Got an error checking a consistent migration history" manage.py makemigrations --check --dry-run

# BENCH_JSON=path writes the figures there as well.
bench: setup
	@$(VENV)/python -m tools.bench
