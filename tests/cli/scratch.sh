# shellcheck shell=sh disable=SC2034
# scratch.sh, to be sourced: a folder of its own, nothing of the caller's, and is().
tsk=$TUSK_BUILD/cli/tsk
command -v sqlite3 >/dev/null 2>&1 || {
	echo "the sqlite3 program is not installed"
	exit 77
}
work=$(mktemp -d "${TMPDIR:-/tmp}/tusk-cli.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit
HOME=$work XDG_CONFIG_HOME=$work
export HOME XDG_CONFIG_HOME
unset TUSK_URL DATABASE_URL TUSK_DB TUSK_CONFIG || :
cases=0

is() { # is WHAT GOT WANTED
	cases=$((cases + 1))
	[ "$2" = "$3" ] || {
		echo "$1: got '$2', expected '$3'"
		exit 1
	}
}
