# A backup is a database that others open, with a checksum that others check.
$ sqlite3 app.db "create table t(a integer primary key, b text); insert into t values (1, 'x'), (2, null)"
? 0
$ tsk --url sqlite:app.db db backup b1 | sed -E 's/[0-9]+ bytes/N bytes/; s/[0-9a-f]{64}/SUM/'
wrote b1: N bytes, sha256 SUM
? 0
$ sqlite3 b1 'pragma integrity_check; select count(*) from t' && sha256sum -c b1.sha256
ok
2
b1: OK
? 0
$ tsk --url sqlite:app.db db backup b1
~ tsk: .* \(EXISTS\)
? 1
$ tsk --url sqlite:app.db db backup b1 --overwrite -q
? 0
$ tsk --json --url sqlite:app.db db backup b2 --compact >j; sqlite3 :memory: "select json_valid(readfile('j')), json_extract(readfile('j'), '$.data.file'), length(json_extract(readfile('j'), '$.data.sha256'))"
1|b2|64
? 0
$ tsk --url sqlite:app.db db backup x.tskd
~ tsk: 'x.tskd': portable archives .* \(UNSUPPORTED\)
? 1

# SQL text: its own client loads it, and so do we.
$ tsk -q --url sqlite:app.db db backup x.sql && sqlite3 x.db <x.sql && sqlite3 x.db 'select a, b is null from t order by a' && sha256sum -c x.sql.sha256
1|0
2|1
x.sql: OK
? 0
$ tsk --url sqlite:app.db db verify x.sql; cp x.sql z.sql; cp x.sql.sha256 z.sql.sha256; sed -i 's/x.sql/z.sql/' z.sql.sha256; echo '-- more' >>z.sql; tsk --url sqlite:app.db db verify z.sql >/dev/null 2>&1; echo $?; tsk --url sqlite:z.db db restore z.sql >/dev/null 2>&1; echo $?
x.sql is sound
9
9
? 0
$ tsk --url sqlite:y.db db restore x.sql && sqlite3 y.db 'select a, b is null from t order by a'
restored 'y.db' from x.sql
1|0
2|1
? 0
$ tsk --url sqlite:y.db db restore x.sql
~ tsk: .* \(REFUSED\)
  hint: --replace puts the backup in the place of what it holds
? 7
$ tsk --url sqlite:y.db db restore x.sql --replace --yes --expect-db y.db -q && sqlite3 y.db 'select count(*) from t'
2
? 0
$ tsk --url sqlite:absent.db db backup b3 >/dev/null 2>&1; echo $?; ls b3 absent.db 2>/dev/null
3
? 2

$ tsk --url sqlite:absent.db db verify >/dev/null 2>&1; echo $?; tsk --url sqlite:app.db db verify nofile >/dev/null 2>&1; echo $?; tsk --url sqlite:new.db db restore nofile >/dev/null 2>&1; echo $?; ls absent.db new.db 2>/dev/null
3
11
11
? 2

# Verify finds one flipped byte, in the backup and in the database.
$ tsk --url sqlite:app.db db verify
app.db is sound
? 0
$ tsk --url sqlite:app.db db verify b1
b1 is sound
? 0
$ tsk --json --url sqlite:app.db db verify
{"tusk":1,"command":"db verify","ok":true,"exit":0,"data":{"findings":[]},"warnings":[]}
? 0
$ cp b1 b4; cp b1.sha256 b4.sha256; printf 'X' | dd of=b4 bs=1 seek=5000 conv=notrunc 2>/dev/null; tsk --url sqlite:app.db db verify b4 >/dev/null 2>&1; echo $?
9
? 0

# One more is one, not several.
$ sqlite3 fk.db 'create table p(id integer primary key); create table c(p references p); insert into c values (7), (8)'; tsk --url sqlite:fk.db db verify 2>&1 >/dev/null; sqlite3 fk.db 'insert into c values (9)'; tsk --url sqlite:fk.db db verify 2>&1 >/dev/null
tsk: c: row 1: its parent in 'p' is not there (and 1 more finding) (VERIFY)
tsk: c: row 1: its parent in 'p' is not there (and 2 more findings) (VERIFY)
? 9

