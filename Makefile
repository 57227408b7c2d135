# Everything anybody runs here. Each target sets up what it needs, so `make demo` and `make test` work from a fresh clone.

PORT ?= 8000
LMS_PORT ?= 8001
BIN := .venv/bin

# A change in one of these means that the environment is set up again.
SETUP_INPUTS := scripts/setup.sh scripts/bootstrap.lock scripts/build.lock requirements.lock pyproject.toml \
	$(wildcard hatch_build.py plugins/*/pyproject.toml frontend/*.* frontend/css/* frontend/css/*/* frontend/js/* frontend/js/*/* frontend/img/*)

.DEFAULT_GOAL := help
SECONDS ?= 60
.PHONY: help setup demo test check bench fuzz lock messages assets docs clean

# What there is to run.
help:
	@awk '/^# /{text=substr($$0, 3)} /^[a-z]+:/{sub(/:.*/, ""); if (text) printf "  make %-10s %s\n", $$0, text} {if (!/^#/) text=""}' Makefile

# Make .venv ready, so that .venv/bin/lmssocial runs.
setup: .venv/.runtime-ready

.venv/.runtime-ready: $(SETUP_INPUTS)
	@sh scripts/setup.sh runtime
	@touch $@

.venv/.dev-ready: $(SETUP_INPUTS) requirements-dev.lock
	@sh scripts/setup.sh dev
	@touch .venv/.runtime-ready $@

.cache/.test-ready: .venv/.dev-ready scripts/test_services.sh scripts/chromium.py $(wildcard tests/platforms/*.lock) $(wildcard scripts/chromium/*.json)
	@sh scripts/test_services.sh
	@touch $@

# Serve the demo: the tool on PORT (8000) and a small LMS on LMS_PORT (8001). Ctrl-C stops both.
demo: setup
	@$(BIN)/lmssocial demo --port $(PORT) --lms-port $(LMS_PORT)

# Run every test: SQLite and PostgreSQL, a real browser, another LMS, the wheel. What fails runs once more, alone.
test: .cache/.test-ready
	@$(BIN)/python -m pytest -n 2 || { \
		[ $$? -eq 1 ] && echo "Once more, what failed:" && $(BIN)/python -m pytest --last-failed; }

# Lint, types, import contracts, templates, spelling. Changes nothing.
check: .venv/.dev-ready
	@sh scripts/check.sh

# Measure, each figure as a ratio to a floor measured in the same run; DATA=<folder>: hold scores against real grades.
bench: .venv/.dev-ready
	@$(BIN)/python -m benchmarks $(if $(DATA),--data "$(DATA)")

# Feed the renderer hostile texts for SECONDS (60).
fuzz: .venv/.dev-ready
	@$(BIN)/python -m scripts.fuzz --seconds $(SECONDS)

# Renew the lock files; versions already locked stay.
lock: .venv/.dev-ready
	@sh scripts/lock.sh

# Collect the texts for translators and compile the translations.
messages: .venv/.dev-ready
	@sh scripts/messages.sh

# Build the front-end assets anew from frontend/.
assets: .venv/.dev-ready
	@rm -rf lmssocial/web/static/dist
	@sh scripts/setup.sh dev

# Write the generated pages of docs/ anew.
docs: .venv/.dev-ready
	@$(BIN)/python -m scripts.docs

# Remove everything that was built or downloaded, except the demo's data in var/.
clean:
	@rm -rf .venv .cache build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
		lmssocial/web/static/dist frontend/node_modules
