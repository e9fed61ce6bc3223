"""declarations.py 64|32: prints the Declare statements of LumaNative.bas as C function pointers, with
the types and the names that VBA uses. Fails if VB6 gets other functions than 32-bit VBA."""

import pathlib
import re
import sys

TYPES = {"Long": "int32_t", "LongPtr": "intptr_t", "LongLong": "int64_t", "Currency": "int64_t",
         "Double": "double"}
DECLARE = re.compile(r'Public Declare (?:PtrSafe )?(Sub|Function) (\w+) Lib "luma.dll"'
                     r'(?: Alias "(\w+)")? \((.*?)\)(?: As (\w+))?$', re.M)


def main(width: str) -> None:
    text = (pathlib.Path(__file__).parent.parent / "LumaNative.bas").read_text().replace("_\n    ", "")
    win64, rest = text.split("#If Win64 Then\n")[1].split("#ElseIf VBA7 Then\n")
    vba7, vb6 = rest.split("#Else\n")
    if vba7.replace("PtrSafe ", "").replace("LongPtr", "Long") != vb6.replace("#End If\n", ""):
        sys.exit("VB6 and 32-bit VBA differ")
    section = win64 if width == "64" else vba7
    found = DECLARE.findall(section)
    if len(found) != section.count("Public Declare"):
        sys.exit("a Declare statement is not understood")
    lines = ["#include <stdint.h>", "#include <windows.h>"]
    for _, name, _, parameters, returns in found:
        types = []
        for parameter in filter(None, parameters.split(", ")):
            how, _, _, kind = parameter.split(" ")
            types.append(TYPES[kind] + (" *" if how == "ByRef" else ""))
        result = TYPES[returns] if returns else "void"
        lines.append(f"static {result} (CONVENTION *{name})({', '.join(types) or 'void'});")
    lines.append("static const struct { const char *name; void *function; } declared[] = {")
    lines += [f'    {{"{alias or name}", &{name}}},' for _, name, alias, _, _ in found]
    lines.append("};")
    for name, value in re.findall(r"Public Const (\w+) As Long = (-?\d+)", text):
        lines.append(f"enum {{ {name} = {value} }};")
    print("\n".join(lines))


main(sys.argv[1])
