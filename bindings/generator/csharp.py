"""C#: P/Invoke. C# 5, so that Add-Type of Windows PowerShell accepts it."""

from generator.header import Api, Function, Parameter
from generator.words import NOTICE, camel_case, free_function, look_up, pascal_case

KEYWORDS = {"out", "ref", "string", "object", "params", "lock", "event", "in"}
ARGUMENTS = {
    "int32": "int", "int64": "long", "size": "UIntPtr", "double": "double", "string": "byte[]",
    "pointer": "IntPtr", "out_int32": "out int", "out_int64": "out long", "out_size": "out UIntPtr",
    "out_string": "out IntPtr", "out_pointer": "out IntPtr",
}
CALLBACK_ARGUMENTS = {
    **ARGUMENTS, "string": "IntPtr", "buffer": "IntPtr", "handle": "IntPtr", "out_handle": "out IntPtr",
}
RETURNS = {"void": "void", "int32": "int", "int64": "long", "size": "UIntPtr", "string": "IntPtr"}


def handle_name(handle: str) -> str:
    return pascal_case(handle) + "Handle"


def argument(function: Function, parameter: Parameter, in_callback: bool) -> str:
    kind = parameter.type.kind
    if kind == "callback":
        text = parameter.type.name
    elif in_callback:
        text = look_up(CALLBACK_ARGUMENTS, kind, function)
    elif kind == "handle":
        # A SafeHandle stays alive while a call uses it.
        text = "IntPtr" if function.name.endswith("_free") else handle_name(parameter.type.name)
    elif kind == "out_handle":
        text = "out " + handle_name(parameter.type.name)
    else:
        text = look_up(ARGUMENTS, kind, function)
    name = camel_case(parameter.name)
    return f"{text} {'@' if name in KEYWORDS else ''}{name}"


def arguments(function: Function, in_callback: bool = False) -> str:
    return ", ".join(argument(function, parameter, in_callback) for parameter in function.parameters)


def generate(api: Api) -> dict[str, str]:
    lines = [
        f"// {NOTICE}",
        "// Strings are UTF-8 and end with a NUL: byte[] as an argument, IntPtr as a returned value.",
        "using System;",
        "using System.Runtime.InteropServices;",
        "",
        "namespace Luma.Automation.Native",
        "{",
    ]
    for callback in api.callbacks:
        returns = look_up(RETURNS, callback.returns.kind, callback)
        lines += [
            "    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]",
            f"    internal delegate {returns} {callback.name}({arguments(callback, True)});",
            "",
        ]
    for handle in api.handles:
        name = handle_name(handle)
        lines += [
            f"    internal sealed class {name} : SafeHandle",
            "    {",
            f"        public {name}() : base(IntPtr.Zero, true) {{ }}",
            f"        public {name}(IntPtr borrowed) : base(IntPtr.Zero, false) {{ SetHandle(borrowed); }}",
            "        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }",
            f"        protected override bool ReleaseHandle() {{ Methods.{free_function(api, handle)}(handle); return true; }}",
            "    }",
            "",
        ]
    lines += ["    internal static class Constants", "    {"]
    lines += [f"        public const int {name} = {value};" for name, value in api.constants.items()]
    lines += [
        "    }",
        "",
        "    internal static class Methods",
        "    {",
        '        public const string Library = "luma";',
    ]
    for function in api.functions:
        returns = look_up(RETURNS, function.returns.kind, function)
        lines += [
            "",
            "        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]",
            f"        public static extern {returns} {function.name}({arguments(function)});",
        ]
    lines += ["    }", "}", ""]
    return {"csharp/src/Native.g.cs": "\n".join(lines)}
