#!/bin/sh
# bench.sh BUILD [CASE...]: the table, then instructions by callgrind for small runs of
# the same cases. A case is any part of its name. Figures are told and never fail a build.
set -eu
build=$1
shift
bench=$build/tests/bench/.libs/bench
[ -x "$bench" ] || bench=$build/tests/bench/bench
# A throwaway server, where PostgreSQL is installed; it ends with this script.
TUSK_BENCH_POSTGRES=$(TUSK_BUILD=$build TUSK_TEST_OWNER=$$ sh "$TUSK_SRC/tests/support/server.sh" postgres) ||
	unset TUSK_BENCH_POSTGRES
[ -z "${TUSK_BENCH_POSTGRES-}" ] || export TUSK_BENCH_POSTGRES
"$bench" --json "$build/bench.json" "$@"
command -v valgrind >/dev/null 2>&1 || exit 0
echo
echo "instructions per unit (callgrind), in this process: not those of the kernel"
printf '%-34s %10s %10s   %5s\n' case hand tusk ratio
count() { # count SIDE CASE: instructions of one small run
	valgrind --tool=callgrind --toggle-collect=bench_measured --callgrind-out-file=/dev/null "$bench" --once "$1" "$2" 2>&1 |
		sed -n 's/.*Collected : //p'
}
"$bench" --list "$@" | while IFS='	' read -r n name; do
	hand=$(count hand "$name")
	tusk=$(count tusk "$name")
	awk -v name="$name" -v n="$n" -v h="$hand" -v t="$tusk" \
		'BEGIN { printf "%-34s %10.0f %10.0f   %5.2f\n", name, h / n, t / n, t / h }'
done
