"""Perl: FFI::Platypus."""

from generator.header import Api, Function
from generator.words import NOTICE, look_up

ARGUMENTS = {
    "int32": "sint32", "int64": "sint64", "size": "size_t", "double": "double", "string": "string",
    "buffer": "opaque", "pointer": "opaque", "handle": "opaque", "out_handle": "opaque*",
    "out_int32": "sint32*", "out_int64": "sint64*", "out_size": "size_t*", "out_string": "opaque*",
    "out_pointer": "opaque*",
}
# A closure cannot take a pointer to a value.
CLOSURE_ARGUMENTS = {kind: "opaque" if text.endswith("*") else text for kind, text in ARGUMENTS.items()}
RETURNS = {"void": "void", "int32": "sint32", "int64": "sint64", "size": "size_t", "string": "string"}


def arguments(function: Function) -> list[str]:
    return [parameter.type.name if parameter.type.kind == "callback"
            else look_up(ARGUMENTS, parameter.type.kind, function) for parameter in function.parameters]


def generate(api: Api) -> dict[str, str]:
    lines = [
        "package Luma::Automation::Native;",
        "",
        f"# {NOTICE}",
        "# Strings are bytes: UTF-8, encoded and decoded by the caller.",
        "",
        "use strict;",
        "use warnings;",
        "",
        "our %CONSTANTS = (",
        *[f"    {name} => {value}," for name, value in api.constants.items()],
        ");",
        "",
        "use constant {",
        *[f"    {name} => {value}," for name, value in api.constants.items()],
        "};",
        "",
        "# Declares the types of the callbacks and attaches every function to this package.",
        "sub attach {",
        "    my ($ffi) = @_;",
    ]
    for callback in api.callbacks:
        returns = look_up(RETURNS, callback.returns.kind, callback)
        taken = ", ".join(look_up(CLOSURE_ARGUMENTS, parameter.type.kind, callback)
                          for parameter in callback.parameters)
        lines.append(f"    $ffi->type('({taken})->{returns}' => '{callback.name}');")
    for function in api.functions:
        taken = ", ".join(f"'{text}'" for text in arguments(function))
        returns = look_up(RETURNS, function.returns.kind, function)
        lines.append(f"    $ffi->attach({function.name} => [{taken}] => '{returns}');")
    lines += ["    return;", "}", "", "1;", ""]
    return {"perl/lib/Luma/Automation/Native.pm": "\n".join(lines)}
