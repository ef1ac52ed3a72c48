#!/bin/sh
# usage: ./autogen.sh         make ./configure, nothing else
#        ./autogen.sh demo    set everything up in ./build and run the demo on SQLite
#        ./autogen.sh check   the same set-up, then all tests
set -eu
cd "$(dirname "$0")"

build_packages="gcc libc6-dev make autoconf automake libtool pkg-config
	libsqlite3-dev libiniparser-dev check sqlite3"
check_packages="valgrind g++ binutils mandoc"

missing() { # missing <package>...: those that are not installed
	for p in "$@"; do
		dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null | grep -qx installed ||
			printf '%s ' "$p"
	done
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

may_install() {
	[ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; }
}

install_packages() { # install_packages <package>...: what is missing, by apt or by name
	command -v dpkg-query >/dev/null 2>&1 || return 0 # not Debian: configure names what it lacks
	need=$(missing "$@")
	[ -n "$need" ] || return 0
	if ! may_install; then
		echo "autogen.sh: packages are missing; run this, then repeat:" >&2
		echo "  apt-get install -y --no-install-recommends $need" >&2
		exit 69
	fi
	echo "autogen.sh: installing $need"
	as_root apt-get -q -o DPkg::Lock::Timeout=300 update >/dev/null
	# shellcheck disable=SC2086
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 \
		install -y --no-install-recommends $need >/dev/null
}

generate() {
	if [ -x configure ] && [ -z "$(find configure.ac Makefile.am core plugins conf orm migrate cli tests \
		\( -name local.mk -o -name configure.ac -o -name Makefile.am \) -newer configure)" ]; then
		return 0
	fi
	tools=
	for tool in autoconf:autoconf automake:automake libtoolize:libtool pkg-config:pkg-config; do
		command -v "${tool%%:*}" >/dev/null 2>&1 || tools="$tools ${tool#*:}"
	done
	if [ -n "$tools" ]; then
		echo "autogen.sh: missing tools; run: apt-get install -y$tools" >&2
		exit 69
	fi
	mkdir -p build-aux/m4
	autoreconf --install --force --warnings=all >autoreconf.log 2>&1 || {
		cat autoreconf.log >&2
		exit 1
	}
}

build() {
	generate
	umask 022
	mkdir -p build
	cd build
	[ -n "$(find config.status -newer ../configure 2>/dev/null)" ] || ../configure -q --enable-werror
	make -s -j"$(nproc)"
}

usage() {
	sed -n '2,4s/^# //p' autogen.sh
}

case "$*" in
'')
	generate
	echo "autogen.sh: now ./configure && make && make check, or ./autogen.sh demo"
	;;
demo)
	# shellcheck disable=SC2086
	install_packages $build_packages
	build
	make -s demo
	;;
check)
	# shellcheck disable=SC2086
	install_packages $build_packages $check_packages
	build
	status=0
	make -s check || status=$?
	sh ../tests/support/summary.sh . || status=1
	exit "$status"
	;;
-h | --help) usage ;;
*)
	usage >&2
	exit 2
	;;
esac
