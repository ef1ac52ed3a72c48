#!/bin/sh
# The sources are as clang-format 14 writes them. Skipped where it is absent, or newer.
set -eu
command -v clang-format >/dev/null 2>&1 || {
	echo "clang-format is not installed"
	exit 77
}
clang-format --version | grep -q 'version 14\.' || {
	echo "clang-format is not version 14"
	exit 77
}
found=$(mktemp "${TMPDIR:-/tmp}/tusk-format.XXXXXX")
trap 'rm -f "$found"' EXIT
cd "$TUSK_SRC"
find core plugins conf orm migrate cli tests -name '*.[ch]' ! -path '*/fixtures/*' \
	-exec clang-format --dry-run -Werror {} + 2>&1 | head -40 >"$found"
if [ -s "$found" ]; then
	cat "$found"
	echo "run clang-format -i on these"
	exit 1
fi
