# From an empty folder: init, create, list, status, drop.
$ tsk db init --url sqlite:app.db && ls
wrote tusk.ini
made migrations/
migrations
tusk.ini
? 0
$ tsk db init --url sqlite:other.db; grep -c app.db tusk.ini
~ tsk: .*tusk.ini.* \(EXISTS\)
1
? 0
$ tsk --config none.ini db init --driver nope 2>/dev/null; echo $?; tsk --config none/x.ini db init; ls
12
tsk: writing 'none/x.ini' (No such file or directory) (IO)
migrations
tusk.ini
? 0
$ for url in 'sqlite:/srv/my data/app.db' sqlite:a#1.db 'nosuch:x'; do tsk --config none.ini db init --url "$url"; echo $?; done; ls
tsk: byte 15 of the URL: a blank must be written %20 (OPTION)
2
tsk: byte 9 of the URL: a '#' must be written %23 (OPTION)
2
~ tsk: no driver answers to 'nosuch:'.* \(NOT_FOUND\)
~   hint: .*
12
migrations
tusk.ini
? 0
$ tsk -q --config var.ini db init --url 'sqlite:${PWD}/var.db' && tsk -q --config var.ini db create && sqlite3 var.db .databases | grep -c var.db && rm var.ini var.db
1
? 0
$ tsk db query 'select 1' >/dev/null 2>&1; echo $?; test -e app.db
3
? 1
$ tsk db create && sqlite3 app.db 'pragma integrity_check'
created 'app.db'
ok
? 0
$ tsk db create
~ tsk: .* \(EXISTS\)
? 1
$ tsk db create --if-not-exists
'app.db' is there already
? 0
$ tsk --json db create --if-not-exists
{"tusk":1,"command":"db create","ok":true,"exit":0,"data":{"database":"app.db","created":false},"warnings":[]}
? 0
$ tsk db list --format csv
name,default,driver,url,production,read_only,origin
main,true,sqlite,sqlite:app.db,false,false,tusk.ini:12
? 0
$ tsk --json db list | sed 's/"origin":"[^"]*"/"origin":"O"/'
{"tusk":1,"command":"db list","ok":true,"exit":0,"data":{"databases":[{"name":"main","default":true,"driver":"sqlite","url":"sqlite:app.db","production":false,"read_only":false,"origin":"O"}]},"warnings":[]}
? 0
$ tsk db status --format jsonl | sed -E 's/"(version|client)":"[^"]*"/"\1":"V"/g; s/"(round_trip_us|size_bytes)":[0-9]+/"\1":N/g'
{"name":"main","driver":"sqlite","url":"sqlite:app.db","reachable":true,"error":null,"server":"SQLite","version":"V","client":"V","role":"primary","round_trip_us":N,"sessions":null,"size_bytes":N,"pools":null,"in_use":null,"idle":null,"waiting":null,"acquired_per_s":null}
? 0
$ tsk --json db status >s.json; sqlite3 :memory: "select json_valid(s), json_extract(s, '$.data.databases[0].reachable', '$.data.databases[0].pool.limits.max', '$.data.databases[0].pool.live', '$.data.databases[0].migrations') from (select readfile('s.json') as s)"
1|[true,10,[],null]
? 0
$ tsk db status | grep -c '^ *reachable: true$'
1
? 0
$ tsk db status --watch --json 2>&1 | grep -c 'with --watch use --format jsonl'
1
? 0
$ timeout --foreground --preserve-status -s INT 0.6 tsk db status --watch --interval 100ms --format jsonl >w.jsonl; echo $?; test "$(wc -l <w.jsonl)" -ge 3
130
? 0

# With nothing to look at: an error, not a database of NULLs.
$ mkdir empty && cd empty && tsk db status; tsk --json db status
tsk: no database is named: give --url URL, or --db NAME and a [db.NAME] in tusk.ini (tsk db init writes one) (OPTION)
{"tusk":1,"command":"db status","ok":false,"exit":2,"warnings":[],"error":{"code":"OPTION","message":"no database is named: give --url URL, or --db NAME and a [db.NAME] in tusk.ini (tsk db init writes one)"}}
? 2
$ tsk --db nope db status
tsk: --db: there is no database 'nope'; there are: main (OPTION)
? 2
$ tsk --url nothing://h/d db status 2>&1 | grep -c "no driver answers to 'nothing:'"
1
? 0

# A database that is not there: the one, one of several.
$ tsk --url sqlite:absent.db db status >out 2>err; echo $?; grep -c 'reachable: false' out; test -e absent.db
3
1
? 1
$ printf '[db.b]\nurl = sqlite:absent.db\n' >>tusk.ini; tsk db status >/dev/null
tsk: 1 of 2 databases cannot be reached (CONNECT)
? 10
$ sed 's/^url = sqlite:absent.db/url = nothing:x/' tusk.ini >n.ini; tsk --config n.ini db status >/dev/null
tsk: 1 of 2 databases cannot be reached (NOT_FOUND)
? 10

# Dropping: never without the name, never production by chance.
$ tsk --db main db drop
tsk: drop 'app.db': without a terminal --yes and --expect-db NAME are needed; nothing was done (REFUSED)
? 7
$ tsk --db main db drop --yes
tsk: drop 'app.db': without a terminal --yes and --expect-db NAME are needed; nothing was done (REFUSED)
? 7
$ tsk --db main db drop --yes --expect-db other.db
tsk: the database is 'app.db', not 'other.db' as --expect-db says; nothing was done (REFUSED)
? 7
$ sqlite3 app.db 'create table t(a); insert into t values (42)'; ls app.db
app.db
? 0
$ sed 's/^# production = yes/production = yes/' tusk.ini >p.ini; tsk --config p.ini --db main db drop --yes --expect-db app.db
tsk: drop 'app.db': it is marked production = yes: --allow-production is needed; nothing was done (REFUSED)
? 7
$ tsk --read-only --db main db drop --yes --expect-db app.db; ls app.db backups 2>&1
tsk: the settings say read_only (--read-only); nothing was done (READ_ONLY)
ls: cannot access 'backups': No such file or directory
app.db
? 2
$ tsk --read-only --db main db restore nofile --replace
tsk: the settings say read_only (--read-only); nothing was done (READ_ONLY)
? 1
$ tsk --json --db main db drop --yes 2>&1 | grep -c '"exit":7'
1
? 0
$ tsk --db main db drop --yes --expect-db app.db | sed 's/-[0-9TZ]*\.backup/-WHEN.backup/'; ls app.db 2>/dev/null; sqlite3 backups/app-*.backup 'select a from t'
backup: backups/app-WHEN.backup
dropped 'app.db'
42
? 0
$ tsk --db main db drop --yes --expect-db app.db
tsk: there is no database 'app.db' (NOT_FOUND)
? 3
$ tsk --db main db drop --if-exists --yes --expect-db app.db
there is no 'app.db'
? 0
$ tsk --db main db create -q && tsk --json --config p.ini --db main db drop --no-backup --yes --expect-db app.db --allow-production
{"tusk":1,"command":"db drop","ok":true,"exit":0,"data":{"database":"app.db","dropped":true,"backup":null},"warnings":[]}
? 0

# To look is not to write: a file of somebody else stays as it is, an empty one too.
$ : >empty.db; tsk -q --url sqlite:empty.db db status >/dev/null; tsk -q --url sqlite:empty.db db schema; wc -c <empty.db
0
? 0
