# The commands of this project. Each sees to what it needs first; README.md says more.

.PHONY: run serve-production setup test coverage check bench

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

check: ## style, types, imports, migrations, deployment
	@.ci/setup dev
	@.ci/check

bench: ## measured times, as ratios of the same run
	@.ci/setup bench
	@.venv/bin/python -m tests.bench
