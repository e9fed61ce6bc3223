#!/bin/sh
# Signs a copy of the DLL and a list of sums with new keys, and verifies the signatures.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'gpgconf --kill all; rm -rf "$work"' EXIT
. tests/support/check.sh
sh packaging/packages.sh osslsigncode openssl gnupg
export GNUPGHOME="$work/gnupg"
mkdir -m 700 "$GNUPGHOME"
cp dist/win64/luma.dll "$work/luma.dll"
echo sums >"$work/SHA256SUMS"

unset LUMA_SIGN_PKCS12 LUMA_SIGN_TIMESTAMP LUMA_SIGN_GPG_KEY
check "no key, no signature" sh -c 'sh packaging/sign.sh dll "$0/luma.dll" && cmp "$0/luma.dll" dist/win64/luma.dll' "$work"
check "no key, no signature" sh -c 'sh packaging/sign.sh sums "$0/SHA256SUMS" && test ! -e "$0/SHA256SUMS.asc"' "$work"

echo secret >"$work/password"
check "a certificate" openssl req -x509 -newkey rsa:2048 -noenc -subj /CN=libluma -days 2 \
    -addext extendedKeyUsage=codeSigning -keyout "$work/key.pem" -out "$work/certificate.pem"
check "PKCS #12" openssl pkcs12 -export -inkey "$work/key.pem" -in "$work/certificate.pem" \
    -passout "file:$work/password" -out "$work/key.p12"
export LUMA_SIGN_PKCS12="$work/key.p12" LUMA_SIGN_PASSWORD="$work/password"
check "the DLL is signed" sh packaging/sign.sh dll "$work/luma.dll"
check "and verified" osslsigncode verify -CAfile "$work/certificate.pem" -in "$work/luma.dll"

check "a key for GnuPG" gpg --batch --passphrase '' --quick-generate-key libluma ed25519 sign
export LUMA_SIGN_GPG_KEY=libluma
check "the sums are signed" sh packaging/sign.sh sums "$work/SHA256SUMS"
check "and verified" gpg --verify "$work/SHA256SUMS.asc" "$work/SHA256SUMS"
echo other >"$work/SHA256SUMS"
check "other sums are not" sh -c '! gpg --verify "$0/SHA256SUMS.asc" "$0/SHA256SUMS"' "$work"
closing_line
