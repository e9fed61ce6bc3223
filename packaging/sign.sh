#!/bin/sh
# Signs a file in place, if a key is configured.
#   sign.sh dll FILE     for Windows. LUMA_SIGN_PKCS12: a file with key and certificates;
#                        LUMA_SIGN_PASSWORD: a file with its password; LUMA_SIGN_TIMESTAMP: the URL
#                        of a timestamp server, without which the signature expires with the
#                        certificate
#   sign.sh sums FILE    writes FILE.asc. LUMA_SIGN_GPG_KEY: the id of a key in GnuPG's key ring
set -eu
kind=$1 file=$2
case $kind in
dll)
    [ -n "${LUMA_SIGN_PKCS12-}" ] || exit 0
    osslsigncode sign -h sha256 -pkcs12 "$LUMA_SIGN_PKCS12" -readpass "$LUMA_SIGN_PASSWORD" \
        -n libluma ${LUMA_SIGN_TIMESTAMP:+-ts "$LUMA_SIGN_TIMESTAMP"} -in "$file" -out "$file.signed"
    mv "$file.signed" "$file"
    ;;
sums)
    rm -f "$file.asc" # an old one
    [ -n "${LUMA_SIGN_GPG_KEY-}" ] || exit 0
    gpg --batch --yes --local-user "$LUMA_SIGN_GPG_KEY" --armor --detach-sign "$file"
    ;;
*) echo "usage: sign.sh dll|sums FILE" >&2 && exit 2 ;;
esac
