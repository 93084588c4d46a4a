# The two commands that matter: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
SERVE ?= 1
PORT ?= 8888
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .make
export PATH := $(abspath $(BIN)):$(PATH)
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
# What numba compiled for a test is there for the next run and for subprocesses.
export NUMBA_CACHE_DIR := $(abspath $(STAMPS)/numba)
# Kernels of the browser tests start faster from compiled modules.
unexport PYTHONDONTWRITEBYTECODE
# Where the built extension is linked to its sources, pip would write into them.
INSTALL := rm -rf $(VENV)/share/jupyter/labextensions/deepview-lab && \
	SKIP_JUPYTER_BUILDER=1 $(BIN)/python -m pip install --quiet --editable
FRONT := $(shell find js/src style -type f 2>/dev/null) package.json tsconfig.json

.PHONY: help demo test lint format setup build test-python test-js test-browser test-wheel generate bench clean

help: ## list the tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(STAMPS)/demo $(STAMPS)/build ## set up, introspect the demo network headless, then serve JupyterLab on its notebook (SERVE=0: stop before)
	$(BIN)/python -m deepview_lab.demo
ifeq ($(SERVE),1)
	$(BIN)/jupyter lab --no-browser --port $(PORT) $(if $(filter 0,$(shell id -u)),--allow-root) examples/demo.ipynb
endif

test: setup lint test-python test-js test-wheel test-browser ## set up, then linters and types, Python, TypeScript, wheel and browser tests

setup: $(STAMPS)/dev $(STAMPS)/build ## make the environment with everything for development, and build the front end

$(BIN)/python:
	$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed. On Debian: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --upgrade pip

$(STAMPS)/demo: $(BIN)/python pyproject.toml install.json
	mkdir -p deepview_lab/labextension deepview_lab/static $(STAMPS)
	$(INSTALL) '.[demo]' 'jupyter-builder>=1.3'
	touch $@

$(STAMPS)/dev: $(STAMPS)/demo
	$(INSTALL) '.[dev]'
	touch $@

$(STAMPS)/node: package.json package-lock.json
	mkdir -p $(STAMPS)
	npm ci --no-audit --no-fund --loglevel=error
	touch $@

build: $(STAMPS)/build ## build the canvas and the JupyterLab extension
$(STAMPS)/build: $(STAMPS)/demo $(STAMPS)/node $(FRONT)
	npm run --silent build:prod
	$(BIN)/jupyter-builder develop . --overwrite
	touch $@

generate: $(STAMPS)/dev $(STAMPS)/node ## make the message schema, its TypeScript types and the golden messages from the Python source
	$(BIN)/python -m deepview_lab.transport.schema protocol/messages.schema.json
	$(BIN)/python -m tests.make_fixtures protocol/fixtures
	npm run --silent generate

lint: setup ## ruff, mypy, pyright, eslint, tsc, prettier, and whether generated files are current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	npm run --silent lint

format: setup ## format everything
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	npm run --silent format

test-python: setup ## the Python tests
	$(BIN)/python -m pytest

test-js: setup ## the TypeScript tests
	npm test --silent

test-wheel: setup ## build the wheel, install it in a clean environment without Node, look at what is in it
	$(BIN)/python -m pytest ui-tests/test_wheel.py

test-browser: setup ## a real JupyterLab in a real browser (installs Debian's Chromium when none is found)
	.ci/chromium
	$(BIN)/python -m pytest ui-tests --ignore ui-tests/test_wheel.py

bench: setup ## the benchmarks of docs/benchmarks.md
	for file in benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

clean: ## remove what was built and installed
	rm -rf $(STAMPS) $(VENV) node_modules lib dist deepview_lab/labextension deepview_lab/static
