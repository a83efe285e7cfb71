# Packages of Debian and its kin. Read by scripts/setup.sh.

can_be_root() { [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Installs those of the named packages that are missing.
install_packages() {
  local name missing=()
  for name in "$@"; do is_installed "$name" || missing+=("$name"); done
  [ ${#missing[@]} = 0 ] && return
  can_be_root || die "packages are missing; an administrator must run: apt-get install --no-install-recommends ${missing[*]}"
  say "installing ${missing[*]}"
  # One unreachable source must not stop the others.
  as_root apt-get update -qq </dev/null || true
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}" </dev/null >/dev/null ||
    die "could not install ${missing[*]}; see the message of apt-get above"
}

# Without leave to install: unpacks the packages, and what they need that this machine lacks, into the folder $1 of the work tree.
unpack_packages() {
  local apt archives=$PWD/.tools/archives folder=$1 library names
  shift
  mkdir -p .tools/apt/lists/partial .tools/apt/cache/archives/partial "$archives" "$folder"
  apt=(-o "Dir::State::Lists=$PWD/.tools/apt/lists" -o "Dir::Cache=$PWD/.tools/apt/cache" -o Debug::NoLocking=1)
  say "unpacking $* into $folder, as this account may not install packages"
  apt-get "${apt[@]}" update -qq </dev/null || true
  names=$(apt-get "${apt[@]}" install --simulate --no-install-recommends "$@" </dev/null | awk '/^Inst/ { print $2 }') ||
    die "could not find ${*}; an administrator must run: apt-get install --no-install-recommends $*"
  # shellcheck disable=SC2046,SC2086 # one name a line
  (cd "$archives" && apt-get "${apt[@]}" download -qq $(printf '%s\n' "$@" $names | sort -u) </dev/null)
  for library in "$archives"/*.deb; do dpkg -x "$library" "$folder"; done
  rm -rf "$archives" .tools/apt
}

ensure_c_compiler() {
  have cc && return
  have apt-get || die "a C compiler (cc) is missing: install gcc or clang"
  install_packages gcc libc6-dev
}
