#!/bin/sh
# The second key of this file signs from now on. A new one stands behind it, and
# the one that has signed stays for a turn. As the owner of the file.
set -eu
umask 077
file=$1
now=$(sed -n 1p "$file")
next=$(sed -n 2p "$file")
new=$(head -c 32 /dev/urandom | base64)
if [ -z "$now" ] || [ "${#new}" -ne 44 ]; then
    echo "No key in $file, or no new one: nothing has changed" >&2
    exit 1
fi
if [ "$next" ]; then
    printf '%s\n' "$next" "$new" "$now" > "$file.new"
else
    printf '%s\n' "$now" "$new" > "$file.new"
fi
mv "$file.new" "$file"
