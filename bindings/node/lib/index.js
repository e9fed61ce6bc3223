'use strict';

const { randomUUID } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const koffi = require('koffi');
const { constants, declare } = require('./native.js');

const native = declare(koffi, load());
const { LUMA_OK, LUMA_ERROR_ACCESS_TOKEN, LUMA_ERROR_ALREADY_IN_SET, LUMA_ERROR_CANCELLED, LUMA_ERROR_KEY_NOT_FOUND,
  LUMA_ERROR_NOT_IN_SET, LUMA_ERROR_SET_EMPTY, LUMA_ERROR_UNAUTHORIZED, LUMA_ERROR_WAIT_OPEN, LUMA_ERROR_WAIT_TIMEOUT, LUMA_ALREADY_ACCEPTED } = constants;

/** The library in its package, else the file that LUMA_LIBRARY names, else the installed one. */
function load() {
  try {
    // A call needs 96 KiB of stack, and koffi's own one ends without a guard page.
    const config = koffi.config();
    koffi.config({ ...config, async_stack_size: Math.max(config.async_stack_size, 256 * 1024) });
  } catch {
    // Another library was loaded before. The default is 128 KiB.
  }
  const name = process.platform === 'win32' ? 'luma.dll' : 'libluma.so.0';
  try {
    return koffi.load(require.resolve(`luma-automation-${process.platform}-${process.arch}/${name}`));
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
  }
  const variable = process.env.LUMA_LIBRARY;
  if (variable && !path.isAbsolute(variable)) {
    throw new Error(`LUMA_LIBRARY is "${variable}", but must be the full path of the luma library`);
  }
  try {
    return koffi.load(variable || name);
  } catch (cause) {
    throw new Error(`${variable || name} cannot be loaded: ${cause.message}. Install the optional package `
      + `luma-automation-${process.platform}-${process.arch}, or set LUMA_LIBRARY to the library's full path.`, { cause });
  }
}

/** A native handle, which is freed when nothing uses it any more. */
class Handle {
  #pointer;
  #free;
  #name;
  #users = 1; // the owner is one
  closed = false;

  constructor(name, pointer, free) {
    this.#name = name;
    this.#pointer = pointer;
    this.#free = free;
  }

  acquire() {
    if (this.closed) throw new Error(`the ${this.#name} is closed`);
    this.#users++;
    return this.#pointer;
  }

  release() {
    if (--this.#users === 0) this.#free(this.#pointer);
  }

  use(work) {
    const pointer = this.acquire();
    try {
      return work(pointer);
    } finally {
      this.release();
    }
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    this.release();
  }
}

const registry = new FinalizationRegistry((handle) => handle.close());

/** Clients that are open. The process ends without waiting for the calls on them. */
const open = new Set();
process.on('exit', () => {
  for (const { handle, log } of open) {
    if (!handle.closed) handle.use(native.luma_client_close);
    log?.remove();
  }
});

/**
 * Calls run on the threads of libuv, which files and DNS need too. So one thread stays free, and
 * polls, which may hang, take at most half of them.
 */
const threads = Number(process.env.UV_THREADPOOL_SIZE) || 4;
const limits = { call: Math.max(1, threads - 1), poll: Math.max(1, threads >> 1) };
const running = { call: 0, poll: 0 };
const queue = [];

const fits = (kind) => running.call + running.poll < limits.call && running[kind] < limits[kind];

/** Does work that blocks a thread. If it is aborted while it waits for one, it runs at once. */
async function onThread(kind, work, signal) {
  if (fits(kind) || signal?.aborted) {
    running[kind]++;
  } else {
    await new Promise((resolve) => {
      const start = () => {
        queue.splice(queue.indexOf(entry), 1);
        forget();
        running[kind]++; // now, before another call takes the thread
        resolve();
      };
      const entry = { kind, start };
      queue.push(entry);
      const forget = whenAborted(signal, start);
    });
  }
  try {
    return await work();
  } finally {
    running[kind]--;
    queue.find((entry) => fits(entry.kind))?.start();
  }
}

const listeners = new WeakMap();

/**
 * Calls a function when a signal is aborted. Returns what forgets it. All calls share one listener
 * of a signal: Node.js warns of more than ten.
 */
function whenAborted(signal, work) {
  if (!signal) return () => {};
  let all = listeners.get(signal);
  if (!all) {
    all = new Set();
    listeners.set(signal, all);
    signal.addEventListener('abort', () => [...all].forEach((each) => each()), { once: true });
  }
  all.add(work);
  return () => all.delete(work);
}

/** Checks the option `signal`, and throws its reason if it is aborted. */
function checkSignal(signal) {
  if (signal === undefined) return;
  if (!(signal instanceof AbortSignal)) throw invalid('signal must be an AbortSignal', 'ERR_INVALID_ARG_TYPE');
  signal.throwIfAborted();
}

function invoke(name, args) {
  return new Promise((resolve, reject) => {
    native[name].async(...args, (error, status) => (error ? reject(error) : resolve(status)));
  });
}

/** Checks a string for C: koffi would end it at a NUL, and replace half of a surrogate pair. */
function text(value, name) {
  if (typeof value !== 'string') throw invalid(`${name} must be a string`, 'ERR_INVALID_ARG_TYPE');
  if (value.includes('\0')) throw invalid(`${name} contains a NUL`);
  if (/[\ud800-\udfff]/u.test(value)) throw invalid(`${name} contains half of a surrogate pair`);
  return value;
}

const optionalText = (value, name) => (value === undefined || value === null ? null : text(value, name));

function invalid(message, code = 'ERR_INVALID_ARG_VALUE') {
  return Object.assign(new TypeError(message), { code });
}

function integer(value, name) {
  if (!Number.isInteger(value) && typeof value !== 'bigint') {
    throw invalid(`${name} must be an integer`, 'ERR_INVALID_ARG_TYPE');
  }
  if (BigInt.asIntN(64, BigInt(value)) !== BigInt(value)) throw invalid(`${name} exceeds 64 bits`);
  return value;
}

/** Names of constants without their prefix, by number. */
function names(prefix) {
  const entries = Object.entries(constants).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, value]) => [value, name.slice(prefix.length)]));
}

