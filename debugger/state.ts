/** What a session knows: the client's ways, its breakpoints, and the driver that runs, if one does. */
import type { Span } from '../base/source.ts';
import { type BreakpointTable, createBreakpoints } from './breakpoints/breakpoints.ts';
import type { FindingFilter } from './breakpoints/exception-filter.ts';
import { type Client, defaultClient } from './client.ts';
import type { MemoryWindow } from './inspect/memory-windows.ts';
import { createVariableStore, type VariableStore } from './inspect/variables.ts';
import type { LaunchSettings } from './launch/launch-arguments.ts';
import type { Printer } from './output.ts';
import { RequestError } from './requests/request-error.ts';
import type { Debuggee } from './run/debuggee.ts';
import type { Outside } from './run/outside.ts';
import type { PumpOptions } from './run/pump.ts';
import type { Stop } from './run/standing.ts';
import type { Sources } from './sources.ts';

/** What the edge does for the session. */
export interface SessionHost {
  /** Holds catalog.json.br. */
  readonly catalogFolder: string;
  readonly later: PumpOptions['later'];
  readonly send: (event: string, body?: object) => void;
  /** Runs a task once the response to the request at hand is out. */
  readonly afterResponse: (task: () => void) => void;
  readonly reportBug: (error: unknown) => void;
  /** Ends the process. */
  readonly shutdown: () => void;
}

/** A driver that was launched. */
export interface Program {
  readonly settings: LaunchSettings;
  readonly debuggee: Debuggee;
  readonly sources: Sources;
  readonly printer: Printer;
  /** Real programs that take part. */
  readonly outside: Outside | undefined;
}

export interface SessionState {
  readonly host: SessionHost;
  readonly breakpoints: BreakpointTable;
  readonly variables: VariableStore;
  client: Client;
  stopsAt: FindingFilter;
  program: Program | undefined;
  /** Places that the client was told of, by the number that it knows each by. */
  readonly gotoTargets: Span[];
  /** Memory that the client has looked at. */
  readonly windows: Map<string, MemoryWindow>;
  /** The client has said all that it has to say before the start. */
  isConfigured: boolean;
}

export function createState(host: SessionHost): SessionState {
  return {
    host,
    breakpoints: createBreakpoints(),
    variables: createVariableStore(),
    client: defaultClient,
    stopsAt: () => true,
    program: undefined,
    gotoTargets: [],
    windows: new Map(),
    isConfigured: false,
  };
}

export function runningProgram(state: SessionState): Program {
  if (state.program === undefined) throw new RequestError('No driver has been launched.');
  return state.program;
}

/** The driver and why it stands. While it runs, its state changes under the hands of whoever looks. */
export function standingProgram(state: SessionState): Program & { readonly stop: Stop } {
  const program = runningProgram(state);
  const { stop } = program.debuggee;
  if (stop === undefined) {
    throw new RequestError(program.debuggee.hasEnded ? 'The driver has ended.' : 'The driver runs; pause it first.');
  }
  return { ...program, stop };
}
