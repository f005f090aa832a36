# The app and its checks. `make run` and `make test` are all a newcomer needs.
PYTHON ?= python3
PORT ?= 8501
VENV = .venv/bin
STREAMLIT = $(VENV)/python -m streamlit run app.py --server.port $(PORT)

.PHONY: run share test check bench pretrained printed nearest screenshots

run: .venv/run.installed
	$(STREAMLIT)

share: .venv/run.installed
	$(STREAMLIT) --server.address 0.0.0.0

test: .venv/dev.installed
	$(VENV)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/dev.installed
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy

bench: .venv/dev.installed
	$(VENV)/python -m tests.benchmarks

pretrained: .venv/run.installed
	$(VENV)/python -m scripts.make_pretrained

printed: .venv/run.installed
	$(VENV)/python -m scripts.make_printed

nearest: .venv/run.installed
	$(VENV)/python -m scripts.make_nearest

screenshots: .venv/dev.installed
	$(VENV)/python -m scripts.make_screenshots

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run.installed: requirements.txt constraints.txt | .venv/bin/python
	$(VENV)/python -m pip install --disable-pip-version-check --quiet -r requirements.txt
	touch $@

.venv/dev.installed: requirements.txt requirements-dev.txt constraints.txt | .venv/bin/python
	$(VENV)/python -m pip install --disable-pip-version-check --quiet -r requirements-dev.txt
	touch $@ .venv/run.installed
