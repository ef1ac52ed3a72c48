#!/bin/sh
# cases.sh FILE.t: commands, what they print, and their exit codes, as data.
#
#   # what is shown here
#   $ tsk db query "select 1"
#   the expected output, standard error included
#   ? 0
#
# Each file runs from top to bottom in a scratch folder of its own. A line "~ REGEX" among
# the expected ones stands for one line that the extended regular expression matches whole.
set -eu
file=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
command -v sqlite3 >/dev/null 2>&1 || {
	echo "the sqlite3 program is not installed"
	exit 77
}
work=$(mktemp -d "${TMPDIR:-/tmp}/tusk-cases.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/home" "$work/here"
printf '#!/bin/sh\nexec "%s/cli/tsk" "$@"\n' "$TUSK_BUILD" >"$work/bin/tsk"
chmod +x "$work/bin/tsk"
PATH=$work/bin:$PATH HOME=$work/home XDG_CONFIG_HOME=$work/home
export PATH HOME XDG_CONFIG_HOME
unset TUSK_URL DATABASE_URL TUSK_DB TUSK_CONFIG TUSK_FORMAT TUSK_TIMEOUT NO_COLOR || :
cd "$work/here"

cases=0 failed=0 number=0 command=
: >"$work/want"

matches() { # the output, line for line
	exec 3<"$work/want" 4<"$work/got"
	while IFS= read -r want <&3; do
		IFS= read -r got <&4 || return 1
		case $want in
		'~ '*) printf '%s\n' "$got" | grep -qxE -- "${want#'~ '}" || return 1 ;;
		*) [ "$want" = "$got" ] || return 1 ;;
		esac
	done
	! IFS= read -r got <&4
}

finish() { # finish EXIT: run the command that was read, compare
	code=0
	sh -c "$command" >"$work/got" 2>&1 </dev/null || code=$?
	cases=$((cases + 1))
	[ -z "$(tail -c 1 "$work/got")" ] || echo >>"$work/got"
	if [ "$code" != "$1" ] || ! matches; then
		echo "$file:$number: $command"
		diff "$work/want" "$work/got" | sed 's/^/    /' || :
		echo "    exit code $code, expected $1"
		failed=$((failed + 1))
	fi
	command=
	: >"$work/want"
}

while IFS= read -r line; do
	number=$((number + 1))
	case $line in
	'$ '*) command=${line#'$ '} ;;
	'> '*) command="$command
${line#'> '}" ;;
	'? '*) [ -n "$command" ] && finish "${line#'? '}" ;;
	'#'*) [ -z "$command" ] || printf '%s\n' "$line" >>"$work/want" ;;
	*) [ -z "$command" ] || printf '%s\n' "$line" >>"$work/want" ;;
	esac
done <"$file"
[ -z "$command" ] || {
	echo "$file: the last command has no exit code"
	failed=$((failed + 1))
}
echo "cases: $cases"
[ "$failed" = 0 ] && [ "$cases" -gt 0 ]
