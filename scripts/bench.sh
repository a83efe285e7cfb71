#!/usr/bin/env bash
# Measures a release build and prints tables. Each part takes under two minutes, `fall` up to six; all is ended after twenty.
#   scripts/bench.sh [start] [pages] [checks] [scaled] [fall]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo build --release -p server --bin plummet --example bench
exec timeout --kill-after=10 1200 target/release/examples/bench "$@"
