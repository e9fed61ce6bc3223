# frozen_string_literal: true

# bindings/conformance.md, row by row. Prints `N passed, N failed`.
# Argument: a pattern of the tests to run.

require 'fileutils'
require 'logger'
require 'minitest'
require 'open3'
require 'pathname'
require 'rbconfig'
require 'stringio'
require 'timeout'
require 'tmpdir'
require 'luma_automation'
require_relative 'simulator'

# A logger that keeps its lines.
class Lines
  attr_reader :lines, :level

  def initialize(level = Logger::DEBUG, &block)
    @level = level
    @lines = []
    @block = block
  end

  def add(severity, line, _program)
    @block&.call
    @lines << [severity, line]
  end

  def texts = @lines.map(&:last)
end

class ConformanceTest < Minitest::Test
  include LumaAutomation

  JDOE = { userName: 'jdoe' }.freeze

  def self.runnable_methods = super.sort
  def self.test_order = :alpha

  def setup = Simulator.clear_journal

  def client(**settings, &block) = Client.open(Simulator::URL, Simulator::TOKEN, **settings, &block)

  def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

  def trigger_patch(luma) = luma.trigger('patch_server', { hostName: 'h' }).trigger_id

  def ruby(program, environment = {}, **options)
    program = "require 'luma_automation'\n#{program}"
    load_path = $LOAD_PATH.flat_map { |path| ['-I', path.to_s] }
    out, status = Open3.capture2e(environment, RbConfig.ruby, *load_path, '-e', program, **options)
    [out.strip, status]
  end

  def resident = File.read('/proc/self/status')[/VmRSS:\s*(\d+)/, 1].to_i * 1024

  def test_01_accepted
    result = client { |luma| luma.trigger('unlock_account', JDOE) }
    assert_equal [:accepted, 0, 'LUMA_OK'], [result.outcome, result.status, result.name]
    refute_empty result.trigger_id
    assert_equal 1, Simulator.journal.size
  end

  def test_02_rejected
    error = assert_raises(Rejected) { client { |luma| luma.trigger('unlock_account') } }
    assert_equal [200, 'LUMA_ERROR_VALIDATION', :rejected], [error.status, error.name, error.outcome]
    assert_equal ['User name is required'], error.reasons
    assert_includes error.message, 'User name is required'
  end

  def test_03_not_sent
    luma = Client.new(Simulator.closed_port, 'token', retries: false)
    error = assert_raises(NotSent) { luma.trigger('unlock_account', JDOE) }
    assert_equal ['LUMA_ERROR_CONNECT', :not_sent], [error.name, error.outcome]
  end

  def test_04_unknown
    begin
      client { |luma| luma.trigger('fault-close-after-reading') }
      flunk 'accepted'
    rescue Rejected, NotSent
      flunk 'Unknown was caught by accident'
    rescue Unknown => e
      assert_equal ['LUMA_ERROR_CONNECTION_LOST', :unknown], [e.name, e.outcome]
    end
    assert_equal 1, Simulator.journal.size
  end

  def test_04_an_invalid_request_is_not_a_not_sent
    client do |luma|
      [
        -> { luma.trigger('') },
        -> { luma.trigger_json('{}') },
        -> { luma.trigger('x', { '' => 1 }) },
        -> { luma.trigger('x', contact_id: 1, application_id: :ism) }
      ].each { |call| refute_kind_of TriggerError, assert_raises(InvalidRequest, &call) }
      assert_raises(ArgumentError) { luma.trigger('x', contact_id: 1) }
    end
    assert_empty Simulator.journal
  end

  def test_04_errors_can_be_marshalled
    error = assert_raises(Rejected) { client { |luma| luma.trigger('unlock_account') } }
    copy = Marshal.load(Marshal.dump(error))
    assert_equal [Rejected, error.message, error.reasons, :rejected, nil],
                 [copy.class, copy.message, copy.reasons, copy.outcome, copy.result]
  end

  def test_05_progress
    client do |luma|
      seen = []
      result = luma.wait(luma.trigger('reset_password', JDOE).trigger_id, timeout: 60) do |run|
        Simulator.advance(3000) if seen.empty?
        seen << run.run_status
      end
      assert_equal %i[running completed], seen
      assert_equal [:completed, true, 3.0], [result.run_status, result.final?, result.time_spent]
      assert_equal 3, result.end_time - result.start_time
    end
  end

  def test_05_an_enumerator
    client do |luma|
      runs = luma.watch(luma.trigger('reset_password', JDOE).trigger_id, timeout: 60)
      assert_equal :running, runs.next.run_status
      Simulator.advance(3000)
      assert_equal :completed, runs.next.run_status
      assert_equal :completed, assert_raises(StopIteration) { runs.next }.result.run_status
    end
  end

  def test_05_no_thread_is_blocked_between_polls
    client do |luma|
      threads = Array.new(50) { Thread.new { luma.wait(trigger_patch(luma), timeout: 60).run_status } }
      sleep(0.3)
      workers = Thread.list.count { |thread| thread.name == 'luma-poll' }
      assert_includes 1..8, workers
      Simulator.advance(180_000)
      assert_equal [:completed], threads.map(&:value).uniq
    end
  end

  def test_06_a_run_that_fails_is_a_result
    client do |luma|
      trigger_id = luma.trigger('restart_service', { hostName: 'h', serviceName: 's' }).trigger_id
      Simulator.advance(2000)
      assert_equal :failed, luma.wait(trigger_id).run_status
    end
  end

  def test_07_a_failed_wait_is_not_a_failed_trigger
    trigger_id = client { |luma| luma.trigger('unlock_account', JDOE).trigger_id }
    [
      [Client.new(Simulator::URL, 'wrong'), :rejected, 'LUMA_ERROR_UNAUTHORIZED'],
      [Client.new(Simulator::URL, token_provider: -> {}), :not_sent, 'LUMA_ERROR_ACCESS_TOKEN']
    ].each do |luma, outcome, name|
      error = assert_raises(WaitError) { luma.wait(trigger_id, timeout: 2) }
      refute_kind_of TriggerError, error
      assert_equal [trigger_id, outcome, name], [error.trigger_id, error.outcome, error.name]
    end
    luma = Client.new(Simulator.closed_port, 'token', retries: false)
    error = assert_raises(CallError) { luma.history('an-id') }
    assert_equal ['an-id', :not_sent], [error.trigger_id, error.outcome]
  end

  def test_08_timeout
    client do |luma|
      trigger_id = trigger_patch(luma)
      started = now
      error = assert_raises(WaitTimeout) { luma.wait(trigger_id, timeout: 0.2) }
      assert_operator now - started, :<, 0.35
      assert_equal ['LUMA_ERROR_WAIT_TIMEOUT', trigger_id, :activated],
                   [error.name, error.trigger_id, error.result.run_status]
    end
  end

  def test_09_steps
    client do |luma|
      trigger_id = luma.trigger('inventory_scan', { siteName: 's' }).trigger_id
      steps = luma.steps(trigger_id).steps
      assert_equal 250, steps.size
      refute(steps.any? { |step| step.id.empty? })
      one = luma.step(trigger_id, steps[0].id).steps[0]
      assert_equal [steps[0].id, steps[0].name], [one.id, one.name]
      assert_equal 5, luma.steps(trigger_id, skip: 10, top: 5).steps.size
      definition = luma.definitions.definitions.find { |found| found.identifier == 'unlock_account' }
      assert definition.parameters[0].required
    end
  end

  def test_10_one_of_two_waits
    client do |luma|
      first_id = trigger_patch(luma)
      second_id = trigger_patch(luma)
      first = Thread.new { luma.wait(first_id) }
      first.report_on_exception = false
      second = Thread.new { luma.wait(second_id) }
      sleep(0.3)
      started = now
      first.raise(Interrupt)
      assert_raises(Interrupt) { first.join }
      assert_operator now - started, :<, 0.05
      assert_equal :accepted, luma.trigger('unlock_account', JDOE).outcome
      Simulator.advance(180_000)
      assert_equal :completed, second.value.run_status
    end
  end

  def test_10_during_a_poll
    client do |luma|
      { kill: nil, raise: Interrupt }.each do |method, *arguments|
        thread = Thread.new { luma.wait('fault-hang') }
        thread.report_on_exception = false
        sleep(0.3)
        assert Calls.any?
        started = now
        thread.public_send(method, *arguments.compact)
        begin
          thread.join
        rescue Interrupt
          nil
        end
        assert_operator now - started, :<, 0.05
        sleep(0.005) while Calls.any? && now - started < 5
        assert_operator now - started, :<, 0.07
      end
      started = now
      assert_raises(Timeout::Error) { Timeout.timeout(0.3) { luma.wait('fault-hang') } }
      assert_operator now - started, :<, 0.35
    end
  end

  def test_10_ctrl_c
    ["'fault-hang'", "luma.trigger('patch_server', { hostName: 'h' }).trigger_id"].each do |trigger_id|
      started = now
      out, = ruby(<<~PROGRAM)
        luma = LumaAutomation::Client.new(ENV.fetch('LUMA_URL'), ENV.fetch('LUMA_TOKEN'))
        trigger_id = #{trigger_id}
        sent = nil
        def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
        # A shell starts what runs in the background with SIGINT ignored.
        trap(:INT, 'DEFAULT')
        Thread.new { sleep 0.5; sent = now; Process.kill(:INT, Process.pid) }
        begin
          luma.wait(trigger_id)
        rescue Interrupt
          puts now - sent
        end
      PROGRAM
      assert_operator Float(out), :<, 0.05
      assert_operator now - started, :<, 3
    end
  end

  def test_10_closing_the_client_wakes_a_sleeping_wait
    %i[close cancel].each do |method|
      luma = client
      trigger_id = trigger_patch(luma)
      waits = [luma, luma.with_own_cancel.with_timeout(5)].map do |own|
        Thread.new { assert_raises(WaitError) { own.wait(trigger_id) } }
      end
      sleep(0.3)
      started = now
      luma.public_send(method)
      assert_equal ['LUMA_ERROR_CANCELLED'] * 2, waits.map { |wait| wait.value.name }
      assert_operator now - started, :<, 0.05
    end
  end

  def test_10_a_client_with_its_own_cancel
    client do |luma|
      trigger_id = trigger_patch(luma)
      wait = Thread.new { luma.wait(trigger_id, timeout: 60) }
      sleep(0.2)
      own = luma.with_own_cancel
      own.close
      assert_raises(IOError) { own.trigger('unlock_account', JDOE) }
      assert_equal :accepted, luma.trigger('unlock_account', JDOE).outcome
      Simulator.advance(180_000)
      assert_equal :completed, wait.value.run_status
    end
  end

  def test_11_log
    logger = Lines.new
    result = client(logger: logger) { |luma| luma.trigger('unlock_account', JDOE) }
    assert_includes logger.lines.map(&:first), Logger::INFO
    assert(logger.texts.any? { |line| line.include?(result.request_id) })
    refute(logger.texts.any? { |line| line.include?(Simulator::TOKEN) })
    Dir.mktmpdir do |folder|
      client(log_file: "#{folder}/log", log_level: :debug) { |luma| luma.trigger('unlock_account', JDOE) }
      assert_match(/ INFO /, File.read("#{folder}/log"))
    end
    text = StringIO.new
    client(logger: Logger.new(text, level: :info)) { |luma| luma.trigger('unlock_account', JDOE) }
    assert_match(/INFO -- luma_automation: /, text.string)
    refute_match(/DEBUG/, text.string)
  end

  def test_12_non_ascii_text
    name = 'Jürgen 日本 🙂'
    client do |luma|
      result = luma.trigger('unlock_account', { userName: name })
      assert_equal name, JSON.parse(Simulator.journal[0]['body'])['variables']['userName']
      history = luma.history(result.trigger_id)
      assert_equal name, history.parameters.find { |parameter| parameter.name == 'userName' }.value
      luma.trigger('unlock_account', { userName: 'Jürgen'.encode(Encoding::UTF_16LE) })
      assert_equal 'Jürgen', JSON.parse(Simulator.journal.last['body'])['variables']['userName']
      assert_raises(ArgumentError) { luma.trigger('unlock_account', { userName: "\xff" }) }
    end
  end

  def test_13_embedded_nul
    luma = client
    [
      -> { Client.new("http://a\0b", 'token') },
      -> { Client.new(Simulator::URL, "a\0b") },
      -> { luma.trigger("a\0b") },
      -> { luma.trigger('x', { "a\0b" => 'c' }) },
      -> { luma.trigger('x', { name: "a\0b" }) },
      -> { luma.history("a\0b") },
      -> { luma.wait("a\0b") }
    ].each { |call| assert_match(/null byte/, assert_raises(ArgumentError, &call).message) }
    assert_empty Simulator.journal
    assert_raises(TypeError) { luma.history(1) }
  end

  def test_14_64_bit_integers
    client do |luma|
      [9_007_199_254_740_993, -(2**63), (2**63) - 1].each do |number|
        Simulator.clear_journal
        result = luma.trigger('unlock_account', { userName: 'jdoe', number: number },
                              contact_id: number, application_id: :changegear)
        body = Simulator.journal[0]['body']
        assert_equal 2, body.scan(number.to_s).size
        assert_equal(-7, JSON.parse(body).to_s[/-7/].to_i)
        values = luma.history(result.trigger_id).parameters.to_h { |parameter| [parameter.name, parameter.value] }
        assert_equal number.to_s, values['number']
      end
      [2**63, 1.5].each do |wrong|
        assert_raises(RangeError, TypeError) { luma.trigger('x', contact_id: wrong, application_id: :luma) }
      end
      result = luma.trigger('unlock_account', JDOE)
      assert_kind_of Integer, result['/timestamp']
      assert_equal 'SUBMITTED', result['/resultData/statusInfo/status']
      assert_nil result['/no/such/value']
      assert_raises(ArgumentError) { result['x'] }
    end
  end

  def test_15_8_threads_on_one_client
    client do |luma|
      threads = Array.new(8) { Thread.new { Array.new(25) { luma.trigger('unlock_account', JDOE) } } }
      results = threads.flat_map(&:value)
      assert_equal [:accepted], results.map(&:outcome).uniq
      assert_equal 200, results.map(&:trigger_id).uniq.size
      assert_equal 200, Simulator.journal('unlock_account').size
    end
  end

  def test_16_an_exception_in_the_log_callback
    error = KeyError.new('log')
    client(logger: Lines.new(Logger::INFO) { raise error }) do |luma|
      caught = assert_raises(KeyError) { luma.trigger('unlock_account', JDOE) }
      assert_same error, caught
      assert_equal :accepted, caught.luma_result.outcome
      assert_equal 1, Simulator.journal.size
    end
    client(logger: Lines.new(Logger::ERROR) { raise error }) do |luma|
      assert_same error, assert_raises(KeyError) { luma.wait('fault-status-404', timeout: 5) }
    end
  end

  def test_16_a_throw_from_the_log_callback
    client(logger: Lines.new { throw :away }) do |luma|
      catch(:away) do
        error = assert_raises(LocalJumpError, UncaughtThrowError) { luma.trigger('unlock_account', JDOE) }
        assert_equal :accepted, error.luma_result.outcome
      end
    end
    client(logger: Lines.new { Thread.current.kill }) do |luma|
      thread = Thread.new { luma.trigger('unlock_account', JDOE) }
      thread.report_on_exception = false
      assert(begin
        thread.join(5)
      rescue LocalJumpError
        true
      end)
    end
    assert_equal 2, Simulator.journal.size
  end

  def test_16_an_exception_in_the_progress_block
    client do |luma|
      trigger_id = trigger_patch(luma)
      assert_raises(KeyError) { luma.wait(trigger_id) { raise KeyError } }
      luma.wait(trigger_id) { break }
      assert_equal :accepted, luma.trigger('unlock_account', JDOE).outcome
    end
  end

  def test_16_an_exception_in_the_token_provider
    error = KeyError.new('token')
    client(token_provider: -> { raise error }) do |luma|
      caught = assert_raises(KeyError) { luma.trigger('unlock_account', JDOE) }
      assert_same error, caught
      assert_equal :not_sent, caught.luma_result.outcome
    end
    assert_empty Simulator.journal
  end

  def test_16_a_timeout_in_the_token_provider
    client(token_provider: -> { Timeout.timeout(0.1) { sleep(5) } }) do |luma|
      started = now
      assert_raises(Timeout::Error) { luma.trigger('unlock_account', JDOE) }
      assert_operator now - started, :<, 1
    end
  end

  def test_16_an_interrupted_trigger_has_its_result
    client(timeout: 0.5) do |luma|
      thread = Thread.new { luma.trigger('fault-hang') }
      thread.report_on_exception = false
      sleep(0.1)
      thread.raise(Interrupt)
      assert_equal :unknown, assert_raises(Interrupt) { thread.join }.luma_result.outcome
      assert_raises(Timeout::Error) { Timeout.timeout(0.1) { luma.trigger('fault-hang') } }
    end
  end

  def test_17_close_while_another_thread_waits
    100.times do |i|
      luma = client
      thread = Thread.new { i.odd? ? luma.trigger('fault-hang') : luma.wait('fault-hang') }
      thread.report_on_exception = false
      sleep(0.005 * (i % 4))
      luma.close
      luma.close
      # The thread may also have started after the client was closed.
      assert_raises(Unknown, NotSent, WaitError, IOError) { thread.join }
    end
  end

  def test_17_use_after_close
    luma = client
    result = luma.trigger('unlock_account', JDOE)
    luma.close
    assert luma.closed?
    [
      -> { luma.trigger('unlock_account', JDOE) }, -> { luma.wait('x') }, -> { luma.cancel }, -> { luma.with_own_cancel }
    ].each { |call| assert_raises(IOError, &call) }
    luma = nil # rubocop:disable Lint/UselessAssignment
    GC.start
    refute_empty result.trigger_id
    assert_equal 'Success', result.json['status']
  end

  def test_17_dropping_everything_in_any_order
    logger = Lines.new
    100.times do |i|
      luma = client(logger: logger)
      derived = luma.with_request_id("r#{i}")
      runs = derived.watch(trigger_patch(luma))
      runs.next
      luma = nil if i.odd? # rubocop:disable Lint/UselessAssignment
      derived.trigger('unlock_account', JDOE) if i % 3 != 0
      derived = runs = nil # rubocop:disable Lint/UselessAssignment
      GC.start if (i % 5).zero?
    end
    GC.start
    assert_operator logger.lines.size, :>, 100
  end

  def test_17_the_end_of_the_process
    5.times do
      started = now
      out, status = ruby(<<~PROGRAM)
        require 'logger'
        luma = LumaAutomation::Client.new(ENV.fetch('LUMA_URL'), ENV.fetch('LUMA_TOKEN'), logger: Logger.new(IO::NULL))
        Thread.report_on_exception = false
        4.times do
          Thread.new { luma.trigger('fault-hang') }
          Thread.new { luma.wait('fault-hang') }
        end
        runs = luma.watch(luma.trigger('patch_server', { hostName: 'h' }).trigger_id)
        runs.next
        sleep 0.3
      PROGRAM
      assert status.success?, out
      assert_operator now - started, :<, 3
    end
  end

  def test_17_fork
    out, status = ruby(<<~PROGRAM)
      luma = LumaAutomation::Client.new(ENV.fetch('LUMA_URL'), ENV.fetch('LUMA_TOKEN'))
      trigger_id = luma.trigger('inventory_scan', { siteName: 's' }).trigger_id
      luma.wait(trigger_id)
      Process.wait(fork { luma.wait(trigger_id).run_status == :completed or abort 'child' })
      $?.success? or abort
      # While another thread is in a call, a child must create its own client.
      Thread.report_on_exception = false
      Thread.new { luma.trigger('fault-hang') }
      sleep 0.2
      Process.wait(fork do
        luma = nil
        GC.start
        own = LumaAutomation::Client.new(ENV.fetch('LUMA_URL'), ENV.fetch('LUMA_TOKEN'))
        own.wait(trigger_id).run_status == :completed or abort 'second child'
      end)
      $?.success? or abort
    PROGRAM
    assert status.success?, out
  end

  def test_18_once_per_key
    Dir.mktmpdir do |folder|
      path = "#{folder}/journal"
      luma = client
      assert_raises(JournalError) { Journal.new(path) }
      journal = Journal.create(path, Simulator::URL)
      first = luma.trigger_once(journal, 'INC1', 'unlock_account', JDOE)
      assert_equal [false, true], [first.already_accepted?, first.journal_recorded?]
      assert_in_delta Time.now, first.journal_time, 60
      second = luma.trigger_once(journal, 'INC1', 'unlock_account', JDOE)
      assert_equal [true, 'LUMA_ALREADY_ACCEPTED', first.trigger_id],
                   [second.already_accepted?, second.name, second.trigger_id]
      assert_equal 1, Simulator.journal('unlock_account').size
      error = assert_raises(NotSent) do
        luma.trigger_once(journal, 'INC1', 'unlock_account', { userName: 'other' })
      end
      assert_equal 'LUMA_ERROR_KEY_OTHER_REQUEST', error.name
      [1, 2].each do |number|
        luma.trigger_once(journal, 'INC2', 'unlock_account', { **JDOE, n: number }, volatile: [:n])
      end
      assert_equal 2, Simulator.journal('unlock_account').size
      2.times do
        assert_raises(Unknown) { luma.trigger_once(journal, 'INC3', 'fault-close-after-reading') }
      end
      assert_equal 1, Simulator.journal('fault-close-after-reading').size
      assert_raises(Rejected) { luma.trigger_once(journal, 'INC4', 'unlock_account') }
      journal.close
      assert_raises(IOError) { journal.find('INC1') }

      Journal.open(path) do |again|
        entry = again.find('INC1')
        assert_equal ['ACCEPTED', first.trigger_id], [entry.state, entry.trigger_id]
        assert_nil again.find('INC9')
        assert_equal %w[INC1 INC2 INC3], again.unfinished.map(&:key)
        again.acknowledge('INC1')
        assert_equal 'RELEASED', again.new_attempt('INC2', who: 'jdoe', reason: 'opened again').state
        assert_equal 'RELEASED', again.resolve('INC3', nil, who: 'jdoe', reason: 'no such run').state
        assert_empty again.unfinished
        assert_equal 0, again.prune(older_than: 86_400)
      end
    end
  end

  def test_30_errors_of_a_journal
    Dir.mktmpdir do |folder|
      path = "#{folder}/journal"
      luma = client
      journal = Journal.create(path, Simulator::URL)
      first, second = Array.new(2) { luma.trigger_once(journal, 'INC1', 'unlock_account', JDOE) }
      assert second.already_accepted?
      assert_equal first.journal_time, second.journal_time
      FileUtils.rm_r(path)
      error = assert_raises(NotSent) { luma.trigger_once(journal, 'INC2', 'unlock_account', JDOE) }
      assert_equal 'LUMA_ERROR_JOURNAL_FOLDER', error.name
      error = assert_raises(JournalError) { journal.unfinished }
      assert_equal 'LUMA_ERROR_JOURNAL_FOLDER', error.name
      assert_equal 1, Simulator.journal('unlock_account').size
    end
  end

  def test_31_limits_of_arguments
    luma = client
    id = trigger_patch(luma)
    luma.wait_set do |waits|
      [0, -1e-9, -1e9].each do |past|
        assert_raises(WaitTimeout) { luma.wait(id, timeout: past) }
        assert waits.add(id, timeout: past)
        assert_instance_of WaitTimeout, waits.find(&:ended?).error
      end
    end
    assert_equal 'LUMA_ERROR_TIMEOUT_RANGE', assert_raises(CallError) { luma.wait(id, timeout: 86_401) }.name
    [0, -1e-9, 86_401, 2**40].each do |wrong|
      assert_raises(ConfigurationError) { luma.with_timeout(wrong) }
      assert_raises(ConfigurationError) { client(timeout: wrong) }
    end
    [Float::INFINITY, -Float::INFINITY, Float::NAN, 1e300].each do |wrong|
      assert_raises(RangeError) { luma.wait(id, timeout: wrong) }
      assert_raises(RangeError) { luma.with_timeout(wrong) }
    end
    ['1', [], :x, Object.new].each do |wrong|
      assert_raises(TypeError) { luma.wait(id, timeout: wrong) }
      assert_raises(TypeError) { luma.steps(id, top: wrong) }
      assert_raises(TypeError) { client(timeout: wrong) }
    end
    [nil, 1, [], {}, Object.new].each do |wrong|
      assert_raises(TypeError) { luma.trigger(wrong) }
      assert_raises(TypeError) { luma.history(wrong) }
      assert_raises(TypeError) { luma.trigger('unlock_account', { wrong => 1 }) }
      assert_raises(TypeError) { luma.trigger('unlock_account', [wrong]) }
      assert_raises(TypeError) { luma.trigger('unlock_account', JDOE, secret_variables: [[:a, wrong]]) }
      assert_raises(TypeError) { client(headers: { 'X-A' => wrong }) }
    end
    ["\xff", "\xed\xa0\x80", "a\0b", "a\0b".encode('UTF-16LE')].each do |wrong|
      assert_raises(ArgumentError) { luma.trigger('unlock_account', { userName: wrong }) }
      assert_raises(ArgumentError) { luma.steps(id, filter: wrong) }
    end
    error = assert_raises(TypeError) do
      Client.new(Simulator::URL, token_provider: -> { 1 }).trigger('unlock_account', JDOE)
    end
    assert_match(/must be a String, not Integer/, error.message)
    [["\xff"], Float::NAN, [Float::INFINITY]].each do |wrong|
      assert_raises(JSON::GeneratorError, Error) { luma.trigger('unlock_account', { userName: wrong }) }
    end
    assert_empty Simulator.journal('unlock_account')
  end

  def test_19_10000_calls_with_flat_memory
    luma = client(logger: Logger.new(IO::NULL, level: :info))
    trigger = lambda do |count|
      count.times do |i|
        refute_empty luma.trigger('unlock_account', JDOE).trigger_id
        Simulator.clear_journal if (i % 100).zero?
      end
      GC.start
      resident
    end
    trigger.call(1000)
    before = trigger.call(1000)
    assert_operator trigger.call(10_000) - before, :<, 4 * 1024 * 1024
  end

  def test_20_constants
    count = 0
    {
      'LUMA_ERROR_' => [:luma_status_name, ''], 'LUMA_OUTCOME_' => [:luma_outcome_name, 'LUMA_OUTCOME_'],
      'LUMA_RUN_' => [:luma_run_status_name, 'LUMA_RUN_'], 'LUMA_LOG_' => [:luma_log_level_name, 'LUMA_LOG_'],
      'LUMA_OK' => [:luma_status_name, ''], 'LUMA_ALREADY_ACCEPTED' => [:luma_status_name, '']
    }.each do |prefix, (function, removed)|
      Native::CONSTANTS.select { |name, _| name.start_with?(prefix) }.each do |name, value|
        expected = name == :LUMA_RUN_NONE ? '' : name.to_s.delete_prefix(removed)
        assert_equal expected, Native.public_send(function, value)
        count += 1
      end
    end
    assert_operator count, :>, 90
    assert_equal VERSION, LumaAutomation.library_version
  end

  def test_21_token_provider
    tokens = ['wrong', Simulator::TOKEN]
    luma = Client.new(Simulator::URL, token_provider: -> { tokens.shift })
    assert_equal :accepted, luma.trigger('unlock_account', JDOE).outcome
    assert_empty tokens
    asked = 0
    luma = Client.new(Simulator::URL, token_provider: -> { (asked += 1) && ('x' * 5000) }, retries: false)
    assert_raises(Rejected) { luma.trigger('unlock_account', JDOE) }
    assert_operator asked, :<=, 2 # the second time after the 401
  end

  def test_22_headers_and_secret_variables
    logger = Lines.new
    secret = { secret_variables: { userName: 's3cr3t-name' } }
    client(logger: logger, headers: { 'X-Tenant' => 't1' }) do |luma|
      result = luma.trigger('unlock_account', **secret)
      assert_includes Simulator.journal[0]['body'], 's3cr3t-name'
      error = assert_raises(Unknown) { luma.trigger('fault-html-502', **secret) }
      texts = [result.inspect, result.message, result.json.to_s, error.message, error.inspect, *logger.texts]
      refute(texts.any? { |text| text.include?('s3cr3t') })
    end
    assert_equal 'LUMA_ERROR_HEADER', assert_raises(ConfigurationError) { client(headers: { Host: 'x' }) }.name
    assert_raises(ArgumentError) { client(no_such_setting: 1) }
  end

  def test_23_configuration_file
    Dir.mktmpdir do |folder|
      File.write("#{folder}/token", Simulator::TOKEN, perm: 0o600)
      file = "#{folder}/luma.json"
      settings = { base_url: Simulator::URL, token_file: 'token', journal: 'journal' }
      File.write(file, JSON.generate(profiles: { test: settings }))
      Client.from_file(file, profile: :test, timeout: 5) do |luma|
        assert_equal :accepted, luma.trigger('unlock_account', JDOE).outcome
        assert_equal "#{folder}/journal", luma.journal_folder
      end
      File.write(file, JSON.generate(settings.merge(no_such_key: 1)))
      error = assert_raises(ConfigurationError) { Client.from_file(Pathname(file)) }
      assert_equal 'LUMA_ERROR_CONFIG_FILE', error.name
      assert_includes error.message, 'no_such_key'
      assert_raises(ConfigurationError) { Client.from_file("#{folder}/missing.json") }
    end
  end

  def test_23_environment
    kept = ENV.to_h.reject { |name, _| name.start_with?('LUMA_') && !%w[LUMA_URL LUMA_TOKEN LUMA_LIBRARY].include?(name) }
    out, = ruby(<<~PROGRAM, kept, unsetenv_others: true)
      LumaAutomation::Client.from_environment { |luma| puts luma.trigger('unlock_account', { userName: 'jdoe' }).outcome }
    PROGRAM
    assert_equal 'accepted', out
  end

  def test_24_secrets
    client do |luma|
      result = luma.generate_launch_url(luma.trigger('unlock_account', JDOE).trigger_id)
      assert_equal Encoding::BINARY, result.launch_url.encoding
      assert result.launch_url.start_with?('http')
      refute_includes result.inspect + result.message + result.json.to_s, result.launch_url
      refute_includes luma.inspect, Simulator::TOKEN
    end
  end

  def test_25_library_lookup
    path = ENV.fetch('LUMA_LIBRARY') { skip 'the gem contains the library' }
    Dir.mktmpdir do |folder|
      File.symlink(path, "#{folder}/libluma.so.0")
      ['libluma.so.0', './libluma.so.0', ''].each do |wrong|
        out, status = ruby('puts LumaAutomation.library_version', { 'LUMA_LIBRARY' => wrong }, chdir: folder)
        refute status.success?
        assert_match(/LUMA_LIBRARY must be the full path.*LoadError/, out)
      end
    end
    assert_match(/none.*set LUMA_LIBRARY.*LoadError/, ruby('', { 'LUMA_LIBRARY' => '/none/libluma.so.0' })[0])
    assert_equal VERSION, ruby('puts LumaAutomation.library_version')[0]
  end

  # Invalidates LUMA_TOKEN.
  def test_26_a_set_of_waits
    client do |luma|
      waits = luma.wait_set(max_polls_per_second: 1000)
      assert_nil waits.next
      ids = Array.new(20) { luma.trigger('reset_password', JDOE).trigger_id }
      ids.each { |id| assert waits.add(id, timeout: 60) }
      refute waits.add(ids[0])
      assert waits.delete(ids[0])
      refute waits.delete(ids[0])
      assert_raises(ArgumentError) { waits.add("a\0b") }
      refute_empty assert_raises(CallError) { waits.add('') }.message
      assert_equal 19, waits.size
      seen = Hash.new { |hash, id| hash[id] = [] }
      waits.each do |event|
        assert_nil event.error
        assert_equal event.result.final?, event.ended?
        seen[event.trigger_id] << event.result.run_status
        Simulator.advance(3000) if seen.size == 19
      end
      assert_equal ids[1..].to_h { |id| [id, %i[running completed]] }, seen

      server = trigger_patch(luma)
      waits.add(server, timeout: 0.3)
      refute waits.next.ended?
      assert_nil waits.next(timeout: 0.01)
      waits.wake
      assert_nil waits.next
      event = waits.next
      assert event.ended?
      assert_instance_of WaitTimeout, event.error
      assert_equal server, event.error.trigger_id

      waits.add(server)
      waits.next
      waits.add('fault-hang')
      started = now
      assert_raises(Timeout::Error) { Timeout.timeout(0.2) { waits.next } }
      assert_in_delta 0.2, now - started, 0.05
      Thread.new { sleep(0.2) && waits.close }
      assert_nil waits.next
      assert_raises(IOError) { waits.add(server) }
    end
  end

  def test_26_an_error_of_a_set
    id = client { |luma| luma.trigger('unlock_account', JDOE).trigger_id }
    wrong = Client.new(Simulator::URL, 'wrong')
    wrong.wait_set do |waits|
      waits.add(id)
      event = waits.next
      assert_equal ['', false, 'LUMA_ERROR_UNAUTHORIZED'], [event.trigger_id, event.ended?, event.error.name]
      refute_kind_of TriggerError, event.error
      wrong.access_token = Simulator::TOKEN
      assert_equal id, waits.next.trigger_id
      wrong.close
      assert_equal 'LUMA_ERROR_CANCELLED', assert_raises(CallError) { waits.next }.name
    end
  end

  def test_27_drain_and_counters
    luma = Client.new(Simulator::URL, Simulator::TOKEN)
    luma.trigger('unlock_account', JDOE)
    counters = luma.counters
    assert_equal [1, 0, 10], [counters[:calls_accepted], counters[:retries], counters.size]
    assert luma.drain(1)
    assert_raises(IOError) { luma.trigger('unlock_account', JDOE) }

    luma = Client.new(Simulator::URL, Simulator::TOKEN)
    call = Thread.new { assert_raises(CallError) { luma.history('fault-hang') } }
    sleep 0.2
    refute luma.drain(0.1)
    assert call.join(1)
  end

  # A table of a database.
  class Table
    attr_reader :rows

    def initialize = @rows = {}

    def claim(key, digest, intent)
      raise 'the table is gone' if key == 'lost'

      row = @rows[key]
      return (@rows[key] = { digest: digest, intent: intent }) && :granted unless row
      return :other_request unless row[:digest] == digest

      row[:outcome] == :accepted ? row[:trigger_id] : :unresolved
    end

    def complete(key, outcome, trigger_id)
      @rows[key].merge!(outcome: outcome, trigger_id: trigger_id)
      raise 'the disk is full' if key == 'full'
    end
  end

  def test_28_a_store
    table = Table.new
    client do |luma|
      once = lambda do |key, workflow = 'unlock_account', variables = JDOE|
        luma.trigger_once_with_store(table, 'secret', key, workflow, variables)
      end
      first = once.call('k1')
      again = once.call('k1')
      assert again.already_accepted?
      assert_equal first.trigger_id, again.trigger_id
      assert_equal 'unlock_account', table.rows['k1'][:intent]['workflow']
      assert_raises(NotSent) { once.call('k1', 'unlock_account', { userName: 'other' }) }
      assert_equal 1, Simulator.journal('unlock_account').size
      2.times { assert_raises(Unknown) { once.call('k2', 'fault-close-after-reading', {}) } }
      assert_equal 1, Simulator.journal('fault-close-after-reading').size
      error = assert_raises(RuntimeError) { once.call('full') }
      assert_equal ['the disk is full', :accepted], [error.message, error.luma_result.outcome]
      error = assert_raises(RuntimeError) { once.call('lost') }
      assert_equal ['the table is gone', 'LUMA_ERROR_JOURNAL_STORE'], [error.message, error.luma_result.name]
      assert_equal 2, Simulator.journal('unlock_account').size
    end
  end

  def test_29_every_setting
    file = ->(name) { File.join(ENV.fetch('LUMA_CERTIFICATES'), name) }
    ca = file.call('ca.pem')
    pair = [file.call('client-ec.pem'), file.call('client-ec.sec1.key')]
    settings = {
      auth_scheme: :bearer, connect_timeout: 5, timeout: 10, max_response_bytes: 10**6, trigger_max_idle: 1,
      read_max_idle: 2, max_idle_connections: 4, retries: false, allow_http: true, proxy: 'direct',
      auto_proxy: false, application_id: 'Tests/1.0'
    }
    Dir.mktmpdir do |folder|
      text, json = %w[text json].map { |name| File.join(folder, name) }
      [
        { ca_file: ca, extra_ca_file: ca, client_certificate_file: pair, log_file: text },
        {
          ca_pem: File.read(ca), extra_ca_pem: File.read(ca),
          client_certificate_pem: pair.map { |path| File.read(path) }, json_log_file: json
        }
      ].each { |more| client(**settings, **more) { |luma| luma.trigger('unlock_account', JDOE) } }
      assert_includes File.read(text), 'unlock_account'
      assert JSON.parse(File.readlines(json).first)['level']
    end
    { ca_pem: 'x', proxy: 'x://', timeout: 0, max_idle_connections: -1 }.each do |name, value|
      assert_raises(ConfigurationError) { client(name => value) }
    end
  end

  def test_29_every_getter
    client do |luma|
      connection = luma.connect
      assert connection.peer_address.start_with?('127.0.0.1:')
      assert_equal ['', nil, nil], [connection.tls_version, connection.certificate_expires, connection.timings[:tls]]
      result = luma.with_request_id('INC-1').with_timeout(5).trigger(
        'unlock_account', JDOE, initiation_info: { ticketIdentifier: 'INC-1' }
      )
      assert_equal ['INC-1', 1, 200, true], [result.request_id, result.attempts, result.http_status,
                                             result.connection_reused?]
      assert_nil result.retry_after
      Simulator.advance(60_000)
      run = luma.wait(result.trigger_id, timeout: 10, until_suspended: true)
      assert_equal ['COMPLETED', 0], [run.run_status_text, run.page_status]
      assert_operator run.poll_count, :>=, 1
      assert_operator run.wait_elapsed, :>=, 0
      assert_nil luma.history(result.trigger_id)['/resultData/noSuchKey']
    end
  end

  def test_99_a_new_access_token
    client do |luma|
      result = luma.regenerate_tenant_token(
        ENV.fetch('LUMA_SUPER_ADMIN_TOKEN'), ENV.fetch('LUMA_TENANT_EXTERNAL_ID')
      )
      token = result.access_token
      refute_empty token
      refute_includes result.inspect + result.message + result.json.to_s, token
      assert_raises(Rejected) { luma.trigger('unlock_account', JDOE) }
      luma.access_token = token
      assert_equal :accepted, luma.trigger('unlock_account', JDOE).outcome
    end
  end
end

reporter = Minitest::CompositeReporter.new(
  Minitest::SummaryReporter.new($stdout, args: ARGV.join(' ')), counts = Minitest::StatisticsReporter.new
)
reporter.start
options = ARGV.empty? ? {} : { filter: "/#{ARGV[0]}/" }
Minitest::Runnable.runnables.each { |tests| tests.run(reporter, options) }
reporter.report
failed = counts.results.count { |result| !result.skipped? }
puts "#{counts.count - counts.results.size} passed, #{failed} failed"
exit(failed.zero? && counts.count.positive?)
