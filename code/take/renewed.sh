#!/bin/sh -e
# certbot calls it, and names the folder of the new certificate.
umask 077
for pair in fullchain.pem:cert.pem privkey.pem:key.pem; do
    to=/etc/guidebook/${pair#*:}
    cp "$RENEWED_LINEAGE/${pair%:*}" "$to.new"
    chown guidebook "$to.new"
    mv "$to.new" "$to"
done
