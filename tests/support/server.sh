#!/bin/sh
# server.sh SCHEME: prints the URL of a new, empty database on a server of the tests' own.
# Exit code 77: its programs are not installed.
#
# One server of a kind serves a whole "make check": the first test that asks starts it.
# It belongs to make (TUSK_TEST_OWNER, a process id; without it to who calls this), and
# ends with it however that ends: a keeper watches the owner, and the server dies with
# its keeper. What it writes is in one scratch folder; it listens on a socket there and
# nowhere else, and as root it runs as nobody. Servers of the machine are not looked at.
#
# server_SCHEME.sh says how one kind is found, prepared, run, asked, stopped, and what
# of it lies outside of its folder.
set -eu
scheme=${1:?usage: server.sh SCHEME}
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/server_$scheme.sh"
record=${TUSK_BUILD:?the folder of the build}/tests/support/$scheme.server

life_of() { # life_of PID: when that process began; fails if it is over, reaped or not
	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	# shellcheck disable=SC2086
	set -- ${stat##*) }
	case $1 in
	Z | X) return 1 ;;
	esac
	shift 19
	echo "$1"
}

is_alive() { # is_alive PID BEGAN: it is that process, and not another with its number
	[ "$(life_of "$1")" = "$2" ]
}

unprivileged() { # unprivileged WORD...: the command in place of this shell
	if [ "$(id -u)" = 0 ]; then
		exec setpriv --reuid=nobody --regid=nogroup --clear-groups --pdeathsig KILL -- "$@"
	fi
	exec setpriv --pdeathsig KILL -- "$@"
}

scratch_folder() { # a socket's path has 107 bytes
	base=${TUSK_TEST_TMP:-/tmp}
	[ "${#base}" -lt 60 ] || base=/tmp
	folder=$(mktemp -d "$base/tusk-$scheme.XXXXXX")
	[ "$(id -u)" != 0 ] || chown nobody:nogroup "$folder"
}

# --- the keeper, a process of its own: server.sh SCHEME keep FOLDER PID BEGAN ------------

end_keeping() {
	trap '' INT TERM HUP
	server_stop "$server" && wait "$server" || :
	rm -rf "$folder"
	# Another server may have come meanwhile.
	case $(cat "$record" 2>/dev/null) in
	*" $folder "*) rm -f "$record" ;;
	esac
}

keep() {
	folder=$1
	(server_prepare "$folder")
	(server_run "$folder") &
	server=$!
	trap end_keeping EXIT
	trap 'exit 1' INT TERM HUP
	while is_alive "$2" "$3" && life_of "$server" >/dev/null; do
		sleep 0.2
	done
}

# --- asking for a database ----------------------------------------------------------------

await_server() { # until it answers; fails with the end of its log when its keeper ended
	until server_answers "$folder"; do
		life_of "$keeper" >/dev/null || {
			echo "server.sh: $scheme does not start:" >&2
			cat "$log" >&2
			return 1
		}
		sleep 0.02
	done
	return 0
}

start() {
	# What a killed keeper left.
	if [ -d "${folder-}" ] && ! life_of "$keeper" >/dev/null; then
		server_forget "$folder"
		rm -rf "$folder"
	fi
	scratch_folder
	log=$record.log
	setsid sh "$here/server.sh" "$scheme" keep "$folder" "$owner" "$began" \
		</dev/null >"$log" 2>&1 9>&- &
	keeper=$!
	count=0
	await_server
}

if [ "${2-}" = keep ]; then
	shift 2
	keep "$@"
	exit
fi
server_find || exit 77
owner=${TUSK_TEST_OWNER:-$PPID}
began=$(life_of "$owner")
exec 9>"$record.lock"
flock 9
if [ -e "$record" ]; then
	read -r theirs since folder keeper count <"$record"
fi
if [ "${theirs-} ${since-}" != "$owner $began" ] || ! server_answers "$folder"; then
	start
fi
count=$((count + 1))
echo "$owner $began $folder $keeper $count" >"$record"
flock -u 9
server_database "$folder" "t$count"
