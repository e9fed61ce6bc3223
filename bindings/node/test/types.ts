// Compiled, not run: the declarations fit the way in which the package is used.
import { Client, Journal, LumaError, NotSentError, RunError, constants, type Outcome, type Run } from 'luma-automation';

export async function main(signal: AbortSignal): Promise<Outcome> {
  using client = new Client('https://acme.example', 'token', {
    timeout: 10_000,
    log: { level: 'debug', listener: (level, line) => console.log(level.toUpperCase(), line) },
  });
  new Client('https://acme.example', undefined, { tokenProvider: async () => 'token' });
  // @ts-expect-error: a token or a provider is required
  new Client('https://acme.example');
  // @ts-expect-error: there is no such option
  new Client('https://acme.example', 'token', { timeOut: 1 });
  try {
    const { triggerId, outcome } = await client.trigger('unlock_account', { userName: 'jdoe', count: 1n },
      { initiator: { contactId: 9007199254740993n, applicationId: constants.LUMA_APPLICATION_ISM }, signal });
    for await (const run of client.watch(triggerId, { timeout: 60_000, signal })) {
      const start: Date | undefined = run.startTime;
      console.log(run.runStatus, start);
    }
    const end: Run = await client.wait(triggerId, { onPoll: (run) => console.log(run.runStatusText) });
    console.log(end.parameters.map((parameter) => `${parameter.name}=${parameter.value}`));
    using waits = client.waitSet({ maxPollsPerSecond: 5 });
    const added: boolean = waits.add(triggerId, { timeout: 1000 });
    for await (const event of waits) console.log(added, event.triggerId ?? event.error?.code, event.run.runStatus);
    using journal = await Journal.open('journal');
    const entry = await journal.find('INC-1');
    console.log(entry?.triggerId, (await client.drain(1000)) || client.counters().callsUnknown);
    return outcome;
  } catch (error) {
    if (error instanceof RunError) console.log(error.triggerId);
    if (error instanceof NotSentError || (error instanceof LumaError && error.status === constants.LUMA_ERROR_TLS)) {
      return error.outcome;
    }
    throw error;
  }
}