# So it does without a checksum, and needs no database for it.
$ cp b1 b5; for db in app absent; do tsk --url sqlite:$db.db db verify b5; truncate -s 4196 b5; tsk --url sqlite:$db.db db verify b5 >/dev/null 2>&1; echo $?; yes text | head -c 5000 >b5; tsk --url sqlite:$db.db db verify b5 >/dev/null 2>&1; echo $?; cp b1 b5; done; ls b5* absent.db 2>/dev/null
b5 is sound
9
9
b5 is sound
9
9
b5
? 2

# Restore: into nothing, never over something without being told so by name.
$ tsk --url sqlite:new.db db restore b1 && sqlite3 new.db 'select group_concat(a) from t'
restored 'new.db' from b1
1,2
? 0
$ sqlite3 app.db 'delete from t'; tsk --url sqlite:app.db db restore b1
~ tsk: .* \(REFUSED\)
  hint: --replace puts the backup in the place of what it holds
? 7
$ tsk --url sqlite:app.db db restore b1 --replace
tsk: replace 'app.db': without a terminal --yes and --expect-db NAME are needed; nothing was done (REFUSED)
? 7
$ tsk --url sqlite:app.db db restore b4 --replace --yes --expect-db app.db >/dev/null 2>&1; echo $?; sqlite3 app.db 'select count(*) from t; pragma integrity_check'
9
0
ok
? 0
$ tsk --url sqlite:app.db db restore b1 --replace --yes --expect-db app.db && sqlite3 app.db 'select count(*) from t'
restored 'app.db' from b1
2
? 0

# An empty file is no backup, whatever a library makes of it.
$ : >b6; tsk --url sqlite:app.db db verify b6 >/dev/null 2>&1; echo $?; tsk --url sqlite:app.db db restore b6 --replace --yes --expect-db app.db; sqlite3 app.db 'select count(*) from t'
~ 9
~ tsk: .*b6' is no backup: it is empty \(DATA\)
2
? 0

# What is read-only is not replaced or dropped either.
$ tsk --read-only --url sqlite:app.db db restore b1 --replace --yes --expect-db app.db; sqlite3 app.db 'select count(*) from t'
tsk: the settings say read_only (--read-only); nothing was done (READ_ONLY)
2
? 0
$ tsk --read-only --url sqlite:app.db db drop --no-backup --yes --expect-db app.db; sqlite3 app.db 'select count(*) from t'
tsk: the settings say read_only (--read-only); nothing was done (READ_ONLY)
2
? 0
$ tsk --read-only --url sqlite:none.db db create; ls none.db 2>/dev/null
tsk: the settings say read_only (--read-only) (READ_ONLY)
? 2

# A text that is no UTF-8 is written as its bytes, and read back as they are.
$ sqlite3 odd.db "create table o(a text); insert into o values (cast(x'fffe27' as text))"; tsk -q --url sqlite:odd.db db backup odd.sql; tsk -q --url sqlite:odd2.db db restore odd.sql; sqlite3 odd2.db "select typeof(a), hex(a) from o"
text|FFFE27
? 0

# A file that may not grow is an error, not the end of the command.
$ sqlite3 grow.db "create table g(a); insert into g values (zeroblob(500000))"; (ulimit -f 100; tsk --url sqlite:grow.db db backup grow.sql) >out 2>&1; code=$?; ls grow.sql* 2>/dev/null; echo $code
11
? 0

# Nothing is written of a damaged database, in no form, and it is not dropped for such a
# backup: one page of an index or of a table is enough.
$ sqlite3 sound.db "create table d(a integer primary key, b text); with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000) insert into d select i, 'row number ' || i from n; create index db on d(b)"; leaf() { sqlite3 sound.db "select max(pageno) - 1 from dbstat where name = '$1' and pagetype = 'leaf'"; }; for of in d db; do cp sound.db bad.$of; dd if=/dev/zero of=bad.$of bs=4096 count=1 seek=$(leaf $of) conv=notrunc 2>/dev/null; sha256sum bad.$of >>bad.sums; done
? 0
$ for of in d db; do for to in 'copy' 'copy --compact' 'copy.sql'; do tsk --url sqlite:bad.$of db backup $to >out 2>&1; echo $?; grep -c 'damaged: .*CORRUPT' out; done; done; ls copy* 2>/dev/null; sha256sum -c --quiet bad.sums
9
1
9
1
9
1
9
1
9
1
9
1
? 0
$ tsk --url sqlite:bad.d db drop --yes --expect-db bad.d; ls bad.d; ls backups
~ tsk: 'bad.d' is damaged: .* \(CORRUPT\)
  hint: nothing was dropped; --no-backup drops without a backup
