# make demo: see it at work.  make test: run the tests.  Both install what they need, once, into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
EXTRAS := spatial,duckdb,spark,serve,assistant,read,brief,plot,identity,notebooks,docs,neighbours,dev

.PHONY: demo test check ontology conformance docs pictures notebooks bench cluster screenshots format messages offline lock audit clean

demo: $(STAMPS)/base
	$(BIN)/chaingraph demo

test: $(STAMPS)/dev
	$(BIN)/python -m pytest --numprocesses auto

check: $(STAMPS)/dev
	$(BIN)/ruff format --check src tests graph bench docs notebooks
	$(BIN)/ruff check src tests graph bench docs notebooks
	$(BIN)/mypy
	$(BIN)/lint-imports

ontology: $(STAMPS)/dev
	$(BIN)/python -m pytest tests/ontology tests/test_ontology.py tests/test_rules.py tests/test_vocabulary.py

conformance: $(STAMPS)/dev
	$(BIN)/python -m tests.conformance

docs: $(STAMPS)/dev
	$(BIN)/python docs/generate.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@echo 'open site/index.html in a browser'

pictures: $(STAMPS)/dev
	$(BIN)/python docs/pictures.py

notebooks: $(STAMPS)/dev
	$(BIN)/python notebooks/run.py

bench: $(STAMPS)/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python bench/networks.py
	$(BIN)/python bench/agglomeration.py
	$(BIN)/python bench/chain.py
	$(BIN)/python bench/chain_growth.py --risk --write
	$(BIN)/python bench/page.py
	$(BIN)/python bench/briefing.py
	$(BIN)/python bench/build.py
	$(BIN)/python bench/query.py
	$(BIN)/python bench/diff.py
	$(BIN)/python bench/roster_speed.py
	$(BIN)/python bench/identity.py
	$(BIN)/python bench/endpoint.py $(if $(RDFLIB_ENDPOINT),--rdflib-endpoint '$(RDFLIB_ENDPOINT)')

cluster:
	@$(PYTHON) -m venv $(VENV)-cluster && $(VENV)-cluster/bin/python -m pip install --quiet --disable-pip-version-check --editable . pyspark==4.3.0 pyarrow || { echo "Spark cannot be installed; nothing was measured" >&2; exit 2; }
	$(VENV)-cluster/bin/python bench/cluster.py

screenshots: $(STAMPS)/dev
	$(BIN)/python bench/screenshots.py

format: $(STAMPS)/dev
	$(BIN)/ruff format src tests graph bench docs notebooks
	$(BIN)/ruff check --fix src tests graph bench docs notebooks

messages: $(STAMPS)/dev
	$(BIN)/python docs/messages.py

offline: $(STAMPS)/dev
	$(BIN)/python docs/offline.py

lock:
	uv pip compile constraints.txt --generate-hashes --no-deps --no-header --no-annotate --python-version 3.11.7 --quiet --output-file requirements.lock
	$(BIN)/python docs/bill_of_materials.py

audit:
	@$(PYTHON) -m venv $(VENV)-audit && $(VENV)-audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1 || { echo "no index can be reached: pip-audit cannot be installed, nothing was audited" >&2; exit 2; }
	@$(VENV)-audit/bin/python docs/audit.py

clean:
	rm -rf $(VENV) $(VENV)-audit $(VENV)-cluster build dist site .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache chaingraph-demo

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "chaingraph needs Python 3.11 or newer; name one with: make PYTHON=python3.11 ..." >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/base: $(STAMPS)/venv pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/venv pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[$(EXTRAS)]'
	if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --prefix tests/neighbours; fi
	@touch $@ $(STAMPS)/base
