#!/bin/sh
# Every public header has its page, which tusk(3) lists; every key of tusk.ini is in its
# page; every page is clean for mandoc, by hand or made.
set -eu
missing=
for header in "$TUSK_SRC"/*/include/tusk/*.h; do
	name=$(basename "$header" .h)
	case $name in
	tusk | driver) continue ;; # tusk(3) itself, tusk-driver(7)
	esac
	folder=$(basename "${header%/include/*}")
	if [ ! -e "$TUSK_BUILD/$folder/tusk_$name.3" ] &&
		[ ! -e "$TUSK_BUILD/$folder/man/tusk_$name.3" ]; then
		missing="$missing no page tusk_$name(3);"
	fi
	grep -qx "\.It Xr tusk_$name 3" "$TUSK_SRC/core/man/tusk.3" ||
		missing="$missing tusk(3) does not list tusk_$name(3);"
done
keys=$(sed -n 's/^\t{ "[a-z]*", *"\([a-z_]*\)",.*/\1/p' "$TUSK_SRC/conf/known.c")
[ -n "$keys" ] || missing="$missing no keys in conf/known.c;"
for key in $keys; do
	grep -Eq "^\.(It )?Cm (.* )?$key( |\$)" "$TUSK_SRC/cli/man/tusk.ini.5" ||
		missing="$missing tusk.ini(5) does not tell $key;"
done
[ -z "$missing" ] || {
	echo "$missing"
	exit 1
}
command -v mandoc >/dev/null 2>&1 || {
	echo "mandoc is not installed"
	exit 77
}
cases=0
for page in "$TUSK_SRC"/*/man/*.[1-8] "$TUSK_SRC"/plugins/*/*.[1-8] "$TUSK_BUILD"/*/man/*.[1-8] "$TUSK_BUILD"/*/*.[1-8]; do
	[ -e "$page" ] || continue
	mandoc -T lint -W warning "$page" || exit 1
	cases=$((cases + 1))
done
echo "cases: $cases"
