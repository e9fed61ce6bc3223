export { constants } from './native';

/** The certain effect of a request. */
export type Outcome = 'ACCEPTED' | 'REJECTED' | 'NOT_SENT' | 'UNKNOWN';

/** The status of a run or a step. `OTHER`: see the text beside it. */
export type RunStatus =
  | 'NONE' | 'RUNNING' | 'SUSPENDED' | 'ACTIVATED' | 'COMPLETED' | 'FAILED' | 'TERMINATED' | 'OTHER';

export type LogLevel = 'off' | 'error' | 'warn' | 'info' | 'debug';

/** The settings of a client. Times are in milliseconds. */
export interface ClientOptions {
  /** The longest time of a call. */
  timeout?: number;
  connectTimeout?: number;
  maxResponseBytes?: number;
  /** How long a connection may have been idle that a trigger uses. */
  triggerMaxIdle?: number;
  readMaxIdle?: number;
  maxIdleConnections?: number;
  /** Whether to retry where it cannot do harm; true by default. */
  retries?: boolean;
  /** Allows `http://` to other machines. */
  allowHttp?: boolean;
  /** Trusts these CAs instead of the system's. */
  caFile?: string;
  caPem?: string;
  /** Trusts these CAs in addition. */
  addCaFile?: string;
  addCaPem?: string;
  clientCertificateFile?: { chain: string; key: string };
  clientCertificatePem?: { chain: string; key: string };
  /** A URL, or `direct` for none. */
  proxy?: string;
  /** Whether Windows may find the proxy, by detection or with a PAC script. */
  autoProxy?: boolean;
  /** Such as `AcmeDesk/4.2`, for the User-Agent header. */
  applicationId?: string;
  authScheme?: 'bearer' | 'apiAccessKey';
  /** Added to every request. Their values are secrets. */
  headers?: Record<string, string>;
  /**
   * Returns the access token, before the first call and after HTTP 401. The client's own token is
   * then not used. What it throws is thrown by the call.
   */
  tokenProvider?: () => string | Promise<string>;
  /**
   * Receives the lines that a call has written, when it ends. What it throws is thrown by the call,
   * with the result of the call as `lumaResult`.
   */
  log?: { level?: LogLevel; listener: (level: LogLevel, line: string) => void };
  /** Appends the log to a file. */
  logFile?: { level?: LogLevel; path: string; json?: boolean };
}

/** The settings of one call. */
export interface CallOptions {
  /**
   * Ends the call with the signal's reason. A trigger that has begun throws NotSentError or
   * UnknownError instead, with the reason as cause.
   */
  signal?: AbortSignal;
  /** In milliseconds, instead of the client's. */
  timeout?: number;
  /** Sent as `X-Request-Id`, and in the log. */
  requestId?: string;
}

export interface TriggerOptions extends CallOptions {
  /** The contact on whose behalf the workflow runs. */
  initiator?: { contactId: number | bigint; applicationId: number | bigint };
  initiationInfo?: Record<string, string>;
  /** Variables whose values appear in no message, log or result. */
  secretVariables?: Record<string, string>;
  /** Variables that `triggerOnce` does not compare. */
  excludeFromDigest?: string[];
}

export interface ListOptions extends CallOptions {
  /** In the vendor's syntax, such as `status==FAILED`. */
  filter?: string;
  /** In the vendor's syntax, such as `startTime asc`. */
  orderBy?: string;
  skip?: number;
  /** The largest number of elements; 0 for all. */
  top?: number;
}

export interface WatchOptions {
  /** Ends the wait at once, with the signal's reason. The run goes on. */
  signal?: AbortSignal;
  /** The longest time to wait, in milliseconds; 0 for no limit. */
  timeout?: number;
  /** Also ends when the run is suspended. */
  untilSuspended?: boolean;
  requestId?: string;
}

export interface WaitOptions extends WatchOptions {
  /** Called after each poll, and awaited. What it throws ends the wait. */
  onPoll?: (run: Run) => void | Promise<void>;
}

/** A string, number, boolean, null, array or object becomes JSON, a bigint a 64-bit integer. */
export type Variable = unknown;

export interface LumaResult {
  /** 0 for a success, else one of `constants.LUMA_ERROR_*`. */
  readonly status: number;
  /** The name of the status. */
  readonly code: string;
  readonly outcome: Outcome;
  readonly httpStatus: number | undefined;
  /** One line for a log, without secrets. */
  readonly message: string;
  /** The errors in the gateway's response. */
  readonly reasons: string[];
  /** Milliseconds. */
  readonly retryAfter: number | undefined;
  readonly requestId: string;
  readonly attempts: number;
  readonly connectionReused: boolean;
  /** Milliseconds. */
  readonly duration: number;
  /** How long the parts of the call took, in milliseconds; undefined for one that did not happen. */
  readonly timings: Readonly<Record<'dns' | 'connect' | 'tls' | 'firstByte' | 'total', number | undefined>>;
  /** The response, with `[secret]` in place of secrets. */
  readonly json: string;
  /** The parsed response. Integers beyond 2^53 are bigints. */
  readonly data: any;
  toString(): string;
}