/** CALLS_NOT_SENT -> callsNotSent */
const camelCase = (name) => name.toLowerCase().replace(/_(.)/g, (_, letter) => letter.toUpperCase());

const counters = Object.fromEntries(
  Object.entries(names('LUMA_COUNTER_')).map(([number, name]) => [number, camelCase(name)]));
const timings = Object.fromEntries(
  Object.entries(names('LUMA_TIMING_')).map(([number, name]) => [number, camelCase(name)]));
const outcomes = names('LUMA_OUTCOME_');
const runStatuses = names('LUMA_RUN_');
const date = (ms) => (ms < 0 ? undefined : new Date(ms));
const duration = (ms) => (ms < 0 ? undefined : ms);
const list = (count, element) => Array.from({ length: count }, (_, index) => element(index));

const mark = `\0${randomUUID()}`;

/** Parses JSON. Integers beyond 2^53 become BigInts. */
function parse(json) {
  const big = json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?![\d.eE])|-?\d[\d.eE+-]*/g, (token) =>
    /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? JSON.stringify(mark + token) : token);
  return JSON.parse(big, (_, value) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value);
}

class LumaResult {
  #json;
  #data;

  constructor(p) {
    this.status = native.luma_result_status(p);
    this.code = native.luma_status_name(this.status);
    this.outcome = outcomes[native.luma_result_outcome(p)];
    this.httpStatus = native.luma_result_http_status(p) || undefined;
    this.message = native.luma_result_message(p);
    this.reasons = list(native.luma_result_error_count(p), (i) => native.luma_result_error(p, i));
    this.retryAfter = duration(native.luma_result_retry_after_ms(p));
    this.requestId = native.luma_result_request_id(p);
    this.attempts = native.luma_result_attempts(p);
    this.connectionReused = native.luma_result_connection_reused(p) !== 0;
    this.timings = Object.fromEntries(Object.entries(timings).map(([number, name]) => {
      const microseconds = native.luma_result_timing_us(p, Number(number));
      return [name, microseconds < 0 ? undefined : microseconds / 1000];
    }));
    this.duration = this.timings.total;
    this.#json = native.luma_result_json(p);
  }

  get json() {
    return this.#json;
  }

  get data() {
    return (this.#data ??= this.#json === '' ? undefined : parse(this.#json));
  }

  toString() {
    return this.message;
  }
}

class Trigger extends LumaResult {
  constructor(p) {
    super(p);
    this.triggerId = native.luma_result_trigger_id(p);
    this.alreadyAccepted = this.status === LUMA_ALREADY_ACCEPTED;
    this.journalTime = date(native.luma_result_journal_time_ms(p));
    this.recorded = native.luma_result_journal_recorded(p) !== 0;
  }
}

class Run extends LumaResult {
  constructor(p, triggerId) {
    super(p);
    this.triggerId = triggerId;
    this.runStatus = runStatuses[native.luma_result_run_status(p)];
    this.runStatusText = native.luma_result_run_status_text(p);
    this.startTime = date(native.luma_result_run_start_time_ms(p));
    this.endTime = date(native.luma_result_run_end_time_ms(p));
    this.timeSpent = duration(native.luma_result_run_time_spent_ms(p));
    this.pollCount = native.luma_result_poll_count(p);
    this.parameters = list(native.luma_result_parameter_count(p), (i) => ({
      name: native.luma_result_parameter_name(p, i),
      value: native.luma_result_parameter_value(p, i),
      dataType: native.luma_result_parameter_data_type(p, i),
      caption: native.luma_result_parameter_caption(p, i),
      description: native.luma_result_parameter_description(p, i),
    }));
  }
}

class Steps extends LumaResult {
  constructor(p) {
    super(p);
    this.steps = list(native.luma_result_step_count(p), (i) => ({
      id: native.luma_result_step_id(p, i),
      name: native.luma_result_step_name(p, i),
      status: runStatuses[native.luma_result_step_status(p, i)],
      statusText: native.luma_result_step_status_text(p, i),
      startTime: date(native.luma_result_step_start_time_ms(p, i)),
      endTime: date(native.luma_result_step_end_time_ms(p, i)),
      timeSpent: duration(native.luma_result_step_time_spent_ms(p, i)),
    }));
  }
}

class StepDetails extends Steps {
  constructor(p) {
    super(p);
    this.step = this.steps[0];
  }
}

class Definitions extends LumaResult {
  constructor(p) {
    super(p);
    this.definitions = list(native.luma_result_definition_count(p), (i) => ({
      identifier: native.luma_result_definition_identifier(p, i),
      name: native.luma_result_definition_name(p, i),
      description: native.luma_result_definition_description(p, i),
      parameters: list(native.luma_result_definition_parameter_count(p, i), (j) => ({
        name: native.luma_result_definition_parameter_name(p, i, j),
        dataType: native.luma_result_definition_parameter_data_type(p, i, j),
        required: native.luma_result_definition_parameter_required(p, i, j) !== 0,
        caption: native.luma_result_definition_parameter_caption(p, i, j),
        description: native.luma_result_definition_parameter_description(p, i, j),
      })),
    }));
  }
}

class Secret extends LumaResult {
  #bytes;

