# Words to the person who waits. Read by scripts/setup.sh.

say() { printf 'setup: %s\n' "$*"; }

die() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

require() { have "$1" || die "$1 is missing: $2"; }

# Writes its input to the file $1 unless it already says so: cargo rebuilds when these files look newer.
write_if_changed() {
  local text
  text=$(cat)
  [ "$text" = "$(cat "$1" 2>/dev/null)" ] && return
  mkdir -p "$(dirname "$1")"
  printf '%s\n' "$text" >"$1"
}
