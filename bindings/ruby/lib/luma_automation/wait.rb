# frozen_string_literal: true

module LumaAutomation
  # A wait for a run. The library says when to poll; this class sleeps, and can be interrupted.
  class Wait # :nodoc:
    # +scope+ is the handle of a client that only this wait uses.
    def initialize(scope, trigger_id, timeout, until_suspended)
      @scope = scope
      @trigger_id = trigger_id
      out = FFI::MemoryPointer.new(:pointer)
      timeout = timeout.nil? ? 0 : [1, Convert.milliseconds('timeout', timeout)].max
      status = Native.luma_wait_new(scope, Convert.text('trigger_id', trigger_id), timeout, out)
      raise CallError.new(status, nil, trigger_id) unless status.zero?

      @handle = WaitHandle.new(out.read_pointer)
      Native.luma_wait_set_until_suspended(@handle, 1) if until_suspended
      @lock = Mutex.new
      @wake = ConditionVariable.new
      @woken = false
    end

    # Yields the result of every poll. The last one is final, and returned.
    def each
      loop do
        result, delay = Workers.run { poll }
        yield result
        return result unless delay

        sleep(delay)
      end
    ensure
      close # also if the block or another thread ends the wait: Timeout, Interrupt, break
    end

    # Ends the wait: at once if it sleeps, else within 50 ms.
    def close
      Native.luma_client_close(@scope)
      @lock.synchronize do
        @woken = true
        @wake.signal
      end
    end

    private

    # Returns the result and the seconds until the next poll, nil at the end.
    def poll
      status, result = Calls.call(:luma_wait_poll, @handle)
      delay = Native.luma_wait_next_poll_ms(@handle)
      return [result, delay / 1000.0] unless delay.negative?
      raise WaitTimeout.new(status, result, @trigger_id) if status == Native::LUMA_ERROR_WAIT_TIMEOUT
      raise WaitError.new(status, result, @trigger_id) unless status.zero?

      [result, nil]
    end

    def sleep(seconds)
      @lock.synchronize { @wake.wait(@lock, seconds) unless @woken }
    end
  end
end
