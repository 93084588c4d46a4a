# The two commands that matter: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
SERVE ?= 1
PORT ?= 8888
VENV := .venv
TORCH_VENV := .venv-torch
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

.PHONY: help demo test test-fast test-ci lint lint-python lint-js lint-changed format setup build generate bench clean
.PHONY: test-python test-unit test-js test-wheel test-browser test-alone test-torch mutants
# Tests with these marks have a target of their own.
USUAL := not ci_only
BROWSER := $(BIN)/python -m pytest ui-tests --ignore ui-tests/test_wheel.py
# What changed since the commit before the last one.
CHANGED = $(shell git diff --name-only HEAD~1; git ls-files --others --exclude-standard)

help: ## list the tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(STAMPS)/demo $(STAMPS)/build ## set up, introspect the demo network headless, then serve JupyterLab on its notebook (SERVE=0: stop before)
	$(BIN)/python -m deepview_lab.demo
ifeq ($(SERVE),1)
	$(BIN)/jupyter lab --no-browser --port $(PORT) $(if $(filter 0,$(shell id -u)),--allow-root) examples/demo.ipynb
endif

test: ## set up, then Python, TypeScript and wheel beside the browser tests, linters and types
	$(MAKE) --no-print-directory -j2 $(STAMPS)/dev $(STAMPS)/node
	$(MAKE) --no-print-directory setup
	.ci/lanes "test-browser lint" "test-python test-js test-wheel" then "test-alone"

test-fast: setup ## for daily work: linters of what changed, Python tests but the slow ones, TypeScript tests
	.ci/lanes "test-unit" "lint-changed test-js"

test-ci: setup ## what only CI runs after `make test`: older ipykernels, training anew, fifty kills, a slow line
	.ci/chromium
	$(BIN)/python -m pytest -m ci_only
	$(BROWSER) -m ci_only

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
	$(BIN)/python -m deepview_lab.transport.wire.schema protocol/messages.schema.json
	$(BIN)/python -m tests.make_fixtures protocol/fixtures
	npm run --silent generate

lint: lint-python lint-js ## ruff, mypy, pyright, eslint, tsc, prettier, and whether generated files are current

lint-python: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright

lint-js: setup
	npm run --silent lint

lint-changed: $(if $(filter %.py %.toml,$(CHANGED)),lint-python) $(if $(filter %.ts %.tsx %.css %.mjs %.json,$(CHANGED)),lint-js)

format: setup ## format everything
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	npm run --silent format

test-python: setup ## the Python tests
	$(BIN)/python -m pytest -m "$(USUAL)" -n 2 --dist worksteal

test-unit: setup
	$(BIN)/python -m pytest -m "$(USUAL) and not slow" -n 2

test-js: setup ## the TypeScript tests
	npm test --silent

test-wheel: setup ## build the wheel, install it in a clean environment without Node, look at what is in it
	$(BIN)/python -m pytest ui-tests/test_wheel.py

test-browser: setup ## a real JupyterLab in a real browser (installs Debian's Chromium when none is found)
	.ci/chromium
	$(BROWSER) -m "$(USUAL) and not alone" -n 2 --dist worksteal

test-alone: setup ## the browser tests that weigh or time the product
	.ci/chromium
	$(BROWSER) -m "$(USUAL) and alone"

# PyTorch is large, so it has an environment of its own. TORCH_INDEX=https://download.pytorch.org/whl/cpu makes it smaller.
# All but PyTorch and the data sets of Hugging Face comes from the environment for development.
$(STAMPS)/torch: $(STAMPS)/dev
	$(PYTHON) -m venv $(TORCH_VENV)
	echo "import site; site.addsitedir('$$($(BIN)/python -c 'import site; print(site.getsitepackages()[0])')')" \
		> $$($(TORCH_VENV)/bin/python -c 'import site; print(site.getsitepackages()[0])')/shared.pth
	$(TORCH_VENV)/bin/python -m pip install --quiet $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) 'torch>=2.4' datasets
	touch $@

test-torch: $(STAMPS)/torch ## the tests of PyTorch's models and data, in an environment of their own
	$(TORCH_VENV)/bin/python -m pytest tests/torch

mutants: setup ## plant the faults of tests/mutants one at a time and see that a test catches each (ROOM=engine: those of one folder)
	$(BIN)/python -m tests.mutants.run $(ROOM)

bench: setup ## the benchmarks of docs/benchmarks.md
	for file in benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

clean: ## remove what was built and installed
	rm -rf $(STAMPS) $(VENV) $(TORCH_VENV) node_modules lib dist deepview_lab/labextension deepview_lab/static
