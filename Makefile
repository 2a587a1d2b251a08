# Tasks for development; `make` lists them. Tests run in the virtual environment that `make setup` creates.

VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup check test bench pictures long

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## create .venv with everything for tests and checks
	python3 -m venv $(VENV)
	$(BIN)/pip install --quiet -e '.[test,lint]'

check: ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: ## all tests: the quick ones, then those with terminals, shells and processes of their own
	$(BIN)/pytest -m "not alone"
	$(BIN)/pytest -m alone

bench: ## measure every row of the speed page at 10,000 shows
	$(BIN)/python -m tests.bench

pictures: ## regenerate the tables and pictures of README and manual
	$(BIN)/python -m screenshots.tables
	$(BIN)/python screenshots/take.py

long: ## the long random runs, whose figures the promises page quotes
	$(BIN)/pytest --long --figures tests/trust/figures.json tests/trust/test_input.py tests/trust/test_undo_fuzz.py
