# Where a setting comes from: flag, environment, file, default.
$ printf '[tusk]\ntimeout = 7s\nformat = csv\n[db.main]\nurl = sqlite:a.db\n' >tusk.ini; tsk config --format csv | grep -E '^(tusk|db.main),(timeout|format|url)'
tusk,timeout,7s,tusk.ini:2
tusk,format,csv,--format
db.main,url,sqlite:a.db,tusk.ini:5
? 0
$ tsk config | grep ,timeout
tusk,timeout,7s,tusk.ini:2
? 0
$ TUSK_TIMEOUT=8s tsk config | grep tusk,timeout
tusk,timeout,8s,TUSK_TIMEOUT
? 0
$ TUSK_TIMEOUT=8s tsk config --timeout 9s | grep tusk,timeout
tusk,timeout,9s,--timeout
? 0
$ tsk --json config >c.json; sqlite3 :memory: "select json_valid(readfile('c.json')), json_extract(readfile('c.json'), '$.data.settings[0].section')"
1|tusk
? 0

# Secrets are never shown, and a file with one is its owner's alone.
$ printf '[db.main]\nurl = sqlite:a.db\npassword = canary77\n' >s.ini; chmod 600 s.ini; tsk --config s.ini config 2>&1 | grep -c canary77
0
? 1
$ printf '[db.main]\nurl = sqlite:a.db\npasword = canary77\nbusy_timeout = 3s\nstatement_cache = 5\n' >m.ini; chmod 600 m.ini; tsk --config m.ini config --format csv 2>err | grep '^db'; cat err
db.main,url,sqlite:a.db,m.ini:2
db.main,pasword,********,m.ini:3
db.main,busy_timeout,3s,m.ini:4
db.main,statement_cache,5,m.ini:5
tsk: warning: [db.main]: driver sqlite has no setting 'pasword' (m.ini:3)
? 0
$ chmod 644 s.ini; tsk --config s.ini config
~ tsk: .* \(REFUSED\)
? 7
$ tsk --config none.ini config
~ tsk: .*none.ini.* \(OPTION\)
? 2
$ printf '[db.main]\nurl = sqlite:a.db\nbusy_timeut = 3\n' >b.ini; tsk --config b.ini db query 'select 1'
~ tsk: .*busy_timeut.* \(OPTION\)
~   hint: .*
? 2
$ tsk --config b.ini db list --format csv
name,default,driver,url,production,read_only,origin
tsk: warning: [db.main]: driver sqlite has no setting 'busy_timeut' (b.ini:3); is 'busy_timeout' meant?
main,true,sqlite,sqlite:a.db,false,false,b.ini:2
? 0
$ printf '[db.main]\nurl = "sqlite:a.db\n' >q.ini; tsk --config q.ini config
~ tsk: q.ini:2:[0-9]+: .* \(OPTION\)
? 2
$ printf '[tusk]\ntimout = 3s\n' >w.ini; tsk --config w.ini config --format none
~ tsk: warning: .*timout.*timeout.*
? 0
$ tsk --json --config w.ini config | grep -c '"warnings":\[".*timout'
1
? 0

# A usual database that no section has.
$ printf '[tusk]\ndatabase = nope\n[db.main]\nurl = sqlite:a.db\n' >n.ini; for verb in config 'db list' 'db status' 'db query x'; do tsk --config n.ini $verb 2>&1 >/dev/null | grep nope; done; tsk --config n.ini --db main db status 2>&1 | grep -c nope
tsk: warning: n.ini:2: there is no database 'nope'
tsk: warning: n.ini:2: there is no database 'nope'
tsk: warning: n.ini:2: there is no database 'nope'
tsk: n.ini:2: there is no database 'nope'; there are: main (OPTION)
0
? 1

# A variable is no secret that stands in the file.
$ printf '[db.main]\nurl = sqlite:${PWD}/v.db\n' >v.ini; chmod 644 v.ini; tsk --config v.ini config --format csv | grep ^db; tsk --config v.ini db create -q; sqlite3 v.db .tables; tsk --config v.ini db list --format csv
db.main,url,sqlite:${PWD}/v.db,v.ini:2
name,default,driver,url,production,read_only,origin
main,true,sqlite,sqlite:${PWD}/v.db,false,false,v.ini:2
? 0
$ printf '[db.main]\nurl = sqlite:v.db?password=${PWD:-canary77}\n' >w.ini; chmod 644 w.ini; tsk --config w.ini config
~ tsk: w.ini:2: 'url' holds a secret.* \(REFUSED\)
? 7

# A blank in a path is no password: the file may be read, the URL is not shown.
$ printf '[db.main]\nurl = "sqlite:my data.db"\n' >w.ini; chmod 644 w.ini; tsk --config w.ini db query 'select 1'; tsk --config w.ini config --format csv 2>&1 | grep url
tsk: byte 10 of the URL: a blank must be written %20 (OPTION)
db.main,url,sqlite:***,w.ini:2
? 0

# A password on the command line is hidden at once, and warned about.
$ sqlite3 a.db 'create table t(a)'; tsk --json --url 'sqlite:a.db?password=canary77' db query 'select 1' 2>&1 | grep -c canary77
0
? 1
$ (tsk --url 'nothing://u:canary77@h/d' db query 'select 1' 2>&1) | grep -c -e canary77
0
? 1
$ mkfifo wait; TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS tsk --url 'fake://u:canary77@h/d' db query -f wait >/dev/null 2>&1 & pid=$! timeout 60 sh -c 'exec 9>wait; tr "\0" " " </proc/$pid/cmdline | grep -c canary77; echo >&9'; wait
0
? 0

# The database: the line, TUSK_URL, TUSK_DB, DATABASE_URL, the file; the strongest wins.
$ printf '[tusk]\ndatabase = file\n[db.file]\nurl = sqlite:file.db\n[db.named]\nurl = sqlite:named.db\n' >tusk.ini; for db in file named mine others line; do sqlite3 $db.db 'create table t(a)'; done; cat >which <<'END'
> tsk --format csv "$@" db status | tail -n +2 | cut -d, -f1,2,3,4
> tsk --format csv "$@" db query "select file from pragma_database_list" | sed '1d; s,.*/,,'
> END
? 0
$ sh which
file,sqlite,sqlite:file.db,true
named,sqlite,sqlite:named.db,true
file.db
? 0
$ export DATABASE_URL=sqlite:others.db; sh which; export TUSK_DB=named; sh which; export TUSK_URL=sqlite:mine.db; sh which; sh which --url sqlite:line.db; sh which --db file
,sqlite,sqlite:others.db,true
others.db
named,sqlite,sqlite:named.db,true
named.db
,sqlite,sqlite:mine.db,true
mine.db
,sqlite,sqlite:line.db,true
line.db
file,sqlite,sqlite:file.db,true
file.db
? 0
$ export TUSK_URL= TUSK_DB= DATABASE_URL=; sh which
file,sqlite,sqlite:file.db,true
named,sqlite,sqlite:named.db,true
file.db
? 0
$ rm tusk.ini
? 0

# Settings that only your own files may have count there.
$ printf '[tusk]\nuser_drivers = yes\n[db.main]\nurl = sqlite:a.db\n' >u.ini; tsk --config u.ini db query 'select 1 as a' --format csv
a
1
? 0
$ cp u.ini tusk.ini; tsk db query 'select 1'
~ tsk: .*user_drivers.* \(REFUSED\)
? 7
