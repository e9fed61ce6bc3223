#!/bin/sh
# test-windows.sh 64|32: runs the tests on .NET Core for Windows with Wine, with the DLL
# from the package. Part of `make test-windows`. Needs mcs, and pip (64 bit) or npm (32 bit) for the
# runtime.
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
work=$target/bindings/csharp-win$1 runtime=$target/csharp-tools-win$1
rm -rf "$work"
mkdir -p "$work"

if [ ! -e "$runtime/complete" ]; then
    rm -rf "$runtime"
    mkdir -p "$runtime/download"
    if [ "$1" = 64 ]; then
        version=3.1.23
        python3 -m venv "$runtime/pip"
        "$runtime/pip/bin/pip" download --quiet --no-deps --only-binary :all: --platform win_amd64 \
            --dest "$runtime/download" dotnetcore2==$version
        python3 -m zipfile -e "$runtime"/download/*.whl "$runtime"
        mv "$runtime/dotnetcore2/bin" "$runtime/dotnet"
    else
        version=2.1.8
        npm pack --silent --pack-destination "$runtime/download" dotnet-2.1-win-ia32@2.1.1007 >/dev/null
        tar -C "$runtime" -xzf "$runtime"/download/*.tgz
        mv "$runtime/package" "$runtime/dotnet"
    fi
    echo $version >"$runtime/complete"
fi

sh package.sh "$work/packages"
python3 -m zipfile -e "$work"/packages/Luma.Automation.[0-9]*.nupkg "$work/package"
app=$work/app
mkdir "$app"
cp -R "$runtime/dotnet/." "$work/package/lib/netstandard2.0/Luma.Automation.dll" "$work/package/runtimes" "$app"
mcs -r:"$app/Luma.Automation.dll" -out:"$app/Conformance.exe" test/Conformance.cs
cat >"$app/Conformance.runtimeconfig.json" <<END
{
  "runtimeOptions": {
    "framework": { "name": "Microsoft.NETCore.App", "version": "$(cat "$runtime/complete")" },
    "configProperties": {
      "System.Globalization.Invariant": true,
      "System.Runtime.TieredCompilation": false
    }
  }
}
END
unset LUMA_LIBRARY LUMA_BUILD_DIR LUMA_TEST_COMMAND
cd "$root"
export LUMA_SIMULATOR_OPTIONS=--virtual-time LUMA_CERTIFICATES="Z:$root/tests/fixtures/tls"
exec sh simulator/with-simulator.sh sh packaging/windows/wine.sh "$app/dotnet.exe" "$app/Conformance.exe"
