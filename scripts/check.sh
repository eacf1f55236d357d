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
step $bin/lint-imports
step $bin/vulture
step $bin/mypy
step $bin/python -m scripts.web_client check
