# One statement, every format; NULL is never the empty text.
$ sqlite3 a.db "create table city(id integer primary key, name text, note text); insert into city values (1, 'Oslo', null), (2, 'Lima', '')"
? 0
$ tsk --url sqlite:a.db db query 'select * from city order by id'
 id | name | note
----+------+------
  1 | Oslo | NULL
  2 | Lima | 
(2 rows)
? 0
$ tsk --url sqlite:a.db db query 'select * from city order by id' --format csv
id,name,note
1,Oslo,
2,Lima,""
? 0
$ tsk --url sqlite:a.db db query 'select * from city order by id' --format tsv | cat -A
id^Iname^Inote$
1^IOslo^I\N$
2^ILima^I$
? 0
$ tsk --url sqlite:a.db db query 'select * from city order by id' --format jsonl
{"id":1,"name":"Oslo","note":null}
{"id":2,"name":"Lima","note":""}
? 0
$ tsk --url sqlite:a.db db query 'select * from city order by id' --format json
[{"id":1,"name":"Oslo","note":null},{"id":2,"name":"Lima","note":""}]
? 0
$ tsk --url sqlite:a.db db query 'select * from city order by id' --format markdown
| id | name | note |
| -: | ---- | ---- |
|  1 | Oslo | NULL |
|  2 | Lima |      |
? 0
$ tsk --url sqlite:a.db db query 'select * from city order by id' --format vertical
-- row 1
  id: 1
name: Oslo
note: NULL
-- row 2
  id: 2
name: Lima
note: 
? 0
$ tsk --url sqlite:a.db db query 'select * from city order by id' --format box -q
┌────┬──────┬──────┐
│ id │ name │ note │
├────┼──────┼──────┤
│  1 │ Oslo │ NULL │
│  2 │ Lima │      │
└────┴──────┴──────┘
? 0
$ tsk --url sqlite:a.db db query 'select * from city order by id' --format insert --table city | tee insert.sql
INSERT INTO "city" ("id", "name", "note") VALUES (1, 'Oslo', NULL);
INSERT INTO "city" ("id", "name", "note") VALUES (2, 'Lima', '');
? 0
$ tsk --url sqlite:a.db db query 'select * from city' --format none
? 0
$ TUSK_FORMAT=csv tsk --url sqlite:a.db db query 'select 1 as a'
a
1
? 0
$ TUSK_FORMAT=csv tsk --url sqlite:a.db db query 'select 1 as a' --format jsonl
{"a":1}
? 0

# The contract of --json: exact values, one object, nothing else.
$ sqlite3 w.db 'create table t(a)'; tsk --json --url sqlite:w.db db query "select 1 as one, 9007199254740993 as big, x'00ff' as b, null as n" 2>&1
{"tusk":1,"command":"db query","data":{"columns":[{"name":"one","type":"int","native":""},{"name":"big","type":"int","native":""},{"name":"b","type":"blob","native":""},{"name":"n","type":null,"native":""}],"rows":[[1,"9007199254740993","AP8=",null]],"affected":null},"warnings":[],"ok":true,"exit":0}
? 0
$ tsk --json --url sqlite:a.db db query "update city set note = 'x'"
{"tusk":1,"command":"db query","data":{"columns":[],"rows":[],"affected":2},"warnings":[],"ok":true,"exit":0}
? 0
$ sqlite3 a.db 'select group_concat(note) from city'
x,x
? 0

$ tsk --url sqlite:a.db db query 'create table if not exists u(a)'; echo 'create table if not exists u(a); update u set a = 1' | tsk --url sqlite:a.db db query
done
done
0 rows affected
? 0
$ tsk --json --url sqlite:a.db db query "update city set note = 'x' where id = 1 returning id" | grep -o '"rows.*"warn'
"rows":[[1]],"affected":1},"warn
? 0

# Parameters are bound, as text or by the types of JSON.
$ tsk --url sqlite:a.db db query -p "Os'lo; drop table city" -p 7 'insert into city values ($2, $1, null)'
1 row affected
? 0
$ sqlite3 a.db 'select id, typeof(id), name from city where id = 7'
7|integer|Os'lo; drop table city
? 0
$ tsk --url sqlite:a.db db query --params '[1, 1.5, "x", null, true, 9223372036854775807]' 'select typeof($1) as a, typeof($2) as b, typeof($3) as c, typeof($4) as d, $5 as t, $6 as big' --format csv
a,b,c,d,t,big
integer,real,text,null,1,9223372036854775807
? 0

