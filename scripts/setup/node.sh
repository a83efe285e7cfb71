# The npm packages of package-lock.json: bundlers and the browser test runner. Read by scripts/setup.sh.

ensure_npm_packages() {
  local stamp=node_modules/.installed-lock.json
  cmp -s package-lock.json "$stamp" && return
  say "installing npm packages"
  # Tests use the browser that is on the machine.
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent </dev/null || die "\`npm ci\` failed"
  cp package-lock.json "$stamp"
}
