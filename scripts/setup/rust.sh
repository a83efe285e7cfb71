# One Rust toolchain for server and browser. Read by scripts/setup.sh.
#
# The choice is written to rust-toolchain.toml, which git ignores, because what can be had differs from machine to machine.
# It is looked at again only when that toolchain's version changes.

OLDEST_RUST=1.95
WASM=wasm32-unknown-unknown
RUST_STAMP=.tools/rust

# Nothing here may start a download by accident.
export RUSTUP_AUTO_INSTALL=0

ensure_toolchain() {
  local name
  if [ -f rust-toolchain.toml ] && [ -f "$RUST_STAMP" ] && [ "$(rust_in_use)" = "$(cat "$RUST_STAMP")" ]; then return; fi
  name=$(known_toolchain || { ! is_new_enough plummet && downloaded_toolchain; }) || {
    make_debian_toolchain # or repair it, after an upgrade of its packages
    name=plummet
  }
  printf '[toolchain]\nchannel = "%s"\n' "$name" | write_if_changed rust-toolchain.toml
  if [ "$name" = plummet ]; then
    debian_cargo_config | write_if_changed .cargo/config.toml
  elif grep -qs wasm-ld .cargo/config.toml; then
    rm .cargo/config.toml # an earlier setup's: rustup's toolchains bring their linker
  fi
  rust_in_use >"$RUST_STAMP"
  say "using $(cat "$RUST_STAMP")"
  has_rustfmt || say "rustfmt is missing, \`make lint\` needs it: rustup toolchain install stable"
}

rust_in_use() { printf '%s, %s\n' "$(sed -n 's/^channel = //p' rust-toolchain.toml)" "$(rustc --version 2>/dev/null)"; }

# One that is here and can do all: an earlier setup's, the default, or stable.
known_toolchain() {
  local name
  for name in plummet $(default_toolchain) stable; do
    if is_new_enough "$name" && builds_for_browsers "$name" && has_clippy "$name"; then
      echo "$name"
      return
    fi
  done
  return 1
}

# rustup's own way, where it can download.
downloaded_toolchain() {
  local name
  for name in $(default_toolchain) stable; do
    is_new_enough "$name" || continue
    say "adding $WASM to $name" >&2
    timeout 60 rustup target add --toolchain "$name" "$WASM" >&2 </dev/null || return 1
    builds_for_browsers "$name" && has_clippy "$name" && echo "$name"
    return
  done
  say "no Rust $OLDEST_RUST or newer here; installing stable" >&2
  timeout 600 rustup toolchain install stable --profile minimal --component clippy,rustfmt --target "$WASM" >&2 </dev/null || return 1
  is_new_enough stable && echo stable
}

# Without the machine's triple, which rust-toolchain.toml does not allow.
default_toolchain() { rustup default 2>/dev/null | sed -nE 's/^([a-z0-9.]+)(-[^ ]*)? .*/\1/p'; }

is_new_enough() {
  local version
  version=$(rustc "+$1" --version 2>/dev/null | cut -d' ' -f2)
  [ -n "$version" ] && [ "$(printf '%s\n' "$OLDEST_RUST" "$version" | sort -V | head -n 1)" = "$OLDEST_RUST" ]
}

# Asks the compiler itself: a std of another version is refused, too. So is one that cannot take part in link-time optimisation.
builds_for_browsers() {
  rustc "+$1" --target "$WASM" --crate-type lib --emit metadata -o .tools/probe.rmeta - </dev/null 2>/dev/null || return 1
  [ "$1" != plummet ] || grep -qs '\.llvmbc' "$(rustc +plummet --print sysroot)/lib/rustlib/$WASM/lib"/libstd-*.rlib
}

has_clippy() { cargo "+$1" clippy --version >/dev/null 2>&1; }

has_rustfmt() { cargo +stable fmt --version >/dev/null 2>&1; }
