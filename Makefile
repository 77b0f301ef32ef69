# The words people and CI both use. Needs python3 >= 3.11 and make; everything else is fetched, pinned and hashed.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup dev run test check proof bench tour lock
.DEFAULT_GOAL := help

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST)

setup:  ## environment and front-end files, without starting anything
	@$(PYTHON) tools/bootstrap.py

dev:  ## the same, with the tools for working on the code
	@$(PYTHON) tools/bootstrap.py --dev

run: setup  ## start everything, from an empty folder to an address
	@exec $(BIN)/anju run

test: dev  ## the whole suite on a real PostgreSQL that it starts itself
	@$(BIN)/python tools/verify.py
	@$(BIN)/pytest

check: dev  ## the fast half of the suite: style, types, layers, templates, the house
	@$(BIN)/python tools/verify.py
	@$(BIN)/pytest tests/house tests/config/test_migrations.py

proof: dev  ## long proofs as JSON: properties, crashes, races, mutation
	@$(BIN)/python -m tools.proof

bench: dev  ## speed as ratios in JSON
	@$(BIN)/python -m tools.bench

tour: dev  ## a walk through the product as its people, with pictures
	@$(BIN)/python -m tools.tour

lock: dev  ## renew the lock files after a change in pyproject.toml or package.json (needs uv and npm)
	@$(BIN)/python tools/lock.py
