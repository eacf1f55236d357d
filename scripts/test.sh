#!/bin/sh
# Every test: of the web client, of its engine against a real server, of the server, and of both in a browser.
# With "servers", those that start a server once more, over PostgreSQL and Redis.
set -eu
cd "$(dirname "$0")/.."

# Many tests start a server of their own; each would compile every module anew.
unset PYTHONDONTWRITEBYTECODE

# What takes the whole machine would only make the others wait beyond their patience, and they it.
together='.venv/bin/pytest --numprocesses=logical --maxprocesses=8 -m'
if [ "${1:-}" = servers ]; then
  $together "not alone" --engines=servers tests/browser tests/e2e tests/gateways
  exec .venv/bin/pytest -m alone --engines=servers
fi
.venv/bin/python -m scripts.web_client test
.venv/bin/python -m scripts.web_client test:live
.venv/bin/python -m scripts.branch_coverage
$together "not alone"
.venv/bin/pytest -m alone
