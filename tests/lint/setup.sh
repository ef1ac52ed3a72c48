#!/bin/sh
# What autogen.sh does without the right to install: it names each missing package in one
# line to paste; that it goes on after an installation; that no server of the machine comes
# with PostgreSQL's packages; and what it says to a wrong word.
# Nothing is installed or built here.
set -eu
work=$(mktemp -d "${TMPDIR:-/tmp}/tusk-setup.XXXXXX")
trap 'rm -rf "$work"' EXIT
etc=$work/etc/postgresql-common
sed "s|/etc/postgresql-common|$etc|" "$TUSK_SRC/autogen.sh" >"$work/autogen.sh"
mkdir "$work/bin"
for tool in cat dirname env grep sed sh tee; do
	ln -s "$(command -v $tool)" "$work/bin/$tool"
done
stand_in() { # stand_in NAME LINE: a program that does just that
	printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
	chmod +x "$work/bin/$1"
}
cases=0
check() { # check WHAT COMMAND...
	what=$1
	shift
	"$@" || {
		echo "$what; autogen.sh printed:"
		cat "$work/out"
		exit 1
	}
	cases=$((cases + 1))
}
run() { # run WORD...: exit code in $code, all that is printed in $work/out
	code=0
	PATH=$work/bin sh "$work/autogen.sh" "$@" >"$work/out" 2>&1 </dev/null || code=$?
}

stand_in id 'echo 1000'
stand_in dpkg-query '[ "$3" = gcc ] && echo installed'
run demo
line=$(grep 'apt-get install -y' "$work/out" || :)
check "demo without packages: exit code $code" [ "$code" = 69 ]
for p in libc6-dev make autoconf libtool pkg-config libsqlite3-dev libpq-dev libiniparser-dev check sqlite3; do
	case " $line " in
	*" $p "*) cases=$((cases + 1)) ;;
	*) check "demo does not name $p in the line to paste" false ;;
	esac
done
check "demo names what is installed, or what it does not need" \
	sh -c '! grep -qwE "gcc|valgrind|postgresql" "$1"' - "$work/out"
run check
check "check without packages: exit code $code" [ "$code" = 69 ]
check "check does not name valgrind" grep -q 'apt-get install -y .* valgrind' "$work/out"
check "a wish of more than one line" [ "$(grep -c apt-get "$work/out")" = 1 ]
check "the server's package is not named" grep -q 'apt-get install -y .* postgresql-15 ' "$work/out"
check "the cluster is not forbidden before it" sh -c \
	'[ "$(grep -n create_main_cluster "$1" | cut -d: -f1)" -lt "$(grep -n apt-get "$1" | cut -d: -f1)" ]' \
	- "$work/out"
check "somebody without the right wrote to /etc" [ ! -e "$work/etc" ]

# With the right: apt-get is asked for them, and what comes next is begun.
ln -s "$(command -v mkdir)" "$work/bin/mkdir"
stand_in id 'echo 0'
stand_in apt-get "echo \"\$*\" >>'$work/asked'"
for tool in autoconf automake libtoolize pkg-config; do
	stand_in $tool 'exit 0'
done
stand_in autoreconf 'echo begun; exit 1'
run demo
check "apt-get is not asked" grep -q ' install -y .* libsqlite3-dev' "$work/asked"
check "nothing is begun after an installation" grep -qx begun "$work/out"
check "a failed autoreconf: exit code $code" [ "$code" = 1 ]
check "demo wrote to /etc" [ ! -e "$work/etc" ]

# The server's package: the file is there by the time that apt-get runs, and is nobody's yet.
stand_in apt-get "echo \"\$*\" >>'$work/asked'; cat '$etc/createcluster.conf' >'$work/then'"
run check
check "the cluster is not forbidden" grep -qx 'create_main_cluster = false' "$work/then"
check "apt-get may replace that file" grep -q -- '--force-confold install .* postgresql-15' "$work/asked"
echo 'create_main_cluster = true # mine' >"$etc/createcluster.conf"
: >"$work/asked"
run check
check "a server of the machine: exit code $code" [ "$code" = 69 ]
check "it is installed all the same" [ ! -s "$work/asked" ]
check "the machine's file was changed" \
	[ "$(cat "$etc/createcluster.conf")" = 'create_main_cluster = true # mine' ]
check "it does not say what to write" grep -qx '  create_main_cluster = false' "$work/out"
stand_in dpkg-query 'case "$3" in postgres*) echo installed ;; esac'
run check
check "a server that is there is asked for" sh -c '! grep -q postgresql "$1"' - "$work/asked"
check "the others are not asked for" grep -q ' install .* valgrind' "$work/asked"

for words in nonsense 'demo more' --demo; do
	# shellcheck disable=SC2086
	run $words
	check "'$words': exit code $code" [ "$code" = 2 ]
	check "'$words': no usage" grep -q '^usage: ./autogen.sh' "$work/out"
done
run --help
check "--help: exit code $code" [ "$code" = 0 ]
check "--help: no usage" grep -q 'autogen.sh check' "$work/out"
echo "cases: $cases"
