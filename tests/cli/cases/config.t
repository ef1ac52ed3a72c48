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
$ printf '[db.main]\nurl = sqlite:a.db\npassword = canary77\n' >s.ini; chmod 600 s.ini; tsk --config s.ini config | grep -c canary77
0
? 1
$ printf '[db.main]\nurl = sqlite:a.db\npasword = canary77\nbusy_timeout = 3s\nstatement_cache = 5\n' >m.ini; chmod 600 m.ini; tsk --config m.ini config --format csv | grep '^db'
db.main,url,sqlite:a.db,m.ini:2
db.main,pasword,********,m.ini:3
db.main,busy_timeout,3s,m.ini:4
db.main,statement_cache,5,m.ini:5
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
$ printf '[db.main]\nurl = "sqlite:a.db\n' >q.ini; tsk --config q.ini config
~ tsk: q.ini:2:[0-9]+: .* \(OPTION\)
? 2
$ printf '[tusk]\ntimout = 3s\n' >w.ini; tsk --config w.ini config --format none
~ tsk: warning: .*timout.*timeout.*
? 0
$ tsk --json --config w.ini config | grep -c '"warnings":\[".*timout'
1
? 0

# A password on the command line is hidden at once, and warned about.
$ sqlite3 a.db 'create table t(a)'; tsk --json --url 'sqlite:a.db?password=canary77' db query 'select 1' 2>&1 | grep -c canary77
0
? 1
$ (tsk --url 'nothing://u:canary77@h/d' db query 'select 1' 2>&1) | grep -c -e canary77
0
? 1
$ mkfifo wait; tsk --url 'sqlite:a.db?password=canary77' db query -f wait >/dev/null 2>&1 & sleep 0.3; tr '\0' ' ' </proc/$!/cmdline | grep -c canary77; echo >wait; wait
0
? 0

# Settings that only your own files may have count there.
$ printf '[tusk]\nuser_drivers = yes\n[db.main]\nurl = sqlite:a.db\n' >u.ini; tsk --config u.ini db query 'select 1 as a' --format csv
a
1
? 0
$ cp u.ini tusk.ini; tsk db query 'select 1'
~ tsk: .*user_drivers.* \(REFUSED\)
? 7
