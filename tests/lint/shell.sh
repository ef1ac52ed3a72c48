#!/bin/sh
# Shell files parse, and shellcheck has nothing to say where it is installed.
set -eu
cd "$TUSK_SRC"
cases=1
bash -n .ci/run
for f in autogen.sh $(find tests cli conf -name '*.sh'); do
	sh -n "$f"
	cases=$((cases + 1))
done
if command -v shellcheck >/dev/null 2>&1; then
	# shellcheck disable=SC2046
	shellcheck -S warning autogen.sh .ci/run $(find tests cli conf -name '*.sh')
fi
echo "cases: $cases"
