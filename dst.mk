# The developer's commands: each target makes the environment if needed and calls `dst`. No change should be needed here.
# `make -f dst.mk` lists them.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
# uv does not read pip's settings: hand on a company's package mirror if pip has one.
PIP_MIRROR := $(or $(PIP_INDEX_URL),$(shell $(PYTHON) -m pip config list 2>/dev/null | sed -n "s/^.*\.index-url='\(.*\)'$$/\1/p" | tail -n 1))
ifneq ($(strip $(PIP_MIRROR)),)
export UV_DEFAULT_INDEX ?= $(PIP_MIRROR)
endif
BIN := $(CURDIR)/.venv/bin

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help setup demo doctor test cloudstage-test unit-test platform-test lint audit format lock pyclean tfclean clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## Install what is needed into .venv, from the lock
	@$(PYTHON) ops/bootstrap.py

demo: setup ## The main job: deploy the platform on this machine, run a job, query its table
	@$(BIN)/dst demo

doctor: setup ## Say what is missing on this machine, and how to get it
	@$(BIN)/dst doctor

test: setup cloudstage-test ## Every test: unit, contract, Terraform, platform, and cloudstage's own
	@$(BIN)/dst test

cloudstage-test: setup ## cloudstage's own tests
	@cd cloudstage && $(BIN)/pytest --numprocesses=auto --dist=loadfile

unit-test: setup ## The tests that take seconds
	@$(BIN)/dst test unit contract

platform-test: setup ## The tests that apply Terraform and start what is deployed
	@$(BIN)/dst test platform

lint: setup ## Style, types and Terraform format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@terraform fmt -check -recursive -diff terraform

audit: setup ## Security of Terraform and of the workflows
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python .audit
	@$(BIN)/uv pip sync --quiet --python .audit/bin/python --require-hashes requirements-audit.txt
	@.audit/bin/checkov --config-file .checkov.yaml
	@.audit/bin/zizmor --offline --no-progress --config .github/zizmor.yml .github
	@.audit/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yaml

format: setup ## Put code into the one format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@terraform fmt -recursive terraform

lock: setup ## Resolve the requirements anew, within what pyproject.toml allows
	@$(BIN)/python ops/lock.py

pyclean: ## Remove what Python leaves behind
	@find . -name __pycache__ -type d -not -path './.*/*' -prune -exec rm -rf {} +
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage test-results build

tfclean: ## Remove what Terraform leaves behind
	@find terraform -name .terraform -type d -prune -exec rm -rf {} +

clean: pyclean tfclean ## Stop and remove the cloudstages and every installed thing
	@if [ -x $(BIN)/dst ]; then $(BIN)/dst down --all --delete-data; fi
	@rm -rf .dst .venv .audit .uv .bootstrap.lock