export interface Trigger extends LumaResult {
  readonly triggerId: string;
  /** True if `triggerOnce` sent nothing, because the key was accepted before. */
  readonly alreadyAccepted: boolean;
  /** When the key of `triggerOnce` was accepted. */
  readonly journalTime: Date | undefined;
  /** True if the journal has the outcome. */
  readonly recorded: boolean;
}

export interface Parameter {
  readonly name: string;
  readonly dataType: string;
  readonly caption: string;
  readonly description: string;
}

export interface Run extends LumaResult {
  readonly triggerId: string;
  readonly runStatus: RunStatus;
  readonly runStatusText: string;
  readonly startTime: Date | undefined;
  readonly endTime: Date | undefined;
  /** Milliseconds. */
  readonly timeSpent: number | undefined;
  readonly pollCount: number;
  readonly parameters: (Parameter & { readonly value: string })[];
}

export interface Step {
  readonly id: string;
  readonly name: string;
  readonly status: RunStatus;
  readonly statusText: string;
  readonly startTime: Date | undefined;
  readonly endTime: Date | undefined;
  readonly timeSpent: number | undefined;
}

export interface Steps extends LumaResult {
  readonly steps: Step[];
}

export interface StepDetails extends LumaResult {
  readonly step: Step;
}

export interface Definition {
  readonly identifier: string;
  readonly name: string;
  readonly description: string;
  readonly parameters: (Parameter & { readonly required: boolean })[];
}

export interface Definitions extends LumaResult {
  readonly definitions: Definition[];
}

/** A launch URL, or a new access token. */
export interface Secret extends LumaResult {
  /** A copy of the secret in UTF-8. */
  bytes(): Buffer;
  /** Wipes the secret. */
  dispose(): void;
  [Symbol.dispose](): void;
}

export interface Connection extends LumaResult {
  readonly peerAddress: string;
  readonly tlsVersion: string | undefined;
  readonly certificateExpires: Date | undefined;
}

export interface Counters {
  readonly callsAccepted: number;
  readonly callsRejected: number;
  readonly callsNotSent: number;
  readonly callsUnknown: number;
  readonly retries: number;
  readonly connectionsOpened: number;
  readonly connectionsReused: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly waitsOpen: number;
}

/** A client of the gateway. */
export class Client {
  constructor(baseUrl: string, accessToken: string, options?: ClientOptions);
  constructor(baseUrl: string, accessToken: undefined,
    options: ClientOptions & { tokenProvider: () => string | Promise<string> });
  /** The settings of a configuration file; undefined for the default file. */
  static fromFile(file?: string, options?: ClientOptions & { profile?: string }): Client;
  /** The settings of the environment, and of the configuration file that it selects. */
  static fromEnvironment(options?: ClientOptions): Client;
  /** The version of the native library. */
  static readonly version: string;
  /** The folder of the journal that the configuration file or LUMA_JOURNAL names. */
  readonly journalFolder: string | undefined;

  /** Triggers a workflow. Throws RejectedError, NotSentError or UnknownError. */
  trigger(workflow: string, variables?: Record<string, Variable>, options?: TriggerOptions): Promise<Trigger>;
  /**
   * Triggers a workflow at most once per key, even if processes on this machine die at any time.
   * Throws what `trigger` throws: UnknownError also if the outcome of an earlier call is not known.
   */
  triggerOnce(journal: Journal, key: string, workflow: string, variables?: Record<string, Variable>,
    options?: TriggerOptions): Promise<Trigger>;
  /** Waits until a run has ended; one that has FAILED is a result too. Throws a RunError. */
  wait(triggerId: string, options?: WaitOptions): Promise<Run>;
  /** The same; yields each poll, the end of the run last. */
  watch(triggerId: string, options?: WatchOptions): AsyncGenerator<Run, void, void>;
  /** An empty set of waits, which follows thousands of runs. At most 1000 polls per second; 20 by default. */
  waitSet(options?: { maxPollsPerSecond?: number }): WaitSet;
  getHistory(triggerId: string, options?: CallOptions): Promise<Run>;
  listSteps(triggerId: string, options?: ListOptions): Promise<Steps>;
  getStep(triggerId: string, stepId: string, options?: CallOptions): Promise<StepDetails>;
  generateLaunchUrl(triggerId: string, options?: CallOptions): Promise<Secret>;
  listDefinitions(options?: ListOptions): Promise<Definitions>;
  /** The old token becomes invalid; see `setAccessToken`. */
  regenerateTenantToken(superAdminToken: string, tenantExternalId: string, options?: CallOptions): Promise<Secret>;
  /** Opens a connection ahead of time. */
  connect(options?: CallOptions): Promise<Connection>;
  setAccessToken(accessToken: string): void;
  /** What the client has done so far, for monitoring. */
  counters(): Counters;
  /**
   * Refuses new calls, lets those in progress end for at most this time in milliseconds, and closes
   * the client. False if some had to be cancelled.
   */
  drain(timeout: number): Promise<boolean>;
  /** Ends all calls and waits in progress. */
  cancel(): void;
  /** Ends all calls and waits, and refuses later ones. */
  close(): void;
  [Symbol.dispose](): void;
}

