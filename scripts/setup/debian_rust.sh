# A toolchain from Debian's packages, for networks where rustup cannot download. Read by scripts/setup.sh.
#
# Debian's rustc has no std for the browser and no rust-lld: std is built once from its own sources, the linkers are LLVM's.

RUST_PACKAGES=(rustc-web cargo-web rust-web-src rust-web-clippy lld-19)
UNPACKED=.tools/debian

make_debian_toolchain() {
  local usr=/usr
  have apt-get || die "no Rust $OLDEST_RUST or newer for $WASM: run \`rustup target add $WASM\` where rustup can download"
  if can_be_root; then
    install_packages "${RUST_PACKAGES[@]}" lld
  elif ! { [ -x /usr/bin/wasm-ld-19 ] && link_toolchain /usr && builds_for_browsers plummet; }; then
    unpack_rust
    usr=$PWD/$UNPACKED/usr
  fi
  link_toolchain "$usr"
  is_new_enough plummet || die "Debian's rustc-web is older than $OLDEST_RUST; upgrade it, or use a rustup that can download"
  builds_for_browsers plummet || build_std "$usr"
  builds_for_browsers plummet || die "the std that was built for $WASM does not work with $(rustc +plummet --version)"
}

link_toolchain() { rustup toolchain link plummet "$1"; }

# rustup tells the loader about `lib` alone, Debian's libraries lie one folder deeper.
unpack_rust() {
  local library
  unpack_packages "$UNPACKED" "${RUST_PACKAGES[@]}"
  for library in "$UNPACKED"/usr/lib/*-linux-gnu*/*.so*; do ln -f "$library" "$UNPACKED/usr/lib/" 2>/dev/null || cp -d "$library" "$UNPACKED/usr/lib/"; done
  printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s "$@"\n' "$PWD/$UNPACKED/usr/lib" "$PWD/$UNPACKED/usr/lib/llvm-19/bin/wasm-ld" >.tools/wasm-ld-19
  chmod +x .tools/wasm-ld-19
}

# Compiles std for the browser in an empty library, and puts it where the compiler looks. About a minute. With bitcode, which
# link-time optimisation works on.
build_std() {
  local copy=() built library scratch to=$1/lib/rustlib/$WASM/lib
  [ -w "$1/lib/rustlib" ] || copy=(as_root)
  scratch=$(mktemp -d)
  say "building std for $WASM (about a minute)"
  mkdir "$scratch/src"
  : >"$scratch/src/lib.rs"
  printf '[package]\nname = "std-for-wasm"\nedition = "2024"\n[profile.release]\npanic = "abort"\nopt-level = "s"\ncodegen-units = 1\n[workspace]\n' >"$scratch/Cargo.toml"
  (cd "$scratch" && env -u CARGO_TARGET_DIR RUSTFLAGS=-Cembed-bitcode=yes RUSTC_BOOTSTRAP=1 cargo +plummet build --quiet --release \
    -Zbuild-std=std,panic_abort --target "$WASM" </dev/null) || die "could not build std for $WASM"
  built=$scratch/target/$WASM/release/deps
  rm -f "$built"/libstd_for_wasm-*
  "${copy[@]}" mkdir -p "$to"
  for library in "$to"/*.rlib; do [ ! -e "$library" ] || "${copy[@]}" rm "$library"; done
  "${copy[@]}" cp "$built"/*.rlib "$to/"
  # What was compiled against the std before does not link with this one, and cargo would not notice.
  rm -rf "$scratch" "target/$WASM"
}

debian_cargo_config() {
  local linker=wasm-ld-19
  if have ld.lld; then printf '[target.%s]\nrustflags = ["-Clink-arg=-fuse-ld=lld"]\n' "$(rustc +plummet -vV | sed -n 's/^host: //p')"; fi
  [ ! -x .tools/wasm-ld-19 ] || linker=.tools/wasm-ld-19
  printf '[target.%s]\nlinker = "%s"\n' "$WASM" "$linker"
}
