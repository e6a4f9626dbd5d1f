# Khua's six words; `make` alone prints them. What is needed: GNU make, and Python 3.11 or newer with venv.
#
# Everything is installed into .venv in this folder and nowhere else. Beside it lie copies of the files it was
# made from. When they change, or the folder moves, or Python gets another version, it is made anew.

PYTHON ?= python3
UV ?= uv

.PHONY: words bot test proof bench format clean lock .venv .venv-test

words:
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

bot: .venv ## start the bot (the first time, install it)
	@exec .venv/bin/khua bot

test: .venv-test ## style, types, floors and the fast tests
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	.venv/bin/python -m pytest -n 2 --dist worksteal

proof: .venv-test ## the long tests; their report is in build/proof
	@mkdir -p build/proof
	@{ .venv/bin/python -m pytest -vv -m proof --durations=20 --junit-xml=build/proof/report.xml; \
	   echo $$? >build/proof/exit; } | tee build/proof/report.txt
	@exit "$$(cat build/proof/exit)"

bench: .venv ## measure how fast it is here
	.venv/bin/python -m bench.run
	.venv/bin/python -m bench.understand
	.venv/bin/python -m bench.tally

format: .venv-test ## put the code into the house's style
	.venv/bin/ruff check --fix-only
	.venv/bin/ruff format

clean: ## remove all that these words made
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name .git -prune -o -type d -name __pycache__ -prune -exec rm -rf {} +

# ---- What the words stand on

PIP := .venv/bin/python -m pip --quiet --disable-pip-version-check install
VERSION := -S -c 'import sys; print("%d.%d" % sys.version_info[:2])'
# PYTHON given by hand wins over a .venv that works; the default does not.
GIVEN := $(filter-out file,$(origin PYTHON))

.venv:
	@stop() { echo "$$1" >&2; exit 1; }; \
	version=$$(.venv/bin/python $(VERSION) 2>/dev/null); \
	wanted=$(if $(GIVEN),$$($(PYTHON) $(VERSION) 2>/dev/null),$$version); \
	if [ "$$version" != "$$wanted" ] || [ "$$version $$(pwd -P)" != "$$(cat .venv/made 2>/dev/null)" ] \
	|| ! cmp -s requirements/bot.txt .venv/bot.txt; then \
	  version=$$($(PYTHON) $(VERSION) 2>/dev/null); \
	  $(PYTHON) -S -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || stop \
	    "Khua needs Python 3.11 or newer; $(PYTHON) is $${version:-not there}. Name another: make $(or $(MAKECMDGOALS),bot) PYTHON=python3.13"; \
	  $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || stop \
	    "$(PYTHON) cannot make a virtual environment. On Debian or Ubuntu, as root: apt install python3-venv"; \
	  echo "Installing Khua into .venv (20 MB to download, once) ..." >&2; \
	  rm -rf .venv && $(PYTHON) -m venv .venv && $(PIP) --require-hashes -r requirements/bot.txt \
	  && cp requirements/bot.txt .venv/bot.txt && echo "$$version $$(pwd -P)" >.venv/made || exit 1; \
	fi; \
	cmp -s pyproject.toml .venv/pyproject.toml \
	|| { $(PIP) --no-build-isolation --no-deps -e . && cp pyproject.toml .venv/pyproject.toml; }

.venv-test: .venv
	@cmp -s requirements/test.txt .venv/test.txt \
	|| { echo "Installing what the tests need (35 MB, once) ..." >&2; \
	     $(PIP) --require-hashes -r requirements/test.txt && cp requirements/test.txt .venv/test.txt; }

# The newest versions that pyproject.toml allows, for every system and Python. Needs uv.
LISTED := .venv/bin/python -c 'import functools, sys, tomllib; \
  print(*functools.reduce(dict.get, sys.argv[1:], tomllib.load(open("pyproject.toml", "rb"))), sep="\n")'
COMPILE := $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --custom-compile-command "make lock"

lock: .venv
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: install it, or name it: make lock UV=..." >&2; exit 1; }
	@$(LISTED) build-system requires | $(COMPILE) pyproject.toml - -o requirements/bot.txt
	@$(LISTED) project optional-dependencies test | $(COMPILE) - -c requirements/bot.txt -o requirements/test.txt