# What is wrong is shown where it is.
$ tsk --url sqlite:a.db db query 'select * form city'
tsk: near "form": syntax error (SYNTAX)
  1 | select * form city
               ^
? 1
$ tsk --json --url sqlite:a.db db query 'select 1,
>   * form city' 2>&1 | tee e.json; sqlite3 :memory: "select json_valid(readfile('e.json')), json_extract(readfile('e.json'), '$.error.line'), json_extract(readfile('e.json'), '$.error.column_number')"
{"tusk":1,"command":"db query","ok":false,"exit":1,"warnings":[],"error":{"code":"SYNTAX","message":"near \"form\": syntax error","position":15,"line":2,"column_number":5}}
1|2|5
? 0
$ tsk --url sqlite:a.db db query "insert into city values (1, 'x', null)"
~ tsk: UNIQUE constraint failed: city.id \(UNIQUE.*\)
? 1
$ tsk --json --url sqlite:a.db db query "insert into city values (1, 'x', null)" >u.json; sqlite3 :memory: "select json_extract(readfile('u.json'), '$.exit', '$.error.code', '$.error.table')"
[1,"UNIQUE","city"]
? 0
$ tsk --url sqlite:a.db db query 'select * from absent'
tsk: no such table: absent (NOT_FOUND)
? 1

# A script stops at its first error, and says where.
$ printf "insert into city values (10, 'a', null);\n\nselect id from city where id = 10;\nselekt 2;\ninsert into city values (11, 'b', null);\n" >s.sql; tsk --url sqlite:a.db db query -f s.sql
1 row affected
 id
----
 10
(1 row)
tsk: s.sql:4:1: near "selekt": syntax error (SYNTAX)
  4 | selekt 2;
      ^
? 1
$ sqlite3 a.db 'select count(*) from city where id >= 10'
1
? 0
$ tsk --url sqlite:a.db db query --transaction -f s.sql -q --format none; sqlite3 a.db 'delete from city where id = 10 returning id; select count(*) from city where id = 11'
tsk: s.sql:1:1: UNIQUE constraint failed: city.id (UNIQUE)
  1 | insert into city values (10, 'a', null);
      ^
10
0
? 0
$ printf "insert into city values (20, 'a', null); select nope;" >t.sql; tsk --url sqlite:a.db db query --transaction -f t.sql -q >/dev/null 2>&1; echo $?; sqlite3 a.db 'select count(*) from city where id = 20'
1
0
? 0
$ echo 'select 1 as a; select 2 as b; delete from city where id < 0' | tsk --json --url sqlite:a.db db query
{"tusk":1,"command":"db query","data":[{"columns":[{"name":"a","type":"int","native":""}],"rows":[[1]],"affected":null},{"columns":[{"name":"b","type":"int","native":""}],"rows":[[2]],"affected":null},{"columns":[],"rows":[],"affected":0}],"warnings":[],"ok":true,"exit":0}
? 0
$ echo 'select 1 as a; selekt 2' | tsk --json --url sqlite:a.db db query | tee s.json | sed 's/.*"warnings"/"warnings"/'; sqlite3 :memory: "select json_valid(readfile('s.json')), json_extract(readfile('s.json'), '$.data[0].rows[0][0]')"
"warnings":[],"error":{"code":"SYNTAX","message":"near \"selekt\": syntax error","position":16,"line":1,"column_number":16,"file":"standard input"},"ok":false,"exit":1}
1|1
? 0
$ tsk --url sqlite:a.db db query -f none.sql
tsk: opening none.sql (No such file or directory) (IO)
? 11
$ tsk --url sqlite:a.db db query -f .
tsk: . is a folder (IO)
? 11

# Nothing that a cell holds reaches the terminal as a command.
$ tsk --url sqlite:a.db db query "select char(27) || ']0;x' || char(7) as t"
 t
--------------
 \x1b]0;x\x07
(1 row)
? 0

# No database is made by asking it something.
$ tsk --url sqlite:absent.db db query 'select 1' >/dev/null 2>&1; echo $?; ls absent.db 2>&1 | wc -l; test -e absent.db
3
1
? 1
$ echo this is no database, whatever its name says, and long enough to be one >text.db; tsk --url sqlite:text.db db query 'select 1' >/dev/null 2>&1; echo $?
1
? 0

