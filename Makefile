# Two commands do everything: `make demo` and `make test`. Each sets up what it needs in .venv.
# Without make: python -m freight.checkout demo, test, setup.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: demo test slow check docs setup setup-dev clean

demo:
	$(PYTHON) -m freight.checkout demo

test:
	$(PYTHON) -m freight.checkout test

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

.venv/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m freight.checkout setup

.venv/.ready-dev: pyproject.toml constraints.txt
	$(PYTHON) -m freight.checkout setup-dev

clean:
	rm -rf .venv demo-output dist build site
