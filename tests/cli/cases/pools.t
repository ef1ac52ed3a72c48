# Live pools of programs that publish their figures, in tsk db status.
$ mkdir -m 700 live; mkfifo go out; sqlite3 a.db 'create table t(n)'; printf '[db.main]\nurl = sqlite:a.db\n[db.other]\nurl = sqlite:a.db\n[pool]\npublish = live\n' >tusk.ini
? 0
$ tsk --db main --format csv db status | cut -d, -f13-17
pools,in_use,idle,waiting,acquired_per_s
,,,,
? 0

# One that runs: its section, and no other; a rate needs two readings.
$ cat >with.sh <<'END'
> "$TUSK_BUILD/tests/cli/pooled" "$PWD/live" main <go >out &
> exec 9>go
> read -r ready <out && [ "$ready" = ready ]
> timeout 60 sh -c "$1"
> exec 9>&-
> wait
> END
? 0
$ sh with.sh 'until tsk --db main --format csv db status | tail -1 | cut -d, -f13,14,17 | grep -x "1,[12],"; do sleep 0.1; done; tsk --db other --format csv db status | tail -1 | cut -d, -f13-17'
~ 1,[12],
,,,,
? 0
$ sh with.sh 'tsk --json db status >s.json; ls -l live | tail -1 | cut -c1-10'; ls -A live; sqlite3 :memory: "select json_array_length(j, '$.data.databases[0].pool.live'), json_extract(j, '$.data.databases[0].pool.live[0].name', '$.data.databases[0].pool.live[0].max', '$.data.databases[0].pool.live[0].last_error'), json_array_length(j, '$.data.databases[1].pool.live') from (select readfile('s.json') as j)"
-rw-------
1|["jobs",7,null]|0
? 0
$ sh with.sh 'tsk --db main --format jsonl db status --watch --interval 200ms | grep -m 1 -o "\"acquired_per_s\":[1-9]"' | cut -d: -f1
"acquired_per_s"
? 0

# What a killed one leaves does not count; a folder that cannot be read is a warning.
$ "$TUSK_BUILD/tests/cli/pooled" "$PWD/live" main <go >out & exec 9>go; read -r ready <out; kill -9 $!; wait 2>/dev/null; ls live | wc -l; tsk --json --db main db status | grep -o '"live":[^]]*]'
1
"live":[]
? 0
$ rm -r live; : >live; tsk --db main db status 2>&1 >/dev/null
~ tsk: warning: reading the folder 'live' \(Not a directory\)
? 0

# Nor does a program publish where others could write.
$ rm live; mkdir -m 777 live; chmod 777 live; "$TUSK_BUILD/tests/cli/pooled" live main; ls live
pooled: pool_publish: others may write to the folder 'live': chmod go-w
? 0
