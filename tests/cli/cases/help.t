# The program says what it can do, and names the right word for a wrong one.
$ tsk version | sed 's/[0-9.]*$/N/'
tsk N
? 0
$ tsk --version | sed 's/[0-9.]*$/N/'
tsk N
? 0
$ tsk
tsk: no command; see tsk --help (USAGE)
? 2
$ tsk db
tsk: db: what? see tsk db --help (USAGE)
? 2
$ tsk bd query
tsk: no command 'bd'; did you mean 'db'? (USAGE)
? 2
$ tsk db qeury 'select 1'
tsk: no command 'db qeury'; did you mean 'db query'? (USAGE)
? 2
$ tsk db query --fromat csv 'select 1'
tsk: no option '--fromat'; did you mean '--format'? (USAGE)
? 2
$ tsk db query --format cvs 'select 1'
tsk: --format: no 'cvs'; did you mean 'csv'? (USAGE)
? 2
$ tsk db query 'select 1' 'select 2'
tsk: db query: 'select 2' is one argument too many (USAGE)
  hint: an argument of several words stands in quotes
? 2
$ tsk help db qery
tsk: no command 'db qery'; did you mean 'db query'? (USAGE)
? 2
$ tsk --timeout 10 version
tsk: --timeout: '10' is no duration such as 500ms, 30s or 2m (USAGE)
? 2
$ tsk db query -p 1 --params '[1]' 'select $1'
tsk: --param and --params: only one of them (USAGE)
? 2
$ tsk db query -f x.sql 'select 1'
tsk: a statement and --file: only one of them (USAGE)
? 2
$ tsk db query --params '[1' 'select $1'
tsk: --params: byte 3: ',' was expected (USAGE)
? 2

# Help is the same wherever it is asked for.
$ tsk help db seed >a; tsk db seed --help >b; tsk --help db seed -h >c; cmp a b && cmp a c && head -1 a
usage: tsk [options] db seed [options] [PATH ...]
? 0
$ tsk --help | grep -c '^  db '
12
? 0
$ tsk help db | grep -c '^  d'
12
? 0

# With --json errors are JSON too, on standard output alone.
$ tsk db qeury --json 2>/dev/null
{"tusk":1,"command":"db","ok":false,"exit":2,"warnings":[],"error":{"code":"USAGE","message":"no command 'db qeury'; did you mean 'db query'?"}}
? 2
$ tsk --json version | sed 's/"version":"[0-9.]*"/"version":"N"/'
{"tusk":1,"command":"version","ok":true,"exit":0,"data":{"version":"N"},"warnings":[]}
? 0
$ tsk --json help >help.json; sqlite3 :memory: "select json_valid(readfile('help.json')), json_extract(readfile('help.json'), '$.ok'), json_array_length(readfile('help.json'), '$.data.commands'), json_extract(readfile('help.json'), '$.data.exits[12].code')"
1|1|22|12
? 0
$ tsk --json db query --help | grep -c '"name":"db query"'
1
? 0

# Completions are scripts that their shells can read.
$ tsk help --completions bash | bash -n
? 0
$ tsk help --completions bash >c && bash -c '. ./c; COMP_WORDS=(tsk --db x db que); COMP_CWORD=4; _tsk; echo "${COMPREPLY[@]}"'
query
? 0
$ bash -c '. ./c; COMP_WORDS=(tsk db query --format js); COMP_CWORD=4; _tsk; echo "${COMPREPLY[@]}"'
json jsonl
? 0
$ bash -c '. ./c; COMP_WORDS=(tsk db query --pa); COMP_CWORD=3; _tsk; echo "${COMPREPLY[@]}"'
--param --params --password-fd
? 0
$ touch some.sql; bash -c '. ./c; COMP_WORDS=(tsk db query -f so); COMP_CWORD=4; _tsk; echo "${COMPREPLY[@]}"'
some.sql
? 0
$ for words in 'help' 'help db' 'help driver' 'help db query'; do bash -c ". ./c; COMP_WORDS=(tsk $words ''); COMP_CWORD=\$((\${#COMP_WORDS[@]} - 1)); _tsk; echo \"\${COMPREPLY[@]}\"" | sed 's/ *--[a-z-]*//g'; done
db driver config version help
init status wait list create drop query schema seed backup restore verify
list info which check install new remove

? 0
$ tsk --json help --completions bash >c.json; tsk help --completions bash >c.bash; sqlite3 :memory: "select json_extract(j, '$.ok'), json_extract(j, '$.data.shell'), json_extract(j, '$.data.script') = cast(readfile('c.bash') as text) from (select readfile('c.json') as j)"
1|bash|1
? 0
$ tsk help --completions tcsh
tsk: --completions: no 'tcsh'; it is one of bash|zsh|fish (USAGE)
? 2

# An output that cannot be written is an error; a reader that goes away is none.
$ tsk help >/dev/full
tsk: writing standard output (No space left on device) (NO_SPACE)
? 11
$ tsk --json help >/dev/full
? 11
$ tsk help | true
? 0
