#!/bin/sh
# installed.sh BUILD: what a stranger gets. Installs into a scratch folder, then builds
# with nothing but that: a program by pkg-config, a driver by <tusk/driver.h> alone, the
# README's program, the libraries used from C++; runs them, and looks for what must not be
# there: RUNPATHs, files that others may write, paths of the build.
set -eu
build=$(cd "$1" && pwd)
src=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/tusk-inst.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root
umask 022
prefix=$(sed -n 's/^prefix = //p' "$build/Makefile")
make -s -C "$build" install DESTDIR="$root" >"$work/install.log" 2>&1 || {
	cat "$work/install.log"
	exit 1
}
cases=0
ok() {
	cases=$((cases + 1))
	echo "ok: $*"
}
die() {
	echo "installed.sh: $*" >&2
	exit 1
}

lib=$root$prefix/lib
export PKG_CONFIG_PATH="$lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$root"
export LD_LIBRARY_PATH="$lib" PATH="$root$prefix/bin:$PATH"
export TUSK_DRIVER_PATH="$lib/tusk/drivers"
cc=${CC:-cc}

find "$root" -type f -perm /022 | grep . && die "files that others may write"
find "$root" -name '*.la' -path '*drivers*' | grep . && die "a driver's .la file is installed"
ok "modes"
for f in "$lib"/*.so "$lib"/tusk/drivers/*.so "$root$prefix"/bin/tsk; do
	readelf -d "$f" | grep -E 'R(UN)?PATH' && die "$f has a RUNPATH"
done
ok "no RUNPATH"
grep -rlF "$build" "$root" | grep . && die "installed files know the folder they were built in"
ok "no path of the build"

cd "$work"
# A program of somebody else, by pkg-config alone.
sed -n '/^```c$/,/^```$/p' "$src/README.md" | awk '/^```c$/ { n++; next } /^```$/ { next } n == 1' >first.c
grep -q 'int main' first.c || die "README has no first program"
# shellcheck disable=SC2046
$cc -std=gnu11 -Wall -Wextra -Werror first.c -o first $(pkg-config --cflags --libs tusk)
./first "sqlite:$work/app.db" >first.out
grep -q Oslo first.out || die "the first program printed no row"
[ "$(sqlite3 app.db 'select count(*) from city')" = 2 ] || die "sqlite3 does not see its rows"
ok "the README's first program"
for module in tusk tusk-conf tusk-migrate; do
	pkg-config --exists "$module" || die "$module.pc is missing"
	ok "$module.pc"
done
printf '#include <tusk/tusk.h>\n#include <tusk/conf.h>\n#include <tusk/seed.h>\nint main() { return tusk_version() == nullptr; }\n' >cpp.cpp
# shellcheck disable=SC2046
c++ -std=c++17 -Wall -Wextra -Werror cpp.cpp -o cpp $(pkg-config --cflags --libs tusk tusk-conf tusk-migrate)
./cpp
ok "from C++"

# A driver of somebody else: the README's, with the installed header alone.
sed -n '/^```c$/,/^```$/p' "$src/README.md" | awk '/^```c$/ { n++; next } /^```$/ { next } n == 2' >hello.c
grep -q tusk_driver_v1 hello.c || die "README has no first driver"
mkdir drivers
# shellcheck disable=SC2046
$cc -std=gnu11 -Wall -Wextra -Werror -fPIC -shared -Wl,-z,defs,-z,now hello.c -o drivers/hello.so \
	$(pkg-config --cflags tusk)
[ "$(pkg-config --variable=driverdir tusk | sed 's|.*/lib/|lib/|')" = lib/tusk/drivers ] || die "driverdir"
TUSK_DRIVER_PATH="$work/drivers:$TUSK_DRIVER_PATH" tsk driver list >list.out
grep -q hello list.out || die "tsk does not list the driver: $(cat list.out)"
TUSK_DRIVER_PATH="$work/drivers" tsk --url hello: --format csv db query "say hello" >hello.out
grep -q hello hello.out || die "the driver gave no row: $(cat hello.out)"
TUSK_DRIVER_PATH="$work/drivers" tsk --url hello: --format csv db status >status.out || die "it does not answer: $(cat status.out)"
tsk driver check "$work/drivers/hello.so" --group ABCD >check.out 2>&1 || die "tsk driver check: $(cat check.out)"
grep -q ' PASS ' check.out || die "tsk driver check passed nothing: $(cat check.out)"
ok "a third party's driver"

