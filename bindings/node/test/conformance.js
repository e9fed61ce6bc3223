'use strict';

// The rows of bindings/conformance.md, and what is particular to Node.js. Run with --expose-gc.
const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { setMaxListeners } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const koffi = require('koffi');
const luma = require(process.env.LUMA_PACKAGE ?? '..');
const { Client, Journal, constants } = luma;

const { LUMA_URL: url, LUMA_TOKEN: token } = process.env;
const client = new Client(url, token);
const unlock = (options) => client.trigger('unlock_account', { userName: 'jdoe' }, options);
const patch = () => client.trigger('patch_server', { hostName: 'db1' });

// The temporary files of this test and its processes.
process.env.TMPDIR = fs.mkdtempSync(path.join(os.tmpdir(), 'luma-test-'));
process.on('exit', () => fs.rmSync(process.env.TMPDIR, { recursive: true }));
const folder = () => fs.mkdtempSync(path.join(os.tmpdir(), 'test-'));
const logFolders = () => fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('luma-'));

async function http(method, path) {
  return (await fetch(url + path, { method })).text();
}
const advance = (ms) => http('POST', `/simulator/time?advanceMs=${ms}`);
async function journal(workflow) {
  const query = workflow ? `?workflowIdentifier=${workflow}` : '';
  return JSON.parse(await http('GET', `/simulator/journal${query}`)).deliveries;
}
const count = async (workflow) => (await journal(workflow)).length;
const lastBody = async (workflow) => (await journal(workflow)).at(-1).body;

async function fails(Type, promise) {
  try {
    await promise;
  } catch (error) {
    assert(error instanceof Type, error);
    return error;
  }
  throw new Error(`expected ${Type.name}, but nothing was thrown`);
}

async function within(ms, promise) {
  const start = performance.now();
  await promise.catch(() => {});
  const elapsed = performance.now() - start;
  assert(elapsed <= ms, `${elapsed} ms instead of ${ms}`);
}

