# Two commands do everything: `make demo` and `make test`. Each sets up what it needs in .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP_INSTALL := PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check
DEMO := demo-output

.PHONY: demo test slow check docs setup setup-dev clean

demo: .venv/.ready
	mkdir -p $(DEMO)
	$(BIN)/freight validate yangtze-europe
	$(BIN)/freight solve yangtze-europe --gap 0.002 --time-limit 100 --output $(DEMO)/plan.json --force
	$(BIN)/freight audit yangtze-europe $(DEMO)/plan.json
	$(BIN)/freight bill $(DEMO)/plan.json --instance yangtze-europe --all --format html --output $(DEMO)/bills.html --force
	$(BIN)/freight report $(DEMO)/plan.json --instance yangtze-europe --bills bills.html --output $(DEMO)/report.html --force

test: .venv/.ready-dev
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

slow: .venv/.ready-dev
	$(BIN)/python -m pytest -m slow --timeout 2400 --numprocesses 2 --dist loadfile

check: .venv/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# A link that leads nowhere ends the build. The pages are in site/.
docs: .venv/.ready-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --site-dir site

setup: .venv/.ready
setup-dev: .venv/.ready-dev

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.ready: .venv/bin/python pyproject.toml constraints.txt
	$(PIP_INSTALL) --editable ".[report]"
	touch $@

.venv/.ready-dev: .venv/.ready pyproject.toml constraints.txt
	$(PIP_INSTALL) --editable ".[dev,report]"
	touch $@

clean:
	rm -rf .venv $(DEMO) dist build site