  constructor(p, getter) {
    super(p);
    this.#bytes = Buffer.from(native[getter](p));
  }

  bytes() {
    return Buffer.from(this.#bytes);
  }

  dispose() {
    this.#bytes.fill(0);
    this.#bytes = Buffer.alloc(0);
  }
}

class Connection extends LumaResult {
  constructor(p) {
    super(p);
    this.peerAddress = native.luma_result_peer_address(p);
    this.tlsVersion = native.luma_result_tls_version(p) || undefined;
    this.certificateExpires = date(native.luma_result_certificate_expires_ms(p));
  }
}

class JournalEntry {
  constructor(data) {
    this.key = data.key;
    this.state = data.state;
    this.triggerId = data.triggerId;
    this.time = data.time === undefined ? undefined : new Date(data.time);
    this.acknowledged = data.acknowledged === true;
    this.data = data;
  }
}

/** Reads a result and frees it. */
function take(p, read) {
  try {
    return read(p);
  } finally {
    native.luma_result_free(p);
  }
}

class LumaError extends Error {
  constructor(message, { status, outcome = 'NOT_SENT', reasons = [], result, ...options }) {
    super(message, options);
    this.name = new.target.name;
    this.status = status;
    this.code = native.luma_status_name(status);
    this.outcome = outcome;
    this.reasons = reasons;
    Object.defineProperty(this, 'result', { value: result, enumerable: false });
  }
}

class RejectedError extends LumaError {}
class NotSentError extends LumaError {}
class UnknownError extends LumaError {}
class InvalidArgumentError extends LumaError {}
class JournalError extends LumaError {}
class CallError extends LumaError {}
class RunError extends LumaError {}
class WaitTimeoutError extends RunError {}

const isMistake = (status) => status >= 1 && status <= 99;
const isOfJournal = (status) => status >= 300 && status <= 399;

function failure(Type, result, cause) {
  return new Type(result.message, { ...result, result, ...(cause === undefined ? {} : { cause }) });
}

/** The error for a call that is neither a trigger nor about a run. */
function callError(result) {
  if (isMistake(result.status)) return failure(InvalidArgumentError, result);
  return failure(isOfJournal(result.status) ? JournalError : CallError, result);
}

function triggerError(result, cause) {
  const { status, outcome } = result;
  if (isMistake(status) && status !== LUMA_ERROR_ACCESS_TOKEN) return failure(InvalidArgumentError, result);
  return failure({ REJECTED: RejectedError, NOT_SENT: NotSentError }[outcome] ?? UnknownError, result, cause);
}

function runError(result, triggerId) {
  const { status } = result;
  if (isMistake(status) && status !== LUMA_ERROR_ACCESS_TOKEN) return failure(InvalidArgumentError, result);
  const error = failure(status === LUMA_ERROR_WAIT_TIMEOUT ? WaitTimeoutError : RunError, result);
  error.triggerId = triggerId;
  return error;
}

function checkReason(reason) {
  if (reason[0]) throw callError(take(reason[0], (p) => new LumaResult(p)));
}

/** For functions that give no reason. */
function check(status, message) {
  if (status !== LUMA_OK) {
    throw new InvalidArgumentError(message || native.luma_status_message(status), { status });
  }
}

/**
 * Log lines, by way of a file of their own. A callback from one of libuv's threads would wait for
 * this one, and wait for ever if the process ends meanwhile.
 */
class Log {
  #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'luma-'));
  #files = [];
  #listener;