# One that tsk itself has made.
tsk driver new fresh >new.out && make -C fresh >>new.out 2>&1 || die "tsk driver new: $(cat new.out)"
[ "$(cat fresh/fresh.c fresh/Makefile | wc -l)" -le 250 ] || die "the template is longer than 250 lines"
tsk driver check fresh/fresh.so --group ABCD --format csv >check.out 2>&1 || die "tsk driver check fresh: $(cat check.out)"
grep -vE ',PASS,|^group,|^[0-9]+ passed' check.out && die "a new driver does not pass all of A to D"
TUSK_DRIVER_PATH="$PWD/fresh" tsk --url fresh: --format csv db query "select 1" >new.out || die "$(cat new.out)"
grep -q '^1,x' new.out || die "a new driver gave: $(cat new.out)"
tsk driver new fresh >/dev/null 2>&1 && die "tsk driver new over a folder"
tsk driver new ../fresh2 >/dev/null 2>&1 && die "tsk driver new took a path"
ok "tsk driver new"

# The same driver by autoconf, automake and libtool, with the installed macro.
if command -v automake >/dev/null && command -v libtoolize >/dev/null; then
	mkdir auto auto/m4 && cp hello.c auto
	cat >auto/configure.ac <<-'EOF'
		AC_INIT([hello], [1])
		AC_CONFIG_AUX_DIR([m4])
		AC_CONFIG_MACRO_DIR([m4])
		AM_INIT_AUTOMAKE([foreign])
		AC_PROG_CC
		AM_PROG_AR
		LT_INIT([disable-static])
		TUSK_DRIVER([0.1])
		AC_CONFIG_FILES([Makefile])
		AC_OUTPUT
	EOF
	cat >auto/Makefile.am <<-'EOF'
		ACLOCAL_AMFLAGS = -I m4
		tuskdriver_LTLIBRARIES = hello.la
		hello_la_SOURCES = hello.c
		hello_la_CFLAGS = $(TUSK_DRIVER_CFLAGS)
		hello_la_LDFLAGS = $(TUSK_DRIVER_LDFLAGS)
	EOF
	(
		cd auto
		ACLOCAL_PATH="$root$prefix/share/aclocal" autoreconf -fi
		./configure -q --with-tusk-driverdir="$work/auto/drivers"
		make install-tuskdriverLTLIBRARIES
	) >auto.log 2>&1 || die "a driver by autoconf: $(tail -n 20 auto.log)"
	[ "$(nm -D --defined-only auto/drivers/hello.so | awk '{ print $3 }')" = tusk_driver_v1 ] ||
		die "a driver by autoconf exports: $(nm -D --defined-only auto/drivers/hello.so)"
	readelf -d auto/drivers/hello.so | grep -q 'BIND_NOW\|NOW' || die "a driver by autoconf is not bound at load"
	TUSK_DRIVER_PATH="$work/auto/drivers" tsk --url hello: --format csv db query "say hello" >auto.out
	cmp -s hello.out auto.out || die "a driver by autoconf gave: $(cat auto.out)"
	(cd auto && ./configure -q && make -pn) >auto.log 2>&1 || die "without --with-tusk-driverdir: $(tail auto.log)"
	grep -q '^tuskdriverdir = .*/lib/tusk/drivers$' auto.log || die "tuskdriverdir: $(grep ^tuskdriverdir auto.log)"
	ok "a third party's driver by tusk.m4"
else
	echo "skipped: tusk.m4 (no automake or libtoolize)"
fi

make -s -C "$build" uninstall DESTDIR="$root" >/dev/null 2>&1
find "$root" ! -type d | grep . && die "uninstall left files"
ok "uninstall leaves nothing"
echo "cases: $cases"
