#!/bin/sh
# Sizes, for the reader's eye and no gate: lines of files, and of functions where ctags
# is installed.
set -eu
cd "$TUSK_SRC"
src=$(find core plugins conf orm migrate cli -name '*.c')
echo "longest files:"
# shellcheck disable=SC2086
wc -l $src | sort -rn | sed -n '2,11p'
command -v ctags >/dev/null 2>&1 || exit 0
# shellcheck disable=SC2086
ctags -x --_xformat='%{line} %{end} %N %F' --fields=+ne --kinds-c=f $src |
	awk '{ print $2 - $1 + 1, $3, $4 }' | sort -n >"${TMPDIR:-/tmp}/tusk-lint.$$"
awk '{ n[NR] = $1 } END { print "functions: " NR ", median " n[int(NR / 2) + 1] ", p90 " n[int(NR * 0.9) + 1] " lines" }' \
	"${TMPDIR:-/tmp}/tusk-lint.$$"
echo "longest functions:"
tail -10 "${TMPDIR:-/tmp}/tusk-lint.$$"
rm -f "${TMPDIR:-/tmp}/tusk-lint.$$"
