# make run: set up, check and build the tables, serve the dashboard on localhost:8501
# make test: set up and run every check

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
# How many tests run side by side; who has none left takes some of the others.
JOBS ?= 2

.PHONY: run test setup setup-dev tables check lint screenshots bench clean

run: setup tables
	$(BIN)/python -m streamlit run app.py --server.address localhost --server.port $(PORT)

tables: setup
	$(BIN)/python -m loaders build

check: setup
	$(BIN)/python -m loaders check

test: setup-dev lint
	sh tests/browser/chromium.sh
	sh tests/postgresql.sh
	$(BIN)/python -m loaders check
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

screenshots: setup-dev
	$(BIN)/python -m tests.browser.screenshots

bench: setup-dev
	$(BIN)/python -m tests.bench.bench_statistics

setup: $(VENV)/run.done
setup-dev: $(VENV)/dev.done

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed. Name one: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.done: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt .
	@touch $@

$(VENV)/dev.done: $(VENV)/run.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt ".[dev]"
	@touch $@

clean:
	rm -rf $(VENV) build var/tables *.egg-info .pytest_cache .mypy_cache .ruff_cache
