/** A debuggee in tests: what is done with it, and what can be seen of it when it stands. Nothing but tests imports this. */
import assert from 'node:assert/strict';
import type { SourceFile } from '../base/source.ts';
import type { RecordedEvent, Run } from '../emulator/index.ts';
import { readyStart } from '../emulator/testing.ts';
import { createBreakpoints } from './breakpoints/breakpoints.ts';
import { createDebuggee, type Debuggee } from './run/debuggee.ts';
import type { Outside } from './run/outside.ts';
import type { Stop } from './run/standing.ts';

type Plan = Parameters<typeof readyStart>[0];

export interface DebuggeeSession {
  readonly debuggee: Debuggee;
  /** How often a run was begun anew to go back in time. */
  readonly begun: () => number;
  /** What was said in the console. */
  readonly messages: readonly string[];
  readonly breakAt: (...texts: readonly string[]) => void;
  /** Does something, and waits until the driver stands or has ended. */
  until(go: () => void): Promise<Stop | 'ended'>;
}

/** `file` is where breakpoints are put. */
export function debuggeeSession(
  plan: Plan,
  file: SourceFile,
  outside?: Pick<Outside, 'after' | 'giveBack'>,
): DebuggeeSession {
  let wake: (stop: Stop | 'ended') => void = () => {};
  let begun = 0;
  const messages: string[] = [];
  const breakpoints = createBreakpoints();
  const place = (run: Run): void => breakpoints.place(run, () => file);
  const start = readyStart(plan);
  const debuggee = createDebuggee({
    run: start.run,
    again: (recorded: readonly RecordedEvent[]) => {
      begun++;
      return start.again({ recorded, isLive: true });
    },
    outside:
      outside === undefined
        ? undefined
        : { ...outside, wait: (_, task) => setImmediate(task), stood: () => {}, unload: () => false, close: () => {} },
    place,
    breakpoints,
    stopsAt: () => false,
    later: setImmediate,
    listen: (event) => {
      if (event.kind === 'failed') throw event.error;
      if (event.kind === 'message') messages.push(event.text);
      if (event.kind === 'stopped') wake(event.stop);
      if (event.kind === 'ended') wake('ended');
    },
  });
  return {
    debuggee,
    begun: () => begun,
    messages,
    breakAt(...texts) {
      const wanted = texts.map((text) => {
        const line = file.text.split('\n').findIndex((one) => one.includes(text));
        assert.ok(line >= 0, text);
        return { at: { line }, condition: undefined, hitCondition: undefined, logMessage: undefined };
      });
      breakpoints.replace(file.path, wanted);
      place(debuggee.run);
    },
    until: (go) =>
      new Promise((resolve) => {
        wake = resolve;
        go();
      }),
  };
}

/** The trace, as one text. */
export const eventsOf = (run: Run): string =>
  JSON.stringify(run.trace(0).map(({ span, ...event }) => ({ ...event, at: span?.start })));

/** What can be seen of a run that stands. */
export function seen(run: Run): string {
  const threads = run.threads();
  const frames = threads.map(({ id }) => run.frames(id).map(({ name, span }) => [name, span?.start]));
  const values = threads.flatMap(({ id }) => {
    const top = run.frames(id)[0]?.id;
    return top === undefined
      ? []
      : run.scopes(top).map((scope) => scope.values().map(({ name, text }) => [name, text]));
  });
  const irps = run.irps().map(({ id, state, history }) => [id, state, history.length]);
  return JSON.stringify([run.statements, threads, frames, values, irps, eventsOf(run)]);
}

/** Another run of a start, which has gone straight to where one stands. */
export function straightTo(run: Run, statements: number): Run {
  while (run.statements < statements) goOn(run, statements - run.statements);
  run.requestPause();
  while (goOn(run, 1000) !== 'paused');
  return run;
}

function goOn(run: Run, budget: number): string {
  const { kind } = run.advance(budget);
  assert.ok(kind !== 'waiting' && kind !== 'ended', `the run is ${kind} before it has come there`);
  return kind;
}

export const threadOf = (stop: Stop | 'ended'): number => (stop === 'ended' ? 0 : stop.threadId);
