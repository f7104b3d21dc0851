# Needs Python 3.11 or newer, make and a package index. `make demo` and `make test` are where to begin.
PORT ?= 8000
# Test processes side by side; JOBS=0 runs them in one.
JOBS ?= 2
PYTHON ?=
BIN := .venv/bin
RUN := $(BIN)/python -m
# A bench is a file in bench/ that runs by itself; what begins with an underscore is shared by several.
BENCHES := $(patsubst bench/%.py,%,$(filter-out bench/_%,$(wildcard bench/*.py)))

.PHONY: help demo test test-thorough check bench bench-pages lock install install-test catalogues
.NOTPARALLEL:

help:
	@echo "make demo [PORT=8001]  a whole portal on this machine, with people to log in as"
	@echo "make test              all tests (make test-thorough: with the long settings)"
	@echo "make check             style, types, architecture, templates, migrations, compose file, locks"
	@echo "make bench             all benchmarks (make bench-pages: one of them)"
	@echo "make lock              renew uv.lock and the requirements exported from it; needs uv"

install:
	@PYTHON=$(PYTHON) sh .ci/install requirements.txt

install-test:
	@PYTHON=$(PYTHON) sh .ci/install requirements-test.txt

demo: install
	@exec $(RUN) cooperation.demo --port $(PORT) --with-parent

catalogues: install-test
	@$(BIN)/python manage.py compile_catalogues

# Many tests start processes, and each would compile all that it imports where the environment forbids the copy.
test test-thorough: export PYTHONDONTWRITEBYTECODE =
test-thorough: export THOROUGH = 1

test: install-test catalogues
	$(RUN) pytest -q -n $(JOBS) -m "not thorough"

test-thorough: install-test catalogues
	$(RUN) pytest -q -n $(JOBS)

check: install-test catalogues
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(BIN)/lint-imports
	$(RUN) djlint --quiet --lint templates
	$(RUN) check_jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(RUN) mypy
	@sh .ci/lock --check

bench: install-test
	@for name in $(BENCHES); do $(RUN) bench.$$name || exit 1; done

bench-%: install-test
	@$(RUN) bench.$*

bench-pages: install-test
	@$(RUN) bench.pages

lock:
	uv lock
	@sh .ci/lock
