#!/bin/sh
# usage: ./autogen.sh         make ./configure, nothing else
#        ./autogen.sh demo    set everything up in ./build and run the demo on SQLite
#        ./autogen.sh check   the same set-up, then all tests
set -eu
cd "$(dirname "$0")"

build_packages="gcc libc6-dev make autoconf automake libtool pkg-config
	libsqlite3-dev libpq-dev libiniparser-dev check sqlite3"
check_packages="valgrind g++ binutils mandoc postgresql-15 postgresql-client-15"
cluster_conf=/etc/postgresql-common/createcluster.conf

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

# The tests start a PostgreSQL of their own. Debian's package would also make one for the
# machine and start it, unless this file says otherwise before it comes.
is_cluster_free() { # is_cluster_free <package>...: no cluster is made by installing these
	case " $* " in
	*" postgresql-15 "*) grep -qsE '^create_main_cluster *= *'"'?(false|no|off|0)" "$cluster_conf" ;;
	esac
}

forbid_cluster() { # forbid_cluster <package>...: writes that file where there is none
	is_cluster_free "$@" && return 0
	if [ -e "$cluster_conf" ]; then
		echo "autogen.sh: postgresql-15 would start a server of this machine; say" >&2
		echo "  create_main_cluster = false" >&2
		echo "in $cluster_conf, or install it yourself, then repeat" >&2
		exit 69
	fi
	as_root mkdir -p "${cluster_conf%/*}"
	echo 'create_main_cluster = false' | as_root tee "$cluster_conf" >/dev/null
}

name_packages() { # name_packages <package>...: what to paste, where they may not be installed
	echo "autogen.sh: packages are missing; run this, then repeat:"
	is_cluster_free "$@" || [ -e "$cluster_conf" ] || {
		echo "  mkdir -p ${cluster_conf%/*}"
		echo "  echo 'create_main_cluster = false' >$cluster_conf"
	}
	echo "  apt-get install -y --no-install-recommends $*"
}

installed=
install_packages() { # install_packages <package>...: what is missing, by apt or by name
	command -v dpkg-query >/dev/null 2>&1 || return 0 # not Debian: configure names what it lacks
	# shellcheck disable=SC2046
	set -- $(missing "$@")
	[ $# -gt 0 ] || return 0
	if ! may_install; then
		name_packages "$@" >&2
		exit 69
	fi
	forbid_cluster "$@"
	echo "autogen.sh: installing $*"
	as_root apt-get -q -o DPkg::Lock::Timeout=300 update >/dev/null
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 \
		-o Dpkg::Options::=--force-confold install -y --no-install-recommends "$@" >/dev/null
	installed=yes
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
	# What was just installed is to be found: a driver may be built now.
	[ -z "$installed" ] && [ -n "$(find config.status -newer ../configure 2>/dev/null)" ] ||
		../configure -q --enable-werror
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
