# Two commands matter: `make run` serves Trueline here, `make test` tries all of it.
PYTHON ?= python3
PREPARE = $(PYTHON) tools/bootstrap.py
# Two processes, each with databases of its own; the tests of one file stay together and in order.
SPREAD = -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: run test matrix prove check check-fast check-static bench faults lock wiring sbom audit

run:        ## Serve Trueline with everything it needs (PORT, DATABASE_URL, REDIS_URL override)
	@exec $(PREPARE) run -- python -m tools.supervisor

test:       ## The whole suite, but for tests/faults and bench
	@exec $(PREPARE) test -- python -m pytest $(SPREAD) --ignore=tests/faults --traceability=var/matrix.json $(ARGS)

matrix:     ## The whole suite, everything by everybody, and which tests show which requirement: docs/validation/matrix.json
	@TRUELINE_WHOLE=1 $(MAKE) test ARGS="--traceability=docs/validation/matrix.json $(ARGS)"

prove:      ## Each guard, effect, subscriber, answer and job falls silent once: which test turns red? (ARGS=tests/mes)
	@exec $(PREPARE) test -- python -m pytest -q -p tests.support.proving -m "not browser" --ignore=tests/faults $(ARGS)

check-fast: ## The checks that take less than a minute
	@exec $(PREPARE) test -- python -m tools.check fast

check-static: ## What `make test` does not do too
	@exec $(PREPARE) test -- python -m tools.check static

check:      ## Everything that can be checked without running the product
	@exec $(PREPARE) test -- python -m tools.check all

bench:      ## Performance beside PostgreSQL's own floor; prints ratios
	@test -d bench || { echo "There are no benchmarks yet."; exit 0; }; exec $(PREPARE) test -- python -m pytest bench -s $(ARGS)

faults:     ## kill -9, races, flushed Redis, clock steps
	@test -d tests/faults || { echo "There are no fault tests yet."; exit 0; }; exec $(PREPARE) test -- python -m pytest tests/faults $(ARGS)

lock:       ## Bring uv.lock up to date with pyproject.toml
	@uv lock

wiring:     ## Write docs/wiring.md again, after guards, effects, subscribers, answers, jobs or the schedule changed
	@$(PREPARE) test -- python manage.py show_wiring > var/wiring.md && mv var/wiring.md docs/wiring.md

sbom:       ## Bill of materials with licences, from the lock file: var/sbom.json (CycloneDX)
	@exec $(PREPARE) test -- python -m tools.components sbom

audit:      ## Known weaknesses of the locked packages, without a network: ADVISORIES=file or directory of OSV JSON
	@test -n "$(ADVISORIES)" || { echo "Name an export: make audit ADVISORIES=path/to/osv"; exit 2; }; exec $(PREPARE) test -- python -m tools.components audit "$(ADVISORIES)"
