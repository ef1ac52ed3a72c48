#!/bin/sh
# Each library exports its .sym list and no more; a driver exports one symbol,
# imports none of ours, and carries a note; nothing installed has a RUNPATH of ours.
set -eu
exports=$(mktemp "${TMPDIR:-/tmp}/tusk-sym.XXXXXX")
trap 'rm -f "$exports"' EXIT
cases=0
for lib in core/libtusk conf/libtusk-conf migrate/libtusk-migrate; do
	so=$TUSK_BUILD/$(dirname $lib)/.libs/$(basename $lib).so
	[ -e "$so" ] || continue
	nm -D --defined-only "$so" | awk '$2 ~ /[TDBRVW]/ { sub(/@.*/, "", $3); print $3 }' |
		grep -v '^__\(asan\|odr_asan\)' | LC_ALL=C sort >"$exports"
	LC_ALL=C sort -u "$TUSK_SRC/$lib.sym" | diff - "$exports" || {
		echo "$lib: exports differ from its list"
		exit 1
	}
	cases=$((cases + 1))
done
for so in "$TUSK_BUILD"/plugins/*/.libs/*.so; do
	[ -e "$so" ] || continue
	got=$(nm -D --defined-only "$so" | awk '{ print $3 }' | grep -v '^__odr_asan' || true)
	[ "$got" = tusk_driver_v1 ] || {
		echo "$so: exports $got"
		exit 1
	}
	if nm -D --undefined-only "$so" | grep ' tusk_'; then
		echo "$so: needs the host"
		exit 1
	fi
	readelf -n "$so" 2>/dev/null | grep -q TUSK || {
		echo "$so: no note"
		exit 1
	}
	cases=$((cases + 1))
done
echo "cases: $cases"