bad.d
? 0
$ tsk --url sqlite:r.db db restore bad.d 2>out; echo $?; wc -l <out; grep -c 'x0a' out; ls r.db 2>/dev/null
9
1
0
? 2
$ tsk -q --url sqlite:bad.d db drop --no-backup --yes --expect-db bad.d; ls bad.d 2>/dev/null
? 2

# So is a database's own form where there is no room.
$ (ulimit -f 100; tsk --url sqlite:grow.db db backup grow.bak) 2>&1; ls grow.bak* 2>/dev/null
tsk: copying the database: File too large (NO_SPACE)
? 2

# A link in the place of the database is not followed, whatever the form.
$ sqlite3 real.db 'create table keep(a)'; : >void.db; ln -s real.db link.db; ln -s void.db link2.db; ln -s nowhere.db link3.db; for l in link link2 link3; do for b in b1 x.sql; do tsk --url sqlite:$l.db db restore $b --replace --yes --expect-db $l.db; done; done; sqlite3 real.db '.tables'; wc -c <void.db; ls nowhere.db 2>/dev/null
tsk: 'link.db' is a symbolic link (REFUSED)
tsk: 'link.db' is a symbolic link (REFUSED)
tsk: 'link2.db' is a symbolic link (REFUSED)
tsk: 'link2.db' is a symbolic link (REFUSED)
tsk: 'link3.db' is a symbolic link (REFUSED)
tsk: 'link3.db' is a symbolic link (REFUSED)
keep
0
? 2

# What has the name of a database and is none is neither there nor dropped.
$ echo 'Just some text, and no database at all.' >text.db; mkdir folder.db; for f in text folder real; do tsk --url sqlite:$f.db db create --if-not-exists; echo $?; done; for f in text folder; do for o in '' --no-backup '--no-backup --force'; do tsk --url sqlite:$f.db db drop $o --yes --expect-db $f.db; echo $?; done; done; cat text.db; ls -d folder.db
tsk: 'text.db' is not a database (DATA)
1
tsk: 'folder.db' is a folder, not a database (DATA)
1
'real.db' is there already
0
tsk: 'text.db' is not a database (DATA)
1
tsk: 'text.db' is not a database (DATA)
1
tsk: 'text.db' is not a database (DATA)
1
tsk: 'folder.db' is a folder, not a database (DATA)
1
tsk: 'folder.db' is a folder, not a database (DATA)
1
tsk: 'folder.db' is a folder, not a database (DATA)
1
Just some text, and no database at all.
folder.db
? 0

# A backup never takes the place of a file of the database, by whatever name, in no form,
# nor that of a checksum: nothing is written then, and nothing is lost.
$ sqlite3 live.db "create table l(a); insert into l values (1)"; cp live.db x.sha256; cp live.db d.sql; mkdir sub; ln -s ../live.db sub/way.db; ln -s live.db soft.db; ln live.db hard.db
? 0
$ open_wal() { sqlite3 live.db 'pragma journal_mode = wal' >/dev/null; { echo 'insert into l values (2); select 1;'; cat fifo; } | sqlite3 live.db >ready & }; mkfifo fifo; open_wal; exec 9>fifo; until [ -s ready ]; do :; done; ln live.db-wal hard-wal; for f in live.db ./live.db sub/../live.db sub/way.db soft.db hard.db live.db-wal live.db-journal live.db-shm hard-wal; do for o in '' --overwrite; do tsk --url sqlite:live.db db backup $f $o >out 2>&1; echo "$?"; tsk --url sqlite:soft.db db backup $f $o >out 2>&1; echo "$?"; grep -c REFUSED out; done; done | sort | uniq -c | tr -s ' '; sqlite3 live.db 'select a from l order by a; pragma integrity_check'; exec 9>&-; wait; rm hard-wal fifo; sqlite3 live.db 'pragma journal_mode = delete'; ls live.db*
 20 1
 40 7
