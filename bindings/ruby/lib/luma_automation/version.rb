# frozen_string_literal: true

# Generated from include/luma.h by bindings/generate.py (make bindings). Do not edit.

module LumaAutomation
  VERSION = '0.1.0'
end
