# make site   builds content/ into site/           make test   checks and tests everything
# make lint   the checks without the tests         make wheel  the package, into dist/
# make clean  removes what can be made again
#
# Each makes its own .venv, and test its node_modules. ARGS is handed on: make site ARGS=--strict,
# make test ARGS="-k quote".

python := .venv/bin/python
ARGS :=

.PHONY: site test lint wheel clean runtime dev
.NOTPARALLEL:

site: runtime
	@$(python) build.py $(ARGS)

test: lint
	@chromium="$$(.ci/chromium)" && node="$$(.ci/node)" && DUBEN_CHROMIUM="$$chromium" DUBEN_NODE="$$node" \
		$(python) -m pytest -n auto --dist worksteal $(ARGS)

lint: dev
	@$(python) -m ruff check --quiet --output-format concise .
	@$(python) -m ruff format --quiet --check .
	@$(python) -m mypy

wheel: runtime
	@$(python) -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

clean:
	@rm -rf .venv node_modules site dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find duben tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

runtime dev:
	@.ci/venv $@
