#!/bin/sh
# Scores the extractor on a folder of labelled pages and price strings, if it is there:
#   scripts/score-corpus.sh [FOLDER]      (default: $PLUMMET_CORPUS, else ../shared/corpus)
# The folder holds pages.jsonl, price_strings.jsonl and score.py; its README says what they mean.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-${PLUMMET_CORPUS:-../shared/corpus}}
if [ ! -f "$folder/score.py" ]; then
    echo "no corpus at \`$folder\`; give its folder, or set PLUMMET_CORPUS" >&2
    exit 1
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cargo build --quiet --package server --bin plummet
plummet=target/debug/plummet
"$plummet" extract --batch "$folder/pages.jsonl" > "$out/pages.jsonl"
python3 "$folder/score.py" pages "$out/pages.jsonl" --show
"$plummet" extract --strings "$folder/price_strings.jsonl" > "$out/strings.jsonl"
python3 "$folder/score.py" strings "$out/strings.jsonl" --show
# Every way to read a page gives the same answer.
cargo run --quiet --package extract --example score -- --both "$folder/pages.jsonl" | tail -n 1