  constructor(listener) {
    this.#listener = listener;
    this.path = path.join(this.#folder, 'log');
  }

  /** Reports the new lines. Returns what the listener threw. */
  report() {
    let thrown;
    if (this.#files.length === 0 && fs.existsSync(this.path)) {
      this.#files.push({ fd: fs.openSync(this.path, 'r'), offset: 0, rest: '' });
    }
    for (const file of this.#files) {
      const chunk = Buffer.alloc(fs.fstatSync(file.fd).size - file.offset);
      file.offset += fs.readSync(file.fd, chunk, 0, chunk.length, file.offset);
      const lines = (file.rest + chunk.toString('latin1')).split('\n');
      file.rest = lines.pop();
      for (const line of lines) {
        const { level, requestId: id, message } = JSON.parse(Buffer.from(line, 'latin1').toString());
        try {
          this.#listener(level.toLowerCase(), id ? `[${id}] ${message}` : message);
        } catch (error) {
          thrown ??= { error };
        }
      }
    }
    this.#rotate();
    return thrown;
  }

  /** Starts a new file. The old one is read once more, for a line that is just being written. */
  #rotate() {
    if (this.#files.length === 2) fs.closeSync(this.#files.shift().fd);
    if (this.#files.length === 1 && this.#files[0].offset > 1024 * 1024) {
      fs.unlinkSync(this.path);
      fs.writeFileSync(this.path, '', { mode: 0o600 });
      this.#files.push({ fd: fs.openSync(this.path, 'r'), offset: 0, rest: '' });
    }
  }

  remove() {
    this.#files.splice(0).forEach(({ fd }) => fs.closeSync(fd));
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }
}

const logLevels = names('LUMA_LOG_');
const logLevel = (name) => {
  const found = Object.keys(logLevels).find((number) => logLevels[number].toLowerCase() === name);
  if (found === undefined) throw invalid('level must be "off", "error", "warn", "info" or "debug"');
  return Number(found);
};

const setNumber = (name) => (config, value, option) => native[name](config, integer(value, option));
const setText = (name) => (config, value, option) => native[name](config, text(value, option));
const setFlag = (name) => (config, value) => native[name](config, value ? 1 : 0);
const setPair = (name) => (config, { chain, key }) => native[name](config, text(chain, 'chain'), text(key, 'key'));

const settings = {
  timeout: setNumber('luma_config_set_timeout_ms'),
  connectTimeout: setNumber('luma_config_set_connect_timeout_ms'),
  maxResponseBytes: setNumber('luma_config_set_max_response_bytes'),
  triggerMaxIdle: setNumber('luma_config_set_trigger_max_idle_ms'),
  readMaxIdle: setNumber('luma_config_set_read_max_idle_ms'),
  maxIdleConnections: setNumber('luma_config_set_max_idle_connections'),
  retries: setFlag('luma_config_set_retries'),
  allowHttp: setFlag('luma_config_set_allow_http'),
  caFile: setText('luma_config_set_ca_file'),
  caPem: setText('luma_config_set_ca_pem'),
  addCaFile: setText('luma_config_add_ca_file'),
  addCaPem: setText('luma_config_add_ca_pem'),
  clientCertificateFile: setPair('luma_config_set_client_certificate_file'),
  clientCertificatePem: setPair('luma_config_set_client_certificate_pem'),
  proxy: setText('luma_config_set_proxy'),
  autoProxy: setFlag('luma_config_set_auto_proxy'),
  applicationId: setText('luma_config_set_application_id'),
  authScheme(config, value) {
    const schemes = { bearer: constants.LUMA_AUTH_BEARER, apiAccessKey: constants.LUMA_AUTH_API_ACCESS_KEY };
    return native.luma_config_set_auth_scheme(config, schemes[value] ?? 0);
  },
  headers(config, value) {
    for (const [name, content] of members(value, 'headers')) {
      const status = native.luma_config_add_header(config, text(name, 'name'), text(content, name));
      if (status !== LUMA_OK) return status;
    }
    return LUMA_OK;
  },
  logFile(config, { level = 'info', path: file, json = false }) {
    const set = json ? native.luma_config_log_to_json_file : native.luma_config_log_to_file;
    return set(config, logLevel(level), text(file, 'path'));
  },
};

/** Where a configuration comes from, other than from URL and token. */
class Source {
  constructor(create) {
    this.create = create;
  }
}

/** What returns a promise never throws: wrong arguments reject it too. */
class Client {
  #handle;
  #log;
  #tokenProvider;
  #token; // the one that the provider returned last
  #asking;
  #retries;
  #entry;

  constructor(baseUrl, accessToken, options = {}) {
    if (baseUrl instanceof Source) {
      this.#open(baseUrl.create, options);
      return;
    }
    // A provider replaces the token before the first call.
    const token = options.tokenProvider ? 'none' : text(accessToken, 'accessToken');
    const url = text(baseUrl, 'baseUrl');
    this.#open((out, reason) => native.luma_config_new_with_reason(url, token, out, reason), options);
  }

  static fromFile(file, { profile, ...options } = {}) {
    const name = optionalText(profile, 'profile');
    const place = optionalText(file, 'file');
    const create = (out, reason) => native.luma_config_new_from_file(place, name, out, reason);
    return new Client(new Source(create), undefined, options);
  }

  static fromEnvironment(options) {
    return new Client(new Source(native.luma_config_new_from_environment), undefined, options);
  }

