#!/bin/sh
# minimal_root.sh FOLDER: a root that has nothing but Debian 12, git and ca-certificates,
# in which both commands of the README are run from a clone of this tree. Needs root and
# debootstrap; by hand, not in make check: it installs some 300 MB of packages.
set -eu
src=$(cd "$(dirname "$0")/../.." && pwd)
root=${1:?usage: minimal_root.sh FOLDER}
mirror=$(sed -n 's/^URIs: *//p; s/^deb \([^ ]*\) bookworm main.*/\1/p' /etc/apt/sources.list.d/* /etc/apt/sources.list 2>/dev/null | head -1)
[ -d "$root/usr" ] || debootstrap --variant=minbase --include=git,ca-certificates bookworm "$root" "$mirror"
cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
for f in /etc/apt/apt.conf.d/*; do
	[ -f "$f" ] && cp "$f" "$root/etc/apt/apt.conf.d/"
done
rm -rf "$root/tmp/clone"
git clone -q "$src" "$root/tmp/clone"
trap 'umount -R -l "$root/proc" "$root/dev" 2>/dev/null || :' EXIT
for d in proc dev; do
	mountpoint -q "$root/$d" && continue
	mount --rbind "/$d" "$root/$d"
	mount --make-rslave "$root/$d" # or the unmount below reaches this machine's own
done
run() { # run WORD REGEX: what a stranger types, and a line that it must print
	echo "== autogen.sh $1 in a minimal root"
	code=0
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		chroot "$root" sh -c "cd /tmp/clone && ./autogen.sh $1" >"$root/tmp/$1.log" 2>&1 || code=$?
	tail -n 25 "$root/tmp/$1.log"
	[ "$code" = 0 ] && grep -qE "$2" "$root/tmp/$1.log" || {
		echo "minimal_root.sh: autogen.sh $1: exit code $code, and '$2' was wanted; see $root/tmp/$1.log"
		exit 1
	}
}
run demo '^\([0-9]+ rows?\)$'
run check '^[0-9]+ passed, 0 failed, [0-9]+ skipped$'
