# shellcheck shell=sh
# Sourced by other scripts: dates all released files like the newest entry of the changelog, so that
# the same source gives the same bytes.
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -l packaging/debian/changelog -S Timestamp)
export SOURCE_DATE_EPOCH
