#!/usr/bin/env bash
# Measures a release build and prints tables. The measuring itself takes under two minutes and is ended after four.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo build --release -p server --bin plummet --example bench
exec timeout --kill-after=10 240 target/release/examples/bench