  #open(create, { log, tokenProvider, ...options }) {
    const out = [null];
    const reason = [null];
    create(out, reason);
    checkReason(reason);
    const [config] = out;
    try {
      for (const [name, value] of Object.entries(options)) {
        if (!Object.hasOwn(settings, name)) throw invalid(`there is no option ${name}`);
        if (value !== undefined) {
          check(settings[name](config, value, name), native.luma_config_message(config));
        }
      }
      if (log) {
        if (typeof log.listener !== 'function') throw invalid('log.listener must be a function');
        if (options.logFile) throw invalid('log and logFile exclude each other');
        const level = logLevel(log.level ?? 'info');
        this.#log = new Log(log.listener);
        check(native.luma_config_log_to_json_file(config, level, this.#log.path));
      }
      native.luma_client_new_with_reason(config, out, reason);
      checkReason(reason);
      this.journalFolder = native.luma_config_journal_folder(config) || undefined;
    } catch (error) {
      this.#log?.remove();
      throw error;
    } finally {
      native.luma_config_free(config);
    }
    this.#tokenProvider = tokenProvider;
    this.#retries = options.retries ?? true;
    const entry = { handle: undefined, log: this.#log, closing: new AbortController() };
    entry.handle = new Handle('client', out[0], (pointer) => {
      native.luma_client_free(pointer);
      entry.log?.report();
      entry.log?.remove();
      open.delete(entry);
    });
    this.#handle = entry.handle;
    this.#entry = entry;
    open.add(entry);
    registry.register(this, this.#handle, this);
  }

  static get version() {
    return native.luma_version();
  }

  setAccessToken(accessToken) {
    const token = text(accessToken, 'accessToken');
    const reason = [null];
    this.#handle.use((p) => native.luma_client_set_access_token_with_reason(p, token, reason));
    checkReason(reason);
  }

  async connect(options) {
    return this.#call('luma_client_connect', [], options, (p) => new Connection(p), callError);
  }

  async trigger(workflow, variables = {}, options = {}) {
    const request = newRequest(workflow, variables, options);
    try {
      return await this.#call('luma_trigger_workflow', [request], options, (p) => new Trigger(p), triggerError);
    } finally {
      native.luma_trigger_request_free(request);
    }
  }

  async triggerOnce(journal, key, workflow, variables = {}, options = {}) {
    const name = text(key, 'key');
    const request = newRequest(workflow, variables, options);
    try {
      const handle = Journal.handle(journal);
      const pointer = handle.acquire();
      try {
        return await this.#call('luma_trigger_workflow_once', [pointer, name, request], options,
          (p) => new Trigger(p), triggerError);
      } finally {
        handle.release();
      }
    } finally {
      native.luma_trigger_request_free(request);
    }
  }

  async wait(triggerId, { onPoll, ...options } = {}) {
    let last;
    for await (const run of this.watch(triggerId, options)) {
      await onPoll?.(run);
      last = run;
    }
    return last;
  }

  async *watch(triggerId, { timeout = 0, untilSuspended = false, signal, ...options } = {}) {
    const id = text(triggerId, 'triggerId');
    checkSignal(signal);
    const end = performance.now() + integer(timeout, 'timeout');
    const stop = new AbortController();
    await this.#firstToken((result) => runError(result, id), signal);
    let wait = this.#openWait(id, timeout, untilSuspended, options);
    let used = this.#token;
    const forget = whenAborted(signal, () => {
      wait.cancel();
      stop.abort(signal.reason);
    });
    try {
      for (;;) {
        const run = await aborted(stop.signal, wait.poll(stop.signal));
        if (run.status === LUMA_OK || run.status === LUMA_ERROR_WAIT_OPEN) {
          yield run;
          if (run.status === LUMA_OK) return;
          await aborted(stop.signal, pause(wait.nextPoll(), wait));
        } else if (run.status === LUMA_ERROR_UNAUTHORIZED && await aborted(stop.signal, this.#renewToken(used))) {
          wait.close();
          used = this.#token;
          const left = Math.max(1, Math.ceil(end - performance.now()));
          wait = this.#openWait(id, timeout === 0 ? 0 : left, untilSuspended, options);
        } else {
          throw runError(run, id);
        }
      }
    } finally {
      forget();
      wait.close();
    }
  }

  #openWait(triggerId, timeout, untilSuspended, options) {
    const scope = this.#handle.use((client) => this.#derive(client, options, true));
    const out = [null];
    try {
      check(native.luma_wait_new(scope, triggerId, timeout, out));
    } catch (error) {
      native.luma_client_free(scope);
      throw error;
    }
    native.luma_wait_set_until_suspended(out[0], untilSuspended ? 1 : 0);
    const handle = new Handle('wait', out[0], (p) => {
      native.luma_wait_free(p);
      native.luma_client_free(scope);
    });
    let polling = false;
    const wait = {
      wake: undefined,
      poll: async (signal) => {
        const pointer = handle.acquire();
        polling = true;
        try {
          const result = [null];
          await onThread('poll', () => {
            signal.throwIfAborted(); // while it waited for a thread
            return invoke('luma_wait_poll', [pointer, result]);
          }, signal);
          const run = take(result[0], (p) => new Run(p, triggerId));
          this.#report(run);
          return run;
        } finally {
          polling = false;
          handle.release();
        }
      },
      nextPoll: () => handle.use(native.luma_wait_next_poll_ms),
      cancel: () => {
        if (!handle.closed) native.luma_client_close(scope);
      },
      /** Wakes it if its client was closed. */
      endIfClosed: () => {
        if (!polling) wait.wake?.();
      },
      close: () => {
        this.#entry.waits?.delete(wait);
        wait.cancel();
        handle.close();
      },
    };
    (this.#entry.waits ??= new Set()).add(wait);
    return wait;
  }

  waitSet({ maxPollsPerSecond = 20 } = {}) {
    const out = [null];
    check(this.#handle.use((client) => native.luma_wait_set_new(client, out)));
    const handle = new Handle('set of waits', out[0], native.luma_wait_set_free);
    try {
      const polls = integer(maxPollsPerSecond, 'maxPollsPerSecond');
      check(handle.use((set) => native.luma_wait_set_max_polls_per_second(set, polls)));
    } catch (error) {
      handle.close();
      throw error;
    }
    return new WaitSet(handle, Number(maxPollsPerSecond), {
      firstToken: (signal) => this.#firstToken(callError, signal),
      token: () => this.#token,
      renewToken: (used) => this.#renewToken(used),
      report: (result) => this.#report(result),
    });
  }

  async getHistory(triggerId, options) {
    return this.#runCall('luma_get_workflow_history', triggerId, [], options, (p) => new Run(p, triggerId));
  }

  async listSteps(triggerId, { filter, orderBy, skip = 0, top = 0, ...options } = {}) {
    return this.#runCall('luma_list_workflow_steps', triggerId, [optionalText(filter, 'filter'),
      optionalText(orderBy, 'orderBy'), integer(skip, 'skip'), integer(top, 'top')], options, (p) => new Steps(p));
  }

  async getStep(triggerId, stepId, options) {
    return this.#runCall('luma_get_workflow_step', triggerId, [text(stepId, 'stepId')], options,
      (p) => new StepDetails(p));
  }

  async generateLaunchUrl(triggerId, options) {
    return this.#runCall('luma_generate_launch_url', triggerId, [], options,
      (p) => new Secret(p, 'luma_result_launch_url'));
  }

