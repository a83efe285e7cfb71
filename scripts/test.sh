#!/usr/bin/env bash
# Runs the checks, all of them or those named, and ends with `N passed, N failed`. One failure does not stop the others.
#   scripts/test.sh [format] [lint] [site] [rust] [browser]
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

passed=0 failed=0
failures=()
logs=target/test-logs
mkdir -p "$logs"

count() { # how many passed, how many failed, what it is
  passed=$((passed + $1)) failed=$((failed + $2))
  [ "$2" = 0 ] || failures+=("$3: $2 failed")
}

# Runs a check that counts as one.
check() {
  local name=$1 start=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if "$@" </dev/null; then count 1 0 "$name"; else count 0 1 "$name"; fi
  printf '== %s: %d s\n' "$name" $((SECONDS - start))
}

# Runs a suite that counts its own tests; a suite that ran none has failed.
suite() {
  local name=$1 counts=$2 start=$SECONDS good bad code
  shift 2
  printf '\n== %s\n' "$name"
  "$@" </dev/null 2>&1 | tee "$logs/$name.log"
  code=${PIPESTATUS[0]}
  read -r good bad < <($counts "$logs/$name.log")
  good=${good:-0} bad=${bad:-0}
  if [ "$bad" = 0 ] && { [ "$code" != 0 ] || [ "$good" = 0 ]; }; then bad=1; fi
  count "$good" "$bad" "$name"
  printf '== %s: %d s\n' "$name" $((SECONDS - start))
}

# `Summary [ 1.2s] 106 tests run: 104 passed (1 slow), 2 failed, 0 skipped`
nextest_counts() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '/Summary \[/ {
    for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) good = $(i - 1); if ($i ~ /^(failed|timed|flaky)/) bad += $(i - 1) }
  } END { print good + 0, bad + 0 }'
}

# Tests that were skipped count as failed: what is missing must not pass.
playwright_counts() {
  node -e 'const { stats } = JSON.parse(require("fs").readFileSync("end2end/out/results.json"));
    console.log(stats.expected, stats.unexpected + stats.flaky + stats.skipped)' 2>/dev/null
}

format() { check format cargo +stable fmt --all --check; }

lint() {
  check lint cargo clippy --all-targets -- -D warnings
  check lint-browser cargo clippy -p frontend --target wasm32-unknown-unknown -- -D warnings
}

site() { check site node scripts/build-site.mjs --budget; }

rust() {
  suite rust nextest_counts cargo nextest run --no-fail-fast --status-level fail --final-status-level slow
  # nextest does not run the examples in comments; looking for any is quicker than compiling for none.
  if grep -rqE '^ *//[/!] ```' --include='*.rs' ./*/src; then check examples cargo test --doc; fi
}

browser() {
  rm -f end2end/out/results.json
  # Built as for the server's own tests: `cargo build` would compile it and the pages once more, without their features.
  check program cargo test --no-run --test web
  suite browser playwright_counts npm run --silent e2e
}

# The site comes before all that compiles the server, which embeds it.
[ $# -gt 0 ] || set -- format site lint rust browser
for step in "$@"; do
  case $step in
  format | site | lint | rust | browser) "$step" ;;
  *) count 0 1 "there is no check named $step" ;;
  esac
done

printf '\n'
if [ ${#failures[@]} -gt 0 ]; then printf 'failed: %s\n' "${failures[@]}"; fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
