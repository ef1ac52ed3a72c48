#!/bin/sh
# Every page of the manual is clean for mandoc, by hand or made.
set -eu
command -v mandoc >/dev/null 2>&1 || {
	echo "mandoc is not installed"
	exit 77
}
cases=0
for page in "$TUSK_SRC"/*/man/*.[1-8] "$TUSK_BUILD"/*/man/*.[1-8] "$TUSK_BUILD"/*/*.[1-8]; do
	[ -e "$page" ] || continue
	mandoc -T lint -W warning "$page" || exit 1
	cases=$((cases + 1))
done
echo "cases: $cases"