/** What has changed in a set of waits: a new status of a run, or the end of its wait. */
export interface WaitEvent {
  /**
   * The run; undefined if the gateway cannot be polled: then `error` says why, and the set continues
   * when it can.
   */
  readonly triggerId: string | undefined;
  /** The last state of the run that was seen. */
  readonly run: Run;
  /** True if the run is no longer in the set. */
  readonly hasEnded: boolean;
  /** If the wait has ended before the run: a RunError, which is not thrown. */
  readonly error: RunError | CallError | undefined;
}

/**
 * Follows many runs, polling at most so often for all of them together.
 *
 *     const waits = client.waitSet();
 *     for (const id of ids) waits.add(id, { timeout: 600_000 });
 *     for await (const { triggerId, run } of waits) console.log(triggerId, run.runStatus);
 */
export class WaitSet implements AsyncIterable<WaitEvent> {
  private constructor();
  /** The number of runs. */
  readonly size: number;
  /**
   * Adds a run, which is polled at once, for at most `timeout` milliseconds. False if it is in the
   * set already.
   */
  add(triggerId: string, options?: { timeout?: number }): boolean;
  /** Removes a run, which is not affected. False if it is not in the set, or not any more. */
  remove(triggerId: string): boolean;
  /**
   * Waits for the next event. Undefined if there is none within `timeout` milliseconds, or if the
   * set is empty or closed. The signal ends it at once; no event is lost.
   */
  next(options?: { signal?: AbortSignal; timeout?: number }): Promise<WaitEvent | undefined>;
  /** Yields events until the set is empty or closed. */
  [Symbol.asyncIterator](): AsyncGenerator<WaitEvent, void, void>;
  /** Ends all calls of `next`. The runs go on. */
  close(): void;
  [Symbol.dispose](): void;
}

export interface JournalEntry {
  readonly key: string;
  readonly state: 'ACCEPTED' | 'REJECTED' | 'NOT_SENT' | 'UNKNOWN' | 'IN_PROGRESS' | 'RELEASED' | 'DAMAGED';
  readonly triggerId: string | undefined;
  readonly time: Date | undefined;
  readonly acknowledged: boolean;
  /** Everything that the journal knows about the key. */
  readonly data: any;
}

/** A folder that remembers which keys were triggered. */
export class Journal {
  private constructor();
  /** Creates a journal, once, when a program is installed. */
  static create(folder: string, baseUrl: string): Promise<void>;
  /** Opens a journal. Never creates one. */
  static open(folder: string): Promise<Journal>;
  find(key: string): Promise<JournalEntry | undefined>;
  /** The keys that somebody has to look at. */
  unfinished(): Promise<JournalEntry[]>;
  /** The end of the run was seen. */
  acknowledge(key: string): Promise<JournalEntry>;
  /** A person found the run of an unknown key, or, with null, that there certainly is none. */
  resolve(key: string, found: { triggerId: string | null; who: string; reason: string }): Promise<JournalEntry>;
  /** Allows one more run for an accepted key. */
  newAttempt(key: string, permit: { who: string; reason: string }): Promise<JournalEntry>;
  /** Removes finished keys that are older than this, in milliseconds. */
  prune(olderThan: number): Promise<number>;
  close(): void;
  [Symbol.dispose](): void;
}

export class LumaError extends Error {
  readonly status: number;
  /** The name of the status, such as `LUMA_ERROR_CONNECT`. */
  readonly code: string;
  readonly outcome: Outcome;
  readonly reasons: string[];
  readonly result: LumaResult | undefined;
}

/** The gateway refused a trigger. Nothing runs. */
export class RejectedError extends LumaError {}
/**
 * Not one byte of a trigger was sent. Triggering again is safe. Also if a journal cannot be used, or
 * the key belongs to another request: then the message says what to do first.
 */
export class NotSentError extends LumaError {}
/** A trigger may be running. Check before triggering again. */
export class UnknownError extends LumaError {}
/** An argument or a setting is invalid. Nothing was sent. */
export class InvalidArgumentError extends LumaError {}
/** A method of a journal failed. A trigger never throws it. */
export class JournalError extends LumaError {}
/** A call failed that is neither a trigger nor about a run. */
export class CallError extends LumaError {}
/** A wait for a run, or another call about it, failed. The run goes on. */
export class RunError extends LumaError {
  readonly triggerId: string;
}
/** The timeout of a wait passed. */
export class WaitTimeoutError extends RunError {}
