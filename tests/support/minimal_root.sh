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
for d in proc dev; do
	mountpoint -q "$root/$d" || mount --rbind "/$d" "$root/$d"
done
trap 'umount -l "$root/proc" "$root/dev" 2>/dev/null' EXIT
for word in demo check; do
	echo "== autogen.sh $word in a minimal root"
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		chroot "$root" sh -c "cd /tmp/clone && ./autogen.sh $word"
done
