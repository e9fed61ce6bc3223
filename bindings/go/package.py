"""package.py VERSION TIME DIRECTORY: writes the Go module as files of a module proxy, see
https://go.dev/ref/mod#goproxy-protocol."""

import datetime
import json
import pathlib
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MODULE = "libluma.org/luma"


def main() -> None:
    version, time, folder = f"v{sys.argv[1]}", int(sys.argv[2]), pathlib.Path(sys.argv[3])
    files = [ROOT / "LICENSE-APACHE", ROOT / "LICENSE-MIT", HERE / "README.md", HERE / "go.mod",
             *HERE.glob("*.go"), *HERE.glob("*.[ch]")]
    versions = folder / MODULE / "@v"
    versions.mkdir(parents=True, exist_ok=True)
    (versions / "list").write_text(version + "\n")
    (versions / f"{version}.mod").write_bytes((HERE / "go.mod").read_bytes())
    stamp = datetime.datetime.fromtimestamp(time, datetime.timezone.utc)
    (versions / f"{version}.info").write_text(
        json.dumps({"Version": version, "Time": stamp.strftime("%Y-%m-%dT%H:%M:%SZ")}) + "\n")
    with zipfile.ZipFile(versions / f"{version}.zip", "w") as archive:
        for file in sorted(files, key=lambda file: file.name):
            entry = zipfile.ZipInfo(f"{MODULE}@{version}/{file.name}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, file.read_bytes())


if __name__ == "__main__":
    main()
