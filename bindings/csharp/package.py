#!/usr/bin/env python3
"""Builds the NuGet package and the PowerShell module, with mcs. The same source gives the same bytes.

    package.py FOLDER WORK VERSION < NATIVES

writes Luma.Automation.VERSION.nupkg and Luma.Automation.PowerShell.VERSION.zip in FOLDER, and what
they are made of in WORK. NATIVES are lines of natives.sh.
"""

import hashlib
import pathlib
import struct
import subprocess
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DESCRIPTION = "Client for the Luma Automation gateway: triggers workflows, once per ticket, and " \
    "waits for them, with an outcome that is never guessed."

ASSEMBLY_INFO = """using System.Reflection;
[assembly: AssemblyTitle("Luma.Automation")]
[assembly: AssemblyProduct("libluma")]
[assembly: AssemblyDescription("{description}")]
[assembly: AssemblyVersion("{version}.0")]
[assembly: AssemblyFileVersion("{version}.0")]
[assembly: AssemblyInformationalVersion("{version}")]
"""

# lib/netstandard2.0 is the same assembly: it uses only mscorlib, for which netstandard 2.0 and all
# versions of .NET have type forwards.
NUSPEC = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>Luma.Automation</id>
    <version>{version}</version>
    <authors>The libluma authors</authors>
    <license type="expression">MIT OR Apache-2.0</license>
    <licenseUrl>https://licenses.nuget.org/MIT%20OR%20Apache-2.0</licenseUrl>
    <requireLicenseAcceptance>false</requireLicenseAcceptance>
    <readme>README.md</readme>
    <description>{description}</description>
    <tags>luma automation workflow itsm</tags>
    <dependencies>
      <group targetFramework=".NETFramework4.6.2" />
      <group targetFramework=".NETStandard2.0" />
    </dependencies>
  </metadata>
</package>
"""

# .NET Framework does not copy runtimes/ to the output folder by itself.
TARGETS = """<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <ItemGroup>
{items}  </ItemGroup>
</Project>
"""
TARGETS_ITEM = """    <None Include="$(MSBuildThisFileDirectory)..\\..\\runtimes\\{rid}\\native\\luma.dll">
      <Link>runtimes\\{rid}\\native\\luma.dll</Link>
      <CopyToOutputDirectory>PreserveNewest</CopyToOutputDirectory>
      <Visible>false</Visible>
    </None>
"""

CONTENT_TYPES = """<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
{types}</Types>
"""
RELATIONSHIPS = """<?xml version="1.0" encoding="utf-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" \
Target="/Luma.Automation.nuspec" Id="R1" />
</Relationships>
"""


def compile_assembly(folder: pathlib.Path, version: str) -> pathlib.Path:
    info = folder / "AssemblyInfo.cs"
    info.write_text(ASSEMBLY_INFO.format(version=version, description=DESCRIPTION))
    assembly = folder / "Luma.Automation.dll"
    subprocess.run(
        ["mcs", "-langversion:5", "-target:library", "-optimize+", "-warnaserror", "-warn:4",
         f"-doc:{assembly.with_suffix('.xml')}", f"-out:{assembly}",
         HERE / "src/Luma.cs", HERE / "src/Native.g.cs", info], check=True)
    make_reproducible(assembly)
    return assembly


def make_reproducible(assembly: pathlib.Path) -> None:
    """Replaces the time stamp by 0, and the module's id by a digest of the file."""
    data = bytearray(assembly.read_bytes())
    pe = struct.unpack_from("<I", data, 0x3C)[0]
    struct.pack_into("<I", data, pe + 8, 0)
    sections, optional_size = struct.unpack_from("<H", data, pe + 6)[0], \
        struct.unpack_from("<H", data, pe + 20)[0]
    table = pe + 24 + optional_size

    def offset(rva: int) -> int:
        for index in range(sections):
            size, start, _, raw = struct.unpack_from("<IIII", data, table + 40 * index + 8)
            if start <= rva < start + size:
                return rva - start + raw
        raise ValueError(f"{assembly}: no section has the address {rva:#x}")

    directories = pe + 24 + (112 if struct.unpack_from("<H", data, pe + 24)[0] == 0x20B else 96)
    cli = offset(struct.unpack_from("<I", data, directories + 14 * 8)[0])
    metadata = offset(struct.unpack_from("<I", data, cli + 8)[0])
    stream = metadata + 16 + struct.unpack_from("<I", data, metadata + 12)[0]
    for _ in range(struct.unpack_from("<H", data, stream + 2)[0]):
        start, _ = struct.unpack_from("<II", data, stream + 4)
        name = bytes(data[stream + 12:data.index(0, stream + 12)])
        if name == b"#GUID":
            guid = metadata + start
            data[guid:guid + 16] = bytes(16)
            data[guid:guid + 16] = hashlib.sha256(data).digest()[:16]
            assembly.write_bytes(data)
            return
        stream += 8 + (len(name) + 4) // 4 * 4
    raise ValueError(f"{assembly} has no #GUID stream")


