#!/bin/sh
# fuzz.sh SRC WORK SECONDS TARGET...: builds the targets with clang's libFuzzer, ASan and
# UBSan in WORK and runs each for SECONDS. What it learns stays in WORK/TARGET.found, so
# the next run goes on from there; a crash is WORK/TARGET.crash-*, which the program of
# "make check" shows again: tests/fuzz/TARGET FILE.
set -eu
src=$1 work=$2 seconds=$3
shift 3
cc=
for c in "${FUZZ_CC-}" clang clang-14; do
	[ -z "$cc" ] && [ -n "$c" ] && command -v "$c" >/dev/null 2>&1 && cc=$c
done
[ -n "$cc" ] || {
	echo "make fuzz needs clang with libFuzzer (Debian: clang)"
	exit 1
}
flags="-g -O1 -std=gnu11 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all"
mkdir -p "$work/o"
# Objects are made anew when a header has changed.
[ -e "$work/all.a" ] && [ -z "$(find "$src" -name '*.h' -newer "$work/all.a")" ] || rm -f "$work"/o/*
rm -f "$work/all.a"
for c in "$src"/core/*.c "$src"/core/*/*.c "$src"/conf/*.c "$src"/migrate/*.c \
	"$src"/migrate/archive/*.c "$src"/cli/*.c; do
	o=$work/o/$(echo "${c#"$src"/}" | tr / -).o
	# shellcheck disable=SC2086
	[ -n "$(find "$o" -newer "$c" 2>/dev/null)" ] ||
		$cc $flags -fsanitize=fuzzer-no-link $TUSK_CPPFLAGS -DTUSK_DRIVERDIR='"/none"' \
			-DTUSK_SYSCONFDIR='"/none"' -c "$c" -o "$o"
done
rm -f "$work"/o/cli-main.c.o "$work"/o/cli-mkman.c.o # each a main() of its own
ar -cr "$work/all.a" "$work"/o/*.o
for t in "$@"; do
	# shellcheck disable=SC2086
	$cc $flags -fsanitize=fuzzer $TUSK_CPPFLAGS -I"$src/cli" -I"$src/conf" -I"$src/migrate" \
		"$src/tests/fuzz/$t.c" "$work/all.a" $TUSK_LIBS -o "$work/$t"
	mkdir -p "$work/$t.found"
	dict=
	[ -e "$src/tests/fuzz/$t.dict" ] && dict=-dict=$src/tests/fuzz/$t.dict
	echo "$t: $seconds s"
	# shellcheck disable=SC2086
	"$work/$t" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=1024 \
		-print_final_stats=1 -verbosity=0 $dict -artifact_prefix="$work/$t." \
		"$work/$t.found" "$src/tests/fuzz/corpus/$t" 2>&1 |
		tee "$work/$t.log" | grep -vE '^"|^#|stat::(new|peak|slow)|^$' || true
	if grep -qE 'ERROR: |does not hold|runtime error' "$work/$t.log"; then
		exit 1
	fi
done