# Deadlines and read-only are kept by the engine.
$ tsk --url sqlite:a.db --timeout 100ms db query 'with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c' 2>&1 | sed 's/[0-9][0-9]* ms/N ms/'; tsk --url sqlite:a.db --timeout 100ms db query 'with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c' >/dev/null 2>&1
tsk: deadline passed (TIMEOUT)
  hint: --timeout, TUSK_TIMEOUT, or timeout and connect_timeout of the configuration say how long to wait
? 4
$ tsk --url sqlite:a.db --read-only db query 'delete from city'
~ tsk: .* \(READ_ONLY.*\)
? 1
$ tsk --url sqlite:a.db --read-only db query 'pragma query_only = 0; delete from city' >/dev/null 2>&1; echo 'pragma query_only = 0; delete from city' | tsk --url sqlite:a.db --read-only db query >/dev/null 2>&1; sqlite3 a.db 'select count(*) > 0 from city'
1
? 0

# -o writes the whole file or none.
$ tsk --url sqlite:a.db db query 'select id from city order by id' --format csv -o out.csv; cat out.csv; ls out.csv*
id
1
2
7
out.csv
? 0
$ tsk --url sqlite:a.db db query 'select nope from city' --format csv -o out.csv >/dev/null 2>&1; echo $?; head -1 out.csv; ls out.csv*
1
id
out.csv
? 0
$ tsk --json --url sqlite:a.db db query 'select nope from city' -o out.csv | grep -c '"ok":false'; head -1 out.csv
1
id
? 0
$ tsk --json --url sqlite:a.db db query 'select 1 as a union all select 2' -o out.json; cat out.json
{"tusk":1,"command":"db query","ok":true,"exit":0,"data":{"file":"out.json","rows":2,"bytes":85},"warnings":[]}
{"columns":[{"name":"a","type":"int","native":""}],"rows":[[1],[2]],"affected":null}
? 0
$ tsk --json --url sqlite:a.db db query 'select 1 as a union all select 2' -o out.csv --format csv; cat out.csv
{"tusk":1,"command":"db query","ok":true,"exit":0,"data":{"file":"out.csv","rows":2,"bytes":6},"warnings":[]}
a
1
2
? 0
$ echo 'select 1 as a; select 2 as b' | tsk --json --url sqlite:a.db db query -o out.json; cat out.json
{"tusk":1,"command":"db query","ok":true,"exit":0,"data":{"file":"out.json","rows":2,"bytes":164},"warnings":[]}
[{"columns":[{"name":"a","type":"int","native":""}],"rows":[[1]],"affected":null},{"columns":[{"name":"b","type":"int","native":""}],"rows":[[2]],"affected":null}]
? 0
$ tsk --json --url sqlite:a.db db query 'select 1' -o none/out.json; tsk --json --url sqlite:a.db db query 'select 1' -o /dev/full | grep -o '"exit":7'
{"tusk":1,"command":"db query","ok":false,"exit":11,"warnings":[],"error":{"code":"IO","message":"writing 'none/out.json' (No such file or directory)"}}
"exit":7
? 0

# Nor the database that it reads, by any name, nor what that keeps beside itself.
$ sqlite3 own.db 'pragma journal_mode = wal; create table t(a); insert into t values (42)'; ln own.db hard.db; ln -s own.db soft.db
wal
? 0
$ for f in own.db ./own.db hard.db soft.db own.db-wal own.db-shm own.db-journal; do tsk --url sqlite:own.db db query 'select * from t' -o $f; echo $?; tsk -q --url sqlite:own.db db schema -o $f 2>/dev/null; echo $?; done | sort | uniq -c | tr -s ' '; sqlite3 own.db 'pragma integrity_check; select a from t'; ls own.db* hard.db
~ tsk: 'own.db' is a file of the database.* \(REFUSED\)
~ tsk: './own.db' is a file of the database.* \(REFUSED\)
~ tsk: 'hard.db' is a file of the database.* \(REFUSED\)
~ tsk: 'soft.db' is a file of the database.* \(REFUSED\)
~ tsk: 'own.db-wal' is a file of the database.* \(REFUSED\)
~ tsk: 'own.db-shm' is a file of the database.* \(REFUSED\)
~ tsk: 'own.db-journal' is a file of the database.* \(REFUSED\)
 14 7
