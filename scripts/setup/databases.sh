# PostgreSQL's and Redis' programs, for the tests and `make run-scaled`, which start private ones. Read by scripts/setup.sh.
#
# Installing them starts nothing and makes no database: a server that this machine has already is never touched.

# Without leave to install, the packages are unpacked here; testbed and scripts/run-scaled.sh look here, too.
DATABASES=.tools/databases
QUIET=/usr/sbin/policy-rc.d
NO_CLUSTER=/etc/postgresql-common/createcluster.d/plummet-setup.conf

ensure_databases() {
  has_postgres && has_redis && return
  have apt-get || die "PostgreSQL 15 or newer and Redis 7 or newer are missing: install them (the programs alone, no service is needed)"
  if can_be_root; then install_databases; else unpack_databases; fi
  has_postgres || die "PostgreSQL was installed, but its \`initdb\` is neither on the PATH nor below /usr/lib/postgresql"
  has_redis || die "Redis was installed, but its \`redis-server\` is not on the PATH"
}

# Where testbed looks: the PATH, Debian's folder, what was unpacked.
has_postgres() { have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || compgen -G "$DATABASES/usr/lib/postgresql/*/bin/initdb" >/dev/null; }

has_redis() { have redis-server || [ -x "$DATABASES/usr/bin/redis-server" ]; }

missing_databases() {
  has_postgres || echo postgresql
  has_redis || echo redis-server
}

# In a shell of its own, so that what keeps the services quiet is taken away again however it ends.
install_databases() (
  made=()
  trap 'for file in "${made[@]}"; do as_root rm -f "$file"; done' EXIT
  if [ ! -e "$QUIET" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$QUIET" >/dev/null
    as_root chmod +x "$QUIET"
    made+=("$QUIET")
  fi
  if ! has_postgres && [ ! -e "$NO_CLUSTER" ]; then
    as_root mkdir -p "${NO_CLUSTER%/*}"
    echo 'create_main_cluster = false' | as_root tee "$NO_CLUSTER" >/dev/null
    made+=("$NO_CLUSTER")
  fi
  # shellcheck disable=SC2046 # one name a line
  install_packages $(missing_databases)
)

unpack_databases() {
  # shellcheck disable=SC2046 # one name a line
  unpack_packages "$DATABASES" $(missing_databases)
}
