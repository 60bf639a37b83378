# make setup   .venv with the `ringdesk` command, and the built desktop
# make run     set-up, then the demo at http://127.0.0.1:8080
# make test    set-up, then every check
# make lint    the checks that run nothing
# make bench   the published figures
# make lock    requirements/*.lock from pyproject.toml (UPGRADE=1 takes newer versions)
# make audit   known weaknesses of the pinned packages (asks the package registries' advisory services)

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)

.PHONY: setup run test lint bench lock audit format

setup: need-python
	@$(PYTHON) scripts/setup.py

run: setup
	@exec .venv/bin/ringdesk demo

test: need-python
	@$(PYTHON) scripts/setup.py --dev
	@.venv/bin/python scripts/check.py

lint: need-python
	@$(PYTHON) scripts/setup.py --dev
	@.venv/bin/python scripts/check.py --only lint

format:
	@.venv/bin/ruff check --quiet --fix . ; .venv/bin/ruff format --quiet .
	@cd desktop && npm run --silent format

bench: need-python
	@$(PYTHON) scripts/setup.py --dev
	@bench/run

lock:
	@.venv/bin/python scripts/lock.py $(if $(UPGRADE),--upgrade)

audit:
	@.venv/bin/uv tool run pip-audit --strict --require-hashes --disable-pip -r requirements/run.lock
	@cd desktop && npm audit --audit-level=moderate

.PHONY: need-python
need-python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found; install it, or name it: make setup PYTHON=/path/to/python3" >&2; exit 1; }
