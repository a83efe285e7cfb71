# `make run` and `make test` do everything on a fresh machine; each brings what it needs first.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.PHONY: help setup setup-test setup-scaled site run run-scaled test chaos lint e2e bench release

help: ## Say what there is
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: ## Bring this machine to where Plummet can be built (called by the others)
	@scripts/setup.sh

setup-test:
	@scripts/setup.sh test

setup-scaled:
	@scripts/setup.sh scaled

site: setup ## Build what the browser loads into target/site
	@node scripts/build-site.mjs

run: site ## Build and start Plummet with its demo shop
	cargo run -p server --bin plummet -- demo

run-scaled: setup-scaled site ## The same as two webs and two workers, on a private PostgreSQL and Redis
	cargo build -p server --bin plummet
	@scripts/run-scaled.sh

test: setup-test ## Format, lint, all tests, browser tests
	@scripts/test.sh

chaos: setup-test site ## Kill, cut and fill up everything, for a quarter of an hour (CHAOS_ROUNDS=20)
	CHAOS_ROUNDS=$${CHAOS_ROUNDS:-20} cargo nextest run -p server --test chaos --no-capture

lint: setup ## Format and clippy
	@scripts/test.sh format lint

e2e: setup-test site ## Browser tests only
	cargo build -p server --bin plummet
	npm run --silent e2e

bench: setup-scaled site ## Measure, in a release build; prints tables
	@scripts/bench.sh

release: site ## One optimised program that holds the site: target/release/plummet
	cargo build --release -p server --bin plummet
