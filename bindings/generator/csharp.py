"""C#: delegates that are looked up on their first use, and enumerations.

Delegates instead of DllImport, because that cannot load a library from a path that is known only at
run time on all of .NET Framework, .NET and Mono. C# 5, so that Add-Type of Windows PowerShell
accepts it.
"""

import re
from xml.sax.saxutils import escape

from generator.header import Api, Function, Parameter
from generator.words import NOTICE, camel_case, free_function, groups, look_up, pascal_case

KEYWORDS = {"out", "ref", "string", "object", "params", "lock", "event", "in"}
ARGUMENTS = {
    "int32": "int",
    "int64": "long",
    "size": "UIntPtr",
    "double": "double",
    "string": "byte[]",
    "pointer": "IntPtr",
    "out_int32": "out int",
    "out_int64": "out long",
    "out_size": "out UIntPtr",
    "out_string": "out IntPtr",
    "out_pointer": "out IntPtr",
}
CALLBACK_ARGUMENTS = {
    **ARGUMENTS,
    "string": "IntPtr",
    "buffer": "IntPtr",
    "handle": "IntPtr",
    "out_handle": "out IntPtr",
}
RETURNS = {"void": "void", "int32": "int", "int64": "long", "size": "UIntPtr", "string": "IntPtr"}

# Public enumerations with their names in C# and their descriptions.
ENUMERATIONS = {
    "ERROR": ("LumaStatus", "Why a call failed, or Ok."),
    "OUTCOME": ("LumaOutcome", "The certain effect of a request."),
    "RUN": ("LumaRunStatus", "The status of a run or a step."),
    "AUTH": ("LumaAuthScheme", "The header that carries the access token."),
    "LOG": ("LumaLogLevel", "The severity of a log line, or the most verbose level to log."),
    "APPLICATION": ("LumaApplication", "The application of an initiator."),
    "JSON": ("LumaJsonType", "The type of a value in a response."),
    "TIMING": ("LumaTiming", "A part of a call."),
    "COUNTER": ("LumaCounter", "A counter of a client."),
}


def handle_name(handle: str) -> str:
    return pascal_case(handle) + "Handle"


def typed(function: Function, parameter: Parameter, in_callback: bool) -> tuple[str, str]:
    """Returns the type and the name of a parameter."""
    kind = parameter.type.kind
    if kind == "callback":
        text = parameter.type.name
    elif in_callback:
        text = look_up(CALLBACK_ARGUMENTS, kind, function)
    elif kind == "handle":
        # A SafeHandle stays alive while a call uses it.
        text = (
            "IntPtr"
            if function.name == f"{parameter.type.name}_free"
            else handle_name(parameter.type.name)
        )
    elif kind == "out_handle":
        text = "out " + handle_name(parameter.type.name)
    else:
        text = look_up(ARGUMENTS, kind, function)
    name = camel_case(parameter.name)
    return text, f"@{name}" if name in KEYWORDS else name


def arguments(function: Function, in_callback: bool = False) -> str:
    return ", ".join(
        " ".join(typed(function, parameter, in_callback)) for parameter in function.parameters
    )


def passed(function: Function) -> str:
    pairs = [typed(function, parameter, False) for parameter in function.parameters]
    return ", ".join(f"out {name}" if text.startswith("out ") else name for text, name in pairs)


def enumerations(api: Api) -> list[str]:
    lines = []
    for group, names in groups(api).items():
        if group not in ENUMERATIONS:
            continue
        name, summary = ENUMERATIONS[group]
        lines += [f"    /// <summary>{summary}</summary>", f"    public enum {name}", "    {"]
        for word, constant in names.items():
            comment = escape(api.comments[constant])
            comment = re.sub(r"`([^`]*)`", r"<c>\1</c>", comment)
            member = "".join(part.capitalize() for part in word.split("_"))
            lines += [
                f"        /// <summary>{comment}</summary>",
                f"        {member} = {api.constants[constant]},",
            ]
        lines += ["    }", ""]
    return lines


def generate(api: Api) -> dict[str, str]:
    lines = [
        f"// {NOTICE}",
        "// Strings are UTF-8 and end with a NUL: byte[] as an argument, IntPtr as a returned value.",
        "using System;",
        "using System.Runtime.InteropServices;",
        "",
        "namespace Luma.Automation",
        "{",
        *enumerations(api)[:-1],
        "}",
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
            "        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }",
            f"        protected override bool ReleaseHandle() {{ Methods.{free_function(api, handle)}(handle); return true; }}",
            "    }",
            "",
        ]
    lines += ["    internal static class Constants", "    {"]
    lines += [
        f"        public const int {name} = {value};" for name, value in api.constants.items()
    ]
    lines += ["    }", "", "    internal static class Methods", "    {"]
    for index, function in enumerate(api.functions):
        returns = look_up(RETURNS, function.returns.kind, function)
        lines += [""] * (index > 0) + [
            "        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]",
            f"        private delegate {returns} type_{function.name}({arguments(function)});",
            f"        private static type_{function.name} found_{function.name};",
            f"        public static {returns} {function.name}({arguments(function)})",
            "        {",
            f"            {'' if returns == 'void' else 'return '}Library.Load(ref found_{function.name}, "
            f'"{function.name}")({passed(function)});',
            "        }",
        ]
    lines += ["    }", "}", ""]
    return {"csharp/src/Native.g.cs": "\n".join(lines)}
