#!/usr/bin/env bash
# Starts Plummet as an operator of many processes would: two webs and two workers on a private PostgreSQL and Redis, and a demo
# shop. Everything lies in one data folder and listens on free ports of 127.0.0.1; servers that are already there are never touched.
# Ctrl-C stops all; the next start goes on with the same data.
#   PLUMMET_DATA     the data folder; by default ~/.local/share/plummet-scaled, for root /var/lib/plummet-scaled
#   PLUMMET_PROGRAM  the program; by default target/debug/plummet
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=${PLUMMET_PROGRAM:-$PWD/target/debug/plummet}

say() { printf 'run-scaled: %s\n' "$*"; }

die() {
  printf 'run-scaled: %s\n' "$*" >&2
  exit 1
}

# --- Where things are ---------------------------------------------------------------------------------------------------------

home=${XDG_DATA_HOME:-${HOME:-/tmp}/.local/share}
# PostgreSQL refuses to be root, and nobody else can enter root's home.
[ "$(id -u)" != 0 ] || home=/var/lib
data=$(realpath -m "${PLUMMET_DATA:-$home/plummet-scaled}")
unpacked=$PWD/.tools/databases/usr # by scripts/setup.sh, for those who may not install
postgres=$( (compgen -G '/usr/lib/postgresql/*/bin' || compgen -G "$unpacked/lib/postgresql/*/bin" || dirname "$(command -v initdb)") | tail -n 1)
redis=$(command -v redis-server || echo "$unpacked/bin/redis-server")
{ [ -x "$postgres/initdb" ] && [ -x "$redis" ]; } || die "PostgreSQL or Redis is missing; run \`scripts/setup.sh scaled\`"
[ -x "$program" ] || die "$program is missing; run \`make run-scaled\`"
libraries=()
[ "${postgres#"$unpacked"}${redis#"$unpacked"}" = "$postgres$redis" ] || libraries=(env "LD_LIBRARY_PATH=$(printf '%s:' "$unpacked"/lib/*-linux-gnu*)")

mkdir -p "$data"
exec 9>"$data/lock"
flock --nonblock 9 || die "another run-scaled works on $data; stop that one, or set PLUMMET_DATA"

# As whom PostgreSQL runs: the account that its package makes, if we are root.
as_postgres=()
if [ "$(id -u)" = 0 ]; then
  account=$(id -u postgres >/dev/null 2>&1 && echo postgres || echo nobody)
  as_postgres=(setpriv "--reuid=$account" "--regid=$(id -g "$account")" --clear-groups)
  chmod 711 "$data"
  "${as_postgres[@]}" test -x "$data" || die "the account $account, which runs PostgreSQL, cannot enter $data; set PLUMMET_DATA to a folder that everybody may enter"
fi

# A password, drawn at the first start.
secret() {
  [ -s "$data/$1" ] || (umask 077 && head -c 24 /dev/urandom | base64 | tr -d '/+=\n' >"$data/$1")
  cat "$data/$1"
}

