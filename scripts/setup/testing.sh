# What only the tests need. Read by scripts/setup.sh.

ensure_nextest() {
  cargo nextest --version >/dev/null 2>&1 && return
  say "installing cargo-nextest (some minutes)"
  # A registry mirror may lag behind the lock file.
  cargo install --quiet cargo-nextest --locked </dev/null || cargo install --quiet cargo-nextest </dev/null || die "could not install cargo-nextest"
}

ensure_browser() {
  local name
  for name in chromium chromium-browser google-chrome; do have "$name" && return; done
  have apt-get || die "a browser is missing: install Chromium"
  # The fonts keep screenshots alike from machine to machine.
  install_packages chromium fonts-liberation fonts-noto-core
}
