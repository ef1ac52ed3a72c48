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

# What was written comes back: rows to CSV, TSV and JSON lines, and in again.
$ for f in csv tsv jsonl; do tsk --url sqlite:a.db db query 'select * from city order by id' --format $f -o city.$f; sqlite3 b.db 'drop table if exists city; create table city(id integer primary key, name text not null, note text)'; tsk -q --url sqlite:b.db db seed city.$f; sqlite3 b.db "select id, name, note is null, note = '' from city"; done
1|Oslo|1|
2|Lima, Peru|0|1
1|Oslo|1|
2|Lima, Peru|0|1
1|Oslo|1|
2|Lima, Peru|0|1
? 0