def natives(lines: list[str]) -> dict[str, bytes]:
    files = {}
    for rid, name, library, licences in map(str.split, lines):
        files[f"runtimes/{rid}/native/{name}"] = pathlib.Path(library).read_bytes()
        files[f"third-party-licenses/{rid}.txt"] = pathlib.Path(licences).read_bytes()
    return files


def nupkg(assembly: pathlib.Path, libraries: dict[str, bytes], version: str) -> dict[str, bytes]:
    values = {"version": version, "description": DESCRIPTION}
    files = {
        "_rels/.rels": RELATIONSHIPS.encode(),
        "Luma.Automation.nuspec": NUSPEC.format(**values).encode(),
        "README.md": (HERE / "README.md").read_bytes(),
        "LICENSE-MIT": (ROOT / "LICENSE-MIT").read_bytes(),
        "LICENSE-APACHE": (ROOT / "LICENSE-APACHE").read_bytes(),
        "src/Luma.cs": (HERE / "src/Luma.cs").read_bytes(),
        "src/Native.g.cs": (HERE / "src/Native.g.cs").read_bytes(),
    }
    windows = [path.split("/")[1] for path in libraries if path.startswith("runtimes/win-")]
    targets = TARGETS.format(items="".join(TARGETS_ITEM.format(rid=rid) for rid in windows))
    files["build/net462/Luma.Automation.targets"] = targets.encode()
    for framework in ("net462", "netstandard2.0"):
        files[f"lib/{framework}/Luma.Automation.dll"] = assembly.read_bytes()
        files[f"lib/{framework}/Luma.Automation.xml"] = assembly.with_suffix(".xml").read_bytes()
    files |= libraries
    types = {"rels": "application/vnd.openxmlformats-package.relationships+xml"}
    parts = ""
    for path in files:
        extension = pathlib.PurePosixPath(path).suffix[1:]
        if extension and extension not in types:
            types[extension] = "application/octet"
        elif not extension and not path.startswith("_rels"):
            parts += f'  <Override PartName="/{path}" ContentType="application/octet" />\n'
    defaults = "".join(f'  <Default Extension="{extension}" ContentType="{kind}" />\n'
                       for extension, kind in sorted(types.items()))
    return {"[Content_Types].xml": CONTENT_TYPES.format(types=defaults + parts).encode(), **files}


def module(assembly: pathlib.Path, libraries: dict[str, bytes], version: str) -> dict[str, bytes]:
    """The PowerShell module: a folder to copy into one of PSModulePath."""
    manifest = (HERE / "powershell/Luma.Automation.psd1").read_text()
    files = {
        "Luma.Automation.psd1": manifest.replace("0.0.0", version).encode(),
        "Luma.Automation.psm1": (HERE / "powershell/Luma.Automation.psm1").read_bytes(),
        "Luma.Automation.dll": assembly.read_bytes(),
        "Luma.Automation.xml": assembly.with_suffix(".xml").read_bytes(),
        "README.md": (HERE / "README.md").read_bytes(),
        "LICENSE-MIT": (ROOT / "LICENSE-MIT").read_bytes(),
        "LICENSE-APACHE": (ROOT / "LICENSE-APACHE").read_bytes(),
        **libraries,
    }
    return {f"Luma.Automation/{path}": data for path, data in files.items()}


def write_zip(path: pathlib.Path, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, data)


def main() -> None:
    folder, work, version = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    libraries = natives(sys.stdin.readlines())
    assembly = compile_assembly(work, version)
    write_zip(folder / f"Luma.Automation.{version}.nupkg", nupkg(assembly, libraries, version))
    write_zip(folder / f"Luma.Automation.PowerShell.{version}.zip",
              module(assembly, libraries, version))


if __name__ == "__main__":
    main()
