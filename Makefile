# The helpline assistant. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
UV := .tools/bin/uv
RUN := .venv/bin
export UV_PROJECT_ENVIRONMENT := .venv
export UV_LINK_MODE := copy
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export PYTHONPATH :=

.PHONY: help
help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: run
run: install ## install, train when the data has changed, start everything (Ctrl-C stops it)
	@exec $(RUN)/helpline run

.PHONY: install
install: .venv/.installed ## install uv, Python 3.10 and the locked packages, into the project

.venv/.installed: uv.lock pyproject.toml .python-version scripts/get-uv.sh
	@sh scripts/get-uv.sh
	@$(UV) sync --frozen --quiet || { echo "uv could not install the packages; the lines above say why."; exit 2; }
	@touch $@

.PHONY: train
train: install ## train the model (nothing happens when the data hasn't changed)
	@$(RUN)/helpline train

.PHONY: test
test: install browser ## all tests, the fast ones first
	@$(RUN)/helpline directory check
	@$(RUN)/ruff check --no-cache . && $(RUN)/ruff format --check . && $(RUN)/mypy
	@$(RUN)/python -m pytest -q tests/unit tests/content
	@$(RUN)/helpline train
	@$(RUN)/python -m pytest -q tests/understanding tests/conversations tests/privacy tests/handoff tests/browser

.PHONY: test-fast
test-fast: install ## the tests that need no model and no browser (under a minute)
	@$(RUN)/python -m pytest -q tests/unit tests/content

.PHONY: lint
lint: install ## ruff and mypy
	@$(RUN)/ruff check --no-cache . && $(RUN)/ruff format --check . && $(RUN)/mypy

.PHONY: directory
directory: install ## check the directory: numbers, hours, sources, and what is stale
	@$(RUN)/helpline directory check

.PHONY: evaluate
evaluate: train ## measure understanding and safety; writes reports/understanding.html (QUICK=1: sooner)
	@$(RUN)/helpline report $(if $(QUICK),--quick)

.PHONY: compare
compare: install ## the same examples and test lines: this pipeline, Rasa's own, nlp.js (PEER=nlpjs: one)
	@$(RUN)/python -m bot.training.compare $(if $(PEER),--peer $(PEER))

.PHONY: needles
needles: train ## send 2,000 conversations with invented words, then look for them everywhere
	@$(RUN)/python -m tests.privacy.needles --conversations 2000

.PHONY: bench
bench: train ## one table: start, latency, messages per second, memory
	@$(RUN)/python -m bot.training.bench

.PHONY: browser
browser: ## install Chromium when it is missing (for the tests)
	@sh scripts/get-browser.sh

.PHONY: clean
clean: ## remove what was made here, except models and state
	rm -rf .venv .tools .cache reports .rasa
