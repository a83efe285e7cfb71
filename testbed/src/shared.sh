# Runs a server for all tests of this work tree, until nobody has used it for a while.
#   sh -c THIS sh STATE DATA PORT SIGNAL SWEEP COMMAND...
# Tests hold a shared lock on STATE/users; whoever starts or ends the server holds STATE/start. SWEEP is a command that takes SQL
# and says which databases there are, or nothing: databases of tests that have ended are dropped.
state=$1 data=$2 port=$3 signal=$4 sweep=$5
shift 5
"$@" >>"$data/log" 2>&1 </dev/null &
server=$!

drop_what_nobody_uses() {
  eval "$sweep \"SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'\"" | while read -r name; do
    owner=${name#test_}
    [ -d "/proc/${owner%%_*}" ] || eval "$sweep \"DROP DATABASE IF EXISTS $name WITH (FORCE)\""
  done
}

idle=0 beat=0
while sleep 1 && kill -0 "$server" 2>/dev/null; do
  beat=$((beat + 1))
  [ -z "$sweep" ] || [ $((beat % 4)) != 0 ] || drop_what_nobody_uses
  if flock --nonblock --exclusive "$state/users" true; then idle=$((idle + 1)); else idle=0; fi
  [ "$idle" -ge 20 ] || continue
  exec 8>>"$state/start" 9>>"$state/users"
  flock 8
  if flock --nonblock --exclusive 9; then break; fi
  exec 8>&- 9>&-
done
[ "$(cat "$state/port")" != "$port" ] || rm -f "$state/port"
kill -s "$signal" "$server" 2>/dev/null
wait "$server"
rm -rf "$data"
