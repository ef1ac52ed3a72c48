#!/bin/sh
# A database as SQL text: what tsk writes, sqlite3 loads; what sqlite3 holds, tsk loads
# back; each value the same, nothing moved after a failure. Both read by sqlite3.
set -eu
tsk=$TUSK_BUILD/cli/tsk
work=$(mktemp -d "${TMPDIR:-/tmp}/tusk-arch.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
cases=0
ok() {
	cases=$((cases + 1))
	echo "ok: $*"
}
die() {
	echo "archive.sh: $*" >&2
	exit 1
}
rows() { # rows FILE: every value of every table, so that no two different ones look alike
	for t in p child '"we'"'"'ird""t"'; do
		sqlite3 "$1" "select * from $t" | od -c
		sqlite3 "$1" "select count(*), sum(rowid is null) from p"
	done
	sqlite3 "$1" "select typeof(id), typeof(x), typeof(r), typeof(d), typeof(t), quote(x), quote(r) from p"
}

sqlite3 a.db "
create table p(id integer primary key autoincrement, name text not null collate nocase,
	x blob, r real, d \"DECIMAL(12,2)\", t \"TIMESTAMPTZ TEXT\", b boolean check (b in (0, 1)),
	g int generated always as (id * 2) stored);
create table \"we'ird\"\"t\"(a, \"b c\" default 'x''y', primary key(a, \"b c\")) without rowid;
create table child(id integer primary key, pid int references p(id) on delete cascade);
insert into p(name, x, r, d, t, b) values
	('O''Brien' || char(10) || 'é', x'00ff', 1e999, 9.9, '2026-01-02 03:04:05.000006Z', 1),
	('nul' || char(0) || 'x', x'', -0.1, 12345678.91, null, 0), ('', null, 1e300, -3, 'odd', null);
insert into \"we'ird\"\"t\" values (1, 'a;b'), ('--x', '/*');
insert into child values (1, 2), (-9223372036854775808, null);
create index pi on p(name desc) where b;
create view v as select p.name, c.id from p join child c on c.pid = p.id;
create trigger tr after insert on child begin
	update p set r = case when new.id > 1 then 1 else 2 end where id = new.pid; select 1; end;"

"$tsk" -q --url sqlite:a.db db backup x.sql
sha256sum -c --quiet x.sql.sha256
[ "$(stat -c %a x.sql)" = 600 ] || die "x.sql is not private"
ok "written, with its checksum"
sqlite3 -bail b.db <x.sql
rows a.db >a.rows
rows b.db >b.rows
diff a.rows b.rows
[ "$(sqlite3 b.db "select group_concat(name, ' ') from (select name from sqlite_schema where name not like 'sqlite_%' order by name)")" = \
	"child p pi tr v we'ird\"t" ] || die "objects are missing"
ok "sqlite3 loads it"
"$tsk" -q --url sqlite:c.db db restore x.sql
rows c.db >c.rows
diff a.rows c.rows
[ "$(sqlite3 c.db 'pragma integrity_check; pragma foreign_key_check')" = ok ] || die "c.db is not sound"
ok "tsk loads it"
sqlite3 a.db .dump >theirs.sql
"$tsk" -q --url sqlite:d.db db restore theirs.sql
rows d.db >d.rows
diff a.rows d.rows
ok "tsk loads what sqlite3 dumps"

sqlite3 own.db "create table tusk_history(id integer primary key autoincrement, a); insert into tusk_history values (7, 'first'); create table tusk_lock(a); create table o(b)"
"$tsk" -q --url sqlite:own.db db backup own.sql
sqlite3 -bail own2.db <own.sql
"$tsk" -q --url sqlite:own3.db db restore own.sql
for f in own2.db own3.db; do
	[ "$(sqlite3 $f "select a, seq from tusk_history, sqlite_sequence; select count(*) from sqlite_schema where name in ('tusk_lock', 'o')")" = "first|7
2" ] || die "$f lacks tables of our own"
done
sqlite3 only.db "create table tusk_history(a)"
status=0
"$tsk" -q --url sqlite:only.db db restore own.sql 2>err.txt || status=$?
[ "$status" = 7 ] || die "a history was written over: $status: $(cat err.txt)"
"$tsk" -q --url sqlite:only.db --yes --expect-db only.db db restore --replace own.sql
[ "$(sqlite3 only.db 'select a from tusk_history')" = first ] || die "the history was not replaced"
ok "our own tables are of the database, too"
marks() { # marks FILE: what stands beside schema and rows
	sqlite3 "$1" "select name, seq from sqlite_sequence order by name; pragma user_version; pragma application_id"
}
sqlite3 s.db "
create table kept(id integer primary key autoincrement, a);
create table \"em'pty\"(id integer primary key autoincrement);
create table big(id integer primary key autoincrement);
insert into kept(a) values (1), (2), (3);
delete from kept where id > 1;
insert into \"em'pty\" values (100);
delete from \"em'pty\";
insert into big values (9223372036854775807);
pragma user_version = -12;
pragma application_id = 1684300900"
"$tsk" -q --url sqlite:s.db db backup s.sql 2>err.txt
[ ! -s err.txt ] || die "backup said: $(cat err.txt)"
marks s.db >s.marks
[ "$(wc -l <s.marks)" = 5 ] || die "there are not the marks that were set"
sqlite3 -bail s2.db <s.sql
marks s2.db | diff s.marks -
"$tsk" -q --url sqlite:s3.db db restore s.sql
marks s3.db | diff s.marks -
sqlite3 s4.db "create table kept(id integer primary key autoincrement); insert into kept values (900); pragma user_version = 5"
"$tsk" -q --url sqlite:s4.db --yes --expect-db s4.db db restore --replace s.sql
marks s4.db | diff s.marks -
[ "$(sqlite3 s3.db "insert into kept(a) values (9); insert into \"em'pty\" default values; select id from kept where a = 9; select id from \"em'pty\"")" = "4
101" ] || die "ids are given again"
sqlite3 s5.db "create table kept(id integer primary key autoincrement, a); pragma user_version = 7"
"$tsk" -q --url sqlite:s5.db db backup s5.sql
"$tsk" -q --url sqlite:s4.db --yes --expect-db s4.db db restore --replace s5.sql
[ "$(sqlite3 s4.db 'select count(*) from sqlite_sequence; pragma user_version; pragma application_id')" = "0
7
0" ] || die "marks of what was replaced are left"
ok "high marks, user_version and application_id come back"
sqlite3 seen.db "create table \"se\"\"en\"(a); create index i on \"se\"\"en\"(a); insert into \"se\"\"en\" values (1), (1), (2);
create table unseen(a); create index j on unseen(a); insert into unseen values (1); analyze \"se\"\"en\""
"$tsk" -q --url sqlite:seen.db db backup seen.sql
sqlite3 -bail seen2.db <seen.sql
"$tsk" -q --url sqlite:seen3.db db restore seen.sql
for f in seen.db seen2.db seen3.db; do
	[ "$(sqlite3 $f 'select * from sqlite_stat1')" = 'se"en|i|3 2' ] || die "$f: what ANALYZE found is lost"
done
ok "what ANALYZE found comes back"
sqlite3 wide.db "pragma encoding = 'UTF-16le'; pragma page_size = 8192; pragma auto_vacuum = full; create table w(a)"
"$tsk" -q --url sqlite:wide.db db backup wide.sql 2>err.txt
for lost in 'encoding = UTF-16le' 'page_size = 8192' 'auto_vacuum = 1'; do
	grep -q "does not keep $lost" err.txt || die "no word of $lost: $(cat err.txt)"
done
"$tsk" -q --json --url sqlite:wide.db db backup --overwrite wide.sql >w.json
[ "$(sqlite3 :memory: "select json_array_length(readfile('w.json'), '$.warnings')")" = 3 ] ||
	die "no warnings in: $(cat w.json)"
ok "what a text cannot keep is said"

status=0
"$tsk" -q --url sqlite:c.db db restore x.sql 2>err.txt || status=$?
[ "$status" = 7 ] || die "a database with tables was overwritten: $status"
grep -q 'not empty' err.txt
ok "a database that is not empty is refused"
sqlite3 c.db "delete from child"
"$tsk" -q --url sqlite:c.db --yes --expect-db c.db db restore --replace x.sql
rows c.db >c.rows
diff a.rows c.rows
ok "replaced when asked"
printf 'begin;\ncreate table q(a);\ninsert into q\n  values (1);\ninsert into nosuch values (1);\ncommit;\n' >bad.sql
status=0
"$tsk" -q --url sqlite:e.db db restore bad.sql 2>err.txt || status=$?
[ "$status" = 1 ] || die "a bad script gave $status"
grep -q 'bad.sql:5:1' err.txt || die "no place in: $(cat err.txt)"
[ ! -e e.db ] || die "a bad script left a database"
: >e.db
"$tsk" -q --url sqlite:e.db db restore bad.sql 2>err.txt && die "a bad script was loaded"
[ "$(sqlite3 e.db 'select count(*) from sqlite_schema')" = 0 ] || die "a bad script left something"
ok "a script that fails leaves nothing, and says where"
sqlite3 full.db "create table keep(a); insert into keep values (7)"
odd() { # odd CODE 'MESSAGE' 'TEXT': no text to load, and what is there stays
	printf %b "$3" >odd.sql
	status=0
	"$tsk" -q --url sqlite:full.db --yes --expect-db full.db db restore --replace odd.sql \
		2>err.txt || status=$?
	[ "$status" = "$1" ] || die "'$3' gave $status: $(cat err.txt)"
	grep -q "$2" err.txt || die "'$3' said: $(cat err.txt)"
	[ "$(sqlite3 full.db 'select group_concat(a) from keep')" = 7 ] ||
		die "'$3' changed the database"
}
made='begin;\ncreate table q(a);\n'
odd 9 'ends inside its transaction' "${made}"
odd 9 'odd.sql:3' "${made}insert into q values (1);\n"
odd 9 'ends inside its transaction' 'start transaction; create table q(a)'
odd 7 'odd.sql:3:1' "${made}ROLLBACK; -- due to errors\n"
odd 7 'takes back' "${made}abort;\n"
odd 7 'odd.sql:3:1' "${made}savepoint s;\ninsert into q values (1);\nrollback to s;\ncommit;\n"
odd 7 'odd.sql:2:1' '-- x\nsavepoint s; create table q(a); release s;'
odd 7 'odd.sql:3:1' "${made}begin;\ncommit;\n"
odd 7 'a second transaction' "${made}commit; begin; insert into q values (1); commit;\n"
odd 7 'odd.sql:3:9' "${made}commit; insert into q values (1);\n"
odd 7 'behind COMMIT' "${made}end; create table r(a);\n"
odd 7 'before BEGIN' 'create table q(a); begin; insert into q values (1); commit;'
odd 7 'COMMIT without' 'create table q(a); commit;'
odd 7 'COMMIT without' "${made}commit; commit;\n"
odd 7 'takes back' "${made}commit and chain;\n"
ok "a text that is not one whole transaction is refused"
for text in '-- nothing\n' '/* begin; */' '-- a\n;\n;\n'; do
	odd 9 'holds no statement' "$text"
done
ok "a text without a statement is refused"
printf 'pragma foreign_keys=off;\nbegin immediate transaction;\ncreate table q(a);\nend transaction;\npragma user_version=3;\nselect 1;' >one.sql
"$tsk" -q --url sqlite:g.db db restore one.sql
printf 'create table q(a);\ninsert into q values (1);\n' >none.sql
"$tsk" -q --url sqlite:h.db db restore none.sql
[ "$(sqlite3 g.db 'pragma user_version; select count(*) from q')" = "3
0" ] || die "one transaction was not loaded"
[ "$(sqlite3 h.db 'select a from q')" = 1 ] || die "a text without BEGIN was not loaded"
sqlite3 nothing.db 'vacuum'
"$tsk" -q --url sqlite:nothing.db db backup nothing.sql
"$tsk" -q --url sqlite:i.db db restore nothing.sql
ok "one transaction or none is loaded"
sed 's/Brien/brien/' x.sql >y.sql
sed 's/x.sql/y.sql/' x.sql.sha256 >y.sql.sha256
status=0
"$tsk" -q --url sqlite:f.db db restore y.sql 2>err.txt || status=$?
[ "$status" = 9 ] || die "a changed file was loaded: $status"
ok "a file that was changed is refused"
echo "cases: $cases"
