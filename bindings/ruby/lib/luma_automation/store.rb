# frozen_string_literal: true

module LumaAutomation
  # What a store says about a key, for Client#trigger_once_with_store. A store has two methods:
  #
  # <tt>claim(key, digest, intent)</tt>, in one transaction, reads what is stored for the key; if that
  # is nothing, :rejected or :not_sent, it stores the intent durably and returns :granted. Otherwise it
  # returns the trigger id, a String, if a request with the same digest was accepted; or :in_progress,
  # :unresolved (the outcome is :unknown, or was never stored) or :other_request (another digest). If
  # it raises, nothing is sent.
  #
  # <tt>complete(key, outcome, trigger_id)</tt> stores the outcome of a claim that was granted.
  module Store # :nodoc:
    CLAIMS = {
      granted: Native::LUMA_CLAIM_GRANTED, in_progress: Native::LUMA_CLAIM_IN_PROGRESS,
      unresolved: Native::LUMA_CLAIM_UNRESOLVED, other_request: Native::LUMA_CLAIM_OTHER_REQUEST
    }.freeze

    class << self
      # Yields the callbacks for a store. They live as long as the call.
      def callbacks(store)
        claim = FFI::Function.new(:int32, %i[pointer pointer pointer pointer size_t pointer]) do |key, digest, intent, id, size|
          Calls.guard(-1) do
            number(store.claim(text(key), text(digest), JSON.parse(text(intent))), id, size)
          end
        end
        complete = FFI::Function.new(:int32, %i[pointer int32 pointer pointer]) do |key, outcome, id|
          Calls.guard(-1) do
            store.complete(text(key), OUTCOMES.fetch(outcome, :unknown), text(id))
            0
          end
        end
        yield claim, complete
      end

      private

      def text(pointer) = Convert.string(pointer.read_string)

      def number(claimed, buffer, size)
        return CLAIMS.fetch(claimed) unless claimed.respond_to?(:to_str)

        id = Convert.text('the stored trigger id', claimed)
        raise ArgumentError, 'the stored trigger id is too long' if id.bytesize >= size

        buffer.put_bytes(0, "#{id}\0")
        Native::LUMA_CLAIM_ACCEPTED
      end
    end
  end
end
