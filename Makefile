# The commands of this project. Each sees to what it needs first; README.md says more.

.PHONY: run serve-production setup test coverage check sbom lock bench

run: ## serve on 127.0.0.1:8000 (PORT=… changes it), with the demonstration board if the database is empty
	@.ci/setup run
	@.ci/serve

serve-production: ## as in production, by the environment: gunicorn and one job process
	@.ci/serve-production

setup: ## everything a developer needs, but for the browser of the browser tests
	@.ci/setup dev

test: ## the whole suite, browser tests included
	@.ci/setup test
	@.ci/test

coverage: ## the suite with branch coverage, which takes longer
	@.ci/setup test
	@.ci/test --cov --cov-report=term

check: ## style, types, imports, security, migrations, deployment
	@.ci/setup check
	@.ci/check

sbom: ## what the product is made of, as CycloneDX, in .sbom/
	@.ci/setup check
	@.ci/sbom

lock: ## after a pin was changed: the digests of what the lists of requirements pin
	@.ci/setup check
	@.venv-check/bin/python .ci/lock.py

bench: ## measured times, as ratios of the same run
	@.ci/setup bench
	@.venv/bin/python -m tests.bench
