#!/bin/sh
# The completions for zsh and fish parse and know what follows; those for bash are run by
# cases/help.t.
set -eu
absent=
cases=0
verbs='backup create drop init list query restore schema seed status verify wait '

# What each offers behind these words, in one line.
zsh_after() {
	"$TUSK_BUILD/cli/tsk" help --completions zsh | zsh -fc '
		_describe() { print -l -- ${names%%:*} }
		_files() { : }
		words=(tsk "$@" "")
		CURRENT=$#words
		. /dev/stdin' zsh "$@"
}
fish_after() {
	"$TUSK_BUILD/cli/tsk" help --completions fish |
		fish -c "source -; complete -C 'tsk $* '" | cut -f1
}
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
	for words in 'db' 'help db'; do
		# shellcheck disable=SC2086
		got=$("${shell}_after" $words | grep -v '^--' | sort | tr '\n' ' ')
		[ "$got" = "$verbs" ] || {
			echo "$shell: behind 'tsk $words' stands $got"
			exit 1
		}
	done
	cases=$((cases + 1))
done
echo "cases: $cases"
[ -z "$absent" ] || {
	echo "not installed:$absent"
	exit 77
}
