# Drivers are listed without being loaded, and shown with every setting.
$ tsk driver list --format jsonl | sed -nE '/"name":"sqlite"/s/.*"state":"([a-z]*)".*"schemes":"([^"]*)".*"origin":"([^"]*)".*/\1 \2 \3/p'
~ ready .*sqlite.* TUSK_DRIVER_PATH
? 0
$ tsk --json driver list >l.json; sqlite3 :memory: "select json_valid(readfile('l.json')), json_array_length(readfile('l.json'), '$.data.drivers') > 0"
1|1
? 0
$ tsk driver which sqlite --format csv | sed -n 2p | cut -d, -f1-2
sqlite,ready
? 0
$ tsk driver which nothing 2>&1 | head -1; tsk driver which nothing >/dev/null 2>&1
~ tsk: there is no driver 'nothing'.* \(NOT_FOUND\)
? 12
$ tsk driver info sqlite | sed -n 's/^schemes *//p'
~ .*sqlite.*
? 0
$ tsk --json driver info sqlite >i.json; sqlite3 :memory: "select json_valid(i), json_extract(i, '$.data.name'), json_array_length(i, '$.data.options') > 5, json_array_length(i, '$.data.capabilities') > 5 from (select readfile('i.json') as i)"
1|sqlite|1|1
? 0
$ tsk driver info nothing >/dev/null 2>&1
? 12
$ tsk --url nothing://host/db db query 'select 1' >/dev/null 2>&1
? 12

# A file that is no driver has no ABI to tell.
$ mkdir bad && echo no >bad/bad.so && TUSK_DRIVER_PATH=$PWD/bad tsk --format csv driver list | sed -n 's|/.*/bad.so|FILE|; 2p'; TUSK_DRIVER_PATH=$PWD/bad tsk --json driver list | grep -o '"abi":[^,]*'
bad,refused,,,,,TUSK_DRIVER_PATH,FILE,is not an ELF file
"abi":null
? 0

# A file that is refused would not be loaded, and is shown all the same.
$ export TUSK_DRIVER_PATH=$PWD/bad; tsk --format csv driver which bad 2>&1 | sed "s|$PWD/||g"; tsk driver which bad >/dev/null 2>&1; echo $?; tsk --json driver which bad >w.json; sqlite3 :memory: "select json_extract(readfile('w.json'), '$.ok', '$.exit', '$.error.code', '$.data.drivers[0].state')"
name,state,version,abi,schemes,license,origin,path,reason
bad,refused,,,,,TUSK_DRIVER_PATH,bad/bad.so,is not an ELF file
tsk: nothing would be loaded: bad/bad.so is not an ELF file (UNAVAILABLE)
12
[false,12,"UNAVAILABLE","refused"]
? 0

# Only what is yours is removed, and only when it was said so.
$ tsk driver remove sqlite
tsk: remove 'sqlite': without a terminal --yes is needed; nothing was done (REFUSED)
? 7
$ tsk driver remove sqlite --yes >/dev/null 2>&1
? 7
$ mkdir -p "$HOME/.local/lib/tusk/drivers" && chmod -R go-w "$HOME" && cp "$TUSK_BUILD/plugins/sqlite/.libs/sqlite.so" "$HOME/.local/lib/tusk/drivers" && printf '[tusk]\nuser_drivers = yes\n' >u.ini && unset TUSK_DRIVER_PATH && tsk --config u.ini driver remove sqlite --yes | sed 's|/.*/\.local|HOME/.local|'; ls "$HOME/.local/lib/tusk/drivers"
removed HOME/.local/lib/tusk/drivers/sqlite.so
? 0

