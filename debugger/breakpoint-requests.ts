/** Breakpoints, the places where one can be, and the filter of findings. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { positionAt } from '../base/source.ts';
import type { Breakpoint, WantedBreakpoint } from './breakpoints.ts';
import { type Client, lineFrom, pathFrom, pathKey, rangeFor } from './client.ts';
import { readFindingFilter } from './exception-filter.ts';
import type { Handlers } from './requests.ts';
import { runningProgram, type SessionState } from './state.ts';

/** Lines of one request for places: clients ask for a line, or for what the editor shows. */
const locationLinesMax = 300;

type BreakpointHandlers = Pick<Handlers, 'setBreakpoints' | 'breakpointLocations' | 'setExceptionBreakpoints'>;

export function breakpointHandlers(state: SessionState): BreakpointHandlers {
  return {
    setBreakpoints(args) {
      const { program, breakpoints, client } = state;
      const file = program?.sources.find(args.source);
      const key = pathKey(file?.path ?? pathFrom(args.source.path ?? args.source.name ?? ''));
      const asked = args.breakpoints ?? (args.lines ?? []).map((line) => ({ line }));
      const waiting = breakpoints.replace(
        key,
        asked.map((one) => wantedBreakpoint(client, one)),
      );
      const placed = program?.settings.isDebugged ? breakpoints.place(key, program.debuggee.run, file) : waiting;
      return { breakpoints: placed.map((one) => placedBreakpoint(state, one, args.source)) };
    },
    breakpointLocations({ source, line, endLine }) {
      const { debuggee, sources } = runningProgram(state);
      const { client, breakpoints } = state;
      const file = sources.find(source);
      if (file === undefined) return { breakpoints: [] };
      const first = lineFrom(client, line);
      const last = Math.min(lineFrom(client, endLine ?? line), first + locationLinesMax);
      const lines = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
      const landed = debuggee.run.setBreakpoints(file, lines);
      // Asking the run put marks on those lines: the real ones go back.
      breakpoints.place(pathKey(file.path), debuggee.run, file);
      const spans = landed.filter(
        (span, i) => span !== undefined && positionAt(span.file, span.start).line === lines[i],
      );
      return {
        breakpoints: spans.flatMap((span) => {
          if (span === undefined) return [];
          const { line: at, column } = rangeFor(client, span);
          return [{ line: at, column }];
        }),
      };
    },
    setExceptionBreakpoints(args) {
      state.stopsAt = readFindingFilter(args);
    },
  };
}

/** A breakpoint as the client is told of it; `source` is how the client itself names the file. */
export function placedBreakpoint(
  state: SessionState,
  { id, span, problem, wanted }: Breakpoint,
  source: DebugProtocol.Source,
): DebugProtocol.Breakpoint {
  const { client, program } = state;
  if (span === undefined) {
    const reason = program === undefined ? 'pending' : 'failed';
    return {
      id,
      verified: false,
      line: wanted.line + client.lineBase,
      source,
      ...(problem === undefined ? {} : { message: problem }),
      reason,
    };
  }
  const described = program?.sources.describe(span.file) ?? source;
  return { id, verified: true, source: described, ...rangeFor(client, span) };
}

function wantedBreakpoint(client: Client, given: DebugProtocol.SourceBreakpoint): WantedBreakpoint {
  const text = (value: string | undefined): string | undefined => (value?.trim() ? value : undefined);
  return {
    line: lineFrom(client, given.line),
    condition: text(given.condition),
    hitCondition: text(given.hitCondition),
    logMessage: text(given.logMessage),
  };
}