1
2
ok
delete
live.db
? 0
$ for f in d.sql ./d.sql; do for o in '' --overwrite; do tsk --url sqlite:d.sql db backup $f $o 2>&1; done; done; tsk --url sqlite:x.sha256 db backup x; tsk --url sqlite:x.sha256 db backup --overwrite x 2>/dev/null; echo $?; for f in d.sql x.sha256; do sqlite3 $f 'select a from l'; done; ls x d.sql.sha256 2>/dev/null
~ tsk: 'd.sql' is a file of the database.* \(REFUSED\)
~ tsk: 'd.sql' is a file of the database.* \(REFUSED\)
~ tsk: './d.sql' is a file of the database.* \(REFUSED\)
~ tsk: './d.sql' is a file of the database.* \(REFUSED\)
~ tsk: 'x.sha256' is a file of the database.* \(REFUSED\)
7
1
1
? 2

# Nor is a database restored from itself.
$ for f in live.db sub/../live.db hard.db soft.db; do tsk --url sqlite:live.db db restore $f --replace --yes --expect-db live.db >out 2>&1; echo $?; grep -c 'it would be restored into.*REFUSED' out; done | sort | uniq -c | tr -s ' '; sqlite3 live.db 'select a from l order by a'
 4 1
 4 7
1
2
? 0

# An index that answers wrongly is damage, too: the two have each other's pages.
$ sqlite3 ix.db "create table t(a,b); insert into t values(1,'x'),(2,'y'); create index ia on t(a); create index ib on t(b); pragma writable_schema=on; update sqlite_schema set rootpage = case name when 'ia' then 4 else 3 end where type = 'index'"; sqlite3 ix.db 'pragma quick_check'
ok
? 0
$ tsk --url sqlite:ix.db db backup ix.backup 2>&1; echo $?; ls ix.*; tsk --url sqlite:ix.db db backup --compact ix.backup 2>&1; echo $?; ls ix.*; tsk --url sqlite:ix.db db backup ix.sql 2>&1; echo $?; ls ix.*
tsk: 'ix.db' is damaged: row 1 missing from index ib (CORRUPT)
  hint: nothing was written; tsk db verify lists what is damaged
9
ix.db
tsk: 'ix.db' is damaged: row 1 missing from index ib (CORRUPT)
  hint: nothing was written; tsk db verify lists what is damaged
9
ix.db
~ tsk: the database is damaged: row 1 missing from index ib.* \(CORRUPT\)
~   hint: .*
9
ix.db
? 0

# The journal of a database that is gone is somebody's data: nothing takes its place unasked.
$ sqlite3 gone.db 'create table t(a)'; tsk -q --url sqlite:gone.db db backup gone.backup; rm gone.db; echo precious >gone.db-wal; tsk --url sqlite:gone.db db restore gone.backup; echo $?; cat gone.db-wal; tsk -q --url sqlite:gone.db db restore gone.backup --replace --yes --expect-db gone.db; sqlite3 gone.db .tables; ls gone.db*
tsk: beside 'gone.db' stands the journal of another database (REFUSED)
7
precious
t
gone.db
? 0

# A name of temporary files would be swept away.
$ tsk --url sqlite:ix.db db query 'select 1' -o out.tusk-0123abcd.tmp
tsk: 'out.tusk-0123abcd.tmp' is a name of temporary files: take another one (REFUSED)
? 7

# A drop that is sure to fail makes no backup; one that fails after it names what it wrote.
$ mkdir gone && cd gone && sqlite3 g.db 'create table g(a)' && ln -s g.db way.db && tsk --url sqlite:way.db db drop --yes --expect-db way.db; ls
tsk: 'way.db' is a symbolic link (REFUSED)
g.db
way.db
? 0
$ cd gone && mkfifo fifo; { echo 'select 1 from g union select 1;'; cat fifo; } | sqlite3 g.db >ready & exec 9>fifo; until [ -s ready ]; do :; done; tsk --url sqlite:g.db db drop --yes --expect-db g.db 2>&1 | sed 's/-[0-9TZ]*\.backup/-WHEN.backup/'; exec 9>&-; wait; sqlite3 backups/g-*.backup .tables; ls g.db
tsk: 'g.db' is in use (BUSY)
~   detail: by process [0-9]+
  hint: a backup was written before: backups/g-WHEN.backup
