#!/bin/sh
# demo.sh TSK FIXTURES: a database from nothing to a restored backup, in a scratch folder.
# Each step shows the command that it runs; the first that fails ends it all.
set -eu
TSK=$1
fixtures=$2/iana
scratch=$(mktemp -d "${TMPDIR:-/tmp}/tusk-demo.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$scratch"

say() {
	printf '\n# %s\n' "$*"
}

show() { # the command as somebody would type it
	printf '$ tsk'
	for word in "$@"; do
		case $word in
		*[!A-Za-z0-9_./:=-]*) printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	echo
}

tsk() {
	show "$@"
	"$TSK" "$@"
}

must_fail() { # must_fail EXIT ARGUMENT...
	want=$1 got=0
	shift
	show "$@"
	"$TSK" "$@" || got=$?
	echo "(exit code $got)"
	[ "$got" = "$want" ]
}

say "A first configuration, and the database that it names"
tsk db init --url sqlite:world.db
tsk db create

say "Two related tables"
cp "$fixtures/schema.sql" .
cat schema.sql
tsk db query -f schema.sql

say "The countries and time zones of the IANA database, from CSV: all or nothing"
mkdir seeds
cp "$fixtures"/*.csv seeds
tsk db seed seeds

say "A join and a window function"
sql="select rank() over (order by count(*) desc) as place, c.name as country,
       count(*) as zones, min(z.longitude) as west, max(z.longitude) as east
  from country c join zone z on z.country = c.code
 group by c.code, c.name order by place, c.name limit 8"
tsk db query "$sql"

say "The same as JSON"
tsk --json db query "$sql"

say "A value is bound, never pasted"
tsk --format box db query -p "Europe/%" -p ES \
	'select name, latitude, comments from zone where name like $1 and country = $2'

say "A backup, checked when it was written"
tsk db backup world.backup
tsk db verify world.backup
before=$("$TSK" --format csv db query "select * from zone order by name" | cksum)

say "Something terrible happens to the database"
echo '$ dd if=/dev/urandom of=world.db bs=4096 seek=1 count=3 conv=notrunc'
dd if=/dev/urandom of=world.db bs=4096 seek=1 count=3 conv=notrunc 2>/dev/null
rm -f world.db-wal world.db-shm
must_fail 9 db verify

say "Restored from the backup: only who names the database may replace it"
must_fail 7 db restore world.backup --replace </dev/null
tsk db restore world.backup --replace --yes --expect-db world.db
tsk db verify
tsk db status
after=$("$TSK" --format csv db query "select * from zone order by name" | cksum)
[ "$before" = "$after" ]

say "Every row is back."
