# Themetrail: what one types. Each target says what it does, and is safe to repeat.
#
#   make study    the environment, then the demonstration study
#   make test     what the tests need, then every check
#
# PYTHON=… names the interpreter, VENV=… the environment's folder, CORES=… how many to use.

SHELL := /bin/sh
VENV ?= .venv
CORES ?=
BIN := $(VENV)/bin
# A file keeps to one worker: its expensive study is made once.
PYTEST_ARGS ?= -n auto --dist loadfile
export VENV PYTHON
.DEFAULT_GOAL := help
.PHONY: help study environment environment-test environment-slurm browser clients test test-slurm fuzz lint format docs pictures lock clean

help:  ## what can be made
	@echo 'make …'
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 22

study: environment  ## regenerate the demonstration study: results/ and reports/
	@$(BIN)/themetrail run $(if $(CORES),--cores $(CORES))

test: environment-test browser clients lint  ## every check and test; installs what they need
	@echo 'themetrail: running the tests …'
	@THEMETRAIL_CLIENTS=$(abspath $(VENV))/beside $(BIN)/python -m pytest $(PYTEST_ARGS)

test-slurm: environment-test  ## a run on a SLURM cluster of this machine's own, broken on purpose
	@workflow/tools/slurm.sh; case $$? in \
		0) THEMETRAIL_SLURM=yes $(BIN)/python -m pytest -p no:xdist tests/slurm ;; \
		3) ;; \
		*) exit 1 ;; \
	esac

fuzz: environment-test  ## damage files for MINUTES (60) and read them, the least fuzzed READER first
	@workflow/tools/beside.sh fuzz
	@PYTHONPATH="$$(echo $(VENV)/beside/fuzz/lib/python*/site-packages)" \
		$(BIN)/python tests/fuzz/run.py $(READER) --minutes $(or $(MINUTES),60)

lint: environment-test  ## style, types, and Snakemake's own advice
	@echo 'themetrail: checking style and types …'
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/snakefmt --check --compact-diff Snakefile workflow
	@$(BIN)/python workflow/tools/lint_workflow.py

format: environment-test  ## rewrite the code in the project's style
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .
	@$(BIN)/snakefmt Snakefile workflow

docs: environment-test  ## rewrite the reference pages that are made from the code
	@$(BIN)/python workflow/tools/reference.py

pictures:  ## the README's pictures, from the paper as it is (needs poppler's pdftoppm)
	@for page in 1 2; do \
		pdftoppm -r 100 -f $$page -l $$page -singlefile -png reports/paper.pdf docs/images/paper-$$page; \
	done

lock: environment-test  ## resolve the dependencies anew (UPGRADE=1 takes newer versions)
	@workflow/tools/lock.sh $(if $(UPGRADE),--upgrade)
	@$(BIN)/python workflow/tools/conda_environment.py

clean:  ## remove everything that a run makes; the environment stays
	rm -rf results logs .snakemake .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find reports -mindepth 1 -maxdepth 1 ! -name manuscript -exec rm -rf {} +

environment:  ## only the environment of the study
	@workflow/tools/environment.sh study

environment-slurm:  ## the environment of a study whose jobs a SLURM cluster does
	@workflow/tools/environment.sh slurm

environment-test:  ## only the environment of the tests
	@workflow/tools/environment.sh test

browser: environment-test
	@workflow/tools/browser.sh

clients: environment-test
	@workflow/tools/beside.sh clients
	@workflow/tools/beside.sh qc
