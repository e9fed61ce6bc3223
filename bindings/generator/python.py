"""Python: ctypes, with types for mypy --strict."""

from generator.header import Api, Function
from generator.words import NOTICE, look_up, pascal_case, wrap

# For ctypes, and for mypy.
ARGUMENTS = {
    "int32": "c_int32",
    "int64": "c_int64",
    "size": "c_size_t",
    "double": "c_double",
    "string": "c_char_p",
    "buffer": "c_void_p",
    "pointer": "c_void_p",
    "handle": "c_void_p",
    "out_handle": "POINTER(c_void_p)",
    "out_int32": "POINTER(c_int32)",
    "out_int64": "POINTER(c_int64)",
    "out_size": "POINTER(c_size_t)",
    "out_string": "POINTER(c_void_p)",
    "out_pointer": "POINTER(c_void_p)",
}
HINTS = {
    "int32": "int",
    "int64": "int",
    "size": "int",
    "double": "float",
    "string": "Optional[bytes]",
    "pointer": "Pointer",
    "handle": "Pointer",
    "callback": "Any",
    "out_handle": "Out",
    "out_int32": "Out",
    "out_int64": "Out",
    "out_size": "Out",
    "out_string": "Out",
    "out_pointer": "Out",
}
RETURNS = {
    "void": "None",
    "int32": "c_int32",
    "int64": "c_int64",
    "size": "c_size_t",
    "string": "c_char_p",
}
RETURN_HINTS = {"void": "None", "int32": "int", "int64": "int", "size": "int", "string": "bytes"}


def callback_name(name: str) -> str:
    """luma_poll_fn -> PollFn"""
    return pascal_case(name.removeprefix("luma_"))


def types(function: Function) -> list[str]:
    return [
        callback_name(parameter.type.name)
        if parameter.type.kind == "callback"
        else look_up(ARGUMENTS, parameter.type.kind, function)
        for parameter in function.parameters
    ]


def generate(api: Api) -> dict[str, str]:
    lines = [
        f'"""The functions and constants of luma.h.\n\n{NOTICE}\n"""',
        "",
        "from ctypes import (CDLL, CFUNCTYPE, POINTER, c_char_p, c_double, c_int32, c_int64, c_size_t,",
        "                    c_void_p)",
        "from typing import Any, Callable, Optional, Union",
        "",
        "Pointer = Union[c_void_p, int, None]",
        "Out = Any  # byref() of the value, or None",
        "",
    ]
    for callback in api.callbacks:
        returns = look_up(RETURNS, callback.returns.kind, callback)
        lines.append(f"{callback_name(callback.name)} = CFUNCTYPE(")
        lines.append(wrap([returns, *types(callback)], "    ") + ")")
    lines += ["", f'VERSION = "{api.version}"', "", "CONSTANTS = {"]
    lines += [f'    "{name}": {value},' for name, value in api.constants.items()]
    lines += ["}"]
    lines += [f"{name} = {value}" for name, value in api.constants.items()]
    lines += ["", "", "class Native:", '    """The functions of a loaded library."""', ""]
    for function in api.functions:
        hints = ", ".join(
            look_up(HINTS, parameter.type.kind, function) for parameter in function.parameters
        )
        returns = look_up(RETURN_HINTS, function.returns.kind, function)
        line = f"    {function.name}: Callable[[{hints}], {returns}]"
        if len(line) > 100:
            hints = wrap(hints.split(", "), "        ")
            line = f"    {function.name}: Callable[[\n{hints}],\n        {returns}]"
        lines.append(line)
    lines += ["", "    def __init__(self, library: CDLL) -> None:"]
    for function in api.functions:
        returns = look_up(RETURNS, function.returns.kind, function)
        line = f'        _declare(self, library, "{function.name}", {returns}'
        arguments = "".join(f", {text}" for text in types(function))
        if len(line + arguments) >= 100:
            line += ",\n" + wrap(types(function), " " * 17) + ")"
        else:
            line += arguments + ")"
        lines.append(line)
    lines += [
        "",
        "",
        "def _declare(native: Native, library: CDLL, name: str, returns: Any, *arguments: Any) -> None:",
        "    function = library[name]",
        "    function.restype, function.argtypes = returns, arguments",
        "    setattr(native, name, function)",
        "",
    ]
    return {"python/src/luma_automation/_native.py": "\n".join(lines)}