  async listDefinitions({ filter, orderBy, skip = 0, top = 0, ...options } = {}) {
    return this.#call('luma_list_workflow_definitions', [optionalText(filter, 'filter'),
      optionalText(orderBy, 'orderBy'), integer(skip, 'skip'), integer(top, 'top')], options,
    (p) => new Definitions(p), callError);
  }

  async regenerateTenantToken(superAdminToken, tenantExternalId, options) {
    return this.#call('luma_regenerate_tenant_token',
      [text(superAdminToken, 'superAdminToken'), text(tenantExternalId, 'tenantExternalId')], options,
      (p) => new Secret(p, 'luma_result_access_token'), callError);
  }

  counters() {
    return this.#handle.use((p) => Object.fromEntries(Object.entries(counters)
      .map(([number, name]) => [name, Number(native.luma_client_counter(p, Number(number)))])));
  }

  /** Not one of the limited calls: it waits for those. */
  async drain(timeout) {
    const limit = integer(timeout, 'timeout');
    const client = this.#handle.acquire();
    let status;
    try {
      status = await invoke('luma_client_drain', [client, limit]);
    } finally {
      this.#handle.release();
    }
    if (status !== LUMA_ERROR_CANCELLED) check(status);
    this.close();
    return status === LUMA_OK;
  }

  cancel() {
    this.#handle.use(native.luma_client_cancel);
    this.#entry.waits?.forEach((wait) => wait.endIfClosed());
  }

  close() {
    if (this.#handle.closed) return;
    this.#handle.use(native.luma_client_close);
    registry.unregister(this);
    this.#handle.close();
    this.#entry.closing.abort(new Error('the client is closed'));
    this.#entry.waits?.forEach((wait) => wait.endIfClosed());
  }

  async #runCall(name, triggerId, args, options, read) {
    const id = text(triggerId, 'triggerId');
    return this.#call(name, [id, ...args], options, read, (result) => runError(result, id));
  }

  /** A client with the options of one call. Free it. */
  #derive(client, { timeout, requestId, ...others }, ownCancel) {
    for (const name of Object.keys(others)) throw invalid(`there is no option ${name}`);
    const steps = [];
    if (ownCancel) steps.push((p, out) => native.luma_client_with_own_cancel(p, out));
    if (timeout !== undefined) {
      steps.push((p, out) => native.luma_client_with_timeout_ms(p, integer(timeout, 'timeout'), out));
    }
    if (requestId !== undefined) {
      steps.push((p, out) => native.luma_client_with_request_id(p, text(requestId, 'requestId'), out));
    }
    let derived = null;
    for (const step of steps) {
      const out = [null];
      const status = step(derived ?? client, out);
      if (derived) native.luma_client_free(derived);
      check(status);
      derived = out[0];
    }
    return derived;
  }

  async #call(name, args, callOptions = {}, read, error) {
    const { signal, initiator, initiationInfo, secretVariables, excludeFromDigest, ...options } = callOptions;
    checkSignal(signal);
    const client = this.#handle.acquire();
    let result;
    try {
      await this.#firstToken(error, signal);
      const used = this.#token;
      const once = () => this.#once(client, name, args, options, signal, read);
      result = await once();
      // A 401 on a new connection certainly belongs to this request; on a used one it may be a copy
      // of an earlier response, and only a read is repeated. The library is as careful.
      if (result.status === LUMA_ERROR_UNAUTHORIZED && result.outcome === 'REJECTED'
          && name !== 'luma_regenerate_tenant_token' && await this.#renewToken(used)
          && !signal?.aborted && this.#retries && (!result.connectionReused || /^luma_(get|list)_/.test(name))) {
        result = await once();
      }
      this.#report(result);
    } finally {
      this.#handle.release();
    }
    if (result.status !== LUMA_OK && result.status !== LUMA_ALREADY_ACCEPTED) {
      // After a trigger, the outcome is what counts.
      if (signal?.aborted && error !== triggerError) throw signal.reason;
      throw error(result, signal?.aborted ? signal.reason : undefined);
    }
    return result;
  }

  async #once(client, name, args, options, signal, read) {
    const derived = this.#derive(client, options, signal !== undefined);
    const forget = whenAborted(signal, () => native.luma_client_close(derived));
    try {
      const out = [null];
      await onThread('call', () => invoke(name, [derived ?? client, ...args, out]), signal);
      return take(out[0], read);
    } finally {
      forget();
      if (derived) native.luma_client_free(derived);
    }
  }

  /** Asks the token provider before the first call. */
  async #firstToken(error, signal) {
    if (!this.#tokenProvider || this.#token !== undefined) return;
    const asked = this.#askForToken();
    const { refusal } = await (signal ? aborted(signal, asked) : asked);
    signal?.throwIfAborted();
    if (refusal) throw error(refusal);
  }

  /** Asks the token provider after a 401. False if it has no other token than the one of the call. */
  async #renewToken(used) {
    if (!this.#tokenProvider) return false;
    if (this.#token !== used) return true; // another call has asked meanwhile
    const { refusal } = await this.#askForToken();
    return !refusal && this.#token !== used;
  }

  /** Asks once for all calls that need it at the same time. */
  #askForToken() {
    this.#asking ??= (async () => {
      try {
        const provided = Promise.resolve(this.#tokenProvider());
        const token = text((await aborted(this.#entry.closing.signal, provided)) ?? '', 'the token');
        const reason = [null];
        this.#handle.use((p) => native.luma_client_set_access_token_with_reason(p, token, reason));
        if (reason[0]) return { refusal: take(reason[0], (p) => new LumaResult(p)) };
        this.#token = token;
        return {};
      } finally {
        this.#asking = undefined;
      }
    })();
    return this.#asking;
  }

  /** Reports log lines. Throws what the listener threw, with the result of the call. */
  #report(result) {
    const thrown = this.#log?.report();
    if (!thrown) return;
    const error = thrown.error instanceof Error ? thrown.error
      : new Error('the log listener threw', { cause: thrown.error });
    error.lumaResult = result;
    throw error;
  }
}

