"""Free Pascal and Delphi: a unit."""

from generator.header import Api, Function
from generator.words import NOTICE, look_up, pascal_case

ARGUMENTS = {
    "int32": "Int32", "int64": "Int64", "size": "NativeUInt", "double": "Double", "string": "PAnsiChar",
    "buffer": "PAnsiChar", "pointer": "Pointer",
}
OUT_ARGUMENTS = {
    "out_int32": "Int32", "out_int64": "Int64", "out_size": "NativeUInt", "out_string": "PAnsiChar",
    "out_pointer": "Pointer",
}
RETURNS = {"int32": "Int32", "int64": "Int64", "size": "NativeUInt", "string": "PAnsiChar"}


def arguments(function: Function) -> str:
    texts = []
    for parameter in function.parameters:
        kind, name = parameter.type.kind, "A" + pascal_case(parameter.name)
        if kind in ("handle", "out_handle"):
            text = "P" + pascal_case(parameter.type.name)
        elif kind == "callback":
            text = "T" + pascal_case(parameter.type.name)
        elif kind.startswith("out_"):
            text = look_up(OUT_ARGUMENTS, kind, function)
        else:
            text = look_up(ARGUMENTS, kind, function)
        texts.append(f"{'out ' if kind.startswith('out_') else ''}{name}: {text}")
    return "; ".join(texts)


def signature(function: Function, name: str) -> str:
    taken = f"({arguments(function)})" if function.parameters else ""
    if function.returns.kind == "void":
        return f"procedure{name}{taken};"
    return f"function{name}{taken}: {look_up(RETURNS, function.returns.kind, function)};"


def generate(api: Api) -> dict[str, str]:
    lines = [
        f"{{ {NOTICE} }}",
        "{ Strings are UTF-8 and end with a NUL: PAnsiChar(UTF8String). }",
        "unit LumaNative;",
        "",
        "{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}",
        "",
        "interface",
        "",
        "const",
        "{$IFDEF MSWINDOWS}",
        "  LumaLibrary = 'luma.dll';",
        "{$ELSE}",
        "  LumaLibrary = 'libluma.so.0';",
        "{$ENDIF}",
        *[f"  {name} = {value};" for name, value in api.constants.items()],
        "",
        "type",
    ]
    for handle in api.handles:
        name = pascal_case(handle)
        lines += [f"  T{name} = record end;", f"  P{name} = ^T{name};"]
    for callback in api.callbacks:
        lines.append(f"  T{pascal_case(callback.name)} = {signature(callback, '')[:-1]}; cdecl;")
    lines.append("")
    for function in api.functions:
        lines.append(f"{signature(function, ' ' + function.name)} cdecl;")
        lines.append(f"  external LumaLibrary name '{function.name}';")
    lines += ["", "implementation", "", "end.", ""]
    return {"pascal/LumaNative.pas": "\n".join(lines)}
