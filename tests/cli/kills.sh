#!/bin/sh
# What kill -9 leaves beside a file that was to be written, and that the next run removes it:
# what nobody is at any more, and nothing else.
set -eu
# shellcheck source=tests/cli/scratch.sh
. "$(dirname "$0")/scratch.sh"
endless='with recursive c(x) as (select 1 union all select x + 1 from c) select x from c'

count() { # count NAME: the files beside it that are not it
	find . -name "$1.*" | wc -l
}

start() { # start NAME ARGUMENT...: runs until killed; its pid is in $pid
	name=$1 tries=0
	shift
	"$tsk" "$@" >/dev/null 2>err &
	pid=$!
	while [ "$(count "$name")" = 0 ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 600 ] || {
			echo "nothing was begun beside $name: $(cat err)"
			exit 1
		}
		sleep 0.1
	done
}

finish() {
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null || :
}

sqlite3 a.db "create table t(a integer); insert into t values (1)"

# Output: there while it is written, there when that was killed, gone after the next run.
start rows.csv --url sqlite:a.db db query "$endless" --format csv -o rows.csv
"$tsk" -q --url sqlite:a.db db query 'select 1' -o other.csv
is "somebody is at it" "$(count rows.csv)" 1
finish
is "left behind" "$(count rows.csv)" 1
"$tsk" -q --url sqlite:a.db db query 'select a from t' --format csv -o rows.csv
is "removed" "$(count rows.csv)" 0
is "written" "$(tail -n 1 rows.csv)" 1

# A backup that waits for a lock has begun; any run that writes there removes what is left.
mkfifo hold
sqlite3 a.db <hold >held &
holder=$!
exec 9>hold
echo "begin exclusive; select 'held';" >&9
until grep -q held held; do sleep 0.1; done
start b1 --url 'sqlite:a.db?lock_timeout=60s' db backup b1
finish
is "left of a backup" "$([ "$(count b1)" -ge 1 ] && echo yes)" yes
echo "rollback;" >&9
exec 9>&-
wait "$holder"
"$tsk" -q --url sqlite:a.db db backup b2.sql
is "removed for another name" "$(count b1)" 0
is "the backup" "$(sha256sum -c --quiet b2.sql.sha256 && find . -name 'b2.sql*' | wc -l)" 2
"$tsk" -q --url sqlite:a.db db backup b1
is "the database's own form" "$(sqlite3 b1 'select a from t')-$(find . -name 'b1*' | wc -l)" 1-2

# What a driver had begun beside goes too. What others have called like it stays.
: >x.tusk-0123abcd.tmp
: >x.tusk-0123abcd.tmp-data
: >x.tusk-0123abcd.tmp-data-tusk-new-00112233
for theirs in x.0123abcd.tmp x.tusk-0123abc.tmp x.tusk-0123abcg.tmp x.tusk-0123abcd.tmpx \
	.tusk-0123abcd.tmp y.tusk-0123abcd.tmp-data two.tusk-0123abcd.tmp; do
	echo mine >"$theirs"
done
ln two.tusk-0123abcd.tmp hard
ln -s hard soft.tusk-0123abcd.tmp
mkdir z.tusk-0123abcd.tmp
find . -name '*tusk-*' ! -name 'x.tusk-0123abcd.tmp' ! -name 'x.tusk-0123abcd.tmp-*' -o \
	-name 'x.0123*' | sort >before
"$tsk" -q --url sqlite:a.db db query 'select 1' -o other.csv
find . -name '*tusk-*' -o -name 'x.0123*' | sort >after
is "nobody else's" "$(diff before after)" ""
is "all of them" "$(wc -l <before)" 9

echo "cases: $cases"
