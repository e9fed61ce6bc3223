#!/bin/sh
# package.sh DIRECTORY [LIBRARY]: builds a wheel for each native library.
. "$(dirname "$0")/../packaging.sh"
tools=$(sh tools.sh)

natives wheel >"$work/natives.list"
while read -r platform name native licences; do
    # The tag promises old versions of glibc, which the build for the release supports.
    [ -z "$library" ] || platform=linux_$(uname -m)
    source=$work/$platform
    mkdir -p "$source/src"
    cp -R pyproject.toml setup.py README.md "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$source"
    cp -R src/luma_automation "$source/src"
    find "$source" -name __pycache__ -prune -exec rm -rf {} +
    cp "$native" "$source/src/luma_automation/$name"
    cp "$licences" "$source/THIRD-PARTY-LICENSES"
    export LUMA_WHEEL_PLATFORM="$platform"
    log "$tools/bin/python" -m build --wheel --no-isolation --outdir "$out" "$source"
    case $platform in
    manylinux*)
        "$tools/bin/auditwheel" show "$out"/luma_automation-*-"$platform.whl" >"$work/audit"
        grep -q "\"${platform%%.*}\"" "$work/audit" || { cat "$work/audit" >&2 && exit 1; }
        ;;
    esac
done <"$work/natives.list"