/** Checks an object of names and values. An array or a Map would be read as something else. */
function members(value, name) {
  if (typeof value !== 'object' || value === null || Symbol.iterator in value) {
    throw invalid(`${name} must be an object`, 'ERR_INVALID_ARG_TYPE');
  }
  return Object.entries(value);
}

function newRequest(workflow, variables, { initiator, initiationInfo = {}, secretVariables = {}, excludeFromDigest = [] }) {
  const out = [null];
  const reason = [null];
  native.luma_trigger_request_new_with_reason(text(workflow, 'workflow'), out, reason);
  checkReason(reason);
  const [request] = out;
  const set = (name, ...args) => check(native[name](request, ...args), native.luma_trigger_request_message(request));
  try {
    for (const [name, value] of members(variables, 'variables')) setVariable(set, text(name, 'name'), value);
    for (const [name, value] of members(secretVariables, 'secretVariables')) {
      set('luma_trigger_request_set_secret_variable', text(name, 'name'), text(value, name));
    }
    if (initiator) {
      set('luma_trigger_request_set_initiator', integer(initiator.contactId, 'contactId'),
        integer(initiator.applicationId, 'applicationId'));
    }
    for (const [key, value] of members(initiationInfo, 'initiationInfo')) {
      set('luma_trigger_request_set_initiation_info', text(key, 'key'), text(value, key));
    }
    for (const name of excludeFromDigest) set('luma_trigger_request_exclude_from_digest', text(name, 'name'));
  } catch (error) {
    native.luma_trigger_request_free(request);
    throw error;
  }
  return request;
}

function setVariable(set, name, value) {
  if (typeof value === 'string') {
    set('luma_trigger_request_set_variable', name, text(value, name));
  } else if (typeof value === 'bigint') {
    set('luma_trigger_request_set_variable_int64', name, integer(value, name));
  } else if (typeof value === 'number' && !Number.isFinite(value)) {
    throw invalid(`${name} must be finite`);
  } else {
    const json = JSON.stringify(value);
    if (json === undefined) throw invalid(`${name} has no JSON`, 'ERR_INVALID_ARG_TYPE');
    set('luma_trigger_request_set_variable_json', name, json);
  }
}

/** Resolves or rejects like a promise, or rejects at once when the signal is aborted. */
function aborted(signal, promise) {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    promise.finally(whenAborted(signal, onAbort)).then(resolve, reject);
  });
}

function pause(milliseconds, wait) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.min(milliseconds, 2 ** 31 - 1));
    wait.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/**
 * Follows many runs. The library would sleep on a thread until the next poll is due; instead, this
 * class asks it again and again for one poll, and blocks a thread only for that.
 */
class WaitSet {
  #handle;
  #client;
  #pause;
  #found = []; // also what an aborted call has found

  constructor(handle, maxPollsPerSecond, client) {
    this.#handle = handle;
    this.#client = client;
    this.#pause = Math.max(1, Math.min(25, 500 / maxPollsPerSecond)); // milliseconds
    registry.register(this, handle, this);
  }

  get size() {
    return this.#handle.closed ? 0 : Number(this.#handle.use(native.luma_wait_set_count));
  }

  add(triggerId, { timeout = 0, ...others } = {}) {
    for (const name of Object.keys(others)) throw invalid(`there is no option ${name}`);
    const id = text(triggerId, 'triggerId');
    const limit = integer(timeout, 'timeout');
    const status = this.#handle.use((set) => native.luma_wait_set_add(set, id, limit, null));
    if (status !== LUMA_ERROR_ALREADY_IN_SET) check(status);
    return status === LUMA_OK;
  }

  remove(triggerId) {
    const id = text(triggerId, 'triggerId');
    const status = this.#handle.use((set) => native.luma_wait_set_remove(set, id));
    if (status !== LUMA_ERROR_NOT_IN_SET) check(status);
    return status === LUMA_OK;
  }

