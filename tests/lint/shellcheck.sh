#!/bin/sh
# The shell files are clean for shellcheck.
set -eu
command -v shellcheck >/dev/null 2>&1 || {
	echo "shellcheck is not installed"
	exit 77
}
cd "$TUSK_SRC"
# shellcheck disable=SC2046
shellcheck -x -S warning autogen.sh .ci/run $(find tests cli conf -name '*.sh')
echo "cases: $(find tests cli conf -name '*.sh' | wc -l)"
