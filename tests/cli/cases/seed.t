# Seeds: all rows or none; NULL and the empty text stay what they are.
$ sqlite3 a.db 'create table city(id integer primary key, name text not null, note text)'; mkdir seeds; printf 'id,name,note\n1,Oslo,\n2,"Lima, Peru",""\n' >seeds/city.csv
? 0
$ tsk --url sqlite:a.db db seed && sqlite3 a.db "select id, name, note is null, note = '' from city"
2 rows from 1 file
1|Oslo|1|
2|Lima, Peru|0|1
? 0
$ tsk --url sqlite:a.db db seed
~ tsk: .* \(UNIQUE.*\)
~ .*city.csv:2.*
? 1
$ tsk --url sqlite:a.db db seed --skip-existing -q && tsk --json --url sqlite:a.db db seed seeds --upsert
{"tusk":1,"command":"db seed","ok":true,"exit":0,"data":{"files":1,"rows":2},"warnings":[]}
? 0
$ tsk --url sqlite:a.db db seed --upsert --skip-existing
tsk: --upsert and --skip-existing: only one of them (USAGE)
? 2
$ printf 'id,name\n3,Rome\n4,Bonn,extra\n' >more.csv; tsk --url sqlite:a.db db seed --table city more.csv >out 2>&1; echo $?; grep -c more.csv:3 out; sqlite3 a.db 'select count(*) from city'
1
1
2
? 0
$ tsk --json --url sqlite:a.db db seed --table city more.csv >e.json; sqlite3 :memory: "select json_extract(readfile('e.json'), '$.error.file', '$.error.line', '$.exit')"
["more.csv",3,1]
? 0
$ tsk --url sqlite:a.db db seed --table city --schema nope more.csv; tsk --url sqlite:nix.db db seed more.csv
tsk: there is no table 'city' in the schema 'nope' (NOT_FOUND)
  where: more.csv
tsk: there is no database 'nix.db' (CONNECT)
  hint: tsk db create makes it
? 3

# What was written comes back: rows to CSV, TSV and JSON lines, and in again.
$ for f in csv tsv jsonl; do tsk --url sqlite:a.db db query 'select * from city order by id' --format $f -o city.$f; sqlite3 b.db 'drop table if exists city; create table city(id integer primary key, name text not null, note text)'; tsk -q --url sqlite:b.db db seed city.$f; sqlite3 b.db "select id, name, note is null, note = '' from city"; done
1|Oslo|1|
2|Lima, Peru|0|1
1|Oslo|1|
2|Lima, Peru|0|1
1|Oslo|1|
2|Lima, Peru|0|1
? 0

# SQL says itself what it does: options that would be passed over are refused.
$ mkdir mixed; printf 'id,name\n90,Riga\n' >mixed/city.csv; echo "insert into city values (91, 'Turku', null)" >mixed/x.sql; for o in --upsert --skip-existing '--table city' '--schema main'; do tsk --url sqlite:a.db db seed $o mixed; tsk -q --url sqlite:a.db db seed $o mixed/x.sql >out 2>&1; echo $?; done; sqlite3 a.db 'select count(*) from city where id > 89'
tsk: 'mixed/x.sql' is SQL, which says itself what it does to which table, but rows are to be updated (USAGE)
2
tsk: 'mixed/x.sql' is SQL, which says itself what it does to which table, but rows are to be skipped (USAGE)
2
tsk: 'mixed/x.sql' is SQL, which says itself what it does to which table, but a table is named (USAGE)
2
tsk: 'mixed/x.sql' is SQL, which says itself what it does to which table, but a schema is named (USAGE)
2
0
? 0
$ tsk --url sqlite:a.db db seed mixed && sqlite3 a.db 'select name from city where id > 89'
2 rows from 2 files
Riga
Turku
? 0
