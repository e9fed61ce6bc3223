# frozen_string_literal: true

module LumaAutomation
  # Arguments for the C library, and what it returns.
  module Convert # :nodoc:
    INT64 = (-(2**63)...(2**63)).freeze

    module_function

    # Encodes an argument. C would cut it off at a NUL, so one in it is an error.
    def text(name, value)
      value = value.to_s if value.is_a?(Symbol)
      value = value.to_path if value.respond_to?(:to_path)
      raise TypeError, "#{name} must be a String, not #{value.class}" unless value.respond_to?(:to_str)

      value = value.to_str
      value = value.encoding == Encoding::BINARY ? value.dup : value.encode(Encoding::UTF_8)
      raise ArgumentError, "#{name} is not valid UTF-8" unless value.dup.force_encoding(Encoding::UTF_8).valid_encoding?
      raise ArgumentError, "#{name} contains a null byte" if value.b.include?("\0")

      value
    end

    # An Array would be read as something else.
    def mapping(name, value)
      Hash.try_convert(value) or raise TypeError, "#{name} must be a Hash, not #{value.class}"
    end

    def optional_text(name, value) = value.nil? ? nil : text(name, value)

    def integer(name, value)
      raise TypeError, "#{name} must be an Integer, not #{value.class}" unless value.is_a?(Integer)
      raise RangeError, "#{name} is not a 64-bit integer: #{value}" unless INT64.cover?(value)

      value
    end

    # Converts seconds, rounded up, so that a tiny timeout is not 0.
    def milliseconds(name, seconds)
      # Durations of ActiveSupport too, but neither nil nor a String, which have to_f.
      if seconds.nil? || seconds.is_a?(String) || !seconds.respond_to?(:to_f)
        raise TypeError, "#{name} must be a number of seconds, not #{seconds.class}"
      end
      raise RangeError, "#{name} must be a number of seconds, not #{seconds}" unless seconds.to_f.finite?

      integer(name, (seconds.to_f * 1000).ceil)
    end

    # Copies a text that the C library returned.
    def string(text) = text.force_encoding(Encoding::UTF_8).scrub

    def time(milliseconds) = milliseconds.negative? ? nil : Time.at(0, milliseconds, :millisecond).utc

    def seconds(milliseconds) = milliseconds.negative? ? nil : milliseconds / 1000.0

    def run_status(number) = RUN_STATUSES.fetch(number, :other)
  end

  # The handles of the C library. Whoever uses one holds a reference, so the garbage collector frees
  # it when no call uses it any more, in any order.
  class ConfigHandle < FFI::AutoPointer # :nodoc:
    def self.release(pointer) = Native.luma_config_free(pointer)
  end

  class RequestHandle < FFI::AutoPointer # :nodoc:
    def self.release(pointer) = Native.luma_trigger_request_free(pointer)
  end

  class ClientHandle < FFI::AutoPointer # :nodoc:
    attr_accessor :callbacks

    def self.release(pointer) = Native.luma_client_free(pointer)
  end

  class WaitHandle < FFI::AutoPointer # :nodoc:
    def self.release(pointer) = Native.luma_wait_free(pointer)
  end

  class JournalHandle < FFI::AutoPointer # :nodoc:
    def self.release(pointer) = Native.luma_journal_free(pointer)
  end

  class ResultHandle < FFI::AutoPointer # :nodoc:
    def self.release(pointer) = Native.luma_result_free(pointer)
  end

  # An exception that ended a call from outside: one from a callback, or Interrupt, Timeout::Error
  # and the like. The call was made nevertheless; this is its result.
  module WithResult
    attr_accessor :luma_result
  end

  # Calls of functions that block and may call back.
  module Calls # :nodoc:
    # The callbacks of a client. The C library knows only their number, and never a pointer to them,
    # so nothing happens if it calls after they are gone.
    class Callbacks
      @registry = ObjectSpace::WeakMap.new
      @last = 0
      @lock = Mutex.new

      class << self
        def [](user_data) = @registry[user_data.address]

        def register(callbacks)
          @lock.synchronize { @registry[@last += 1] = callbacks } && @last
        end
      end

      attr_accessor :logger, :token_provider
      attr_reader :user_data

      def initialize
        @user_data = FFI::Pointer.new(self.class.register(self))
      end
    end

    # A call in progress on this thread: what a callback raised, and a token that did not fit into
    # the buffer.
    Call = Struct.new(:error, :token)

    LEVELS = {
      Native::LUMA_LOG_ERROR => 3, Native::LUMA_LOG_WARN => 2, Native::LUMA_LOG_INFO => 1, Native::LUMA_LOG_DEBUG => 0
    }.freeze

    class << self
      # Calls a function whose last parameter receives a result, and returns both. Raises what a
      # callback raised, with the result.
      def call(function, *arguments) = call_with(function, *arguments) { |out| [out] }

      # The same with a block that returns the last parameters.
      def call_with(function, *arguments)
        call = Call.new
        out = FFI::MemoryPointer.new(:pointer)
        result = nil
        # What other threads raise or throw (Timeout, Thread#kill) has to wait: not in C, and not
        # before the result has its owner.
        status = Thread.handle_interrupt(Object => :never) do
          stack.push(call)
          Native.public_send(function, *arguments, *yield(out))
        ensure # a signal comes at any time
          stack.pop
          pointer = out.read_pointer
          result = Result.new(pointer) unless pointer.null?
        end
        raise call.error if call.error

        [status, result]
      rescue Exception => e # rubocop:disable Lint/RescueException
        raise with_result(e, result)
      end

      # True if a thread is in a call.
      def any? = Thread.list.any? { |thread| thread.thread_variable_get(:luma_automation_calls)&.any? }

      def current = stack.last

      # Runs a callback. Nothing may leave it into C: neither an exception nor a throw.
      def guard(fallback)
        value = nil
        returned = false
        # Its own timeouts work; Thread#kill waits for the end of the call.
        value = Thread.handle_interrupt(Exception => :immediate) { yield }
        returned = true
      rescue Exception => e # rubocop:disable Lint/RescueException
        returned = true
        value = fallback
        caught(e)
      ensure
        unless returned
          caught(LocalJumpError.new('a callback must return, and not throw, break or be killed'))
          return fallback # rubocop:disable Lint/EnsureReturn
        end
        return value # rubocop:disable Lint/EnsureReturn
      end

      def log(level, line, user_data)
        Callbacks[user_data]&.logger&.add(LEVELS.fetch(level, 0), Convert.string(line.read_string), 'luma_automation')
      end

      # Writes the token into the buffer, and returns its length.
      def token(buffer, size, user_data)
        token = current.token || Callbacks[user_data]&.token_provider&.call
        return 0 unless token
        raise TypeError, "the token must be a String, not #{token.class}" unless token.respond_to?(:to_str)

        token = token.to_str.b
        current.token = token.bytesize > size ? token : nil # then the library calls again
        buffer.put_bytes(0, token) unless current.token
        token.bytesize
      end

      private

      def stack
        thread = Thread.current
        thread.thread_variable_get(:luma_automation_calls) ||
          [].tap { |stack| thread.thread_variable_set(:luma_automation_calls, stack) }
      end

      def caught(error)
        call = current
        call.error ||= error if call
      end

      def with_result(error, result)
        if result && !error.frozen?
          error.extend(WithResult)
          error.luma_result = result
        end
        error
      end
    end

    # These live as long as the process, so the C library never calls into freed memory.
    ON_LOG = FFI::Function.new(:void, %i[int32 pointer pointer]) do |level, line, user_data|
      guard(nil) { log(level, line, user_data) }
    end
    ON_TOKEN = FFI::Function.new(:size_t, %i[pointer size_t pointer]) do |buffer, size, user_data|
      guard(0) { token(buffer, size, user_data) }
    end
  end

  # A few threads that poll, so that a waiting thread can be interrupted at any time.
  module Workers # :nodoc:
    LIMIT = 8

    @lock = Mutex.new
    @jobs = Queue.new
    @threads = []
    @pending = 0

    class << self
      # Runs a block on another thread, and waits for it.
      def run(&block)
        done = Queue.new
        submit(block, done)
        value, error = done.pop
        raise error if error

        value
      end

      private

      def submit(block, done)
        @lock.synchronize do
          forget_parent
          @pending += 1
          @jobs << [block, done]
          @threads << Thread.new { work } if @pending > @threads.size && @threads.size < LIMIT
        end
      end

      def work
        Thread.current.name = 'luma-poll'
        loop do
          block, done = @jobs.pop
          begin
            done << [block.call, nil]
          rescue Exception => e # rubocop:disable Lint/RescueException
            done << [nil, e]
          end
          @lock.synchronize { @pending -= 1 }
        end
      end

      # A child process has no threads but the one that forked.
      def forget_parent
        return if @pid == Process.pid

        @pid = Process.pid
        @jobs = Queue.new
        @threads = []
        @pending = 0
      end
    end
  end

  # Ruby waits for its threads, so a call that hangs would keep the process from ending.
  at_exit do
    ObjectSpace.each_object(ClientHandle) { |handle| Native.luma_client_close(handle) } if Calls.any?
  end
end
