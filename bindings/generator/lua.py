"""LuaJIT and cffi-lua: a cdef."""

from generator.header import Api
from generator.words import NOTICE


def generate(api: Api) -> dict[str, str]:
    lines = [
        f"-- {NOTICE}",
        "-- luma.cdef: the declarations, for ffi.cdef. luma.constants: the constants by name.",
        "",
        "local luma = {}",
        "",
        "luma.cdef = [[",
        *[f"typedef struct {handle} {handle};" for handle in api.handles],
    ]
    for callback in api.callbacks:
        lines.append("typedef " + callback.c.replace(f"{callback.name}(", f"(*{callback.name})(") + ";")
    lines += [
        *[f"{function.c};" for function in api.functions],
        "]]",
        "",
        "luma.constants = {",
        *[f"  {name} = {value}," for name, value in api.constants.items()],
        "}",
        "",
        "return luma",
        "",
    ]
    return {"lua/luma_native.lua": "\n".join(lines)}
