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
	@$(UV) sync --frozen --quiet --compile-bytecode || { echo "uv could not install the packages; the lines above say why."; exit 2; }
	@touch $@

.PHONY: train
train: install ## train the model (nothing happens when the data hasn't changed)
	@$(RUN)/helpline train

.PHONY: retrain
retrain: install ## train, judge and compare with the model in service (then: helpline promote)
	@$(RUN)/helpline retrain

.PHONY: promote
promote: install ## put the model of today's data in service, if it misses no gate
	@$(RUN)/helpline promote

.PHONY: rollback
rollback: install ## go back to the model that was in service before
	@$(RUN)/helpline rollback

.PHONY: test
test: install browser ## all tests, the fast ones first
	@$(RUN)/helpline directory check
	@$(RUN)/ruff check --no-cache . && $(RUN)/ruff format --check . && $(RUN)/mypy
	@$(RUN)/python -m pytest -q -n auto --dist worksteal tests/unit tests/content
	@$(RUN)/helpline train
	@$(RUN)/python -m pytest -q tests/understanding tests/conversations tests/privacy tests/handoff tests/desk tests/browser
	@$(RUN)/python -m pytest -q tests/learning

.PHONY: test-fast
test-fast: install ## the tests that need no model and no browser (under a minute)
	@$(RUN)/python -m pytest -q -n auto --dist worksteal tests/unit tests/content

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

.PHONY: handoffs
handoffs: train ## 500 handoffs with a tool that fails and a gateway that is killed every 20 s
	@$(RUN)/python -m tests.handoff.campaign --handoffs 500

.PHONY: bench
bench: train ## one table: start, latency, messages per second, memory
	@$(RUN)/python -m bot.training.bench

.PHONY: bench-web
bench-web: install browser ## how quick the page is on an old telephone: bytes, first message, 200 messages
	@$(RUN)/python -m tests.browser.bench_web

.PHONY: accessibility
accessibility: install browser ## test accessibility and date the statement (docs/accessibility-run.json)
	@ACCESSIBILITY_RUN=docs/accessibility-run.json $(RUN)/python -m pytest -q tests/browser/test_access.py

.PHONY: posters
posters: install ## posters to print, with the service's address: make posters ADDRESS=https://chat.example.be
	@$(RUN)/python -m bot.posters "$(ADDRESS)"

.PHONY: doctor
doctor: install ## say what is wrong with this installation, and the cure
	@$(RUN)/helpline doctor

.PHONY: audit
audit: install ## known weak points of the locked packages (needs the internet)
	@$(RUN)/python scripts/audit.py

.PHONY: sbom
sbom: install ## list all packages for machines: reports/sbom.json (CycloneDX)
	@mkdir -p reports
	@$(UV) tool run --quiet --from cyclonedx-bom==7.5.0 cyclonedx-py environment --output-reproducible --pyproject pyproject.toml -o reports/sbom.json $(RUN)/python
	@echo "reports/sbom.json"

.PHONY: licences
licences: install ## list the packages' licences: docs/licences.md
	@$(RUN)/python scripts/licences.py

.PHONY: manifests
manifests: install ## hold the Kubernetes files against the official schemas
	@for file in deploy/kubernetes/*.yml; do $(UV) tool run --quiet --from kubernetes-validate kubernetes-validate --strict --quiet $$file || exit 1; done
	@echo "all fit"

.PHONY: browser
browser: ## install Chromium, and Firefox if it can be had (for the tests)
	@sh scripts/get-browser.sh

.PHONY: clean
clean: ## remove what was made here, except models and state
	rm -rf .venv .tools .cache reports .rasa
