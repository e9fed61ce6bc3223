#!/usr/bin/env python3
"""check_packages.py DIRECTORY [LIBRARY]: checks what the packages in a directory contain: each native
library and its licences where its language finds them, and no path of this machine."""

import io
import pathlib
import re
import subprocess
import sys
import tarfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
VERSION = re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
# Kind of package for natives.sh, file, its library, its licences.
PACKAGES = (
    ("nuget", "Luma.Automation.{version}.nupkg", "runtimes/{platform}/native/{name}", "third-party-licenses/{platform}.txt"),
    ("nuget", "Luma.Automation.PowerShell.{version}.zip", "Luma.Automation/runtimes/{platform}/native/{name}",
     "Luma.Automation/third-party-licenses/{platform}.txt"),
    ("wheel", "luma_automation-{version}-py3-none-{platform}.whl", "luma_automation/{name}",
     "luma_automation-{version}.dist-info/licenses/THIRD-PARTY-LICENSES"),
    ("jar", "luma-{version}.jar", "{platform}/{name}", "{platform}/THIRD-PARTY-LICENSES"),
    ("npm", "luma-automation-{platform}-{version}.tgz", "package/{name}", "package/THIRD-PARTY-LICENSES"),
    ("gem", "luma_automation-{version}-{platform}.gem", "lib/luma_automation/{name}", "THIRD-PARTY-LICENSES"),
    ("php", "luma-automation-php-{version}.tar", "native/{platform}/{name}", "native/{platform}/THIRD-PARTY-LICENSES"),
    ("perl", "Luma-Automation-{version}-{platform}.tar.gz", "Luma-Automation-{version}/lib/Luma/Automation/{name}",
     "Luma-Automation-{version}/THIRD-PARTY-LICENSES"),
)
WITHOUT_LIBRARY = (
    "luma-automation-{version}.tgz", "luma_automation-{version}.gem", "Luma-Automation-{version}.tar.gz",
    "luma-{version}.pom", "go/libluma.org/luma/@v/list", "go/libluma.org/luma/@v/v{version}.info",
    "go/libluma.org/luma/@v/v{version}.mod", "go/libluma.org/luma/@v/v{version}.zip",
)


def contents(file: pathlib.Path | str, data: bytes) -> dict[str, bytes]:
    """The files in an archive, by their paths. Those of a gem are in an archive inside."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    if not str(file).endswith((".tar", ".tgz", ".gz", ".gem")):
        return {}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        files = {member.name.removeprefix("./"): archive.extractfile(member).read()
                 for member in archive if member.isfile()}
    return contents("data.tar.gz", files["data.tar.gz"]) if "data.tar.gz" in files else files


def main() -> int:
    folder, library = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    files = {str(path.relative_to(folder)): contents(path, path.read_bytes())
             for path in folder.rglob("*") if path.is_file()}
    failures = []
    expected = {name.format(version=VERSION): 0 for name in WITHOUT_LIBRARY}
    for kind, file, path, licences in PACKAGES:
        lines = subprocess.run(["sh", HERE / "natives.sh", kind, *library], check=True, capture_output=True, text=True)
        for platform, name, native, notices in map(str.split, lines.stdout.splitlines()):
            if kind == "wheel" and library:
                platform = re.sub(r"manylinux_2_17_(\w+)\..*", r"linux_\1", platform)
            values = {"version": VERSION, "platform": platform, "name": name}
            package = file.format(**values)
            expected[package] = expected.get(package, 0) + 1
            for path_inside, source in ((path, native), (licences, notices)):
                path_inside = path_inside.format(**values)
                if files.get(package, {}).get(path_inside) != pathlib.Path(source).read_bytes():
                    failures.append(f"{package}: {path_inside} is not {source}")
    for file in sorted(files.keys() | expected.keys()):
        found = sum(path.endswith((".so", ".so.0", ".dll")) and "Luma.Automation.dll" not in path
                    for path in files.get(file, {}))
        if file not in files:
            failures.append(f"{file} is missing")
        elif file not in expected:
            failures.append(f"{file} is not expected")
        elif found != expected[file]:
            failures.append(f"{file} has {found} native libraries instead of {expected[file]}")
        for path, data in files.get(file, {}).items():
            if str(ROOT).encode() in data:
                failures.append(f"{file}: {path} contains {ROOT}")
    print("\n".join(failures))
    print(f"{len(files)} packages have been checked")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
