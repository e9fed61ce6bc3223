"""Reads include/luma.h: constants, handles, callback types and functions."""

import dataclasses
import pathlib
import re
import subprocess
import tempfile

from pycparser import c_ast, c_parser

# The types that the header uses, for the preprocessor and the parser.
STDDEF = "typedef unsigned long size_t;\n"
STDINT = "typedef int int32_t;\ntypedef long long int64_t;\n"

SCALARS = {"int32_t": "int32", "int64_t": "int64", "size_t": "size", "double": "double"}


class Unsupported(Exception):
    """The header contains something that no binding is prepared for."""


@dataclasses.dataclass(frozen=True)
class Type:
    """The type of a parameter or of a returned value.

    kind: void, int32, int64, size, double; string (const char *), buffer (char *), pointer
    (void *), handle, callback; and the out-parameters out_int32, out_int64, out_size, out_string,
    out_pointer, out_handle.
    """

    kind: str
    name: str = ""  # of the handle or callback
    const: bool = False


@dataclasses.dataclass(frozen=True)
class Parameter:
    name: str
    type: Type


@dataclasses.dataclass(frozen=True)
class Function:
    """A function, or a callback type."""

    name: str
    returns: Type
    parameters: tuple[Parameter, ...]
    c: str  # the declaration in C, on one line, without a semicolon
    blocks: bool = False  # as the header documents it


@dataclasses.dataclass(frozen=True)
class Api:
    version: str
    constants: dict[str, int]
    comments: dict[str, str]  # of the constants, as one paragraph
    handles: list[str]
    callbacks: list[Function]
    functions: list[Function]


def parse(path: pathlib.Path) -> Api:
    preprocessed = _preprocess(path)
    code, constants, version = [], {}, ""
    for line in preprocessed.splitlines():
        define = re.fullmatch(r"#define (LUMA_\w+) (.+)", line)
        if not line.startswith("#"):
            code.append(line)
        elif define and define[1] == "LUMA_VERSION":
            version = define[2].strip('"')
        elif define and re.fullmatch(r"-?\d+|0x[0-9a-fA-F]+", define[2]):
            constants[define[1]] = int(define[2], 0)
        elif line.startswith("#define LUMA_") and line.strip() != "#define LUMA_H":
            raise Unsupported(f"the constant is not an integer: {line}")

    blocking = _blocking(path.read_text())
    handles: list[str] = []
    callbacks: list[Function] = []
    functions: list[Function] = []
    for item in c_parser.CParser().parse("\n".join(code)).ext:
        name = getattr(item, "name", None)
        if name in SCALARS:
            continue
        if isinstance(item, c_ast.Typedef) and _is_opaque(item):
            handles.append(name)
        elif (
            isinstance(item, c_ast.Typedef)
            and isinstance(item.type, c_ast.PtrDecl)
            and isinstance(item.type.type, c_ast.FuncDecl)
        ):
            callbacks.append(_function(name, item.type.type, handles, callbacks, False))
        elif isinstance(item, c_ast.Decl) and isinstance(item.type, c_ast.FuncDecl):
            if name not in blocking:
                raise Unsupported(
                    f"{name} has no comment with '@note … Does not block.' or 'Blocks'"
                )
            functions.append(_function(name, item.type, handles, callbacks, blocking[name]))
        else:
            raise Unsupported(f"neither a handle, a callback nor a function: {name or item}")
    for function in functions:
        if any(parameter.type.kind == "buffer" for parameter in function.parameters):
            raise Unsupported(f"{function.name}: only a callback may have a char * parameter")
    if not (version and constants and handles and callbacks and functions):
        raise Unsupported(f"{path} is incomplete")
    comments = _comments(path.read_text())
    return Api(version, constants, comments, handles, callbacks, functions)


