# `make run` and `make test` do everything on a fresh machine; each brings what it needs first.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.PHONY: help setup setup-test site run test lint e2e bench release

help: ## Say what there is
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: ## Bring this machine to where Plummet can be built (called by the others)
	@scripts/setup.sh

setup-test:
	@scripts/setup.sh test

site: setup ## Build what the browser loads into target/site
	@node scripts/build-site.mjs

run: site ## Build and start Plummet with its demo shop
	cargo run -p server --bin plummet -- demo

test: setup-test ## Format, lint, all tests, browser tests
	@scripts/test.sh

lint: setup ## Format and clippy
	@scripts/test.sh format lint

e2e: setup-test site ## Browser tests only
	cargo build -p server --bin plummet
	npm run --silent e2e

bench: site ## Measure, in a release build; prints tables
	@scripts/bench.sh

release: site ## One optimised program that holds the site: target/release/plummet
	cargo build --release -p server --bin plummet
