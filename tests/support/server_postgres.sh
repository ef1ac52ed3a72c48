# shellcheck shell=sh
# server_postgres.sh, sourced by server.sh: a PostgreSQL, its newest version that is here.

# Nothing of the caller's reaches it.
for name in $(env | sed -n 's/^\(PG[A-Z]*\)=.*/\1/p'); do
	unset "$name"
done

server_find() { # sets bin
	bin=
	for at in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V); do
		[ ! -x "$at/initdb" ] || bin=$at
	done
	if [ -z "$bin" ]; then
		at=$(command -v initdb) || return 1
		bin=${at%/*}
	fi
}

server_prepare() { # server_prepare FOLDER
	server_find
	cd "$1" || return
	HOME=$1
	export HOME
	(unprivileged "$bin/initdb" -D "$1/data" -U tsk -A trust -E UTF8 --locale=C.UTF-8 \
		--no-sync --no-instructions)
	cat >>"$1/data/postgresql.conf" <<-EOT
		listen_addresses = ''
		unix_socket_directories = '$1'
		unix_socket_permissions = 0700
		fsync = off
		synchronous_commit = off
		full_page_writes = off
		max_connections = 200
		jit = off
		dynamic_shared_memory_type = mmap
	EOT
}

server_run() { # server_run FOLDER: in place of this shell
	server_find
	cd "$1" || return
	HOME=$1
	export HOME
	unprivileged "$bin/postgres" -D "$1/data"
}

server_answers() { # server_answers FOLDER
	server_find && "$bin/pg_isready" -q -h "$1" -U tsk -d postgres
}

server_stop() { # server_stop PID: without waiting for sessions
	kill -INT "$1" 2>/dev/null
}

server_database() { # server_database FOLDER NAME: makes it and prints its URL
	"$bin/psql" -Xq -h "$1" -U tsk -c "create database $2" postgres
	printf 'postgres://tsk@%s/%s\n' "$(printf %s "$1" | sed 's|/|%2F|g')" "$2"
}

server_forget() { # server_forget FOLDER: what a killed one left outside of it
	id=$(sed -n '7s/.* //p' "$1/data/postmaster.pid" 2>/dev/null)
	[ -z "$id" ] || ipcrm -m "$id" 2>/dev/null || :
}
