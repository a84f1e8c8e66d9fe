#!/bin/sh
# Installs, removes and installs a Debian package of sohoa again in a fresh Debian: test-deb.sh PACKAGE FOLDER   (needs debootstrap and root)
set -eu
package=$1 root=$2
rm -rf "$root"
debootstrap --variant=minbase bookworm "$root" >"$root.log" 2>&1
trap 'umount "$root/proc"; rm -rf "$root"' EXIT
mount -t proc proc "$root/proc"
cp "$package" "$root/tmp/sohoa.deb"
inside() { chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
files="/usr/bin/sohoa /usr/lib/systemd/system/sohoa-watch.service /usr/share/bash-completion/completions/sohoa /usr/share/doc/sohoa/README.md"
there() {
    inside sohoa --version
    for file in $files; do test -s "$root$file" || { echo "missing: $file"; exit 1; }; done
    test "$(inside sohoa restore - <"$root/tmp/in.txt")" = "Không có nội dung báo cáo"
}
gone() { for file in $files; do test ! -e "$root$file" || { echo "left: $file"; exit 1; }; done; }
echo "Khong co noi dung bao cao" >"$root/tmp/in.txt"
inside apt-get update -q >/dev/null
inside apt-get install -y -q --no-install-recommends /tmp/sohoa.deb >/dev/null
there
inside apt-get remove -y -q sohoa >/dev/null
gone
inside apt-get install -y -q --no-install-recommends /tmp/sohoa.deb >/dev/null
there
inside apt-get purge -y -q sohoa >/dev/null
gone
echo "installed, removed, installed and purged: all as it should be"
