#!/bin/sh
# Compiles pyproject.toml into requirements/*.txt: versions and hashes, for every Python and
# Linux that is supported. Pass --upgrade for the newest versions.
set -eu
cd "$(dirname "$0")/.."

compile() {
  lock=$1
  shift
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
    --output-file "requirements/$lock.txt" "$@"
}

compile run pyproject.toml --group build "$@"
# The tests run with the very versions that are served with.
compile dev pyproject.toml --group build --group test --group check --group bench --group lock \
  --constraints requirements/run.txt "$@"
compile node --group pyproject.toml:node "$@"
