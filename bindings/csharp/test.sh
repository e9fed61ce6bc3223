#!/bin/sh
# Installs the packages, and runs the tests on Mono and on .NET Core. Checks the PowerShell module.
set -eu
. ../need.sh
need mcs 'apt-get install mono-mcs'
need mono 'apt-get install mono-runtime'
need python3 'apt-get install python3'
root=$(cd ../.. && pwd)
work=$LUMA_BUILD_DIR
tools=${CARGO_TARGET_DIR:-$root/target}/csharp-tools

# .NET Core 3.1, and a parser for PowerShell.
wheels='dotnetcore2==3.1.23 tree-sitter==0.26.1 tree-sitter-powershell==0.26.4'
if [ ! -e "$tools/complete" ] && [ "${CI-}" = true ]; then
    sh "$root/packaging/packages.sh" python3-venv nuget
    python3 -m venv "$tools"
    # shellcheck disable=SC2086 # several packages
    "$tools/bin/pip" install --quiet --disable-pip-version-check $wheels
    touch "$tools/complete"
fi

build_packages

# Runs the tests with a simulator of their own, because they replace its access token.
conformance() { # name, folder, command ...
    name=$1 folder=$2
    shift 2
    mkdir "$work/$name"
    (cd "$folder" && LUMA_BUILD_DIR="$work/$name" sh "$root/simulator/with-simulator.sh" "$@") >"$work/$name.log" ||
        failed=1
    sed "s/^/$name: /" "$work/$name.log"
    counts="$counts $(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$work/$name.log")"
}
failed=0 counts=

# The assembly alone: with the library that LUMA_LIBRARY names.
mkdir "$work/source" "$work/app"
python3 -m zipfile -e "$packages"/Luma.Automation.[0-9]*.nupkg "$work/unpacked"
cp "$work/unpacked/lib/net462/Luma.Automation.dll" "$work/source"
mcs -r:"$work/source/Luma.Automation.dll" -out:"$work/source/Conformance.exe" test/Conformance.cs
mcs -r:"$work/source/Luma.Automation.dll" -out:"$work/source/Members.exe" test/Members.cs
LUMA_TEST_COMMAND='mono Conformance.exe' conformance mono "$work/source" mono Conformance.exe

# The package, installed into an application, with the library that it contains.
if command -v nuget >/dev/null; then
    (cd "$work" && nuget install Luma.Automation -Source "$packages" -OutputDirectory "$work/nuget" \
        -ExcludeVersion -NonInteractive)
else
    echo 'Not installed with NuGet, but unpacked (apt-get install nuget)'
    mkdir "$work/nuget"
    mv "$work/unpacked" "$work/nuget/Luma.Automation"
fi
package=$work/nuget/Luma.Automation
cp "$package/lib/netstandard2.0/Luma.Automation.dll" "$work/source/Conformance.exe" "$work/app"
cp -R "$package/runtimes" "$work/app"
unset LUMA_LIBRARY
if [ -e "$tools/complete" ]; then
    dotnet=$(echo "$tools"/lib/python3*/site-packages/dotnetcore2/bin/dotnet)
    chmod +x "$dotnet"
    # Compiling code that runs often once more takes 4 MB, at any time: the test that memory stays
    # flat would measure that.
    cat >"$work/app/Conformance.runtimeconfig.json" <<'END'
{
  "runtimeOptions": {
    "framework": { "name": "Microsoft.NETCore.App", "version": "3.1.0" },
    "configProperties": {
      "System.Globalization.Invariant": true,
      "System.Runtime.TieredCompilation": false
    }
  }
}
END
    conformance dotnet "$work/app" "$dotnet" Conformance.exe
    python3 -m zipfile -e "$packages"/Luma.Automation.PowerShell.*.zip "$work/modules"
    mono "$work/source/Members.exe" >"$work/members"
    "$tools/bin/python" -B test/check_module.py "$work/modules/Luma.Automation" "$work/members" |
        tee "$work/module.log"
    counts="$counts $(sed -n 's/^PowerShell module: \([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$work/module.log")"
else
    echo "Not run on .NET Core, and the PowerShell module is not checked. To do so:"
    echo "    python3 -m venv $tools && $tools/bin/pip install $wheels && touch $tools/complete"
    conformance package "$work/app" mono Conformance.exe
fi

# shellcheck disable=SC2086 # several numbers
set -- $counts
passed=0
while [ $# -ge 2 ]; do
    passed=$((passed + $1)) failed=$((failed + $2))
    shift 2
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
