#!/bin/sh
# The completions for zsh and fish parse; those for bash are run by cases/help.t.
set -eu
absent=
cases=0
for shell in zsh fish; do
	if ! command -v "$shell" >/dev/null 2>&1; then
		absent="$absent $shell"
		continue
	fi
	"$TUSK_BUILD/cli/tsk" help --completions "$shell" | grep -q tsk || {
		echo "no completions for $shell"
		exit 1
	}
	"$TUSK_BUILD/cli/tsk" help --completions "$shell" | "$shell" -n
	cases=$((cases + 1))
done
echo "cases: $cases"
[ -z "$absent" ] || {
	echo "not installed:$absent"
	exit 77
}
