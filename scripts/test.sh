#!/bin/sh
# Every test: of the server, of the web client, and of both in a browser.
set -eu
cd "$(dirname "$0")/.."

.venv/bin/python -m scripts.web_client test
.venv/bin/pytest --numprocesses=logical --maxprocesses=8 "$@"
