# Attest. `make help` lists what there is. Needs Python 3.11 (with venv) and Node 20; everything else is fetched or optional.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
HOST ?= 127.0.0.1
JOBS ?= 2
ROUNDS ?= 10
ARGS ?=

BIN := .venv/bin
PY := $(BIN)/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
FRONT := $(shell find static/src package.json -type f 2>/dev/null)
PACKAGES := common media audit jobs ledger accounts qualifications centres portfolio assessments demo upkeep web config
# Tests decide their own settings; what a developer has set for a trial must not reach them.
CLEAN := env -u DATABASE_URL -u REDIS_URL -u S3_BUCKET -u DEBUG -u FILES_ORIGIN -u SITE_ORIGIN -u ALLOWED_HOSTS \
	-u CLAMD_ADDRESS -u EMAIL_URL \
	-u LEDGER_KEY -u LEDGER_KEY_FILE -u LEDGER_ORIGIN -u LEDGER_ANCHOR_FOLDER ATTEST_TESTING=1 SECRET_KEY=only-for-tests VAR_DIR=$(CURDIR)/var/test

.DEFAULT_GOAL := help
.PHONY: help setup run test test-full races coverage mutants lint format bench shots services

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20
	@echo; echo "  make run PORT=8001        make test ARGS='tests/jobs -k lease'"

setup: .venv/setup.stamp static/build/setup.stamp ## Make the environment: Python packages and the built front end

.venv/setup.stamp: requirements.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv .venv
	$(PIP) --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

node_modules/setup.stamp: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

static/build/setup.stamp: node_modules/setup.stamp $(FRONT)
	npm run --silent build
	@mkdir -p static/build && touch $@

run: setup ## Serve the site with its worker and the demo centres (PORT, HOST); data stays in var/
	@exec $(PY) tools/run.py --port $(PORT) --host $(HOST)

test: setup ## Run the tests embedded: SQLite, local files, no broker
	$(CLEAN) $(BIN)/pytest -n $(JOBS) --dist worksteal --durations=10 $(ARGS)

test-full: setup ## Run the same tests on PostgreSQL, Redis and an S3-compatible store
	$(CLEAN) $(if $(DATABASE_URL),DATABASE_URL=$(DATABASE_URL)) $(if $(REDIS_URL),REDIS_URL=$(REDIS_URL)) \
		$(PY) tools/full.py $(BIN)/pytest -n $(JOBS) --dist worksteal --durations=10 $(ARGS)

races: setup ## Go through the table of races on PostgreSQL again and again (ROUNDS=10)
	RACE_ROUNDS=$(ROUNDS) $(CLEAN) $(if $(DATABASE_URL),DATABASE_URL=$(DATABASE_URL)) \
		$(PY) tools/full.py $(BIN)/pytest -q -n $(JOBS) --dist worksteal tests/assessments/test_race_table.py -k at_once $(ARGS)

coverage: setup ## Print the branches of rules, access and services that no test takes
	COVERAGE_FILE=var/coverage $(CLEAN) $(BIN)/pytest -q -n $(JOBS) --dist worksteal -m "not browser" --cov --cov-report=term $(ARGS)

mutants: setup ## Put small faults into rules and services and see which the tests notice (ARGS="--sample 60 --seed 1")
	$(CLEAN) $(PY) tools/mutants.py $(ARGS)

lint: setup ## Check style, types, layers, templates and migrations
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy --explicit-package-bases $(PACKAGES) manage.py tools
	@$(BIN)/lint-imports > var/contracts.txt || { cat var/contracts.txt; exit 1; }
	$(BIN)/djlint --lint --quiet templates
	$(CLEAN) $(PY) manage.py makemigrations --check --dry-run
	npm run --silent check

format: setup ## Write the code the way the checkers want it
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format .

bench: setup ## Measure pages and uploads (see docs/performance.md)
	$(PY) tools/bench.py $(ARGS)

shots: setup ## Take the pictures of every screen at 390 and 1440 px
	$(PY) tools/shots.py $(ARGS)

services: setup ## Start Redis and an S3-compatible store for a trial, and a shell that knows them
	$(PY) tools/full.py $${SHELL:-bash}
