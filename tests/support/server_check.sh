#!/bin/sh
# The throwaway servers themselves, seen by psql: one for all that ask, a database for
# each, a socket and nothing else, no privilege, and nothing left when the owner or the
# keeper is killed.
set -eu
work=$(mktemp -d "${TMPDIR:-/tmp}/tusk-servers.XXXXXX")
mkdir -p "$work/tests/support"
TUSK_BUILD=$work
export TUSK_BUILD
new_owner() {
	sleep 600 &
	TUSK_TEST_OWNER=$!
	export TUSK_TEST_OWNER
}
new_owner
trap 'kill "$TUSK_TEST_OWNER" 2>/dev/null || :; rm -rf "$work"' EXIT
cases=0
is() { # is WHAT GOT WANTED
	cases=$((cases + 1))
	[ "$2" = "$3" ] || {
		echo "$1: got '$2', expected '$3'"
		exit 1
	}
}
ask() { # ask POSTGRES-URL SQL
	psql -XAtqc "$2" "$1" 2>&1
}
url() {
	sh "$TUSK_SRC/tests/support/server.sh" postgres
}
gone() { # gone COMMAND...: it fails in the end; a minute is for machines that are busy
	tries=600
	while "$@" 2>/dev/null; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}
runs() { # runs PID
	grep -qsvE '^[0-9]+ \(.*\) [ZX] ' "/proc/$1/stat"
}

code=0
url >"$work/one" 2>"$work/err" || code=$?
[ "$code" != 77 ] || {
	echo "PostgreSQL's server is not installed: no test ran on it"
	exit 77
}
is "the first: $(cat "$work/err")" "$code" 0
one=$(cat "$work/one")
url >"$work/two" &
two=$!
url >"$work/three"
wait "$two"
two=$(cat "$work/two") three=$(cat "$work/three")

folder=$(ask "$one" 'show data_directory')
folder=${folder%/data}
for other in "$two" "$three"; do
	is "one server for all" "$(ask "$other" 'show data_directory')" "$folder/data"
done
ask "$one" 'create table mine(n int)'
is "a database for each" "$(printf '%s\n' "$one" "$two" "$three" | sort -u | wc -l)" 3
is "what one makes others do not see" "$(ask "$two" "select to_regclass('mine') is null")" t
is "no port" "$(ask "$one" 'show listen_addresses')" ''
is "its socket" "$(ask "$one" 'show unix_socket_directories')" "$folder"
server=$(head -1 "$folder/data/postmaster.pid")
wanted=$(id -un)
[ "$wanted" != root ] || wanted=nobody
is "its user" "$(stat -c %U "/proc/$server")" "$wanted"
is "the folder's mode" "$(stat -c %a "$folder")" 700

# Whoever comes with another owner gets another server; the first ends with its own.
first=$TUSK_TEST_OWNER
new_owner
four=$(url)
is "another server" "$([ "$(ask "$four" 'show data_directory')" != "$folder/data" ] && echo yes)" yes
kill -9 "$first"
is "the server outlives its owner" "$(gone runs "$server" && echo no)" no
is "its folder is left" "$(gone test -e "$folder" && echo no)" no
is "the other answers" "$(ask "$four" 'select 1')" 1

# A keeper that is killed takes its server along, and the next one tidies up.
read -r _ _ folder keeper _ <"$work/tests/support/postgres.server"
server=$(head -1 "$folder/data/postmaster.pid")
shared=$(sed -n '7s/.* //p' "$folder/data/postmaster.pid")
kill -9 "$keeper"
is "the server outlives its keeper" "$(gone runs "$server" && echo no)" no
five=$(url)
is "a new server" "$(ask "$five" 'select 1')" 1
is "the killed one's folder is left" "$([ -e "$folder" ] || echo no)" no
is "its shared memory is left" "$(ipcs -m -i "$shared" 2>/dev/null | grep -c nattch || :)" 0
read -r _ _ folder _ <"$work/tests/support/postgres.server"
kill -9 "$TUSK_TEST_OWNER"
is "the last folder is left" "$(gone test -e "$folder" && echo no)" no
echo "cases: $cases"