ok
42
hard.db
own.db
? 0
$ sqlite3 more.db 'create table y(a)'; echo "attach 'more.db' as m; create table m.x(a)" | tsk --url 'sqlite:own.db?attach=1' db query -o more.db; sqlite3 more.db .tables
~ tsk: 'more.db' is a file of the database.* \(REFUSED\)
x  y
? 0
$ tsk --url sqlite:own.db db query 'select a from t' -o own.db.csv --format csv; cat own.db.csv
a
42
? 0

# A text without end is too long for a script.
$ tsk --url sqlite:a.db db query -f /dev/zero
tsk: /dev/zero is larger than 67108864 bytes, which max_statement allows (RANGE)
  hint: split it, or set max_statement for this database
? 1
$ yes 'select 1;' | tsk --url 'sqlite:a.db?max_statement=100' db query -f -
tsk: standard input is larger than 100 bytes, which max_statement allows (RANGE)
  hint: split it, or set max_statement for this database
? 1
$ ln -s out.csv link.csv; tsk --url sqlite:a.db db query 'select 1' -o link.csv
tsk: 'link.csv' is a symbolic link (REFUSED)
? 7
$ tsk --url sqlite:a.db db query 'select 1' -o /dev/full; test -c /dev/full
tsk: '/dev/full' is not a regular file (REFUSED)
? 0
$ tsk --url sqlite:a.db db query 'select 1' -o none/out.csv
~ tsk: writing 'none/out.csv' .* \(IO\)
? 11
$ tsk --url sqlite:a.db db query 'select 1' >/dev/full
tsk: writing standard output (No space left on device) (NO_SPACE)
? 11
$ tsk --url sqlite:a.db db query 'with recursive c(x) as (select 1 union all select x + 1 from c) select x from c' | head -1
   x
? 0

# -v shows what runs, on standard error.
$ tsk -v --url sqlite:a.db db query 'select 1 as a' --format csv 2>&1 >/dev/null | sed 's/[0-9.]* ms/N ms/'
-- N ms, 1 row: select 1 as a
? 0
$ tsk -v --json --url sqlite:a.db db query 'select 1 as a' 2>&1 >/dev/null
? 0

# A statement of the wrong kind.
$ tsk --url sqlite:a.db db query ' -- nothing'
tsk: there is no statement (USAGE)
? 2
$ printf 'select 1 as \377' >bad.sql; tsk --url sqlite:a.db db query -f bad.sql >/dev/null 2>&1; echo $?
1
? 0

# A rule of markdown has a dash in each column.
$ tsk --url sqlite:a.db db query 'select 1 as a' --format markdown -q
| a |
| -: |
| 1 |
? 0
$ tsk --url sqlite:a.db db status --watch --interval 0
tsk: --interval is at least 100 ms (USAGE)
? 2
$ tsk --url sqlite:a.db db status --interval 1s
tsk: --interval is for --watch (USAGE)
? 2
$ tsk --url sqlite:a.db db query 'create table never(a)' --table x; echo $?; TUSK_FORMAT=insert tsk --url sqlite:a.db db query 'select 1 as a' --table x; sqlite3 a.db "select count(*) from sqlite_schema where name = 'never'"
tsk: --table is for --format insert (USAGE)
2
INSERT INTO "x" ("a") VALUES (1);
0
? 0

# A transaction that nothing ended is lost with the connection: that is no success.
$ sqlite3 open.db 'create table t(a)'; echo 'begin; insert into t values (1);' | tsk --url sqlite:open.db db query; echo $?; sqlite3 open.db 'select count(*) from t'
done
1 row affected
tsk: the script left its transaction open: it was rolled back (USAGE)
  hint: end it with commit, or use --transaction
2
0
? 0
$ echo 'savepoint a; savepoint b; insert into t values (1); release b' >open.sql; tsk -q --url sqlite:open.db db query -f open.sql 2>&1 | grep -c 'left its transaction open'; sqlite3 open.db 'select count(*) from t'
1
0
? 0
$ tsk -q --url sqlite:open.db db query 'begin'
tsk: the script left its transaction open: it was rolled back (USAGE)
  hint: end it with commit, or use --transaction
