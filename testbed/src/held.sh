# Runs a server on a leash: it ends when standard input does, however the test that holds the other end has ended.
#   sh -c THIS sh LOG SIGNAL COMMAND...
log=$1 signal=$2
shift 2
"$@" >>"$log" 2>&1 </dev/null &
server=$!
echo "$server"
exec >/dev/null 2>&1
read -r _
kill -s "$signal" "$server"
wait "$server"