  async next({ signal, timeout, ...others } = {}) {
    for (const name of Object.keys(others)) throw invalid(`there is no option ${name}`);
    checkSignal(signal);
    const end = timeout === undefined ? Infinity : performance.now() + Number(integer(timeout, 'timeout'));
    const until = (promise) => (signal ? aborted(signal, promise) : promise);
    await this.#client.firstToken(signal);
    for (;;) {
      if (this.#found.length > 0) return this.#found.shift();
      if (this.#handle.closed || await until(this.#poll()) === LUMA_ERROR_SET_EMPTY) return undefined;
      if (this.#found.length > 0) continue;
      if (performance.now() >= end) return undefined;
      await until(new Promise((resolve) => setTimeout(resolve, this.#pause)));
    }
  }

  async *[Symbol.asyncIterator]() {
    for (let event = await this.next(); event; event = await this.next()) yield event;
  }

  /** Makes a poll if one is due, and keeps what it has found. */
  async #poll() {
    const used = this.#client.token();
    const set = this.#handle.acquire();
    const out = [null];
    let status;
    try {
      status = await onThread('poll', () => invoke('luma_wait_set_next', [set, 0, out, [null]]));
    } finally {
      this.#handle.release();
    }
    const run = take(out[0], (p) => new Run(p, native.luma_result_trigger_id(p)));
    if (run.triggerId || !NO_EVENT.has(status)) {
      if (status === LUMA_ERROR_CANCELLED && !run.triggerId) throw callError(run);
      const isRenewed = status === LUMA_ERROR_UNAUTHORIZED && await this.#client.renewToken(used);
      if (!isRenewed) this.#found.push(new WaitEvent(run));
    }
    this.#client.report(run);
    return status;
  }

  close() {
    if (this.#handle.closed) return;
    this.#handle.use(native.luma_wait_set_close);
    registry.unregister(this);
    this.#handle.close();
  }
}

const NO_EVENT = new Set([constants.LUMA_ERROR_NOTHING_CHANGED, constants.LUMA_ERROR_WOKEN, LUMA_ERROR_SET_EMPTY,
  constants.LUMA_ERROR_SET_CLOSED]);

class WaitEvent {
  constructor(run) {
    const { status } = run;
    this.triggerId = run.triggerId || undefined;
    this.run = run;
    this.hasEnded = this.triggerId !== undefined && status !== LUMA_ERROR_WAIT_OPEN;
    if (status === LUMA_OK || status === LUMA_ERROR_WAIT_OPEN) this.error = undefined;
    else this.error = this.triggerId ? runError(run, run.triggerId) : failure(CallError, run);
  }
}

class Journal {
  #handle;

  static handle(journal) {
    return journal.#handle;
  }

  static async create(folder, baseUrl) {
    const reason = [null];
    const args = [text(folder, 'folder'), text(baseUrl, 'baseUrl'), reason];
    await onThread('call', () => invoke('luma_journal_create', args));
    checkReason(reason);
  }

  static async open(folder) {
    const out = [null];
    const reason = [null];
    const args = [text(folder, 'folder'), out, reason];
    await onThread('call', () => invoke('luma_journal_open', args));
    checkReason(reason);
    return new Journal(out[0]);
  }

  constructor(pointer) {
    this.#handle = new Handle('journal', pointer, native.luma_journal_free);
    registry.register(this, this.#handle, this);
  }

  async #result(name, ...args) {
    const out = [null];
    const journal = this.#handle.acquire();
    try {
      await onThread('call', () => invoke(name, [journal, ...args, out]));
    } finally {
      this.#handle.release();
    }
    return take(out[0], (p) =>
      Object.assign(new LumaResult(p), { count: native.luma_result_journal_count(p) }));
  }

  async #checked(name, ...args) {
    const result = await this.#result(name, ...args);
    if (result.status !== LUMA_OK) throw callError(result);
    return result;
  }

  async find(key) {
    const result = await this.#result('luma_journal_find', text(key, 'key'));
    if (result.status === LUMA_ERROR_KEY_NOT_FOUND) return undefined;
    if (result.status !== LUMA_OK) throw callError(result);
    return new JournalEntry(result.data);
  }

  async unfinished() {
    const result = await this.#checked('luma_journal_unfinished');
    return result.data.entries.map((entry) => new JournalEntry(entry));
  }

  async acknowledge(key) {
    const result = await this.#checked('luma_journal_acknowledge', text(key, 'key'));
    return new JournalEntry(result.data);
  }

  async resolve(key, { triggerId, who, reason }) {
    const id = triggerId === null ? null : text(triggerId, 'triggerId');
    const result = await this.#checked('luma_journal_resolve', text(key, 'key'), id,
      text(who, 'who'), text(reason, 'reason'));
    return new JournalEntry(result.data);
  }

  async newAttempt(key, { who, reason }) {
    const result = await this.#checked('luma_journal_new_attempt', text(key, 'key'),
      text(who, 'who'), text(reason, 'reason'));
    return new JournalEntry(result.data);
  }

  async prune(olderThan) {
    return (await this.#checked('luma_journal_prune', integer(olderThan, 'olderThan'))).count;
  }

  close() {
    registry.unregister(this);
    this.#handle.close();
  }
}

// Node.js has had the symbol since 18.18.
if (Symbol.dispose) {
  for (const Type of [Client, Journal, WaitSet]) Type.prototype[Symbol.dispose] = Type.prototype.close;
  Secret.prototype[Symbol.dispose] = Secret.prototype.dispose;
}

module.exports = {
  Client,
  Journal,
  WaitSet,
  LumaError,
  RejectedError,
  NotSentError,
  UnknownError,
  InvalidArgumentError,
  JournalError,
  CallError,
  RunError,
  WaitTimeoutError,
  constants,
};
