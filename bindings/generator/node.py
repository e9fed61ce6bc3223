"""Node.js: koffi, which parses prototypes in C."""

from generator.header import Api, Function, Unsupported
from generator.words import NOTICE


def prototype(function: Function, is_callback: bool = False) -> str:
    """The declaration with koffi's mark at out-parameters, and callbacks as pointers."""
    name, _, arguments = function.c.removesuffix(")").partition("(")
    texts = [] if arguments == "void" else arguments.split(", ")
    if len(texts) != len(function.parameters):
        raise Unsupported(f"cannot split {function.c}")
    for index, parameter in enumerate(function.parameters):
        if parameter.type.kind == "callback":
            texts[index] = f"{parameter.type.name} *{parameter.name}"
        elif parameter.type.kind.startswith("out_") and not is_callback:
            texts[index] = f"_Out_ {texts[index]}"
        elif parameter.type.kind == "buffer" or is_callback and parameter.type.kind.startswith("out_"):
            texts[index] = f"void *{parameter.name}"
    return f"{name}({', '.join(texts) or 'void'})"


def generate(api: Api) -> dict[str, str]:
    lines = [
        "'use strict';",
        "",
        f"// {NOTICE}",
        "",
        "exports.constants = Object.freeze({",
        *[f"  {name}: {value}," for name, value in api.constants.items()],
        "});",
        "",
        "exports.handles = [",
        *[f"  '{handle}'," for handle in api.handles],
        "];",
        "",
        "exports.callbacks = [",
        *[f"  '{prototype(callback, True)}'," for callback in api.callbacks],
        "];",
        "",
        "exports.functions = [",
        *[f"  '{prototype(function)}'," for function in api.functions],
        "];",
        "",
        "/**",
        " * Declares everything in a library that koffi.load() returned. Returns the functions by name, and",
        " * `types`: the handles and callbacks by name.",
        " */",
        "exports.declare = function declare(koffi, library) {",
        "  const native = { types: {} };",
        "  for (const name of exports.handles) native.types[name] = koffi.opaque(name);",
        "  for (const prototype of exports.callbacks) {",
        "    const type = koffi.proto(prototype);",
        "    native.types[/(\\w+)\\(/.exec(prototype)[1]] = type;",
        "  }",
        "  for (const prototype of exports.functions) {",
        "    native[/(\\w+)\\(/.exec(prototype)[1]] = library.func(prototype);",
        "  }",
        "  return native;",
        "};",
        "",
    ]
    types = [
        f"// {NOTICE}",
        "",
        "/** The constants of luma.h. */",
        "export const constants: {",
        *[f"  readonly {name}: {value};" for name, value in api.constants.items()],
        "};",
        "",
    ]
    return {"node/lib/native.js": "\n".join(lines), "node/lib/native.d.ts": "\n".join(types)}
