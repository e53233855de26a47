#!/bin/sh -e
# As root, in a folder that `cargo xtask dist` has made.
sha256sum --check SHA256SUMS
install --mode 755 guidebook /usr/local/bin/guidebook.new
/usr/local/bin/guidebook.new --version
cp /usr/local/bin/guidebook /usr/local/bin/guidebook.former
mv /usr/local/bin/guidebook.new /usr/local/bin/guidebook
systemctl restart guidebook
