# frozen_string_literal: true

module LumaAutomation
  # A call failed. The message never contains a secret.
  class Error < StandardError
    # The library's number for why.
    attr_reader :status
    # Its name, such as "LUMA_ERROR_TLS".
    attr_reader :name
    # What is certain: :accepted, :rejected, :not_sent or :unknown; nil if there was no request.
    attr_reader :outcome
    # The gateway's errors.
    attr_reader :reasons
    # Everything else; nil if there was no request.
    attr_reader :result

    def initialize(status, message = nil, result = nil) # :nodoc:
      @status = status
      @name = Native.luma_status_name(status)
      @result = result
      @outcome = result&.outcome
      @reasons = result ? result.reasons : []
      message ||= result&.message
      super(message.nil? || message.empty? ? Native.luma_status_message(status) : message)
    end

    # Everything but the result, which stays in this process.
    def _dump(_level) # :nodoc:
      state = instance_variables - %i[@result @luma_result]
      Marshal.dump([message, backtrace, state.to_h { |name| [name, instance_variable_get(name)] }])
    end

    def self._load(data) # :nodoc:
      message, backtrace, state = Marshal.load(data) # rubocop:disable Security/MarshalLoad
      allocate.tap do |error|
        StandardError.instance_method(:initialize).bind_call(error, message)
        error.set_backtrace(backtrace) if backtrace
        state.each { |name, value| error.instance_variable_set(name, value) }
      end
    end
  end

  # A setting, or the configuration file, is wrong. Nothing was sent.
  class ConfigurationError < Error; end

  # A request that cannot be sent, such as one with an empty workflow identifier. It must be
  # corrected. Nothing was sent.
  class InvalidRequest < Error; end

  # A trigger was not accepted. Raised as one of Rejected, NotSent and Unknown.
  class TriggerError < Error; end

  # The gateway refused the trigger. Nothing runs. #reasons says why.
  class Rejected < TriggerError; end

  # Not one byte of the trigger was sent. Triggering again is safe. Also if a journal cannot be used,
  # or the key belongs to another request: then the message says what to do first.
  class NotSent < TriggerError; end

  # The trigger was sent, and no trustworthy response came back. The workflow may be running: check
  # before you trigger it again.
  class Unknown < TriggerError; end

  # Another call than a trigger failed. It is never a NotSent or Rejected, whatever its outcome: if
  # the call followed a trigger, that may have started a run.
  class CallError < Error
    # The run that the call was about, or "".
    attr_reader :trigger_id

    def initialize(status, result = nil, trigger_id = '') # :nodoc:
      @trigger_id = trigger_id
      super(status, nil, result)
    end
  end

  # A wait ended before its run. The run is not affected.
  class WaitError < CallError; end

  # A wait timed out. <tt>result.run_status</tt> is the last status of the run.
  class WaitTimeout < WaitError; end

  # A journal cannot be created, opened, read or changed. Only Journal raises it, never a trigger.
  class JournalError < Error; end

  class TriggerError # :nodoc:
    def self.for(status, result)
      # A token provider without a token is no mistake in the request.
      is_mistake = status < 100 && status != Native::LUMA_ERROR_ACCESS_TOKEN
      return InvalidRequest.new(status, nil, result) if is_mistake

      { rejected: Rejected, not_sent: NotSent }.fetch(result.outcome, Unknown).new(status, nil, result)
    end
  end

  # Functions that explain a failure by a result.
  module Reason # :nodoc:
    # Passes two out-parameters: the new handle, which is returned, and the reason for the error.
    def self.open(handle, error, function, *arguments)
      out = FFI::MemoryPointer.new(:pointer)
      check(error, function, *arguments, out)
      handle.new(out.read_pointer)
    end

    def self.check(error, function, *arguments)
      reason = FFI::MemoryPointer.new(:pointer)
      status = Native.public_send(function, *arguments, reason)
      result = Result.new(reason.read_pointer)
      raise error.new(status, nil, result) unless status.zero?
    end
  end
end
