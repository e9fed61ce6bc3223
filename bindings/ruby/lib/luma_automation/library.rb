# frozen_string_literal: true

module LumaAutomation
  # Finds and loads the C library.
  module Library
    NAME = FFI::Platform.windows? ? 'luma.dll' : 'libluma.so.0'

    # The path of the library, or the name by which the system finds it.
    def self.find
      inside = File.join(__dir__, NAME)
      return inside if File.exist?(inside)

      # A full path and never a search, because privileged services set it too.
      path = ENV.fetch('LUMA_LIBRARY', nil)
      return NAME unless path
      return path if File.absolute_path?(path)

      raise LoadError, "LUMA_LIBRARY must be the full path of #{NAME}, not #{path.inspect}"
    end

    def self.load
      path = find
      Native.attach(path)
    rescue FFI::NotFoundError => e
      raise LoadError, "#{path} is older than this gem: #{e.message}"
    rescue ::LoadError => e
      raise e.class, "#{e.message}. Install the gem for this platform, or the library itself, or set LUMA_LIBRARY " \
                     'to its full path.'
    end
  end

  Library.load
end
