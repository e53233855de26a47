#!/bin/sh -e
# As root, in a folder with the program and the files of this page.
apt-get install --yes certbot nftables
install --mode 755 guidebook /usr/local/bin/guidebook
install --mode 755 renewed.sh /usr/local/sbin/guidebook-renewed
useradd --system --home-dir /etc/guidebook --shell /usr/sbin/nologin guidebook
install --directory --owner guidebook --mode 700 /etc/guidebook
runuser --user guidebook -- guidebook token --new-key /etc/guidebook/keys.json

install --mode 644 firewall.nft /etc/nftables.conf
systemctl enable nftables
systemctl restart nftables

certbot certonly --standalone --domain rooms.example.org \
    --deploy-hook /usr/local/sbin/guidebook-renewed

install --mode 644 signaling.service /etc/systemd/system/guidebook.service
systemctl daemon-reload
systemctl enable --now guidebook
