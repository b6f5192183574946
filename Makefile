# One word per task. `make serve` needs Python 3.11 or later and make, nothing else.
PYTHON ?= python3
PORT ?= 8000
STORE := $(or $(KGTOOL_STORE),kgtool-store)
BIN := .venv/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
# Hashes come from the lock files, so a changed package fails instead of being installed.
INSTALL := $(PIP) install --require-hashes -r
EDITABLE := $(PIP) install --no-deps --no-build-isolation -e .
CODE := kgtool server.py tests bench docs

.DEFAULT_GOAL := help
.PHONY: help install serve data model test test-long lint format words docs screenshots bench lock clean FORCE

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

CLIENT := kgtool/web/client
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm --prefix $(CLIENT) --no-audit --no-fund --loglevel=error

install: .venv/.installed .venv/.pages ## .venv with kgtool in its bin, and the pages' scripts

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "kgtool needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) --version 2>&1 | head -1);" \
	       "name another one: make install PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/.installed: .venv/.python requirements.lock pyproject.toml README.md LICENSE
	@echo "installing kgtool into .venv"
	@$(INSTALL) requirements.lock
	@$(EDITABLE)
	@$(BIN)/python -m compileall -q kgtool
	@touch $@

# The scripts and styles of the pages, built by npm, which comes from PyPI, too; and the pages' words in French.
$(CLIENT)/node_modules/.installed: .venv/.installed $(CLIENT)/package-lock.json
	@$(NPM) ci --omit=dev > /dev/null
	@touch $@

.venv/.pages: $(CLIENT)/node_modules/.installed $(shell find $(CLIENT)/src $(CLIENT)/build.mjs kgtool/web/translations -type f -not -name '*.mo')
	@echo "building the pages' scripts"
	@$(NPM) run --silent build
	@$(BIN)/python -m kgtool.web.translations compile
	@touch $@

# What tests, lint and benchmarks need on top.
.venv/.developer: .venv/.installed requirements-dev.lock $(CLIENT)/package-lock.json
	@echo "installing what the tests need into .venv"
	@$(INSTALL) requirements-dev.lock
	@$(NPM) ci > /dev/null
	@touch $(CLIENT)/node_modules/.installed
	@touch $@

# The store is built again only when something that it is made of has changed.
ifneq ($(STORE),$(shell test -d '$(STORE)' && cat .venv/.built 2>/dev/null))
.venv/.built: FORCE
endif
.venv/.built: .venv/.installed $(shell find ontology data kgtool -type f -not -path 'kgtool/web/*' -not -name '*.pyc' 2>/dev/null)
	@$(BIN)/kgtool --store '$(STORE)' build
	@echo '$(STORE)' > $@

serve: .venv/.built .venv/.pages ## build the graph of ontology/ and data/, serve it at http://localhost:8000 (PORT=…)
	@$(BIN)/kgtool --store '$(STORE)' serve --port $(PORT)

# The graphs of the region's registries, from the data sets of KGTOOL_SHARED. The same files give the same bytes.
SHARED := $(or $(KGTOOL_SHARED),../shared)/open-data
SEED := $(patsubst %,--onto %,$(sort $(wildcard data/*.ttl)))
REGISTRY = $(BIN)/kgtool import $(1) $(SHARED)/$(2) --region hauts-de-france --retrieved 2026-11-23 $(SEED) -o data/registries/$(1).trig

data: .venv/.installed ## write data/registries/ again, from the data sets of KGTOOL_SHARED
	@mkdir -p data/registries
	@$(call REGISTRY,ror,ror/ror-detailed-51k.jsonl.gz) --date 2026-06
	@$(call REGISTRY,finess,registries/finess-dataesr-hospitals.jsonl.gz)
	@$(call REGISTRY,rnsr,registries/rnsr-structures-actives-2022.csv.gz) --onto data/registries/finess.trig

LINKING := $(or $(KGTOOL_SHARED),../shared)/open-data
model: .venv/.developer ## train the model of affiliations again, on the labelled strings of KGTOOL_SHARED
	@$(BIN)/kgtool link index -o .venv/organisations --ror $(LINKING)/ror/ror-names-all.tsv.gz \
	  --ror $(LINKING)/ror/ror-detailed-51k.jsonl.gz --rnsr $(LINKING)/registries/rnsr-structures-actives-2022.csv.gz
	@$(BIN)/python -m kgtool.link.affiliations.model_making --index .venv/organisations --gold $(LINKING)/affiliation-gold

test: .venv/.developer .venv/.pages lint ## install, check, run every test
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not long"
	@test -d "$${KGTOOL_SHARED:-../shared}" || \
	  echo "left out: the tests that need the shared data sets (none at $${KGTOOL_SHARED:-../shared})"

test-long: .venv/.developer .venv/.pages ## the long rounds
	@$(BIN)/python -m pytest -q -m long

lint: .venv/.developer ## ruff, mypy, the direction of imports
	@$(BIN)/ruff check --quiet $(CODE)
	@$(BIN)/ruff format --check --quiet $(CODE)
	@$(BIN)/mypy --no-error-summary
	@PYTHONPATH=. $(BIN)/lint-imports --no-logo > .venv/.imports 2>&1 || { cat .venv/.imports; exit 1; }
	@$(NPM) run --silent check

format: .venv/.developer ## put the code in the agreed form
	@$(BIN)/ruff check --quiet --fix $(CODE)
	@$(BIN)/ruff format --quiet $(CODE)
	@$(NPM) run --silent format

words: .venv/.developer ## gather the pages' words anew, for the translations
	@$(BIN)/python -m kgtool.web.translations gather

docs: .venv/.developer ## write docs/cli.md and the settings of docs/operating.md from the commands' own help
	@$(BIN)/python docs/write_cli.py
	@$(BIN)/python docs/write_settings.py

screenshots: .venv/.developer .venv/.pages ## take the pictures of docs/workbench.md again (needs Chromium)
	@$(BIN)/python docs/write_screenshots.py

.venv/.bench: .venv/.developer requirements-bench.lock
	@echo "installing what the benchmarks need into .venv"
	@$(INSTALL) requirements-bench.lock
	@touch $@

bench: .venv/.bench ## the benchmarks; results also in bench/results/
	@for file in bench/[a-z]*.py; do $(BIN)/python "$$file" || exit; done

lock: .venv/.developer ## pin every dependency again
	@for kind in "" "-dev" "-bench"; do \
	  CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --no-config --upgrade --generate-hashes --allow-unsafe \
	    --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options \
	    --build-deps-for editable $$(case "$$kind" in "") echo --extra pages;; -dev) echo --extra pages --extra test --extra dev;; -bench) echo --extra bench;; esac) \
	    -o requirements$$kind.lock pyproject.toml || exit; done

clean: ## remove what was made, the store aside
	@rm -rf .venv $(CLIENT)/node_modules kgtool/web/static/built dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
