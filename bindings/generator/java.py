"""Java: JNA with direct mapping."""

import re

from generator.header import Api, Function
from generator.words import NOTICE, camel_case, look_up, pascal_case

FOLDER = "java/src/main/java/org/libluma"

ARGUMENTS = {
    "int32": "int", "int64": "long", "size": "SizeT", "double": "double", "string": "byte[]",
    "pointer": "Pointer", "handle": "Pointer", "out_handle": "PointerByReference",
    "out_int32": "IntByReference", "out_int64": "LongByReference", "out_size": "SizeTByReference",
    "out_string": "PointerByReference", "out_pointer": "PointerByReference",
}
CALLBACK_ARGUMENTS = {
    **ARGUMENTS, "string": "Pointer", "buffer": "Pointer", "out_handle": "Pointer",
    "out_int32": "Pointer", "out_int64": "Pointer", "out_size": "Pointer",
    "out_string": "Pointer", "out_pointer": "Pointer",
}
RETURNS = {"void": "void", "int32": "int", "int64": "long", "size": "SizeT", "string": "Pointer"}


def callback_name(name: str) -> str:
    """luma_poll_fn -> PollFn"""
    return pascal_case(name.removeprefix("luma_"))


def arguments(function: Function, types: dict[str, str]) -> str:
    texts = []
    for parameter in function.parameters:
        kind = parameter.type.kind
        text = callback_name(parameter.type.name) if kind == "callback" else look_up(types, kind, function)
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
        "    static {",
        "        Native.register(LumaNative.class, LumaLibrary.load());",
        "    }",
        "",
        "    private LumaNative() {}",
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
        lines += ["", f"    static native {returns} {function.name}({arguments(function, ARGUMENTS)});"]
    lines += ["}", ""]
    return {
        f"{FOLDER}/LumaNative.java": "\n".join(lines),
        f"{FOLDER}/LumaStatus.java": statuses(api),
    }


def statuses(api: Api) -> str:
    """The numbers that LumaResult.status() and LumaException.getStatus() return."""
    lines = [
        f"// {NOTICE}",
        "package org.libluma;",
        "",
        "/**",
        " * The statuses: why a call failed. 1 to 99 are the caller's mistakes, 100 to 199 transport and",
        " * time, 200 to 299 the gateway's response, 300 to 399 a journal.",
        " */",
        "public final class LumaStatus {",
        "    private LumaStatus() {}",
    ]
    for constant, value in api.constants.items():
        name = re.sub("^LUMA_(ERROR_)?", "", constant)
        if constant in ("LUMA_OK", "LUMA_ALREADY_ACCEPTED") or constant.startswith("LUMA_ERROR_"):
            lines += ["", f"    /** {{@code {constant}}}. */",
                      f"    public static final int {name} = {value};"]
    return "\n".join([*lines, "}", ""])
