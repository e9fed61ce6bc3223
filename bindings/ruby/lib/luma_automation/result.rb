# frozen_string_literal: true

require 'json'

module LumaAutomation
  OUTCOMES = {
    Native::LUMA_OUTCOME_ACCEPTED => :accepted, Native::LUMA_OUTCOME_REJECTED => :rejected,
    Native::LUMA_OUTCOME_NOT_SENT => :not_sent, Native::LUMA_OUTCOME_UNKNOWN => :unknown
  }.freeze

  RUN_STATUSES = {
    Native::LUMA_RUN_NONE => nil, Native::LUMA_RUN_RUNNING => :running,
    Native::LUMA_RUN_SUSPENDED => :suspended, Native::LUMA_RUN_ACTIVATED => :activated,
    Native::LUMA_RUN_COMPLETED => :completed, Native::LUMA_RUN_FAILED => :failed,
    Native::LUMA_RUN_TERMINATED => :terminated, Native::LUMA_RUN_OTHER => :other
  }.freeze

  # An input of a run.
  Parameter = Struct.new(:name, :value, :data_type, :caption, :description, keyword_init: true)

  # A step of a run. Durations are in seconds.
  Step = Struct.new(:id, :name, :status, :status_text, :start_time, :end_time, :time_spent, keyword_init: true)

  # A variable of a workflow definition.
  DefinitionParameter = Struct.new(:name, :data_type, :required, :caption, :description, keyword_init: true)

  # A workflow that can be triggered.
  Definition = Struct.new(:identifier, :name, :description, :parameters, keyword_init: true)

  # The result of a call. It stays valid after its client is closed. Durations are in seconds; what
  # the call does not have is nil or "".
  class Result
    TIMINGS = {
      dns: Native::LUMA_TIMING_DNS, connect: Native::LUMA_TIMING_CONNECT, tls: Native::LUMA_TIMING_TLS,
      first_byte: Native::LUMA_TIMING_FIRST_BYTE, total: Native::LUMA_TIMING_TOTAL
    }.freeze

    def initialize(pointer) # :nodoc:
      @handle = ResultHandle.new(pointer)
    end

    def inspect = "#<#{self.class} #{outcome}: #{message}>"
    alias to_s inspect

    # 0, or the library's number for what went wrong.
    def status = Native.luma_result_status(@handle)

    # The name of the status, such as "LUMA_OK".
    def name = Native.luma_status_name(status)

    # What is certain: :accepted, :rejected, :not_sent or :unknown.
    def outcome = OUTCOMES.fetch(Native.luma_result_outcome(@handle), :unknown)

    # One line about the call, for a log. It contains no secret.
    def message = text(:message)

    # The gateway's errors.
    def reasons = list(:error_count) { |index| text(:error, index) }

    def http_status = Native.luma_result_http_status(@handle)

    # Why a list is incomplete.
    def page_status = Native.luma_result_page_status(@handle)

    def retry_after = Convert.seconds(Native.luma_result_retry_after_ms(@handle))

    # :section: The run

    def trigger_id = text(:trigger_id)

    # :running, :suspended, :activated, :completed, :failed, :terminated or :other; nil if the
    # result has none.
    def run_status = Convert.run_status(Native.luma_result_run_status(@handle))

    # The gateway's own word for the status.
    def run_status_text = text(:run_status_text)

    # True if the run no longer changes.
    def final? = Native.luma_run_status_is_final(Native.luma_result_run_status(@handle)) == 1

    def start_time = Convert.time(Native.luma_result_run_start_time_ms(@handle))
    def end_time = Convert.time(Native.luma_result_run_end_time_ms(@handle))
    def time_spent = Convert.seconds(Native.luma_result_run_time_spent_ms(@handle))

    # The inputs of the run.
    def parameters
      list(:parameter_count) do |index|
        Parameter.new(
          name: text(:parameter_name, index), value: text(:parameter_value, index),
          data_type: text(:parameter_data_type, index), caption: text(:parameter_caption, index),
          description: text(:parameter_description, index)
        )
      end
    end

    def poll_count = Native.luma_result_poll_count(@handle)
    def wait_elapsed = Convert.seconds(Native.luma_result_wait_elapsed_ms(@handle))

    # :section: The journal

    # True if Client#trigger_once sent nothing, because the key was accepted before.
    def already_accepted? = status == Native::LUMA_ALREADY_ACCEPTED

    # When the key reached its state.
    def journal_time = Convert.time(Native.luma_result_journal_time_ms(@handle))

    # False if the journal could not write the outcome down after sending.
    def journal_recorded? = Native.luma_result_journal_recorded(@handle) == 1

    # The number of keys that were removed.
    def journal_count = Native.luma_result_journal_count(@handle)

    # :section: Lists

    def steps
      list(:step_count) do |index|
        Step.new(
          id: text(:step_id, index), name: text(:step_name, index),
          status: Convert.run_status(Native.luma_result_step_status(@handle, index)),
          status_text: text(:step_status_text, index),
          start_time: Convert.time(Native.luma_result_step_start_time_ms(@handle, index)),
          end_time: Convert.time(Native.luma_result_step_end_time_ms(@handle, index)),
          time_spent: Convert.seconds(Native.luma_result_step_time_spent_ms(@handle, index))
        )
      end
    end

    def definitions
      list(:definition_count) do |index|
        Definition.new(
          identifier: text(:definition_identifier, index), name: text(:definition_name, index),
          description: text(:definition_description, index), parameters: definition_parameters(index)
        )
      end
    end

    # :section: The response

    # The response, parsed; nil if there is none. Secrets in it are masked.
    def json
      text = text(:json)
      text.empty? ? nil : JSON.parse(text)
    end

    # The value at a JSON pointer (RFC 6901) in the response; nil if there is none.
    def [](pointer)
      pointer = Convert.text('pointer', pointer)
      text = FFI::MemoryPointer.new(:pointer)
      length = FFI::MemoryPointer.new(:size_t)
      status = Native.luma_result_text(@handle, pointer, text, length)
      raise ArgumentError, "not a JSON pointer: #{pointer}" if status == Native::LUMA_ERROR_POINTER_SYNTAX
      return unless status.zero?

      value = Convert.string(text.read_pointer.read_bytes(length.get(:size_t, 0)))
      case Native.luma_result_json_type(@handle, pointer)
      when Native::LUMA_JSON_NULL then nil
      when Native::LUMA_JSON_STRING then value
      else JSON.parse(value)
      end
    end

    # :section: Secrets

    # The launch URL, as bytes.
    def launch_url = Native.luma_result_launch_url(@handle)

    # The new access token, as bytes.
    def access_token = Native.luma_result_access_token(@handle)

    # :section: How the call went

    def request_id = text(:request_id)
    def attempts = Native.luma_result_attempts(@handle)

    # How long the parts of the call took: :dns, :connect, :tls, :first_byte and :total.
    def timings
      TIMINGS.transform_values do |part|
        microseconds = Native.luma_result_timing_us(@handle, part)
        microseconds.negative? ? nil : microseconds / 1_000_000.0
      end
    end

    def connection_reused? = Native.luma_result_connection_reused(@handle) == 1
    def peer_address = text(:peer_address)
    def tls_version = text(:tls_version)
    def certificate_expires = Convert.time(Native.luma_result_certificate_expires_ms(@handle))

    private

    def text(name, *indexes) = Convert.string(Native.public_send("luma_result_#{name}", @handle, *indexes))

    def list(count, &block) = Array.new(Native.public_send("luma_result_#{count}", @handle), &block)

    def definition_parameters(definition)
      Array.new(Native.luma_result_definition_parameter_count(@handle, definition)) do |index|
        DefinitionParameter.new(
          name: text(:definition_parameter_name, definition, index),
          data_type: text(:definition_parameter_data_type, definition, index),
          required: Native.luma_result_definition_parameter_required(@handle, definition, index) == 1,
          caption: text(:definition_parameter_caption, definition, index),
          description: text(:definition_parameter_description, definition, index)
        )
      end
    end
  end
end
