# frozen_string_literal: true

module LumaAutomation
  # What a journal knows about a key. +state+ is "ACCEPTED", "REJECTED", "NOT_SENT", "UNKNOWN",
  # "IN_PROGRESS" or "RELEASED", or "DAMAGED" for a file that cannot be read; +time+ is when the key
  # reached it; +data+ is everything, with the history.
  JournalEntry = Struct.new(:key, :state, :trigger_id, :time, :data, keyword_init: true) do
    def self.from(data) # :nodoc:
      new(
        key: data['key'], state: data['state'], trigger_id: data.fetch('triggerId', ''),
        time: Convert.time(data.fetch('time', -1)), data: data
      )
    end
  end

  # A folder that remembers which keys were triggered, for Client#trigger_once. Any number of threads
  # and processes of one machine may use it at the same time.
  class Journal
    # Creates the journal of a gateway in a new folder, once, and opens it.
    def self.create(folder, base_url)
      Reason.check(
        JournalError, :luma_journal_create, Convert.text('folder', folder), Convert.text('base_url', base_url)
      )
      new(folder)
    end

    # Opens a journal for a block.
    def self.open(folder)
      journal = new(folder)
      return journal unless block_given?

      begin
        yield journal
      ensure
        journal.close
      end
    end

    # Opens a journal. It is never created: a wrong path must not look like an empty one.
    def initialize(folder)
      @handle = Reason.open(JournalHandle, JournalError, :luma_journal_open, Convert.text('folder', folder))
    end

    # Closes the journal, after calls that are in progress. The folder stays.
    def close
      @handle = nil
    end

    def closed? = @handle.nil?

    # What the journal knows about a key, or nil.
    def find(key)
      entry(:luma_journal_find, Convert.text('key', key))
    rescue JournalError => e
      raise unless e.status == Native::LUMA_ERROR_KEY_NOT_FOUND
    end

    # The keys that somebody has to look at: those whose outcome is unknown, and accepted ones whose
    # end nobody acknowledged. Oldest first.
    def unfinished = call(:luma_journal_unfinished).json['entries'].map { |data| JournalEntry.from(data) }

    # Records that the end of the run was seen.
    def acknowledge(key) = entry(:luma_journal_acknowledge, Convert.text('key', key))

    # Settles a key whose outcome is unknown: a person found its run, or with nil that there is none,
    # so that the next call sends again.
    def resolve(key, trigger_id, who:, reason:)
      entry(
        :luma_journal_resolve, Convert.text('key', key), Convert.optional_text('trigger_id', trigger_id),
        Convert.text('who', who), Convert.text('reason', reason)
      )
    end

    # Allows one more run for a key that was accepted.
    def new_attempt(key, who:, reason:)
      entry(
        :luma_journal_new_attempt, Convert.text('key', key), Convert.text('who', who), Convert.text('reason', reason)
      )
    end

    # Removes keys that have not changed for this many seconds, except unfinished ones. Returns how
    # many. A removed key can be triggered again.
    def prune(older_than:)
      call(:luma_journal_prune, Convert.milliseconds('older_than', older_than)).journal_count
    end

    def handle # :nodoc:
      @handle or raise IOError, 'the journal is closed'
    end

    private

    def entry(function, *arguments) = JournalEntry.from(call(function, *arguments).json)

    def call(function, *arguments)
      status, result = Calls.call(function, handle, *arguments)
      raise JournalError.new(status, nil, result) unless status.zero?

      result
    end
  end
end
