# frozen_string_literal: true

module LumaAutomation
  class WaitSetHandle < FFI::AutoPointer # :nodoc:
    def self.release(pointer) = Native.luma_wait_set_free(pointer)
  end

  # What has changed in a set of waits. +trigger_id+ is "" if the gateway cannot be polled: then
  # +error+ says why, and the set continues when it can. Otherwise +error+ is a WaitError, which is not
  # raised, if the wait has ended before the run.
  WaitEvent = Struct.new(:trigger_id, :result, :ended, :error, keyword_init: true) do
    # True if the run is no longer in the set.
    alias_method :ended?, :ended
  end

  # Follows many runs on one thread, or on a few. Any number of threads may use it at the same time;
  # each event is returned to one of them.
  #
  #   client.wait_set do |waits|
  #     trigger_ids.each { |id| waits.add(id, timeout: 600) }
  #     waits.each { |event| puts event.trigger_id, event.result.run_status }
  #   end
  class WaitSet
    include Enumerable

    NO_EVENT = [
      Native::LUMA_ERROR_NOTHING_CHANGED, Native::LUMA_ERROR_WOKEN, Native::LUMA_ERROR_SET_EMPTY,
      Native::LUMA_ERROR_SET_CLOSED
    ].freeze
    SLICE = 0.04
    private_constant :NO_EVENT, :SLICE

    def initialize(client, max_polls_per_second) # :nodoc:
      out = FFI::MemoryPointer.new(:pointer)
      check(Native.luma_wait_set_new(client, out))
      @handle = WaitSetHandle.new(out.read_pointer)
      @client = client # for its callbacks
      @found = Queue.new
      polls = Convert.integer('max_polls_per_second', max_polls_per_second)
      check(Native.luma_wait_set_max_polls_per_second(@handle, polls))
    end

    # Adds a run, which is polled at once. Returns false if it is in the set already.
    def add(trigger_id, timeout: nil)
      timeout = timeout.nil? ? 0 : [1, Convert.milliseconds('timeout', timeout)].max
      status = Native.luma_wait_set_add(handle, Convert.text('trigger_id', trigger_id), timeout, nil)
      return false if status == Native::LUMA_ERROR_ALREADY_IN_SET

      check(status, trigger_id)
      true
    end

    # Removes a run, which is not affected. Returns false if it is not in the set, or not any more.
    def delete(trigger_id)
      status = Native.luma_wait_set_remove(handle, Convert.text('trigger_id', trigger_id))
      return false if status == Native::LUMA_ERROR_NOT_IN_SET

      check(status, trigger_id)
      true
    end

    # The number of runs.
    def size = @handle ? Native.luma_wait_set_count(@handle) : 0

    def empty? = size.zero?

    # Yields events until the set is empty or closed.
    def each
      return enum_for(:each) unless block_given?

      until (empty? || closed?) && @found.empty?
        event = self.next
        yield event if event
      end
      self
    end

    # Waits for the next event. Returns nil if there was none within +timeout+ seconds, or if the set
    # is empty or closed. Timeout, Interrupt and the like end it at once, and no event is lost.
    def next(timeout: nil)
      deadline = timeout && (now + timeout)
      loop do
        return @found.pop(true) unless @found.empty?
        return unless (handle = @handle)

        rest = deadline ? deadline - now : SLICE
        status = Workers.run { poll(handle, rest.clamp(0, SLICE)) }
        next if status == :found
        return if status != Native::LUMA_ERROR_NOTHING_CHANGED || (deadline && rest <= SLICE)
      rescue ThreadError # another thread took the event
        next
      end
    end

    # Ends the calls of #next in progress, or else the next one. A poll that has begun is completed.
    def wake
      Native.luma_wait_set_wake(handle)
      nil
    end

    # Ends all calls of #next within 50 ms. The runs are not affected.
    def close
      handle = @handle
      @handle = nil
      Native.luma_wait_set_close(handle) if handle
      nil
    end

    def closed? = @handle.nil?

    private

    def handle
      @handle or raise IOError, 'the set of waits is closed'
    end

    def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

    def check(status, trigger_id = '')
      raise CallError.new(status, nil, trigger_id) unless status.zero?
    end

    # Waits for an event, and keeps it.
    def poll(handle, seconds)
      user_data = FFI::MemoryPointer.new(:pointer)
      status, result = Calls.call_with(:luma_wait_set_next, handle, (seconds * 1000).ceil) { |out| [out, user_data] }
      return status if NO_EVENT.include?(status)

      id = result.trigger_id
      raise CallError.new(status, result) if status == Native::LUMA_ERROR_CANCELLED && id.empty?

      @found << WaitEvent.new(
        trigger_id: id, result: result, error: error(status, result, id),
        ended: !id.empty? && status != Native::LUMA_ERROR_WAIT_OPEN
      )
      :found
    end

    def error(status, result, trigger_id)
      return if [Native::LUMA_OK, Native::LUMA_ERROR_WAIT_OPEN].include?(status)
      return CallError.new(status, result) if trigger_id.empty?

      kind = status == Native::LUMA_ERROR_WAIT_TIMEOUT ? WaitTimeout : WaitError
      kind.new(status, result, trigger_id)
    end
  end
end
