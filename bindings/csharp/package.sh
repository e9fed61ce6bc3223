#!/bin/sh
# package.sh DIRECTORY [LIBRARY]: builds the NuGet package and the PowerShell module, with mcs. They
# contain the native libraries. The assembly is in target/packages/csharp.
. "$(dirname "$0")/../packaging.sh"
natives nuget >"$work/natives"
python3 -B package.py "$out" "$work" "$version" <"$work/natives"
