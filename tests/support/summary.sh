#!/bin/sh
# summary.sh BUILD: counts the tests behind the .log files of the last "make check".
# The last line is "N passed, N failed, N skipped".
set -eu
cd "$1"
passed=0 failed=0 skipped=0
# shellcheck disable=SC2044
for trs in $(find tests -name '*.trs'); do
	log=${trs%.trs}.log
	counts=$(sed -n 's/^[0-9]*%: Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\)$/\1 \2 \3/p' "$log" | tail -1)
	result=$(sed -n 's/^:global-test-result: //p' "$trs")
	if [ -n "$counts" ]; then
		# shellcheck disable=SC2086
		set -- $counts
		failed=$((failed + $2 + $3))
		passed=$((passed + $1 - $2 - $3))
		continue
	fi
	cases=$(sed -n 's/^cases: \([0-9]*\)$/\1/p' "$log" | tail -1)
	case $result in
	PASS) passed=$((passed + ${cases:-1})) ;;
	SKIP)
		skipped=$((skipped + 1))
		echo "skipped: ${trs%.trs}: $(grep -v "^SKIP " "$log" | tail -1)"
		;;
	*)
		failed=$((failed + 1))
		echo "failed: ${trs%.trs}, see $log"
		;;
	esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
