# frozen_string_literal: true

module LumaAutomation
  # A client of one gateway. Any number of threads may use it at the same time.
  class Client
    SETTINGS = {
      connect_timeout: %i[luma_config_set_connect_timeout_ms milliseconds],
      timeout: %i[luma_config_set_timeout_ms milliseconds],
      max_response_bytes: %i[luma_config_set_max_response_bytes integer],
      trigger_max_idle: %i[luma_config_set_trigger_max_idle_ms milliseconds],
      read_max_idle: %i[luma_config_set_read_max_idle_ms milliseconds],
      max_idle_connections: %i[luma_config_set_max_idle_connections integer],
      retries: %i[luma_config_set_retries flag],
      allow_http: %i[luma_config_set_allow_http flag],
      ca_file: %i[luma_config_set_ca_file text],
      ca_pem: %i[luma_config_set_ca_pem text],
      extra_ca_file: %i[luma_config_add_ca_file text],
      extra_ca_pem: %i[luma_config_add_ca_pem text],
      client_certificate_file: %i[luma_config_set_client_certificate_file pair],
      client_certificate_pem: %i[luma_config_set_client_certificate_pem pair],
      proxy: %i[luma_config_set_proxy text],
      auto_proxy: %i[luma_config_set_auto_proxy flag],
      application_id: %i[luma_config_set_application_id text]
    }.freeze
    OTHER_SETTINGS = %i[token_provider auth_scheme headers logger log_file json_log_file log_level].freeze

    AUTH_SCHEMES = {
      bearer: Native::LUMA_AUTH_BEARER, api_access_key: Native::LUMA_AUTH_API_ACCESS_KEY
    }.freeze
    LOG_LEVELS = {
      off: Native::LUMA_LOG_OFF, error: Native::LUMA_LOG_ERROR, warn: Native::LUMA_LOG_WARN,
      info: Native::LUMA_LOG_INFO, debug: Native::LUMA_LOG_DEBUG
    }.freeze
    APPLICATIONS = {
      luma: Native::LUMA_APPLICATION_LUMA, ism: Native::LUMA_APPLICATION_ISM,
      changegear: Native::LUMA_APPLICATION_CHANGEGEAR, pob: Native::LUMA_APPLICATION_POB
    }.freeze

    class << self
      # Creates a client for a block, and closes it afterwards.
      def open(*arguments, **settings, &block) = closing(new(*arguments, **settings), &block)

      # Creates a client from a configuration file: by default the user's, or the machine's. Takes
      # the settings of ::new too, and a block.
      def from_file(path = nil, profile: nil, **settings, &block)
        config = Reason.open(
          ConfigHandle, ConfigurationError, :luma_config_new_from_file,
          Convert.optional_text('path', path), Convert.optional_text('profile', profile)
        )
        closing(allocate.tap { |client| client.send(:start, config, settings) }, &block)
      end

      # Creates a client from LUMA_URL with LUMA_TOKEN or LUMA_TOKEN_FILE, or from LUMA_PROFILE and
      # the configuration file. Takes the settings of ::new too, and a block.
      def from_environment(**settings, &block)
        config = Reason.open(ConfigHandle, ConfigurationError, :luma_config_new_from_environment)
        closing(allocate.tap { |client| client.send(:start, config, settings) }, &block)
      end

      private

      def closing(client)
        return client unless block_given?

        begin
          yield client
        ensure
          client.close
        end
      end
    end

    # The folder of the journal that the configuration file or LUMA_JOURNAL names, or "".
    attr_reader :journal_folder

    # Settings, all optional; times are in seconds:
    # token_provider::  returns the current access token, called again after an HTTP 401
    # auth_scheme::     :bearer or :api_access_key
    # headers::         a Hash, added to every request; the values are secrets
    # logger::          a Logger, at the level that it has now
    # log_file, json_log_file, log_level:: a file, with :error, :warn, :info or :debug
    # timeout, connect_timeout, retries, proxy, auto_proxy, ca_file, ca_pem, extra_ca_file,
    # extra_ca_pem, client_certificate_file, client_certificate_pem (chain and key), allow_http,
    # application_id, max_response_bytes, max_idle_connections, trigger_max_idle,
    # read_max_idle:: as in luma.h
    def initialize(base_url, access_token = nil, **settings)
      unless access_token
        raise ArgumentError, 'access_token or token_provider is required' unless settings[:token_provider]

        access_token = 'from-token-provider' # never sent
      end
      config = Reason.open(
        ConfigHandle, ConfigurationError, :luma_config_new_with_reason,
        Convert.text('base_url', base_url), Convert.text('access_token', access_token)
      )
      start(config, settings)
    end

    def inspect = "#<#{self.class}#{' (closed)' if closed?}>"

    # Ends all calls and waits within 50 ms, and refuses later ones. Clients that were derived from
    # this one with #with_request_id or #with_timeout are closed too.
    def close
      handle = @handle
      @handle = nil
      end_calls(handle, :luma_client_close) if handle
      nil
    end

    def closed? = @handle.nil?

    # Ends all calls and waits in progress within 50 ms. Later ones are not affected.
    def cancel
      end_calls(handle, :luma_client_cancel)
      nil
    end

    # Replaces the access token, for all threads.
    def access_token=(access_token)
      Reason.check(
        ConfigurationError, :luma_client_set_access_token_with_reason, handle,
        Convert.text('access_token', access_token)
      )
    end

    # Refuses new calls, lets those in progress end for +timeout+ seconds, and then closes the client:
    # for stopping a service. Returns false if it had to cancel calls. A wait ends with it, but only a
    # poll is waited for.
    def drain(timeout)
      status = Native.luma_client_drain(handle, Convert.milliseconds('timeout', timeout))
      raise CallError, status unless [Native::LUMA_OK, Native::LUMA_ERROR_CANCELLED].include?(status)

      close
      status.zero?
    end

    # What this client and those that share its connections have done so far: a Hash with
    # :calls_accepted, :calls_rejected, :retries, :bytes_sent and so on.
    def counters
      (1..).lazy.map { |counter| [counter, Native.luma_counter_name(counter)] }
           .take_while { |_, name| !name.empty? }
           .to_h { |counter, name| [name.downcase.to_sym, Native.luma_client_counter(handle, counter)] }
    end

    # :section: Clients that share connections, token and log with this one

    # A client that uses this request id for its calls, to find them in logs.
    def with_request_id(request_id)
      derive(@scopes, :luma_client_with_request_id, Convert.text('request_id', request_id))
    end

    # A client whose calls have this timeout.
    def with_timeout(timeout)
      derive(@scopes, :luma_client_with_timeout_ms, Convert.milliseconds('timeout', timeout))
    end

    # A client whose #cancel and #close end only its own calls.
    def with_own_cancel = derive([*@scopes, Object.new], :luma_client_with_own_cancel)

    # :section: Calls

    # Opens a connection ahead of time, and checks proxy and TLS.
    def connect = call('', :luma_client_connect)

    # Triggers a workflow, and returns when the gateway has accepted it.
    #
    # Raises Rejected, NotSent or Unknown. It is sent once, unless it is certain that nothing
    # arrived. The values of variables are whatever JSON can express; those of secret variables are
    # masked in every text. Nothing interrupts a call, whose outcome would be lost: it ends at the
    # latest at its timeout.
    def trigger(workflow_identifier, variables = {}, **options)
      triggered(*Calls.call(:luma_trigger_workflow, handle, request(workflow_identifier, variables, **options)))
    end

    # Triggers a workflow at most once per key, even if processes die at any time.
    #
    # If the key was accepted before, nothing is sent, and the result has the same trigger id; see
    # Result#already_accepted?. Raises Unknown if an earlier call with the key is in progress or its
    # outcome is not known, and NotSent if it was for a different request or the journal cannot be
    # used. +volatile+ names variables that may differ.
    def trigger_once(journal, key, workflow_identifier, variables = {}, volatile: [], **options)
      request = request(workflow_identifier, variables, **options)
      exclude(request, volatile)
      triggered(
        *Calls.call(:luma_trigger_workflow_once, handle, journal.handle, Convert.text('key', key), request)
      )
    end

    # Triggers a workflow at most once per key like #trigger_once, if several machines trigger the same
    # keys: with a store of yours, such as a table of a database; see Store. +digest_secret+ is a
    # random text that these machines share and nobody else knows.
    def trigger_once_with_store(store, digest_secret, key, workflow_identifier, variables = {}, volatile: [],
                                **options)
      request = request(workflow_identifier, variables, **options)
      exclude(request, volatile)
      Store.callbacks(store) do |claim, complete|
        triggered(
          *Calls.call(
            :luma_trigger_workflow_once_with_store, handle, claim, complete, nil,
            Convert.text('digest_secret', digest_secret), Convert.text('key', key), request
          )
        )
      end
    end

    # Triggers a workflow with a complete request in JSON.
    def trigger_json(request)
      triggered(*Calls.call(:luma_trigger_workflow_json, handle, Convert.text('request', request)))
    end

    # Gets the status and the parameters of a run.
    def history(trigger_id)
      call(trigger_id, :luma_get_workflow_history, Convert.text('trigger_id', trigger_id))
    end

    # Lists the steps of a run, see Result#steps. +top+ 0 means all.
    def steps(trigger_id, filter: nil, order_by: nil, skip: 0, top: 0)
      call(
        trigger_id, :luma_list_workflow_steps, Convert.text('trigger_id', trigger_id),
        *page(filter, order_by, skip, top)
      )
    end

    # Gets one step of a run, see Result#steps.
    def step(trigger_id, step_id)
      call(
        trigger_id, :luma_get_workflow_step, Convert.text('trigger_id', trigger_id), Convert.text('step_id', step_id)
      )
    end

    # Lists what can be triggered, see Result#definitions. +top+ 0 means all.
    def definitions(filter: nil, order_by: nil, skip: 0, top: 0)
      call('', :luma_list_workflow_definitions, *page(filter, order_by, skip, top))
    end

    # Generates a URL that shows a run, see Result#launch_url.
    def generate_launch_url(trigger_id)
      call(trigger_id, :luma_generate_launch_url, Convert.text('trigger_id', trigger_id))
    end

    # Generates a new access token for a tenant, see Result#access_token. The old one becomes
    # invalid; this client keeps using its own.
    def regenerate_tenant_token(super_admin_token, tenant_external_id)
      call(
        '', :luma_regenerate_tenant_token, Convert.text('super_admin_token', super_admin_token),
        Convert.text('tenant_external_id', tenant_external_id)
      )
    end

    # :section: Waits

    # Waits until a run has ended, and returns its last status, also if it failed. Yields the result
    # of every poll to the block.
    #
    # Raises WaitTimeout or another WaitError if the wait ends before the run. Timeout, Interrupt,
    # Thread#raise, Thread#kill and closing the client end it at once; the run is not affected.
    def wait(trigger_id, timeout: nil, until_suspended: false)
      # A scope of its own, so that ending this wait ends nothing else.
      wait = Wait.new(with_own_cancel.handle, trigger_id, timeout, until_suspended)
      @waits[wait] = @scopes
      wait.each { |result| yield result if block_given? }
    end

    # Waits like #wait: an Enumerator of the results of the polls.
    def watch(trigger_id, **options)
      Enumerator.new { |polls| wait(trigger_id, **options) { |result| polls << result } }
    end

    # An empty set of waits, which follows many runs on one thread; with a block, closed afterwards.
    def wait_set(max_polls_per_second: 20)
      waits = WaitSet.new(handle, max_polls_per_second)
      return waits unless block_given?

      begin
        yield waits
      ensure
        waits.close
      end
    end

    def handle # :nodoc:
      @handle or raise IOError, 'the client is closed'
    end

    protected

    # +scopes+ are what cancels this client: those it was derived from with an own cancel, and itself.
    def attach(handle, waits, scopes, journal_folder)
      @handle = handle
      @waits = waits
      @scopes = scopes
      @journal_folder = journal_folder
      self
    end

    private

    def start(config, settings)
      callbacks = Calls::Callbacks.new
      configure(config, callbacks, settings)
      handle = Reason.open(ClientHandle, ConfigurationError, :luma_client_new_with_reason, config)
      handle.callbacks = callbacks
      folder = Convert.string(Native.luma_config_journal_folder(config))
      attach(handle, ObjectSpace::WeakMap.new, [Object.new], folder)
    end

    def derive(scopes, function, *arguments)
      out = FFI::MemoryPointer.new(:pointer)
      parent = handle
      status = Native.public_send(function, parent, *arguments, out)
      raise ConfigurationError, status unless status.zero?

      derived = ClientHandle.new(out.read_pointer)
      derived.callbacks = parent.callbacks
      self.class.allocate.attach(derived, @waits, scopes, journal_folder)
    end

    # The library does not know that a wait sleeps, so whoever cancels a client wakes its waits.
    def end_calls(handle, function)
      Native.public_send(function, handle)
      @waits.each_pair { |wait, scopes| wait.close if scopes.include?(@scopes.last) }
    end

    def call(trigger_id, function, *arguments)
      status, result = Calls.call(function, handle, *arguments)
      raise CallError.new(status, result, trigger_id) unless status.zero?

      result
    end

    def page(filter, order_by, skip, top)
      [
        Convert.optional_text('filter', filter), Convert.optional_text('order_by', order_by),
        Convert.integer('skip', skip), Convert.integer('top', top)
      ]
    end

    def triggered(status, result)
      raise TriggerError.for(status, result) unless result.outcome == :accepted

      result
    end

    def request(workflow_identifier, variables, secret_variables: {}, contact_id: nil, application_id: nil,
                initiation_info: {})
      request = Reason.open(
        RequestHandle, InvalidRequest, :luma_trigger_request_new_with_reason,
        Convert.text('workflow_identifier', workflow_identifier)
      )
      Convert.mapping('variables', variables).each { |name, value| set_variable(request, name, value) }
      Convert.mapping('secret_variables', secret_variables).each do |name, value|
        set(request, :luma_trigger_request_set_secret_variable, *named('variable', name, value))
      end
      set_initiator(request, contact_id, application_id)
      Convert.mapping('initiation_info', initiation_info).each do |key, value|
        set(request, :luma_trigger_request_set_initiation_info, *named('initiation_info', key, value))
      end
      request
    end

    def set_variable(request, name, value)
      if value.is_a?(String)
        set(request, :luma_trigger_request_set_variable, *named('variable', name, value))
      else
        json = JSON.generate(value)
        set(request, :luma_trigger_request_set_variable_json, *named('variable', name, json))
      end
    end

    def exclude(request, volatile)
      volatile.each do |name|
        set(request, :luma_trigger_request_exclude_from_digest, Convert.text('the name of a variable', name))
      end
    end

    def set_initiator(request, contact_id, application_id)
      return if contact_id.nil? && application_id.nil?
      raise ArgumentError, 'contact_id and application_id belong together' unless contact_id && application_id

      application_id = APPLICATIONS.fetch(application_id) if application_id.is_a?(Symbol)
      set(
        request, :luma_trigger_request_set_initiator, Convert.integer('contact_id', contact_id),
        Convert.integer('application_id', application_id)
      )
    end

    def named(kind, name, value)
      [Convert.text("the name of a #{kind}", name), Convert.text("the #{kind} #{name}", value)]
    end

    def set(request, function, *arguments)
      status = Native.public_send(function, request, *arguments)
      raise InvalidRequest.new(status, Native.luma_trigger_request_message(request)) unless status.zero?
    end

    def configure(config, callbacks, settings)
      unknown = settings.keys - SETTINGS.keys - OTHER_SETTINGS
      raise ArgumentError, "unknown settings: #{unknown.join(', ')}" unless unknown.empty?

      set = lambda do |function, *arguments|
        status = Native.public_send(function, config, *arguments)
        raise ConfigurationError.new(status, Native.luma_config_message(config)) unless status.zero?
      end
      settings.each do |name, value|
        function, kind = SETTINGS[name]
        set.call(function, *convert(kind, name, value)) if function && !value.nil?
      end
      configure_token(callbacks, settings, &set)
      configure_log(callbacks, settings, &set)
    end

    def convert(kind, name, value)
      case kind
      when :flag then value ? 1 : 0
      when :pair then value.map { |part| Convert.text(name, part) }
      else Convert.public_send(kind, name, value)
      end
    end

    def configure_token(callbacks, settings)
      if (provider = settings[:token_provider])
        callbacks.token_provider = provider
        yield :luma_config_set_token_provider, Calls::ON_TOKEN, callbacks.user_data
      end
      scheme = settings[:auth_scheme]
      yield :luma_config_set_auth_scheme, AUTH_SCHEMES.fetch(scheme) if scheme
      Convert.mapping('headers', settings.fetch(:headers, {})).each do |name, value|
        yield :luma_config_add_header, *named('header', name, value)
      end
    end

    def configure_log(callbacks, settings)
      if (logger = settings[:logger])
        callbacks.logger = logger
        level = Calls::LEVELS.select { |_, severity| severity >= logger.level }.keys.max || Native::LUMA_LOG_OFF
        yield :luma_config_set_log, level, Calls::ON_LOG, callbacks.user_data
      end
      level = LOG_LEVELS.fetch(settings.fetch(:log_level, :info))
      { log_file: :luma_config_log_to_file, json_log_file: :luma_config_log_to_json_file }.each do |name, function|
        yield function, level, Convert.text(name, settings[name]) if settings[name]
      end
    end
  end
end
