"""Ruby: the ffi gem. Functions that block release Ruby's lock."""

from generator.header import Api, Function
from generator.words import NOTICE, look_up

ARGUMENTS = {
    "int32": ":int32", "int64": ":int64", "size": ":size_t", "double": ":double", "string": ":string",
    "buffer": ":pointer", "pointer": ":pointer", "handle": ":pointer", "out_handle": ":pointer",
    "out_int32": ":pointer", "out_int64": ":pointer", "out_size": ":pointer", "out_string": ":pointer",
    "out_pointer": ":pointer",
}
CALLBACK_ARGUMENTS = {**ARGUMENTS, "string": ":pointer"}
RETURNS = {"void": ":void", "int32": ":int32", "int64": ":int64", "size": ":size_t", "string": ":string"}


def arguments(function: Function, types: dict[str, str]) -> str:
    return ", ".join(f":{parameter.type.name}" if parameter.type.kind == "callback"
                     else look_up(types, parameter.type.kind, function)
                     for parameter in function.parameters)


def generate(api: Api) -> dict[str, str]:
    lines = [
        "# frozen_string_literal: true",
        "",
        f"# {NOTICE}",
        "",
        "require 'ffi'",
        "",
        "module LumaAutomation",
        "  # The functions and constants of luma.h.",
        "  module Native",
        "    extend FFI::Library",
        "",
        "    CONSTANTS = {",
        *[f"      {name}: {value}," for name, value in api.constants.items()],
        "    }.freeze",
        "    CONSTANTS.each { |name, value| const_set(name, value) }",
        "",
        "    # Loads a library and attaches its functions.",
        "    def self.attach(library)",
        "      ffi_lib library",
    ]
    for callback in api.callbacks:
        returns = look_up(RETURNS, callback.returns.kind, callback)
        lines.append(f"      callback :{callback.name}, [{arguments(callback, CALLBACK_ARGUMENTS)}], {returns}")
    for function in api.functions:
        returns = look_up(RETURNS, function.returns.kind, function)
        blocking = ", blocking: true" if function.blocks else ""
        lines.append(f"      attach_function :{function.name}, [{arguments(function, ARGUMENTS)}], {returns}{blocking}")
    lines += ["    end", "  end", "end", ""]
    version = ["# frozen_string_literal: true", "", f"# {NOTICE}", "", "module LumaAutomation", f"  VERSION = '{api.version}'", "end", ""]
    return {
        "ruby/lib/luma_automation/native.rb": "\n".join(lines),
        "ruby/lib/luma_automation/version.rb": "\n".join(version),
    }
