#!/usr/bin/env bash
# Brings a machine to where Plummet can be built. Safe to call again and again; well under a second when all is there.
#   scripts/setup.sh         what `make run` needs
#   scripts/setup.sh scaled  that, and what `make run-scaled` needs: the programs of PostgreSQL and Redis
#   scripts/setup.sh test    that, and what the tests need: cargo-nextest and a browser
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for part in say packages rust debian_rust node databases testing; do
  # shellcheck source=/dev/null
  . "scripts/setup/$part.sh"
done

require rustup "install it from rustup.rs, or with \`apt-get install rustup\`"
require node "install Node.js 20 or newer"
require npm "install npm, which comes with Node.js"

mkdir -p .tools
# Two at a time would build the same things twice.
exec 9>.tools/lock
flock 9

ensure_c_compiler
ensure_toolchain
ensure_npm_packages
case ${1:-} in
scaled) ensure_databases ;;
test)
  ensure_databases
  ensure_nextest
  ensure_browser
  ;;
esac
