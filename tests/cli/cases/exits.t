# One table for every command: the code of an error says the exit code. The driver fails
# as it is told to.
$ cat >codes <<'END'
> 100 2
> 101 1
> 102 12
> 103 12
> 104 2
> 105 1
> 106 1
> 107 11
> 200 3
> 201 3
> 202 3
> 203 3
> 204 4
> 205 1
> 206 4
> 300 1
> 301 1
> 302 1
> 303 1
> 304 1
> 305 1
> 306 1
> 307 1
> 308 1
> 309 1
> 310 1
> 311 1
> 400 1
> 401 1
> 402 1
> 403 1
> 404 1
> 405 1
> 500 4
> 501 4
> 502 4
> 503 1
> 504 4
> 505 11
> 600 5
> 601 6
> 602 7
> 603 9
> END
? 0
$ export TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS; while read -r code want; do got=0; tsk --json --url "fake://h/d?fail=exec:-$code&fail_at=0" db query 'rows 3' >out 2>err || got=$?; [ "$got" = "$want" ] && grep -q "\"exit\":$want," out && ! [ -s err ] || echo "$code: $got, not $want"; done <codes
? 0

# What came before a failure is there, and the object is whole.
$ TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS tsk --json --url 'fake://h/d?fail=fetch:-201:4&fail_at=2' db query 'rows 5' | sed 's/"columns":[^]]*]/"columns":C/'
{"tusk":1,"command":"db query","data":{"columns":C,"rows":[[1,"row 1"],[2,"row 2"]],"affected":null},"warnings":["closing rows: fake: the connection is dead"],"error":{"code":"CONN_LOST","message":"fake: failed as told"},"ok":false,"exit":3}
? 0
$ TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS tsk --url 'fake://h/d?fail=fetch:-201:4&fail_at=2' db query 'rows 5' --format csv
id,name
1,row 1
2,row 2
~ tsk: warning: closing rows: .*
tsk: fake: failed as told (CONN_LOST)
? 3
$ TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS tsk --url 'fake://h/d?fail=fetch:-201:4&fail_at=2' db query 'rows 5' --format json 2>/dev/null >part.json; sqlite3 :memory: "select json_valid(readfile('part.json')), json_array_length(readfile('part.json'))"
1|2
? 0
$ TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS tsk --url 'fake://h/d?fail=fetch:-201:4&fail_at=2' db query 'rows 5' -o part.csv 2>/dev/null; ls part.csv* 2>/dev/null
? 2

# A deadline is kept also where the driver keeps none.
$ TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS tsk --timeout 200ms --url 'fake://h/d?sleep_ms=60000' db query 'rows 1' 2>&1 >/dev/null | grep -c '(TIMEOUT)'
1
? 0

# A driver that is refused, a stub, and none: all of them are no driver.
$ TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS tsk --json --url 'nonote://h/d' db query x | grep -o '"exit":[0-9]*'
"exit":12
? 0
$ TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS tsk --json --url 'fakestub://h/d' db query x | grep -o '"exit":[0-9]*'
"exit":12
? 0

# A file that cannot be read or written is a file, whoever noticed it; a database that is not
# there is no connection. The folder is one that nobody can write to, whoever runs this.
$ sqlite3 app.db 'create table t(a)'; echo a >t.csv; n=/proc/self; for what in 'seed nofile.csv' 'seed nofile.sql' 'seed nofolder/t.csv' 'backup no/b' 'backup no/b.sql' "backup $n/b" "backup $n/b.sql" 'query x -o no/x' 'restore nofile' 'restore no/file.sql' 'verify nofile'; do tsk --url sqlite:app.db db $what >out 2>&1; echo "$? $what" | sed "s|$n|proc|"; done
11 seed nofile.csv
11 seed nofile.sql
11 seed nofolder/t.csv
11 backup no/b
11 backup no/b.sql
11 backup proc/b
11 backup proc/b.sql
11 query x -o no/x
11 restore nofile
11 restore no/file.sql
11 verify nofile
? 0
$ sqlite3 app.db .dump >app.sql; sqlite3 app.db '.backup app.bak'; for what in create 'restore app.bak' 'restore app.sql'; do for at in no /proc/self; do tsk --url sqlite:$at/new.db db $what >out 2>&1; echo $?; done; done
11
11
11
11
11
11
? 0
$ tsk --config no/tusk.ini db init >out 2>&1; echo $?
11
? 0
$ for what in 'seed t.csv' 'backup b' 'backup b.sql' verify 'drop --no-backup --yes --expect-db none.db'; do tsk --url sqlite:none.db db $what >out 2>&1; echo "$? $what"; done
3 seed t.csv
3 backup b
3 backup b.sql
3 verify
3 drop --no-backup --yes --expect-db none.db
? 0
$ printf 'a\n1\n' >nosuch.csv; tsk --url sqlite:app.db db seed nosuch.csv >out 2>&1; echo $?; grep -c "no table 'nosuch'" out
1
1
? 0
