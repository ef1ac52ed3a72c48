#!/bin/sh
# Shell files parse.
set -eu
cd "$TUSK_SRC"
cases=1
bash -n .ci/run
for f in autogen.sh $(find tests cli conf -name '*.sh'); do
	sh -n "$f"
	cases=$((cases + 1))
done
echo "cases: $cases"