# What is put where drivers are found has the name of its note, whole or not at all.
$ cp "$TUSK_BUILD/plugins/sqlite/.libs/sqlite.so" other.so && unset TUSK_DRIVER_PATH && tsk --config u.ini driver install other.so --user | sed 's|/.*/\.local|HOME/.local|'; cmp other.so "$HOME/.local/lib/tusk/drivers/sqlite.so" && tsk --config u.ini --format csv driver list | grep -c '^sqlite,ready'; tsk --config u.ini --url sqlite::memory: db query "select 7 as n" --format csv
installed HOME/.local/lib/tusk/drivers/sqlite.so
1
n
7
? 0
$ tsk driver install "$TUSK_BUILD/plugins/sqlite/.libs/sqlite.so" --user >out 2>&1; echo $?; grep -c force out; tsk --json driver install "$TUSK_BUILD/plugins/sqlite/.libs/sqlite.so" --user --force | grep -o '"ok":[a-z]*'; ls -A "$HOME/.local/lib/tusk/drivers"
1
1
"ok":true
sqlite.so
? 0
$ tsk driver install /etc/passwd --user >out 2>&1; echo $?; grep -c 'not an ELF file' out; tsk driver install nowhere.so --user >/dev/null 2>&1; echo $?; chmod 777 "$HOME/.local/lib/tusk/drivers"; tsk driver install "$TUSK_BUILD/plugins/mysql/.libs/mysql.so" --user >out 2>&1; echo $?; grep -c writ out; chmod 755 "$HOME/.local/lib/tusk/drivers"; ls -A "$HOME/.local/lib/tusk/drivers"
12
1
12
12
1
sqlite.so
? 0

# A driver to begin with: a folder of its own, and nothing where that cannot be.
$ tsk driver new mine && ls mine && grep -c '@NAME@' mine/*; tsk driver new mine >/dev/null 2>&1; echo $?; tsk driver new Bad >/dev/null 2>&1; echo $?; tsk driver new ../up >/dev/null 2>&1; echo $?; ls ../up 2>/dev/null
made mine/: make -C mine builds the driver, make -C mine check proves it
Makefile
mine.c
mine/Makefile:0
mine/mine.c:0
1
2
2
? 2

# A file that anybody can write is no driver.
$ mkdir d && cp "$TUSK_BUILD/plugins/sqlite/.libs/sqlite.so" d && chmod 666 d/sqlite.so && TUSK_DRIVER_PATH=$PWD/d tsk --url sqlite:a.db db query 'select 1' >out 2>&1; echo $?; grep -c writ out
12
1
? 0

# Drivers that are not written yet are there, and say so.
$ for n in mysql mongo redis; do TUSK_DRIVER_PATH=$TUSK_BUILD/plugins/$n/.libs tsk --format csv driver list | grep "^$n,stub"; TUSK_DRIVER_PATH=$TUSK_BUILD/plugins/$n/.libs tsk --url $n://h/d db query 'select 1' 2>&1; echo $?; done | sed "s,$TUSK_BUILD,BUILD,"
mysql,stub,0.1.0,1.0,"mysql,mariadb",MIT,TUSK_DRIVER_PATH,BUILD/plugins/mysql/.libs/mysql.so,
tsk: driver mysql: a stub: the driver for MySQL and MariaDB is not written yet; a release that has it, on libmariadb, or a driver of somebody else's makes it real (UNAVAILABLE)
12
mongo,stub,0.1.0,1.0,"mongo,mongodb",MIT,TUSK_DRIVER_PATH,BUILD/plugins/mongo/.libs/mongo.so,
tsk: driver mongo: a stub: the driver for MongoDB is not written yet; a release that has it, on libmongoc, or a driver of somebody else's makes it real (UNAVAILABLE)
12
redis,stub,0.1.0,1.0,"redis,rediss,valkey",MIT,TUSK_DRIVER_PATH,BUILD/plugins/redis/.libs/redis.so,
tsk: driver redis: a stub: the driver for Redis and Valkey is not written yet; a release that has it, on hiredis, or a driver of somebody else's makes it real (UNAVAILABLE)
12
? 0