g
g.db
? 0

# Where there is no database each verb says the same, and nothing is made for it.
$ mkdir bare && cd bare && for what in 'query 1' schema verify backup 'backup b' 'backup b.sql'; do tsk --url sqlite:none.db db $what 2>&1 || echo $?; done | sort | uniq -c | tr -s ' '; ls
 6 hint: tsk db create makes it
 6 3
 6 tsk: there is no database 'none.db' (CONNECT)
? 0

# Rows that break their foreign keys are kept, with a warning, and come back in either form.
$ sqlite3 orphan.db 'create table p(id integer primary key); create table c(id integer primary key, pid int references p(id)); insert into c values (1, 7), (2, 8)'; for f in orphan.sql orphan.backup; do tsk -q --url sqlite:orphan.db db backup $f; echo $?; done
~ tsk: warning: the backup keeps rows that break their foreign keys: c: row 1: .* 'p' .*
0
~ tsk: warning: the backup keeps rows that break their foreign keys: c: row 1: .* 'p' .*
0
? 0
$ tsk --url sqlite:orphan1.db db restore orphan.sql; ls orphan1.db 2>/dev/null
tsk: FOREIGN KEY constraint failed (FOREIGN_KEY)
  detail: row 1 of c refers to a row missing in p
  hint: a connection with foreign_keys=no takes such rows: sqlite:FILE?foreign_keys=no
? 2
$ tsk -q --url 'sqlite:orphan1.db?foreign_keys=no' db restore orphan.sql; tsk -q --url sqlite:orphan2.db db restore orphan.backup; for n in 1 2; do sqlite3 orphan$n.db 'select pid from c; pragma foreign_key_check'; done
7
8
c|1|p|0
c|2|p|0
7
8
c|1|p|0
c|2|p|0
? 0

# Nor of a file of another database that is in use: the next one to open it would read the
# old journal into the backup.
$ sqlite3 other.db 'create table t(a); insert into t values (7)'; cp other.db other.copy; echo journal >other.db-wal; echo shared >other.db-shm; sqlite3 from.db 'create table f(a)'; for f in other.db other.db-wal other.db-shm other.db-journal; do tsk --url sqlite:from.db db backup --overwrite $f; echo $?; done; cmp other.db other.copy; cat other.db-wal other.db-shm; ls other.*
tsk: beside 'other.db' stands a journal: it is a database in use (REFUSED)
7
tsk: 'other.db-wal' has the name of another database's journal (REFUSED)
7
tsk: 'other.db-shm' has the name of another database's journal (REFUSED)
7
tsk: 'other.db-journal' has the name of another database's journal (REFUSED)
7
journal
shared
other.copy
other.db
other.db-shm
other.db-wal
? 0

# A checksum of somebody else's is no less a file that is there.
$ sqlite3 sum.db 'create table t(a)'; echo mine >s.bak.sha256; echo mine >s.sql.sha256; for f in s.bak s.sql; do tsk --url sqlite:sum.db db backup $f; echo $?; cat $f.sha256; done; ls s.*; tsk -q --url sqlite:sum.db db backup --overwrite s.bak; sha256sum -c s.bak.sha256
tsk: 's.bak.sha256' is there already (EXISTS)
1
mine
tsk: 's.sql.sha256' is there already (EXISTS)
1
mine
s.bak.sha256
s.sql.sha256
s.bak: OK
? 0

# Of runs that end at once one wins the name, and every file has its own checksum.
$ for i in 1 2 3 4 5 6 7 8; do sqlite3 run$i.db "create table t(a); insert into t values ($i)"; done; for round in 1 2 3 4 5; do rm -f both.bak*; for i in 1 2 3 4 5 6 7 8; do tsk -q --url sqlite:run$i.db db backup both.bak 2>/dev/null && echo won & done; wait; sha256sum -c both.bak.sha256; done | sort | uniq -c
~  *5 both.bak: OK
~  *5 won
? 0
$ for round in 1 2 3 4 5; do for i in 1 2 3 4 5 6 7 8; do tsk -q --url sqlite:run$i.db db backup --overwrite both.bak && echo done & done; wait; sha256sum -c both.bak.sha256; done | sort | uniq -c
~  *5 both.bak: OK
~  *40 done
? 0
