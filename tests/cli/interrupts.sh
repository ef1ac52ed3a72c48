#!/bin/sh
# Signals and terminals: what Ctrl-C leaves, and what is asked of whom.
set -eu
# shellcheck source=tests/cli/scratch.sh
. "$(dirname "$0")/scratch.sh"
command -v script >/dev/null 2>&1 || {
	echo "the script program is not installed"
	exit 77
}
endless='with recursive c(x) as (select 1 union all select x + 1 from c)'

run_for() { # run_for SECONDS SIGNAL ARGUMENT...: the exit code
	seconds=$1 signal=$2 code=0
	shift 2
	timeout --foreground --preserve-status -s "$signal" "$seconds" "$tsk" "$@" >out 2>err || code=$?
	echo "$code"
}

sqlite3 a.db "create table t(a integer); insert into t values (1)"

# The statement is cancelled on the server, and the program says how it ended.
is interrupt "$(run_for 1 INT --url sqlite:a.db db query "$endless select count(*) from c")" 130
is interrupt_words "$(cat err)" "tsk: interrupted (CANCELLED)"
is terminate "$(run_for 1 TERM --url sqlite:a.db db query "$endless select count(*) from c")" 143
is interrupt_json "$(run_for 1 INT --json --url sqlite:a.db db query "$endless select count(*) from c")" 130
is interrupt_json_object "$(sqlite3 :memory: "select json_extract(readfile('out'), '\$.exit', '\$.error.code')")" '[130,"CANCELLED"]'
is interrupt_json_quiet "$(cat err)" ""

# A write that was under way is undone.
is interrupt_write "$(run_for 1 INT --url sqlite:a.db db query "insert into t $endless select x from c limit 100000000")" 130
is nothing_written "$(sqlite3 a.db 'select count(*) from t; pragma integrity_check' | tr '\n' ' ')" "1 ok "

# No half file is left.
is interrupt_output "$(run_for 1 INT --url sqlite:a.db db query "$endless select x from c" --format csv -o rows.csv)" 130
is no_file "$(find . -name 'rows.csv*')" ""

# The second Ctrl-C ends the program, whatever the driver does about the first.
began=$(date +%s)
TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS "$tsk" --url 'fakeprompt://h/d?sleep_ms=30000&honour=none' \
	db query 'rows 1' -o stuck.csv 2>err &
stuck=$!
sleep 1
kill -TERM "$stuck"
sleep 0.5
kill -TERM "$stuck"
code=0
wait "$stuck" || code=$?
is second "$code" 143
is at_once "$([ $(($(date +%s) - began)) -lt 20 ] && echo yes)" yes
is nothing_left "$(find . -name 'stuck.csv*')" ""

# Waiting for standard input is no reason not to listen.
mkfifo empty
sleep 5 >empty &
writer=$!
is interrupt_stdin "$(run_for 1 INT --url sqlite:a.db db query <empty)" 130
kill "$writer" 2>/dev/null || :
wait "$writer" 2>/dev/null || :

# On a terminal the name is asked for, and nothing else will do.
on_terminal() { # on_terminal ANSWER COMMAND: the exit code; what was shown is in out
	code=0
	printf '%s\n' "$1" | script -qec "$2" /dev/null >out 2>&1 || code=$?
	echo "$code"
}
drop="$tsk --url sqlite:a.db db drop --no-backup"
is wrong_answer "$(on_terminal b.db "$drop")" 7
is still_there "$(sqlite3 a.db 'select a from t')" 1
is asked "$(grep -c "Type 'a.db' to go on" out)" 1
is yes_alone_still_asks "$(on_terminal no "$drop --yes")" 7
is right_answer "$(on_terminal a.db "$drop")" 0
is gone "$(ls a.db 2>/dev/null)" ""

# Colours: on a terminal, unless somebody minds.
esc=$(printf '\033')
sqlite3 a.db 'create table if not exists t(a)'
query="$tsk --url sqlite:a.db db query 'select null as n'"
on_terminal '' "$query" >/dev/null
is colours "$(grep -c "$esc\\[" out)" 2
NO_COLOR=1
export NO_COLOR
on_terminal '' "$query" >/dev/null
is no_color "$(grep -c "$esc\\[" out || :)" 0
on_terminal '' "$query --color always" >/dev/null
is always "$(grep -c "$esc\\[" out)" 2
unset NO_COLOR
on_terminal '' "$query --color never" >/dev/null
is never "$(grep -c "$esc\\[" out || :)" 0
"$tsk" --url sqlite:a.db db query 'select null as n' >out
is no_terminal "$(grep -c "$esc" out || :)" 0

# A terminal gets no control characters, whatever the format.
for format in table box markdown vertical csv tsv json jsonl insert; do
	on_terminal '' "$tsk --url sqlite:a.db db query --color never --format $format \"select char(27) || '[31m' as t\"" >/dev/null
	is "escaped in $format" "$(grep -c "$esc" out || :)" 0
done

# --watch draws the screen anew.
timeout --preserve-status -s INT 1 script -qec "$tsk --url sqlite:a.db db status --watch --interval 100ms" /dev/null >out 2>&1 </dev/null || :
is watch "$([ "$(grep -c "$esc\\[H" out)" -ge 2 ] && echo yes)" yes

echo "cases: $cases"
