# The schema as statements that make it anew.
$ sqlite3 a.db "create table country(code text primary key, name text not null); create table city(id integer primary key, name text not null default 'x', country text references country(code) on delete cascade, check (name <> '')); create index city_country on city(country); create view names as select name from city; create trigger no_delete before delete on city begin select raise(abort, 'no'); end"
? 0
$ tsk --url sqlite:a.db db schema >a.sql && sqlite3 b.db <a.sql && tsk --url sqlite:b.db db schema | diff a.sql - && sqlite3 b.db "select type, name from sqlite_schema where name not like 'sqlite%' order by name"
table|city
index|city_country
table|country
view|names
trigger|no_delete
? 0
$ tsk --json --url sqlite:a.db db schema >a.json; tsk --json --url sqlite:b.db db schema >b.json; sqlite3 :memory: "select json_valid(a), json_extract(a, '$.data.fingerprint') = json_extract(b, '$.data.fingerprint'), length(json_extract(a, '$.data.fingerprint')) from (select readfile('a.json') as a, readfile('b.json') as b)"
1|1|64
? 0
$ tsk --url sqlite:a.db db schema -o c.sql && cmp a.sql c.sql
? 0
$ tsk --json --url sqlite:a.db db schema -o c.json; sqlite3 :memory: "select json_extract(readfile('c.json'), '$') = json_extract(readfile('a.json'), '$.data')"
~ \{"tusk":1,"command":"db schema","ok":true,"exit":0,"data":\{"file":"c.json","bytes":[0-9]+\},"warnings":\[\]\}
1
? 0

# What a hostile database calls its tables does not command the terminal.
$ sqlite3 esc.db "create table \"t$(printf '\033]0;x\007\302\233')\"(a)"; script -qec 'tsk --url sqlite:esc.db db schema' /dev/null </dev/null | tr -d '\r'
create table "t\x1b]0;x\x07\xc2\x9b" (
~ .a.*
);
? 0
