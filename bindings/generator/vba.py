"""VB6 and VBA: a module. 32-bit hosts call the stdcall names."""

from generator.header import Api, Function
from generator.words import NOTICE, look_up, pascal_case

# For 64-bit VBA, VBA 7 in 32 bit, and VB6. A Currency has the 8 bytes of an int64_t.
TARGETS = [
    ("#If Win64 Then", "PtrSafe ", "LongPtr", "LongLong", ""),
    ("#ElseIf VBA7 Then", "PtrSafe ", "LongPtr", "Currency", "_stdcall"),
    ("#Else", "", "Long", "Currency", "_stdcall"),
]


def declaration(function: Function, safe: str, pointer: str, int64: str, suffix: str) -> str:
    by_value = {
        "int32": "Long", "int64": int64, "size": pointer, "double": "Double", "string": pointer,
        "pointer": pointer, "handle": pointer, "callback": pointer,
    }
    by_reference = {
        "out_int32": "Long", "out_int64": int64, "out_size": pointer, "out_handle": pointer,
        "out_string": pointer, "out_pointer": pointer,
    }
    texts = []
    for parameter in function.parameters:
        kind, name = parameter.type.kind, "a" + pascal_case(parameter.name)
        if kind.startswith("out_"):
            texts.append(f"ByRef {name} As {look_up(by_reference, kind, function)}")
        else:
            texts.append(f"ByVal {name} As {look_up(by_value, kind, function)}")
    returns = {"int32": "Long", "int64": int64, "size": pointer, "string": pointer}
    is_sub = function.returns.kind == "void"
    result = "" if is_sub else f" As {look_up(returns, function.returns.kind, function)}"
    alias = f' Alias "{function.name}{suffix}"' if suffix else ""
    return (f'Public Declare {safe}{"Sub" if is_sub else "Function"} {function.name} Lib "luma.dll"{alias} _\n'
            f"    ({', '.join(texts)}){result}")


def generate(api: Api) -> dict[str, str]:
    lines = [
        'Attribute VB_Name = "LumaNative"',
        f"' {NOTICE}",
        "' Strings are pointers to UTF-8 that ends with a NUL: VarPtr of the first byte of an array.",
        "' In 32 bit, an int64_t is a Currency: 60000 ms is 6@.",
        "Option Explicit",
        "",
        *[f"Public Const {name} As Long = {value}" for name, value in api.constants.items()],
        "",
    ]
    for condition, safe, pointer, int64, suffix in TARGETS:
        lines.append(condition)
        lines += [declaration(function, safe, pointer, int64, suffix) for function in api.functions]
    lines += ["#End If", ""]
    # Windows' line endings, without which the editor of VB6 does not import a file.
    return {"vba/LumaNative.bas": "\n".join(lines).replace("\n", "\r\n")}
