# Every type of the house: what sqlite3 wrote tsk reads, exactly, and what tsk wrote is
# what sqlite3 would have written, byte for byte.
$ printf '%s\n' 'create table v(id integer primary key, b BOOLEAN, i16 SMALLINT, i32 INTEGER, i64 BIGINT, f DOUBLE, d DECIMAL(12,2), x DECIMAL TEXT(30,10), t TEXT, c VARCHAR(20), h BLOB, j JSON TEXT, da DATE TEXT, ti TIME TEXT, tz TIMESTAMPTZ TEXT, ts TIMESTAMP TEXT, u UUID TEXT);' >schema.sql; sqlite3 a.db <schema.sql
? 0
$ sqlite3 a.db "insert into v values (1, 1, -32768, 2147483647, -9223372036854775808, 0.1, 9.90, '12345678901234567890.0123456789', 'n ''q'' ' || char(10) || 'x', '', x'00ff', '{\"a\":1.50}', '2024-02-29', '23:59:59.999999', '2024-02-29 12:00:00.000001Z', '2024-02-29 12:00:00', '6ba7b810-9dad-11d1-80b4-00c04fd430c8')"
? 0
$ sqlite3 a.db "insert into v values (2, 0, 0, 0, 9007199254740993, -1e308, -0.05, '-0.0000000001', '', null, x'', '[]', '0001-01-01', '00:00:00.000000', '0001-01-01 00:00:00.000000Z', '9999-12-31 23:59:59.999999', '00000000-0000-0000-0000-000000000000'), (3, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null)"
? 0
$ tsk --url sqlite:a.db db query 'select * from v' --format jsonl
{"id":1,"b":true,"i16":-32768,"i32":2147483647,"i64":"-9223372036854775808","f":0.1,"d":"9.90","x":"12345678901234567890.0123456789","t":"n 'q' \nx","c":"","h":"AP8=","j":{"a":1.50},"da":"2024-02-29","ti":"23:59:59.999999","tz":"2024-02-29T12:00:00.000001Z","ts":"2024-02-29T12:00:00","u":"6ba7b810-9dad-11d1-80b4-00c04fd430c8"}
{"id":2,"b":false,"i16":0,"i32":0,"i64":"9007199254740993","f":-1e+308,"d":"-0.05","x":"-0.0000000001","t":"","c":null,"h":"","j":[],"da":"0001-01-01","ti":"00:00:00","tz":"0001-01-01T00:00:00Z","ts":"9999-12-31T23:59:59.999999","u":"00000000-0000-0000-0000-000000000000"}
{"id":3,"b":null,"i16":null,"i32":null,"i64":null,"f":null,"d":null,"x":null,"t":null,"c":null,"h":null,"j":null,"da":null,"ti":null,"tz":null,"ts":null,"u":null}
? 0
$ sqlite3 a.db .dump >a.sql; tsk --url sqlite:a.db db query 'select * from v' --format csv >v.csv; sqlite3 b.db <schema.sql; tsk -q --url sqlite:b.db db seed v.csv && sqlite3 b.db .dump | cmp - a.sql
? 0
$ tsk --url sqlite:a.db db query 'select * from v' --format jsonl >v.jsonl; sqlite3 c.db <schema.sql; tsk -q --url sqlite:c.db db seed v.jsonl && sqlite3 c.db .dump | cmp - a.sql
? 0
$ tsk --url sqlite:a.db db query 'select * from v' --format insert --table v >v.sql; sqlite3 d.db <schema.sql; sqlite3 d.db <v.sql; sqlite3 d.db .dump | cmp - a.sql
? 0
$ sqlite3 e.db <schema.sql; tsk -q --url sqlite:e.db db query -f v.sql >/dev/null && sqlite3 e.db .dump | cmp - a.sql
? 0
$ tsk -q --url sqlite:a.db db backup a-backup.sql && sqlite3 f.db <a-backup.sql; sqlite3 a.db 'select * from v' >a.list; sqlite3 f.db 'select * from v' | cmp - a.list
? 0

# Typed parameters, stored as their columns store them.
$ sqlite3 p.db <schema.sql; tsk -q --url sqlite:p.db db query 'insert into v(id, b, i64, f, d, x, t, j, da, u) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)' --params '[1, true, "9007199254740993", 1.5, "9.90", "0.1234567890", "", {"a": 1.50}, "2024-02-29", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"]'; sqlite3 p.db 'select id, b, typeof(i64), i64, typeof(f), f, d, typeof(x), x, quote(t), j, da, u from v'
1|1|integer|9007199254740993|real|1.5|9.9|text|0.1234567890|''|{"a": 1.50}|2024-02-29|6ba7b810-9dad-11d1-80b4-00c04fd430c8
? 0

# A text that JSON cannot hold is refused there, never changed; elsewhere it is kept.
$ sqlite3 bad.db "create table t(n, v text); insert into t values (1, 'a'), (2, cast(x'61ff' as text))"; for f in json jsonl; do tsk --url sqlite:bad.db db query 'select * from t order by n' --format $f; done
[{"n":1,"v":"a"}]
tsk: row 2, column 'v': the text is not UTF-8, and JSON holds nothing else (DATA)
  hint: cast it to a blob in the statement, or use another --format
{"n":1,"v":"a"}
tsk: row 2, column 'v': the text is not UTF-8, and JSON holds nothing else (DATA)
  hint: cast it to a blob in the statement, or use another --format
? 1
$ tsk --json --url sqlite:bad.db db query 'select * from t order by n' >bad.json; echo $?; sqlite3 :memory: "select json_extract(j, '$.error.code', '$.data.rows', '$.exit') from (select readfile('bad.json') as j)"
1
["DATA",[[1,"a"]],1]
? 0
$ tsk --url sqlite:bad.db db query 'select cast(v as blob) as v from t where n = 2' --format jsonl
{"v":"Yf8="}
? 0
$ tsk -q --url sqlite:bad.db db query 'select * from t' --format insert --table u >bad.sql; sqlite3 bad.db 'create table u(n, v text)' '.read bad.sql' 'select hex(v) from u where n = 2'
61FF
? 0
