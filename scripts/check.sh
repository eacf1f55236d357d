#!/bin/sh
# The quick gate, the quickest first. It stops at the first step that fails.
set -eu
cd "$(dirname "$0")/.."

step() {
  echo "-- $*"
  "$@"
}

bin=.venv/bin
step $bin/ruff format --check --quiet .
step $bin/ruff check --quiet .
step $bin/python -m scripts.long_files
# Its cache does not see that a module which an unchanged file imports has come or gone.
step $bin/lint-imports --no-cache
step $bin/vulture
step $bin/mypy
step $bin/python -m scripts.web_client check
