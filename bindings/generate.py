#!/usr/bin/env python3
"""Generates the raw declarations of every binding from include/luma.h.

    generate.py            writes the files
    generate.py --check    fails if a file is out of date

Needs pycparser (Debian: python3-pycparser) and a C preprocessor (cc).
"""

import pathlib
import sys

from generator import csharp, go, header, java, lua, node, pascal, perl, php, python, ruby, vba

LANGUAGES = [csharp, go, java, lua, node, pascal, perl, php, python, ruby, vba]


def main() -> int:
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        print(__doc__, file=sys.stderr)
        return 2
    bindings = pathlib.Path(__file__).resolve().parent
    api = header.parse(bindings.parent / "include" / "luma.h")
    outdated = []
    for language in LANGUAGES:
        for name, text in language.generate(api).items():
            path = bindings / name
            old = path.read_bytes() if path.exists() else b""
            new = text.encode()
            if old == new:
                continue
            outdated.append(name)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(new)
    if check and outdated:
        print("These files differ from include/luma.h: " + ", ".join(outdated), file=sys.stderr)
        print("To write them anew: make bindings", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except header.Unsupported as error:
        sys.exit(f"generate.py: {error}")
