"""PHP: a header for FFI::load() and preloading, and the constants."""

from generator.header import Api
from generator.words import NOTICE


def generate(api: Api) -> dict[str, str]:
    header = [
        '#define FFI_SCOPE "LUMA"',
        '#define FFI_LIB "libluma.so.0"',
        f"/* {NOTICE} */",
        *[f"typedef struct {handle} {handle};" for handle in api.handles],
    ]
    for callback in api.callbacks:
        header.append("typedef " + callback.c.replace(f"{callback.name}(", f"(*{callback.name})(") + ";")
    header += [f"{function.c};" for function in api.functions]
    constants = [
        "<?php",
        "",
        f"// {NOTICE}",
        "",
        "declare(strict_types=1);",
        "",
        "namespace Luma\\Automation\\Native;",
        "",
        "/** The constants of luma.h. */",
        "final class Constants",
        "{",
        *[f"    public const {name} = {value};" for name, value in api.constants.items()],
        "}",
    ]
    return {
        "php/src/Native/luma.h": "\n".join(header) + "\n",
        "php/src/Native/Constants.php": "\n".join(constants) + "\n",
    }
