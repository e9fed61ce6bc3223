"""Java: JNA with direct mapping."""

from generator.header import Api, Function
from generator.words import NOTICE, camel_case, look_up, pascal_case

ARGUMENTS = {
    "int32": "int",
    "int64": "long",
    "size": "SizeT",
    "double": "double",
    "string": "byte[]",
    "pointer": "Pointer",
    "handle": "Pointer",
    "out_handle": "PointerByReference",
    "out_int32": "IntByReference",
    "out_int64": "LongByReference",
    "out_size": "SizeTByReference",
    "out_string": "PointerByReference",
    "out_pointer": "PointerByReference",
}
CALLBACK_ARGUMENTS = {
    **ARGUMENTS,
    "string": "Pointer",
    "buffer": "Pointer",
    "out_handle": "Pointer",
    "out_int32": "Pointer",
    "out_int64": "Pointer",
    "out_size": "Pointer",
    "out_string": "Pointer",
    "out_pointer": "Pointer",
}
RETURNS = {"void": "void", "int32": "int", "int64": "long", "size": "SizeT", "string": "Pointer"}


def callback_name(name: str) -> str:
    """luma_poll_fn -> PollFn"""
    return pascal_case(name.removeprefix("luma_"))


def arguments(function: Function, types: dict[str, str]) -> str:
    texts = []
    for parameter in function.parameters:
        kind = parameter.type.kind
        text = (
            callback_name(parameter.type.name)
            if kind == "callback"
            else look_up(types, kind, function)
        )
        texts.append(f"{text} {camel_case(parameter.name)}")
    return ", ".join(texts)


def generate(api: Api) -> dict[str, str]:
    lines = [
        f"// {NOTICE}",
        "package org.libluma;",
        "",
        "import com.sun.jna.Callback;",
        "import com.sun.jna.IntegerType;",
        "import com.sun.jna.Native;",
        "import com.sun.jna.NativeLibrary;",
        "import com.sun.jna.Pointer;",
        "import com.sun.jna.ptr.ByReference;",
        "import com.sun.jna.ptr.IntByReference;",
        "import com.sun.jna.ptr.LongByReference;",
        "import com.sun.jna.ptr.PointerByReference;",
        "",
        "/**",
        " * The functions and constants of luma.h. Strings are UTF-8 and end with a NUL: byte[] as an",
        " * argument, Pointer as a returned value.",
        " */",
        "final class LumaNative {",
        "    private LumaNative() {}",
        "",
        "    /** Connects the functions with a library. Call this once, before any function. */",
        "    static void register(NativeLibrary library) {",
        "        Native.register(LumaNative.class, library);",
        "    }",
        "",
        "    /** size_t. */",
        "    public static final class SizeT extends IntegerType {",
        "        private static final long serialVersionUID = 1L;",
        "",
        "        public SizeT() {",
        "            this(0);",
        "        }",
        "",
        "        public SizeT(long value) {",
        "            super(Native.SIZE_T_SIZE, value, true);",
        "        }",
        "    }",
        "",
        "    /** size_t *. */",
        "    public static final class SizeTByReference extends ByReference {",
        "        public SizeTByReference() {",
        "            super(Native.SIZE_T_SIZE);",
        "        }",
        "",
        "        public long getValue() {",
        "            return Native.SIZE_T_SIZE == 8 ? getPointer().getLong(0)",
        "                : getPointer().getInt(0) & 0xFFFFFFFFL;",
        "        }",
        "    }",
    ]
    for callback in api.callbacks:
        returns = look_up(RETURNS, callback.returns.kind, callback)
        lines += [
            "",
            f"    /** {callback.name}. */",
            f"    public interface {callback_name(callback.name)} extends Callback {{",
            f"        {returns} invoke({arguments(callback, CALLBACK_ARGUMENTS)});",
            "    }",
        ]
    lines.append("")
    lines += [f"    static final int {name} = {value};" for name, value in api.constants.items()]
    for function in api.functions:
        returns = look_up(RETURNS, function.returns.kind, function)
        lines += [
            "",
            f"    static native {returns} {function.name}({arguments(function, ARGUMENTS)});",
        ]
    lines += ["}", ""]
    return {"java/src/main/java/org/libluma/LumaNative.java": "\n".join(lines)}
