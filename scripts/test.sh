#!/bin/sh
# Every test: of the web client, of its engine against a real server, of the server, and of both in a browser.
set -eu
cd "$(dirname "$0")/.."

.venv/bin/python -m scripts.web_client test
.venv/bin/python -m scripts.web_client test:live
.venv/bin/pytest --numprocesses=logical --maxprocesses=8 "$@"
