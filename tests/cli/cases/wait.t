# tsk db wait: until the database answers, and no longer than it is of use.
$ export TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS; tsk --url 'fake://h/d?fail=open:-200&fail_opens=3' db wait
~ fake://h/d\?.* answers after [0-9]+ ms: Fake server fake
? 0
$ export TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS; tsk --json --url 'fake://u:secret@h/d?fail=open:-200&fail_opens=3' db wait | sed -E 's/"(waited_ms|round_trip_us)":[0-9]+/"\1":N/g; s/"url":"[^"]*"/"url":"U"/; s/secret/SEEN/'
{"tusk":1,"command":"db wait","ok":true,"exit":0,"data":{"name":null,"url":"U","attempts":4,"waited_ms":N,"round_trip_us":N},"warnings":["a password in the command line can be seen by others; --password-fd and password_file cannot"]}
? 0
$ export TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS; tsk -q --url 'fake://h/d?fail=open:-500&fail_opens=2' db wait --timeout 0
? 0
# The pauses before the fourth attempt are 50, 100 and 200 ms, each a quarter less at the least.
$ export TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS; tsk --json --url 'fake://h/d?fail=open:-200&fail_opens=3' db wait >w.json; sqlite3 :memory: "select json_extract(readfile('w.json'), '$.data.waited_ms') >= 262"
1
? 0

# A server that answers to the login but not to a ping does not answer.
$ export TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS; tsk --url 'fake://h/d?fail=ping:-201:2' db wait --timeout 200ms
~ tsk: no answer in [0-9]+ ms, after [0-9]+ attempts; the last: fake: failed as told \(TIMEOUT\)
~ .*
? 4

# The deadline passes: of all, and not only of one attempt.
$ export TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS; tsk --url 'fake://h/d?fail=open:-200' db wait --timeout 200ms
~ tsk: no answer in [0-9]+ ms, after [2-9] attempts; the last: fake: failed as told \(TIMEOUT\)
  hint: --timeout says how long to wait
? 4
$ export TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS; TUSK_TIMEOUT=200ms timeout 60 tsk --json --url 'fake://h/d?open_ms=3600000&honour=all' db wait | grep -oE '"(code|exit)":("[A-Z]*"|[0-9]*)'
"exit":4
"code":"TIMEOUT"
? 0

# What time does not heal ends it at the first attempt, with the exit code of the failure.
$ export TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS; for code in 202 203 104 301 102 105 308; do timeout 60 tsk --url "fake://h/d?fail=open:-$code" db wait --timeout 1h 2>&1 | tr '\n' ' '; timeout 60 tsk -q --url "fake://h/d?fail=open:-$code" db wait --timeout 1h 2>/dev/null; echo $?; done
tsk: fake: failed as told (AUTH) 3
tsk: fake: failed as told (TLS) 3
tsk: fake: failed as told (OPTION) 2
tsk: fake: failed as told (NOT_FOUND) 1
tsk: fake: failed as told (ABI) 12
tsk: fake: failed as told (NOMEM) 1
tsk: fake: failed as told (CORRUPT) 1
? 0
$ timeout 60 tsk --url nothing:x db wait --timeout 1h 2>/dev/null
? 12
$ timeout 60 tsk db wait --timeout 1h 2>/dev/null
? 2

# A file that somebody else makes meanwhile; wait never makes it.
$ tsk --url sqlite:later.db db wait --timeout 100ms 2>/dev/null; echo $?; test -e later.db
4
? 1
$ (sleep 0.3; sqlite3 later.db 'create table t(n)') & tsk -q --url sqlite:later.db db wait; echo $?; wait; sqlite3 later.db .tables
0
t
? 0

# Ctrl-C ends it.
$ export TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS; timeout --foreground --preserve-status -s INT 0.5 tsk --url 'fake://h/d?fail=open:-200' db wait 2>&1
tsk: interrupted (CANCELLED)
? 130

# How many sessions the server has, where the driver can tell.
$ TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS tsk --url 'fake://h/d?rows=7' --format csv db status | cut -d, -f 4,9,11
reachable,role,sessions
true,primary,7
? 0
$ TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS tsk --json --url 'fake://h/d?rows=7' db status | grep -o '"sessions":[^,]*'
"sessions":7
? 0
$ TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS tsk --json --url 'fakebare://h/d' db status | grep -o '"sessions":[^,]*'
"sessions":null
? 0