async function unreachable(options) {
  const server = net.createServer().listen(0);
  await new Promise((resolve) => server.on('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return new Client(`http://127.0.0.1:${port}`, token, { retries: false, ...options });
}

/** Runs a program in a process of its own. */
function run(source, env = {}) {
  const child = spawnSync(process.execPath, ['-e', source], {
    env: { ...process.env, ...env }, encoding: 'utf8', timeout: 10_000, cwd: __dirname,
  });
  return { ...child, output: child.stdout + child.stderr };
}
const load = "const luma = require(process.env.LUMA_PACKAGE ?? '..'); const { LUMA_URL: url, LUMA_TOKEN: token } = process.env;";

const rows = {
  async '1 accepted'() {
    const before = await count('unlock_account');
    const trigger = await unlock();
    assert.equal(trigger.outcome, 'ACCEPTED');
    assert(trigger.triggerId);
    assert.equal(trigger.alreadyAccepted, false);
    assert.equal(await count('unlock_account'), before + 1);
  },

  async '2 rejected, with reasons'() {
    const error = await fails(luma.RejectedError, client.trigger('unlock_account'));
    assert.equal(error.status, 200);
    assert.equal(error.code, 'LUMA_ERROR_VALIDATION');
    assert.equal(error.outcome, 'REJECTED');
    assert.deepEqual(error.reasons, ['User name is required']);
    assert(error instanceof luma.LumaError && error.result.json);
  },

  async '3 not sent'() {
    const error = await fails(luma.NotSentError, (await unreachable()).trigger('unlock_account', { userName: 'x' }));
    assert.equal(error.code, 'LUMA_ERROR_CONNECT');
  },

  async '4 unknown'() {
    const error = await fails(luma.UnknownError, client.trigger('fault-close-after-reading'));
    assert.equal(error.code, 'LUMA_ERROR_CONNECTION_LOST');
    assert(!(error instanceof luma.RejectedError || error instanceof luma.NotSentError));
    assert.equal(await count('fault-close-after-reading'), 1);
  },

  async '5 wait with progress'() {
    const { triggerId } = await client.trigger('reset_password', { userName: 'jdoe' });
    const seen = [];
    for await (const poll of client.watch(triggerId, { timeout: 60_000 })) {
      if (poll.runStatus !== seen.at(-1)) seen.push(poll.runStatus);
      if (poll.pollCount === 1) await advance(3000);
    }
    assert.deepEqual(seen, ['RUNNING', 'COMPLETED']);
    const end = await client.wait(triggerId);
    assert.equal(end.runStatusText, 'COMPLETED');
    assert.equal(end.triggerId, triggerId);
    assert.equal(end.endTime - end.startTime, 3000);

    // 200 waits neither block the event loop nor the other threads.
    const slow = await patch();
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const waits = Array.from({ length: 200 }, () => client.wait(slow.triggerId, { signal: stop.signal }));
    await sleep(300);
    await within(100, fs.promises.readFile(__filename));
    stop.abort();
    await within(50, Promise.all(waits.map((wait) => fails(DOMException, wait))));
  },

  async '6 a run that fails is a result'() {
    const { triggerId } = await client.trigger('restart_service', { hostName: 'db1', serviceName: 'cron' });
    await advance(2000);
    assert.equal((await client.wait(triggerId)).runStatus, 'FAILED');
  },

  async '7 a wait that ends in REJECTED or NOT_SENT'() {
    const { triggerId } = await unlock();
    const wrong = new Client(url, 'wrong');
    const without = new Client(url, undefined, { tokenProvider: () => '' });
    const one = await fails(luma.RunError, wrong.wait(triggerId));
    assert.equal(one.status, constants.LUMA_ERROR_UNAUTHORIZED);
    assert.equal(one.outcome, 'REJECTED');
    assert.equal(one.triggerId, triggerId);
    const two = await fails(luma.RunError, without.wait(triggerId));
    assert.equal(two.code, 'LUMA_ERROR_ACCESS_TOKEN');
    assert.equal(two.outcome, 'NOT_SENT');
    assert.equal(two.triggerId, triggerId);
    assert(![luma.RejectedError, luma.NotSentError, luma.UnknownError].some((T) => one instanceof T || two instanceof T));
    await fails(luma.NotSentError, without.trigger('unlock_account', { userName: 'jdoe' }));
    assert.equal((await fails(luma.RunError, wrong.getHistory(triggerId))).triggerId, triggerId);
  },

  async '8 a wait that times out'() {
    const { triggerId } = await patch();
    const error = await fails(luma.WaitTimeoutError, client.wait(triggerId, { timeout: 200 }));
    assert.equal(error.code, 'LUMA_ERROR_WAIT_TIMEOUT');
    assert.equal(error.triggerId, triggerId);
    assert.equal(error.result.runStatus, 'ACTIVATED');
  },

  async '9 steps'() {
    const { triggerId } = await client.trigger('inventory_scan', { siteName: 'Berlin' });
    const { steps } = await client.listSteps(triggerId);
    assert.equal(steps.length, 250);
    assert(steps.every((step) => step.id));
    const { step } = await client.getStep(triggerId, steps[0].id);
    assert.equal(step.id, steps[0].id);
    assert.equal(step.name, steps[0].name);
    assert.equal((await client.listSteps(triggerId, { skip: 2, top: 5 })).steps.length, 5);
  },

  async '10 cancelling one of two waits'() {
    const [first, second] = [await patch(), await patch()];
    const [one, hang] = [new AbortController(), new AbortController()];
    const waits = [client.wait(first.triggerId, { signal: one.signal }), client.wait(second.triggerId),
      client.wait('fault-hang', { signal: hang.signal })];
    await sleep(300);
    one.abort();
    await within(50, waits[0]);
    await fails(DOMException, waits[0]);
    const reason = new Error('no longer needed');
    hang.abort(reason);
    await within(50, waits[2]);
    assert.equal(await waits[2].catch((error) => error), reason);
    await unlock();
    await advance(180_000);
    assert.equal((await waits[1]).runStatus, 'COMPLETED');
  },

  async '10a ending calls, leaving a loop, closing'() {
    // An aborted trigger says what is certain; a read does not need to.
    const reason = new Error('no longer needed');
    const stop = new AbortController();
    const calls = [client.trigger('fault-hang', {}, { signal: stop.signal }),
      client.getHistory('fault-hang', { signal: stop.signal })];
    await sleep(200);
    stop.abort(reason);
    await within(100, Promise.allSettled(calls));
    const error = await fails(luma.UnknownError, calls[0]);
    assert.equal(error.code, 'LUMA_ERROR_CANCELLED');
    assert.equal(error.cause, reason);
    assert.equal(await calls[1].catch((e) => e), reason);
    assert.equal(await unlock({ signal: stop.signal }).catch((e) => e), reason);

    // Also while it waits for a thread: nothing was sent.
    const all = new AbortController();
    const hanging = Array.from({ length: 4 }, () => client.trigger('fault-hang', {}, { signal: all.signal }));
    const one = new AbortController();
    const queued = unlock({ signal: one.signal });
    await sleep(50);
    one.abort();
    await within(50, queued);
    await fails(luma.NotSentError, queued);
    all.abort();
    const ends = await Promise.allSettled(hanging);
    assert.equal(ends.filter((end) => end.reason instanceof luma.UnknownError).length, 3);

    const { triggerId } = await patch();
    for await (const poll of client.watch(triggerId)) {
      assert.equal(poll.runStatus, 'ACTIVATED');
      break;
    }
    const other = new Client(url, token);
    const waits = [other.wait(triggerId), other.wait('fault-hang')];
    waits.forEach((wait) => wait.catch(() => {}));
    await sleep(300);
    other.close();
    for (const wait of waits) {
      await within(100, wait);
      assert.equal((await fails(luma.RunError, wait)).code, 'LUMA_ERROR_CANCELLED');
    }
    const late = await fails(luma.UnknownError, client.trigger('fault-hang', {}, { timeout: 200, requestId: 'INC-1' }));
    assert.equal(late.code, 'LUMA_ERROR_RESPONSE_TIMEOUT');
    assert.equal(late.result.requestId, 'INC-1');
    await fails(TypeError, unlock({ timeOut: 1 }));
  },

  async '11 log'() {
    const lines = [];
    const logging = new Client(url, token, { log: { level: 'debug', listener: (...line) => lines.push(line) } });
    const { requestId } = await logging.trigger('unlock_account', { userName: 'jdoe' });
    assert(lines.some(([level, line]) => level === 'info' && line.includes(requestId)));
    assert(!lines.flat().some((line) => line.includes(token)));
    assert.equal(logFolders().length, 1);
    logging.close();
    assert.deepEqual(logFolders(), []);
  },

  async '12 non-ASCII text'() {
    const userName = 'Jürgen 日本 🙂';
    const { triggerId } = await client.trigger('unlock_account', { userName });
    assert((await lastBody('unlock_account')).includes(userName));
    const { parameters } = await client.getHistory(triggerId);
    assert.equal(parameters.find(({ name }) => name === 'userName').value, userName);
  },

  async '13 embedded NUL'() {
    const nul = 'a\0b';
    const before = await count();
    assert.throws(() => new Client(nul, token), { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
    assert.throws(() => new Client(url, nul), TypeError);
    await fails(TypeError, client.trigger(nul));
    await fails(TypeError, client.trigger('unlock_account', { [nul]: 'x' }));
    await fails(TypeError, client.trigger('unlock_account', { userName: nul }));
    await fails(TypeError, client.trigger('unlock_account', { userName: '\ud83d' }));
    await fails(TypeError, client.trigger('unlock_account', { userName: undefined }));
    await fails(TypeError, client.trigger('unlock_account', { userName: NaN }));
    await fails(TypeError, client.getHistory(nul));
    await fails(TypeError, client.wait(nul));
    assert.equal(await count(), before);
    await fails(luma.InvalidArgumentError, client.trigger(' '));
    assert.throws(() => new Client(url, token, { colour: 1 }), TypeError);
  },

  async '14 64-bit integers'() {
    for (const contactId of [9007199254740993n, -(2n ** 63n), 2n ** 63n - 1n]) {
      const { triggerId } = await unlock({ initiator: { contactId, applicationId: -7 } });
      assert((await lastBody('unlock_account')).includes(`${contactId},`));
      assert.equal((await client.getHistory(triggerId)).data.resultData.initiatorContactId, contactId);
    }
    await fails(TypeError, unlock({ initiator: { contactId: 2n ** 63n, applicationId: -7 } }));
  },

  async '14a typed values, definitions, connecting'() {
    const trigger = await client.trigger('unlock_account', {
      userName: 'jdoe', count: -(2n ** 63n), ratio: 0.5, force: true, list: [1, 'two'], nothing: null,
    });
    assert((await lastBody('unlock_account')).includes('"count":-9223372036854775808'));
    const { variables } = JSON.parse(await lastBody('unlock_account'));
    assert.deepEqual([variables.ratio, variables.force, variables.list, variables.nothing], [0.5, true, [1, 'two'], null]);
    assert.equal(trigger.data.resultData.executionConfig.identifier, 'unlock_account');
    assert.equal(trigger.httpStatus, 200);
    assert(trigger.duration > 0);
    assert.deepEqual(Object.keys(trigger.timings), ['dns', 'connect', 'tls', 'firstByte', 'total']);
    assert.equal(trigger.timings.tls, undefined);
    const { definitions } = await client.listDefinitions();
    const [parameter] = definitions.find(({ identifier }) => identifier === 'unlock_account').parameters;
    assert.deepEqual([parameter.name, parameter.required], ['userName', true]);
    assert((await client.connect()).peerAddress);
  },

  async '15 8 tasks on one client'() {
    const before = await count('unlock_account');
    const ids = new Set();
    await Promise.all(Array.from({ length: 8 }, async () => {
      for (let i = 0; i < 25; i++) ids.add((await unlock()).triggerId);
    }));
    assert.equal(ids.size, 200);
    assert.equal(await count('unlock_account'), before + 200);
  },

  async '16 an exception in a callback'() {
    const raised = new RangeError('from a callback');
    const raise = () => {
      throw raised;
    };
    const before = await count('unlock_account');
    const logging = new Client(url, token, { log: { listener: raise } });
    const error = await logging.trigger('unlock_account', { userName: 'jdoe' }).catch((e) => e);
    assert.equal(error, raised);
    assert.equal(error.lumaResult.outcome, 'ACCEPTED');
    assert(error.lumaResult.triggerId);
    assert.equal(await count('unlock_account'), before + 1);
    logging.close();

    const providing = new Client(url, undefined, { tokenProvider: raise });
    assert.equal(await providing.trigger('unlock_account', { userName: 'jdoe' }).catch((e) => e), raised);
    assert.equal(await count('unlock_account'), before + 1);

    const { triggerId } = await patch();
    assert.equal(await client.wait(triggerId, { onPoll: raise }).catch((e) => e), raised);
  },

  async '17 wrong free order'() {
    for (let i = 0; i < 100; i++) {
      const other = new Client(url, token);
      const call = other.getHistory('fault-hang');
      if (i % 4 === 0) await sleep(5); // within the call; else before it
      other.close();
      other.close();
      assert.equal((await fails(luma.RunError, call)).code, 'LUMA_ERROR_CANCELLED');
      await fails(Error, other.trigger('unlock_account', { userName: 'jdoe' }));
    }
    let lines = 0;
    let logging = new Client(url, token, { log: { listener: () => lines++ } });
    global.gc();
    const trigger = await logging.trigger('unlock_account', { userName: 'jdoe' });
    assert(lines > 0);
    logging.close();
    logging = undefined;
    assert(trigger.data.resultData);

    // Nobody closes these.
    const { triggerId } = await unlock();
    const wait = new Client(url, token).wait(triggerId);
    for (let i = 0; i < 100; i++) await new Client(url, token).trigger('unlock_account', { userName: 'jdoe' });
    global.gc();
    await sleep(10);
    await advance(1000);
    assert.equal((await wait).runStatus, 'COMPLETED');
  },

  async '17c draining, counters'() {
    const draining = new Client(url, token);
    await draining.trigger('unlock_account', { userName: 'jdoe' });
    const { callsAccepted, connectionsOpened, waitsOpen } = draining.counters();
    assert.deepEqual([callsAccepted, connectionsOpened, waitsOpen], [1, 1, 0]);
    assert.equal(await draining.drain(1000), true);
    await fails(Error, draining.trigger('unlock_account', { userName: 'jdoe' }));
    const busy = new Client(url, token);
    const call = busy.trigger('fault-hang');
    call.catch(() => {});
    await sleep(100);
    assert.equal(await busy.drain(100), false);
    await fails(luma.UnknownError, call);
  },

  async '17a ending the process'() {
    // With calls in progress that hang, and a log: by process.exit, an exception, and at the end.
    const start = `${load} const client = new luma.Client(url, token, { log: { level: 'debug', listener() {} } });
      client.trigger('fault-hang').catch(() => {}); client.wait('fault-hang').catch(() => {});`;
    for (const [end, status] of [['process.exit(7)', 7], ['throw 1', 1], ['client.close()', 0]]) {
      const begun = performance.now();
      const child = run(`${start} setTimeout(() => { ${end} }, 200);`);
      assert.equal(child.status, status, child.output);
      assert(performance.now() - begun < 5000);
    }
    const child = run(`${load} new luma.Client(url, token, { log: { listener() {} } });`);
    assert.equal(child.status, 0, 'an idle client does not keep the process alive');
    assert.deepEqual(logFolders(), []);
  },

  async '17b in a worker thread'() {
    const child = run(`const { Worker } = require('node:worker_threads');
      new Worker(\`${load} luma.Client.version;
        new luma.Client(url, token).trigger('unlock_account', { userName: 'jdoe' }).then((t) => console.log(t.outcome));\`,
        { eval: true });`);
    assert.equal(child.output, 'ACCEPTED\n');
  },

  async '18 once per key'() {
    const place = path.join(folder(), 'journal');
    await Journal.create(place, url);
    const book = await Journal.open(place);
    const before = await count('unlock_account');
    const once = (key, userName) => client.triggerOnce(book, key, 'unlock_account', { userName });
    const first = await once('INC-1', 'jdoe');
    const again = await once('INC-1', 'jdoe');
    assert.equal(await count('unlock_account'), before + 1);
    assert.equal(again.triggerId, first.triggerId);
    assert.equal(again.code, 'LUMA_ALREADY_ACCEPTED');
    assert.deepEqual([first.alreadyAccepted, first.recorded, again.alreadyAccepted], [false, true, true]);
    assert.equal((await fails(luma.NotSentError, once('INC-1', 'other'))).code, 'LUMA_ERROR_KEY_OTHER_REQUEST');
    const entry = await book.find('INC-1');
    assert.deepEqual([entry.state, entry.triggerId, entry.data.workflow], ['ACCEPTED', first.triggerId, 'unlock_account']);
    assert.equal(await book.find('INC-9'), undefined);

    const faults = await count('fault-close-after-reading');
    const fault = () => client.triggerOnce(book, 'INC-2', 'fault-close-after-reading');
    await fails(luma.UnknownError, fault());
    assert.equal((await fails(luma.UnknownError, fault())).code, 'LUMA_ERROR_KEY_UNRESOLVED');
    assert.equal(await count('fault-close-after-reading'), faults + 1);
    const unfinished = await book.unfinished();
    assert.deepEqual(unfinished.map(({ key, state }) => [key, state]), [['INC-1', 'ACCEPTED'], ['INC-2', 'UNKNOWN']]);

    assert((await book.acknowledge('INC-1')).acknowledged);
    const who = 'jdoe';
    assert.equal((await book.resolve('INC-2', { triggerId: null, who, reason: 'no run' })).state, 'RELEASED');
    assert.equal((await book.newAttempt('INC-1', { who, reason: 'opened again' })).state, 'RELEASED');
    await once('INC-1', 'other');
    const error = await fails(luma.JournalError, book.resolve('INC-1', { triggerId: '51a7', who, reason: 'found' }));
    assert.equal(error.code, 'LUMA_ERROR_KEY_STATE');
    assert.equal(await book.prune(0), 1);
    book.close();
    await fails(luma.JournalError, Journal.create(place, url));
  },

  async '10 many waits with one signal, a provider that never answers'() {
    const warnings = [];
    const onWarning = (warning) => warnings.push(warning.message);
    process.on('warning', onWarning);
    const { triggerId } = await patch();
    const stop = new AbortController();
    const waits = Array.from({ length: 30 }, () => client.wait(triggerId, { signal: stop.signal }));
    await sleep(200);
    stop.abort();
    for (const { reason } of await Promise.allSettled(waits)) assert.equal(reason, stop.signal.reason);
    assert.equal(client.counters().waitsOpen, 0);
    await sleep(0);
    assert.deepEqual(warnings, []);
    process.off('warning', onWarning);

    const asking = new Client(url, undefined, { tokenProvider: () => new Promise(() => {}) });
    for (const call of [(signal) => asking.trigger('unlock_account', {}, { signal }), (signal) => asking.wait(triggerId, { signal })]) {
      const signal = AbortSignal.timeout(50);
      await assert.rejects(call(signal), (error) => error === signal.reason);
    }
    const closed = asking.trigger('unlock_account');
    asking.close();
    await assert.rejects(closed, /closed/);
    await assert.rejects(client.wait(triggerId, { onPoll: () => Promise.reject(new Error('later')) }), /later/);
  },

  async '26 a set of waits'() {
    const waits = client.waitSet({ maxPollsPerSecond: 1000 });
    assert.equal(await waits.next(), undefined);
    const ids = [];
    for (let i = 0; i < 20; i++) {
      ids.push((await client.trigger('reset_password', { userName: 'jdoe' })).triggerId);
      assert(waits.add(ids[i], { timeout: 60_000 }));
    }
    assert(!waits.add(ids[0]));
    assert(waits.remove(ids[0]) && !waits.remove(ids[0]));
    assert.throws(() => waits.add('a\0b'), TypeError);
    assert.throws(() => waits.add(''), luma.InvalidArgumentError);
    assert.throws(() => waits.add('x', { timeout: -1 }), luma.InvalidArgumentError);
    assert.throws(() => client.waitSet({ maxPollsPerSecond: 0 }), luma.InvalidArgumentError);
    assert.equal(waits.size, 19);
    const seen = {};
    for await (const { triggerId, run, hasEnded, error } of waits) {
      assert.equal(error, undefined);
      assert.equal(hasEnded, run.runStatus === 'COMPLETED');
      (seen[triggerId] ??= []).push(run.runStatus);
      if (Object.keys(seen).length === 19 && !hasEnded) await advance(3000);
    }
    assert.deepEqual(Object.keys(seen).sort(), ids.slice(1).sort());
    for (const statuses of Object.values(seen)) assert.deepEqual(statuses, ['RUNNING', 'COMPLETED']);

    const { triggerId } = await patch();
    waits.add(triggerId, { timeout: 300 });
    // A signal ends it at once, and its event is not lost.
    for (let aborts = 0; ; aborts++) {
      try {
        const event = await waits.next({ signal: AbortSignal.timeout(1) });
        assert.deepEqual([event.triggerId, event.hasEnded], [triggerId, false]);
        break;
      } catch (error) {
        assert.equal(error.name, 'TimeoutError');
        assert(aborts < 1000);
      }
    }
    assert.equal(await waits.next({ timeout: 10 }), undefined);
    const ended = await waits.next();
    assert(ended.hasEnded && ended.error instanceof luma.WaitTimeoutError);
    assert.equal(ended.error.triggerId, triggerId);
    waits.add(triggerId);
    await waits.next();
    const next = waits.next();
    waits.close();
    waits.close();
    assert.equal(await next, undefined);
    assert.equal(waits.size, 0);
    assert.throws(() => waits.add('x'), /closed/);

    const wrong = new Client(url, 'wrong');
    const paused = wrong.waitSet();
    paused.add(triggerId);
    const { error, ...event } = await paused.next();
    assert.deepEqual([event.triggerId, event.hasEnded, error.code], [undefined, false, 'LUMA_ERROR_UNAUTHORIZED']);
    assert(error instanceof luma.CallError);
    wrong.setAccessToken(token);
    assert.equal((await paused.next()).triggerId, triggerId);
    wrong.close();
    await fails(luma.CallError, paused.next());

    const tokens = ['wrong', token];
    const renewed = new Client(url, undefined, { tokenProvider: () => tokens.shift() }).waitSet();
    renewed.add(triggerId);
    assert.equal((await renewed.next()).triggerId, triggerId);
    // Between polls, it blocks no thread.
    const start = performance.now();
    const idle = renewed.next({ timeout: 300 });
    await Promise.all(Array.from({ length: 20 }, () => unlock()));
    assert(performance.now() - start < 290, 'the calls went on');
    assert.equal(await idle, undefined);
  },

  async '30 errors of a journal'() {
    const place = path.join(folder(), 'journal');
    assert.equal((await fails(luma.JournalError, Journal.open(place))).code, 'LUMA_ERROR_JOURNAL_FOLDER');
    await Journal.create(place, url);
    const book = await Journal.open(place);
    const before = await count('unlock_account');
    const once = (key) => client.triggerOnce(book, key, 'unlock_account', { userName: 'jdoe' });
    const first = await once('INC-1');
    const again = await once('INC-1');
    assert(again.alreadyAccepted && again.journalTime instanceof Date);
    assert.deepEqual(again.journalTime, first.journalTime);
    assert.equal((await unlock()).journalTime, undefined);
    fs.rmSync(place, { recursive: true });
    assert.equal((await fails(luma.NotSentError, once('INC-2'))).code, 'LUMA_ERROR_JOURNAL_FOLDER');
    assert.equal((await fails(luma.JournalError, book.unfinished())).code, 'LUMA_ERROR_JOURNAL_FOLDER');
    assert.equal(await count('unlock_account'), before + 2);
    book.close();
  },

  async '31 limits of arguments'() {
    const { triggerId } = await patch();
    for (const timeout of [-1, 86400001, 2 ** 62]) {
      const error = await fails(luma.InvalidArgumentError, client.wait(triggerId, { timeout }));
      assert.equal(error.code, 'LUMA_ERROR_TIMEOUT_RANGE');
      await fails(luma.InvalidArgumentError, client.getHistory(triggerId, { timeout }));
      assert.throws(() => new Client(url, token, { timeout }), luma.InvalidArgumentError);
    }
    const before = await count('unlock_account');
    for (const wrong of [NaN, Infinity, 0.5, '1', null, {}, 2 ** 63, 2n ** 63n, -(2n ** 63n) - 1n]) {
      await fails(TypeError, client.wait(triggerId, { timeout: wrong }));
      await fails(TypeError, client.getHistory(triggerId, { timeout: wrong }));
      await fails(TypeError, client.listSteps(triggerId, { skip: wrong }));
      await fails(TypeError, unlock({ initiator: { contactId: wrong, applicationId: -7 } }));
      assert.throws(() => new Client(url, token, { timeout: wrong }), TypeError);
    }
    for (const wrong of [undefined, null, 1, {}, [], Symbol('x'), 'a\0b', '\ud800', 'x\udc00']) {
      await fails(TypeError, client.trigger(wrong));
      await fails(TypeError, client.getHistory(wrong));
      await fails(TypeError, client.wait(wrong));
      await fails(TypeError, client.getStep('x', wrong));
      await fails(TypeError, client.trigger('unlock_account', {}, { secretVariables: { userName: wrong } }));
      await fails(TypeError, client.trigger('unlock_account', {}, { initiationInfo: { a: wrong } }));
      await fails(TypeError, client.trigger('unlock_account', {}, { excludeFromDigest: [wrong] }));
      await fails(TypeError, client.triggerOnce(undefined, wrong, 'unlock_account'));
      await fails(TypeError, Journal.open(wrong));
      await fails(TypeError, Journal.create(wrong, url));
      assert.throws(() => new Client(wrong, token), TypeError);
      assert.throws(() => new Client(url, wrong), TypeError);
      assert.throws(() => client.setAccessToken(wrong), TypeError);
      assert.throws(() => new Client(url, token, { headers: { 'X-A': wrong } }), TypeError);
    }
    for (const wrong of ['a\0b', '\ud800', undefined, () => {}, Symbol('x'), 1n << 63n, NaN, [1n], ['\ud800']]) {
      await fails(Error, client.trigger('unlock_account', { userName: wrong }));
      await fails(Error, client.trigger('unlock_account', { userName: 'jdoe', [typeof wrong === 'string' ? wrong : '']: 1 }));
    }
    for (const wrong of [null, 1, 'x', ['jdoe'], new Map([['userName', 'jdoe']])]) {
      await fails(TypeError, client.trigger('unlock_account', wrong));
      await fails(TypeError, client.trigger('unlock_account', {}, { secretVariables: wrong }));
      await fails(TypeError, client.trigger('unlock_account', {}, { signal: wrong }));
      await fails(TypeError, client.wait(triggerId, { signal: wrong }));
    }
    assert.equal(await count('unlock_account'), before);
  },

  async '19 10,000 calls with flat memory'() {
    const resident = async () => {
      await http('DELETE', '/simulator/journal');
      global.gc();
      await sleep(50);
      global.gc();
      return process.memoryUsage().rss;
    };
    // The heap of V8 settles only after some thousand calls.
    for (let i = 0; i < 3000; i++) await unlock();
    const before = await resident();
    for (let i = 0; i < 10_000; i++) await unlock();
    const grown = (await resident()) - before;
    assert(grown < 4 * 1024 * 1024, `${grown} bytes`);
  },

  async '20 constants'() {
    const library = koffi.load(process.env.LUMA_LIBRARY);
    const named = Object.fromEntries(['status', 'outcome', 'run_status', 'log_level']
      .map((name) => [name, library.func(`const char *luma_${name}_name(int32_t)`)]));
    let checked = 0;
    for (const [name, value] of Object.entries(constants)) {
      const [, group, rest] = /^LUMA_(OUTCOME|RUN|LOG)_(.*)$/.exec(name) ?? [];
      if (group) {
        const actual = named[{ OUTCOME: 'outcome', RUN: 'run_status', LOG: 'log_level' }[group]](value);
        assert.equal(actual, name === 'LUMA_RUN_NONE' ? '' : rest);
      } else if (/^LUMA_(OK$|ERROR_|ALREADY_)/.test(name)) {
        assert.equal(named.status(value), name);
      } else {
        continue;
      }
      checked++;
    }
    assert(checked > 100);
  },

  async '21 token provider'() {
    let calls = 0;
    const tokenProvider = async () => (++calls === 1 ? 'wrong' : token);
    const providing = new Client(url, undefined, { tokenProvider });
    const { triggerId } = await providing.trigger('unlock_account', { userName: 'jdoe' });
    assert.equal(calls, 2);
    await advance(1000);
    const waiting = new Client(url, undefined, { tokenProvider });
    calls = 0;
    assert.equal((await waiting.wait(triggerId)).runStatus, 'COMPLETED');
    assert.equal(calls, 2);

    // Asked once for all calls at the same time; and a 401 ends the call if there is no other token.
    calls = 1;
    const shared = new Client(url, undefined, { tokenProvider });
    await Promise.all(Array.from({ length: 5 }, () => shared.trigger('unlock_account', { userName: 'jdoe' })));
    assert.equal(calls, 2);
    const stubborn = new Client(url, undefined, { tokenProvider: () => 'wrong' });
    const before = await count('unlock_account');
    await fails(luma.RejectedError, stubborn.trigger('unlock_account', { userName: 'jdoe' }));
    assert.equal(await count('unlock_account'), before + 1);
    await fails(luma.RunError, stubborn.wait(triggerId));

    const replaced = new Client(url, 'wrong');
    replaced.setAccessToken(token);
    await replaced.trigger('unlock_account', { userName: 'jdoe' });
    assert.throws(() => replaced.setAccessToken('ä'), { code: 'LUMA_ERROR_ACCESS_TOKEN' });
  },

  async '22 headers and secret variables'() {
    assert.throws(() => new Client(url, token, { headers: { Host: 'x' } }),
      { name: 'InvalidArgumentError', code: 'LUMA_ERROR_HEADER', message: /Host/ });
    const secret = 'correct-horse-battery';
    const texts = [];
    const other = new Client(url, token,
      { headers: { 'X-Tenant': 't1' }, log: { level: 'debug', listener: (_, line) => texts.push(line) } });
    const secretVariables = { newPassword: secret };
    const trigger = await other.trigger('unlock_account', { userName: 'jdoe' }, { secretVariables });
    assert((await lastBody('unlock_account')).includes(secret));
    const error = await fails(luma.RejectedError, other.trigger('unlock_account', {}, { secretVariables }));
    texts.push(trigger.json, `${trigger}`, JSON.stringify(trigger), error.stack, error.result.json, ...error.reasons);
    assert(!texts.some((text) => text.includes(secret)));
  },

  async '23 configuration file'() {
    const place = folder();
    const file = path.join(place, 'luma.json');
    fs.writeFileSync(path.join(place, 'token'), token, { mode: 0o600 });
    const settings = { base_url: url, token_file: path.join(place, 'token'), journal: 'journal' };
    fs.writeFileSync(file, JSON.stringify(settings));
    assert.equal(Client.fromFile(file).journalFolder, path.join(place, 'journal'));
    await Client.fromFile(file).trigger('unlock_account', { userName: 'jdoe' });
    await Client.fromEnvironment().trigger('unlock_account', { userName: 'jdoe' });
    fs.writeFileSync(file, JSON.stringify({ ...settings, colour: 1 }));
    assert.throws(() => Client.fromFile(file), { name: 'InvalidArgumentError', message: /colour/ });
  },

  async '29 every setting, and cancelling a client'() {
    const file = (name) => path.join(process.env.LUMA_CERTIFICATES, name);
    const read = (name) => fs.readFileSync(file(name), 'utf8');
    const [ca, chain, key] = ['ca.pem', 'client-ec.pem', 'client-ec.sec1.key'];
    const place = folder();
    const common = {
      authScheme: 'bearer', connectTimeout: 5000, timeout: 10_000, maxResponseBytes: 1e6, triggerMaxIdle: 1000,
      readMaxIdle: 2000, maxIdleConnections: 4, retries: false, allowHttp: true, proxy: 'direct', autoProxy: false, applicationId: 'Tests/1.0',
    };
    for (const more of [
      { caFile: file(ca), addCaFile: file(ca), clientCertificateFile: { chain: file(chain), key: file(key) },
        logFile: { path: path.join(place, 'text') } },
      { caPem: read(ca), addCaPem: read(ca), clientCertificatePem: { chain: read(chain), key: read(key) },
        logFile: { path: path.join(place, 'json'), json: true } },
    ]) {
      await new Client(url, token, { ...common, ...more }).trigger('unlock_account', { userName: 'jdoe' });
    }
    assert(fs.readFileSync(path.join(place, 'text'), 'utf8').includes('unlock_account'));
    assert(JSON.parse(fs.readFileSync(path.join(place, 'json'), 'utf8').split('\n')[0]).level);
    for (const wrong of [{ caPem: 'x' }, { proxy: 'x://' }, { timeout: 0 }, { maxIdleConnections: -1 }]) {
      assert.throws(() => new Client(url, token, wrong), luma.InvalidArgumentError);
    }
    const other = new Client(url, token);
    assert((await fails(luma.InvalidArgumentError, other.wait(''))).message);
    const hanging = other.getHistory('fault-hang');
    await sleep(200);
    other.cancel();
    await within(100, hanging);
    await other.trigger('unlock_account', { userName: 'jdoe', tags: [1] },
      { initiationInfo: { ticketIdentifier: 'INC-1' }, excludeFromDigest: ['tags'] });
  },

  async '25 library lookup'() {
    const print = `${load} console.log(luma.Client.version);`;
    const env = { LUMA_PACKAGE: path.dirname(__dirname) };
    for (const LUMA_LIBRARY of ['libluma.so.0', './libluma.so.0', '/none/libluma.so.0']) {
      assert(run(print, { ...env, LUMA_LIBRARY }).output.includes('LUMA_LIBRARY'));
    }
    assert.equal(run(print, env).output.trim(), Client.version);
  },

  async '24 secrets'() {
    const { triggerId } = await unlock();
    const launch = await client.generateLaunchUrl(triggerId);
    const text = launch.bytes().toString();
    assert(text.startsWith('http'));
    assert(!(launch.json + launch + JSON.stringify(launch)).includes(text));
    launch.dispose();
    assert.equal(launch.bytes().length, 0);
    const tokens = [token];
    const renewing = new Client(url, undefined, { tokenProvider: () => tokens.at(-1) });
    for (let i = 0; i < 3; i++) {
      await renewing.trigger('unlock_account', { userName: 'jdoe' });
      await sleep(100); // then the connection may be used again
    }
    const { LUMA_SUPER_ADMIN_TOKEN: superAdmin, LUMA_TENANT_EXTERNAL_ID: tenant } = process.env;
    const fresh = await client.regenerateTenantToken(superAdmin, tenant);
    const newToken = fresh.bytes().toString();
    assert(!(fresh.json + fresh + JSON.stringify(fresh)).includes(newToken));
    await fails(luma.RejectedError, unlock());
    client.setAccessToken(newToken);
    await unlock();

    // On a used connection, a 401 may be a copy of an earlier response, so a trigger is not repeated.
    tokens.push(newToken);
    const before = await count('unlock_account');
    const error = await fails(luma.RejectedError, renewing.trigger('unlock_account', { userName: 'jdoe' }));
    assert(error.result.connectionReused);
    assert.equal(await count('unlock_account'), before + 1);
    await renewing.trigger('unlock_account', { userName: 'jdoe' });
  },
};

(async () => {
  let passed = 0;
  let failed = 0;
  for (const [name, row] of Object.entries(rows)) {
    const start = performance.now();
    try {
      await row();
      passed++;
      console.log(`ok ${name} (${Math.round(performance.now() - start)} ms)`);
    } catch (error) {
      failed++;
      console.log(`FAILED ${name}\n${error.stack}`);
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
})();
