# The three things people do here. Windows users find the same as plain commands in the README.
PYTHON  ?= python3
JOBS    ?= 2
TF_EVAL = .venv/bin/tf-eval

.PHONY: help install evaluate test test-counties test-parts lab lint lock clean

help:
	@echo "make evaluate   from the agencies' extracts to the published site (output/site/index.html)"
	@echo "make test       run the tests"
	@echo "make lab        open the notebooks in JupyterLab"
	@echo "make lint       check style;  make lock  resolve the requirements again;  make clean  forget all results"

install:
	@$(PYTHON) bootstrap.py

# Where an evaluation fails there is a site all the same, which says so; the command still fails.
evaluate: install
	@$(TF_EVAL) synth oxfordshire --if-missing
	@$(TF_EVAL) check params/sources/synthetic_oxfordshire.yaml
	@$(TF_EVAL) run --jobs $(JOBS) || { $(TF_EVAL) site; exit 1; }
	@$(TF_EVAL) site

# Two halves of about the same length side by side: each keeps one processor busy.
test: install
	@OMP_NUM_THREADS=1 $(MAKE) --no-print-directory --jobs=2 test-counties test-parts

test-counties:
	@.venv/bin/python -m pytest -q tests/notebooks tests/pages tests/recovery --ignore-glob='*/recovery/test_did_*'

test-parts:
	@.venv/bin/python -m pytest -q tests/architecture tests/properties tests/reference tests/spec tests/unit \
	  tests/recovery/test_did_*.py

lab: install
	@.venv/bin/jupyter lab notebooks/start.ipynb

lint: install
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .

# Hashes, but no addresses: the lock installs from whatever index pip is set up with.
lock:
	uv pip compile pyproject.toml --extra build --extra test --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --output-file requirements.lock
	echo "pyspark>=4.1,<5" | uv pip compile - --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --output-file requirements-spark.lock
	printf "axe-playwright-python>=0.1.8\nhtml5validator-2>=1.1.5\nplaywright>=1.65\n" | uv pip compile - --universal \
	  --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	  --output-file requirements-pages.lock
	echo "textstat>=0.7.8,<0.7.9" | uv pip compile - --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --output-file requirements-readability.lock

clean:
	rm -rf output .pytest_cache .ruff_cache .hypothesis