? 2
$ echo 'begin; insert into t values (1)' | tsk --json --url sqlite:open.db db query >open.json; echo $?; sqlite3 :memory: "select json_extract(readfile('open.json'), '$.ok'), json_extract(readfile('open.json'), '$.exit'), json_extract(readfile('open.json'), '$.error.code')"
2
0|2|USAGE
? 0
$ echo 'begin; insert into t values (1); commit; insert into t values (2)' | tsk -q --url sqlite:open.db db query; echo $?; echo 'insert into t values (3)' | tsk -q --url sqlite:open.db db query --transaction; sqlite3 open.db 'select group_concat(a) from t'
0
1,2,3
? 0

# What was told before a failure in one transaction is taken back in words too.
$ printf 'insert into t values (4);\ninsert into nowhere values (1)' >undo.sql; tsk --url sqlite:open.db db query --transaction -f undo.sql 2>&1 | grep -e affected -e detail; tsk --url sqlite:open.db db query -f undo.sql 2>&1 | grep -e affected -e detail; echo 'insert into nowhere values (1)' | tsk --url sqlite:open.db db query --transaction 2>&1 | grep -c detail; sqlite3 open.db 'select group_concat(a) from t'
1 row affected
  detail: all that the script did was rolled back
1 row affected
0
1,2,3,4
? 0

# A place in the URL is not one in the statement.
$ tsk --url sqlite:%zz db query 'select 1'
tsk: byte 8 of the URL: a '%' needs two hexadecimal digits (OPTION)
? 2

# --timeout counts while a lock is met in opening too, whatever else may wait longer.
$ cat >locked.sh <<'END'
> tsk --timeout 200ms --url 'sqlite:lk.db?lock_timeout=5s&connect_timeout=1h' db query 'select 1'; echo $?
> TUSK_TIMEOUT=200ms tsk --url 'sqlite:lk.db?lock_timeout=5s&connect_timeout=1h' db status 2>&1 >/dev/null; echo $?
> END
? 0
$ sqlite3 lk.db 'create table t(a)'; printf 'begin exclusive;\n.system sh locked.sh\n' | sqlite3 lk.db
tsk: opening 'lk.db': deadline passed while waiting for a lock (TIMEOUT)
  hint: --timeout, TUSK_TIMEOUT, or timeout and connect_timeout of the configuration say how long to wait
4
tsk: opening 'lk.db': deadline passed while waiting for a lock (TIMEOUT)
  hint: --timeout, TUSK_TIMEOUT, or timeout and connect_timeout of the configuration say how long to wait
4
? 0
$ tsk --timeout 0 --url "sqlite:lk.db?connect_timeout=1s" db query "select 1 as a" --format csv; tsk --timeout 1h --url sqlite:lk.db db query "select 1 as a" --format csv
a
1
a
1
? 0

# Hints say how tsk would take it.
$ tsk --url sqlite:a.db db query 'select 1; select 2'
tsk: one statement is wanted, here begins a second (USAGE)
  1 | select 1; select 2
                ^
  hint: several statements are a script: give it by --file or on standard input
? 2
$ tsk --url sqlite:a.db db query 'select 1;'  --format csv
1
1
? 0
$ tsk --url sqlite:a.db db query select a from t
tsk: db query: 'a' is one argument too many (USAGE)
  hint: an argument of several words stands in quotes
? 2
$ tsk --url sqlite:a.db db query 'select $1'
tsk: parameters in the statement: 1, arguments that came: 0 (USAGE)
  hint: -p VALUE for each, or all in one --params '[...]'
? 2
$ TUSK_FORMAT=xml tsk --url sqlite:a.db db query 'select 1'
tsk: TUSK_FORMAT: no format 'xml'; it is one of table|box|csv|tsv|json|jsonl|markdown|vertical|insert|none (OPTION)
? 2
$ printf '[tusk]\nformat = xml\n' >xml.ini; tsk --config xml.ini --url sqlite:a.db db query 'select 1'
tsk: xml.ini:2: no format 'xml'; it is one of table|box|csv|tsv|json|jsonl|markdown|vertical|insert|none (OPTION)
? 2

# Two tables of Markdown are two tables.
$ echo 'select 1 as a; create table if not exists m(a); select 2 as b' | tsk --url sqlite:a.db db query --format markdown
| a |
| -: |
| 1 |

done

| b |
| -: |
| 2 |
? 0