def _preprocess(path: pathlib.Path) -> str:
    """Removes comments and conditions, and keeps the #define lines."""
    with tempfile.TemporaryDirectory() as includes:
        (pathlib.Path(includes) / "stddef.h").write_text(STDDEF)
        (pathlib.Path(includes) / "stdint.h").write_text(STDINT)
        command = ["cc", "-E", "-P", "-dD", "-undef", "-nostdinc", "-I", includes, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Unsupported(done.stderr)
        return done.stdout


def _comments(header: str) -> dict[str, str]:
    """Returns the comment of each constant."""
    found = re.findall(r"/\*\*\n((?: \*.*\n)+?) \*/\n#define (LUMA_\w+) ", header)
    return {name: re.sub(r"\s*\n? \* ?", " ", comment).strip() for comment, name in found}


def _blocking(header: str) -> dict[str, bool]:
    """The note about blocking in the comment of each function."""
    blocking = {}
    for comment, name in re.findall(r"/\*\*(.*?)\*/\n[\w *]*?\b(luma_\w+)\(", header, re.DOTALL):
        note = re.search(r"@note (.*)", re.sub(r"\s*\n \*\s*", " ", comment.rpartition("/**")[2]))
        if note and "Does not block" in note[1]:
            blocking[name] = False
        elif note and "Blocks" in note[1]:
            blocking[name] = True
    return blocking


def _is_opaque(item: c_ast.Typedef) -> bool:
    declared = item.type
    return (
        isinstance(declared, c_ast.TypeDecl)
        and isinstance(declared.type, c_ast.Struct)
        and declared.type.decls is None
        and declared.type.name == item.name
    )


def _function(
    name: str, declared: c_ast.FuncDecl, handles: list[str], callbacks: list[Function], blocks: bool
) -> Function:
    parameters, c = [], []
    for parameter in declared.args.params if declared.args else []:
        if not isinstance(parameter, (c_ast.Decl, c_ast.Typename)):
            raise Unsupported(f"{name} is variadic")
        kind, text = _type(name, parameter.type, handles, callbacks)
        if kind.kind == "void":
            continue
        if not parameter.name:
            raise Unsupported(f"a parameter of {name} has no name")
        parameters.append(Parameter(parameter.name, kind))
        c.append(f"{text}{parameter.name}" if text.endswith("*") else f"{text} {parameter.name}")
    returns, text = _type(name, declared.type, handles, callbacks)
    if returns.kind not in ("void", "int32", "int64", "size", "string"):
        raise Unsupported(f"{name} returns a {returns.kind}")
    space = "" if text.endswith("*") else " "
    return Function(
        name, returns, tuple(parameters), f"{text}{space}{name}({', '.join(c) or 'void'})", blocks
    )


def _type(
    function: str, declared: c_ast.Node, handles: list[str], callbacks: list[Function]
) -> tuple[Type, str]:
    """Returns a type, and its text in C."""
    depth = 0
    while isinstance(declared, c_ast.PtrDecl):
        depth += 1
        declared = declared.type
    if not isinstance(declared, c_ast.TypeDecl) or not isinstance(
        declared.type, c_ast.IdentifierType
    ):
        raise Unsupported(
            f"{function} has a parameter whose type is a function, an array or a struct"
        )
    base = " ".join(declared.type.names)
    const = "const" in declared.quals
    text = f"{'const ' if const else ''}{base}{' ' + '*' * depth if depth else ''}"
    if base == "char":
        kinds = {(1, True): "string", (1, False): "buffer", (2, True): "out_string"}
        kind = kinds.get((depth, const))
    elif base == "void":
        kind = ["void", "pointer", "out_pointer"][depth] if depth <= 2 else None
    elif base in SCALARS:
        kind = {0: SCALARS[base], 1: f"out_{SCALARS[base]}"}.get(depth)
    elif base in handles:
        kind = {1: "handle", 2: "out_handle"}.get(depth)
    elif base in [callback.name for callback in callbacks]:
        kind = {0: "callback"}.get(depth)
    else:
        kind = None
    if kind is None:
        raise Unsupported(f"{function} uses the type {text}")
    return Type(kind, base if base in handles or kind == "callback" else "", const), text