free_port() {
  local port
  while :; do
    port=$((RANDOM % 20000 + 20000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

# --- Starting and stopping ----------------------------------------------------------------------------------------------------

servers=() programs=()

# Runs a command in the background in a session of its own: Ctrl-C reaches this script alone, which stops the others in order.
start() { # name command...
  local name=$1
  shift
  setsid "${libraries[@]}" "$@" >>"$data/$name.log" 2>&1 </dev/null 9>&- &
  started=$!
}

# First what works on the databases, then the databases. Each finishes what it has in hand.
stop() {
  trap '' INT TERM
  trap - EXIT
  say "stopping"
  [ ${#programs[@]} = 0 ] || kill -TERM "${programs[@]}" 2>/dev/null || true
  [ ${#programs[@]} = 0 ] || wait "${programs[@]}" || true
  [ ${#servers[@]} = 0 ] || kill -INT "${servers[@]}" 2>/dev/null || true
  [ ${#servers[@]} = 0 ] || wait "${servers[@]}" || true
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Waits until a command succeeds; ends all if the process that was started last ends before.
until_ready() { # name command...
  local name=$1 tries=0
  shift
  until "$@" >/dev/null 2>&1; do
    kill -0 "$started" 2>/dev/null || die "$name ended: $(tail -n 3 "$data/$name.log")"
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || die "$name does not answer; see $data/$name.log"
    sleep 0.2
  done
}

is_ready() { # port
  local status
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf 'GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
  read -r _ status _ <&3
  exec 3>&-
  [ "$status" = 200 ]
}

# --- PostgreSQL and Redis -----------------------------------------------------------------------------------------------------

password=$(secret postgres.password)
if [ ! -s "$data/postgres/PG_VERSION" ]; then
  say "making a PostgreSQL cluster in $data/postgres"
  rm -rf "$data/postgres" # of a start that was interrupted here
  mkdir -m 700 "$data/postgres"
  [ "$(id -u)" != 0 ] || chown "$account:" "$data/postgres"
  # PostgreSQL's account must be able to read the password once, and nobody else.
  (umask 077 && printf '%s\n' "$password" >"$data/postgres.password.once")
  [ "$(id -u)" != 0 ] || chown "$account:" "$data/postgres.password.once"
  "${libraries[@]}" "${as_postgres[@]}" "$postgres/initdb" -D "$data/postgres" -U plummet -A scram-sha-256 \
    --pwfile="$data/postgres.password.once" -E UTF8 --locale=C.UTF-8 >>"$data/postgres.log" 2>&1 ||
    die "initdb failed: $(tail -n 3 "$data/postgres.log")"
  rm "$data/postgres.password.once"
fi
port=$(free_port)
start postgres "${as_postgres[@]}" "$postgres/postgres" -D "$data/postgres" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories=
servers+=("$started")
sql() { "${libraries[@]}" env PGPASSWORD="$password" "$postgres/psql" -X -q -A -t -h 127.0.0.1 -p "$port" -U plummet -d postgres -c "$1"; }
until_ready postgres sql 'SELECT 1'
[ "$(sql "SELECT 1 FROM pg_database WHERE datname = 'plummet'")" = 1 ] || sql 'CREATE DATABASE plummet TEMPLATE template0'
export DATABASE_URL="postgres://plummet:$password@127.0.0.1:$port/plummet"

password=$(secret redis.password) port=$(free_port)
mkdir -p "$data/redis"
(umask 077 && printf '%s\n' "port $port" 'bind 127.0.0.1' "requirepass $password" "dir $data/redis" 'appendonly yes' 'save ""' >"$data/redis.conf")
start redis "$redis" "$data/redis.conf"
servers+=("$started")
redis_answers() {
  local answer
  exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
  printf 'AUTH %s\r\n' "$password" >&3
  read -r answer <&3
  exec 3>&-
  [ "${answer%$'\r'}" = +OK ]
}
until_ready redis redis_answers
export REDIS_URL="redis://:$password@127.0.0.1:$port/0"

# --- Plummet ------------------------------------------------------------------------------------------------------------------

export PLUMMET_DATA=$data/plummet
shop=$(free_port) webs=("$(free_port)" "$(free_port)") workers=("$(free_port)" "$(free_port)")
export PLUMMET_URL="http://127.0.0.1:${webs[0]}" PLUMMET_DEMO_LISTEN="127.0.0.1:$shop"
"$program" migrate
start demo-shop "$program" demo-shop
programs+=("$started")
for at in 0 1; do
  PLUMMET_LISTEN=127.0.0.1:${workers[$at]} start "worker-$((at + 1))" "$program" worker --demo-shop "$shop"
  programs+=("$started")
  until_ready "worker-$((at + 1))" is_ready "${workers[$at]}"
done
for at in 0 1; do
  PLUMMET_LISTEN=127.0.0.1:${webs[$at]} start "web-$((at + 1))" "$program" web --demo-shop "$shop"
  programs+=("$started")
  until_ready "web-$((at + 1))" is_ready "${webs[$at]}"
done

say "Plummet is at http://127.0.0.1:${webs[0]} and http://127.0.0.1:${webs[1]}: two webs, one Plummet"
say "its workers tell how they are at http://127.0.0.1:${workers[0]}/metrics and http://127.0.0.1:${workers[1]}/metrics"
say "the demo shop is at http://localhost:$shop; set a price at http://localhost:$shop/control"
if link=$("$program" setup-link 2>/dev/null); then say "create the first account within 24 hours: $link"; fi
say "data and logs are in $data; Ctrl-C stops all"
wait -n "${programs[@]}" "${servers[@]}" || true
die "a process ended by itself; its last words are in $data/*.log"
