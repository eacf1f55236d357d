# Everything starts here, on a machine with only Python 3.11 or newer, make and a C compiler:
# each target first brings what it needs and that is not there yet.
PREPARE = @scripts/python3 -m scripts.prepare

.PHONY: run test test-servers check bench web wheel lock

run: ## Start the server on http://127.0.0.1:8000
	$(PREPARE) run web
	@exec .venv/bin/python -m tertulia serve

test: ## Run the quick gate and every test
	$(PREPARE) dev web programs
	@scripts/check.sh
	@scripts/test.sh

test-servers: ## Run every test that starts a server, over PostgreSQL and Redis
	$(PREPARE) dev web programs
	@scripts/test.sh servers

check: ## Run the quick gate: formats, linters, types, import contracts, dead code
	$(PREPARE) dev web-types
	@scripts/check.sh

bench: ## Run the benchmarks; BENCH names one of them
	$(PREPARE) dev programs
	@.venv/bin/python -m bench $(BENCH)

web: ## Build the web client
	$(PREPARE) run web

wheel: ## Build dist/tertulia-*.whl with the web client in it
	$(PREPARE) run web
	@.venv/bin/python -m hatchling build -t wheel

lock: ## Compile pyproject.toml into requirements/*.txt
	$(PREPARE) dev
	@scripts/lock.sh
