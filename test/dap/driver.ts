/** What tests do with a session again and again: start a driver with breakpoints, look at where it stands, step. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { DebugProtocol as Dap } from '@vscode/debugprotocol';
import { type Adapter, isEvent, root, startAdapter } from './adapter.ts';

export const listen = join(root, 'samples/listen/listen.c');

export interface Session extends Adapter {
  /** Breakpoints of a file, by text that is on their lines (or by line). */
  breakAt(file: string, ...places: readonly (string | Partial<Dap.SourceBreakpoint>)[]): Promise<Dap.Breakpoint[]>;
  /** Sends a request and waits until the driver stands again (or has ended). */
  until(command: string, args?: object): Promise<Standing>;
  /** Lines of output of a category so far. */
  output(category: string): string;
  evaluate(expression: string, frameId: number, context?: string): Promise<string>;
}

export interface Standing {
  readonly reason: string;
  readonly event: Dap.StoppedEvent['body'];
  readonly threadId: number;
  readonly frames: readonly Dap.StackFrame[];
  /** "function:line" of each frame; labels as they are. */
  readonly stack: readonly string[];
  readonly frameId: number;
}

/** Line (from 1) of the first occurrence of a text in a file. */
export function lineOf(file: string, text: string): number {
  const content = readFileSync(file, 'utf8');
  const at = content.indexOf(text);
  assert.ok(at >= 0, `${text} is in ${file}`);
  return content.slice(0, at).split('\n').length;
}

export const initializeArguments: Dap.InitializeRequestArguments = {
  adapterID: 'wsk',
  linesStartAt1: true,
  columnsStartAt1: true,
  pathFormat: 'path',
};

/** A session that has launched a driver, not yet begun. The process ends with the test. */
export async function launched(t: TestContext, launch: object): Promise<Session> {
  const session = sessionOf(startAdapter());
  t.after(() => session.kill());
  await session.ask('initialize', initializeArguments);
  await session.ask('launch', launch);
  await session.next('initialized');
  return session;
}

/** A session that stands at the first of some breakpoints. */
export async function stoppedAt(
  t: TestContext,
  launch: object,
  file: string,
  ...places: readonly (string | Partial<Dap.SourceBreakpoint>)[]
): Promise<{ readonly session: Session; readonly standing: Standing }> {
  const session = await launched(t, launch);
  await session.breakAt(file, ...places);
  return { session, standing: await session.until('configurationDone') };
}

export function sessionOf(adapter: Adapter): Session {
  return {
    ...adapter,
    async breakAt(file, ...places) {
      const breakpoints = places.map((place) =>
        typeof place === 'string' ? { line: lineOf(file, place) } : { line: 1, ...place },
      );
      const body = await adapter.ask<Dap.SetBreakpointsResponse['body']>('setBreakpoints', {
        source: { path: file },
        breakpoints,
      });
      return body.breakpoints;
    },
    async until(command, args) {
      await adapter.ask(command, args);
      return standingOf(adapter, await adapter.next('stopped', 'terminated'));
    },
    output: (category) =>
      adapter.messages
        .filter(isEvent)
        .filter((event) => event.event === 'output' && event.body.category === category)
        .map((event) => event.body.output)
        .join(''),
    async evaluate(expression, frameId, context = 'watch') {
      const response = await adapter.send('evaluate', { expression, frameId, context });
      return response.success ? response.body.result : `error: ${response.message}`;
    },
  };
}

async function standingOf(adapter: Adapter, event: Dap.Event): Promise<Standing> {
  if (event.event === 'terminated') {
    return { reason: 'terminated', event: { reason: '' }, threadId: 0, frames: [], stack: [], frameId: 0 };
  }
  const { threadId } = event.body;
  const { stackFrames } = await adapter.ask<Dap.StackTraceResponse['body']>('stackTrace', { threadId });
  return {
    reason: event.body.reason,
    event: event.body,
    threadId,
    frames: stackFrames,
    stack: stackFrames.map(({ name, line }) => (line === 0 ? name : `${name}:${line}`)),
    frameId: stackFrames[0]?.id ?? 0,
  };
}

/** Names and values of what a reference opens. */
export async function valuesOf(
  session: Session,
  variablesReference: number,
  more: object = {},
): Promise<readonly Dap.Variable[]> {
  const body = await session.ask<Dap.VariablesResponse['body']>('variables', { variablesReference, ...more });
  return body.variables;
}

export async function localsOf(session: Session, frameId: number): Promise<readonly Dap.Variable[]> {
  const { scopes } = await session.ask<Dap.ScopesResponse['body']>('scopes', { frameId });
  return valuesOf(session, scopes[0]?.variablesReference ?? 0);
}
