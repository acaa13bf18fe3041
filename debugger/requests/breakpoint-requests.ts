/** Breakpoints, the places where one can be, and the filter of findings. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { positionAt } from '../../base/source.ts';
import type { Run } from '../../emulator/index.ts';
import { type Breakpoint, dataGroup, functionsGroup, type WantedBreakpoint } from '../breakpoints/breakpoints.ts';
import { dataIdOf, dataPlace, readDataId } from '../breakpoints/data-breakpoints.ts';
import { readFindingFilter } from '../breakpoints/exception-filter.ts';
import { lineFrom, pathFrom, pathKey, rangeFor } from '../client.ts';
import { type Program, runningProgram, type SessionState, standingProgram } from '../state.ts';
import type { Handlers } from './requests.ts';

/** Lines of one request for places: clients ask for a line, or for what the editor shows. */
const locationLinesMax = 300;

type BreakpointHandlers = Pick<
  Handlers,
  | 'setBreakpoints'
  | 'setFunctionBreakpoints'
  | 'breakpointLocations'
  | 'setExceptionBreakpoints'
  | 'dataBreakpointInfo'
  | 'setDataBreakpoints'
>;

export function breakpointHandlers(state: SessionState): BreakpointHandlers {
  const replace = (
    group: string,
    wanted: readonly WantedBreakpoint[],
    source?: DebugProtocol.Source,
  ): DebugProtocol.Breakpoint[] => {
    const { breakpoints, program } = state;
    breakpoints.replace(group, wanted);
    if (program !== undefined) placeBreakpoints(state, program, program.debuggee.run);
    return breakpoints.list(group).map((one) => shownBreakpoint(state, one, source));
  };
  return {
    setBreakpoints(args) {
      const file = state.program?.sources.find(args.source);
      const group = pathKey(file?.path ?? pathFrom(args.source.path ?? args.source.name ?? ''));
      const asked: readonly DebugProtocol.SourceBreakpoint[] =
        args.breakpoints ?? (args.lines ?? []).map((line) => ({ line }));
      const wanted = asked.map((one) => ({ at: { line: lineFrom(state.client, one.line) }, ...conditionsOf(one) }));
      return { breakpoints: replace(group, wanted, args.source) };
    },
    setFunctionBreakpoints(args) {
      const wanted = args.breakpoints.map((one) => ({ at: { functionName: one.name }, ...conditionsOf(one) }));
      return { breakpoints: replace(functionsGroup, wanted) };
    },
    dataBreakpointInfo(args) {
      const { run } = standingProgram(state).debuggee;
      const container =
        args.variablesReference === undefined ? undefined : state.variables.get(args.variablesReference);
      const found = dataPlace(run, args, container);
      if (typeof found === 'string') return { dataId: null, description: found };
      return { dataId: dataIdOf(found), description: found.name, accessTypes: ['write'], canPersist: false };
    },
    setDataBreakpoints(args) {
      const wanted = args.breakpoints.map((one) => ({ data: readDataId(one.dataId), one }));
      const known = wanted.flatMap(({ data, one }) =>
        data === undefined ? [] : [{ at: { data }, ...conditionsOf(one) }],
      );
      const shown = replace(dataGroup, known);
      const unknown = { verified: false, message: 'This place is not known; set the breakpoint again at a variable.' };
      return { breakpoints: wanted.map(({ data }) => (data === undefined ? unknown : (shown.shift() ?? unknown))) };
    },
    breakpointLocations({ source, line, endLine }) {
      const program = runningProgram(state);
      const { debuggee, sources } = program;
      const { client } = state;
      const file = sources.find(source);
      if (file === undefined) return { breakpoints: [] };
      const first = lineFrom(client, line);
      const last = Math.min(lineFrom(client, endLine ?? line), first + locationLinesMax);
      const lines = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
      const landed = debuggee.run.setBreakpoints(file, lines);
      // Asking the run put marks on those lines: the real ones go back.
      debuggee.run.setBreakpoints(file, []);
      placeBreakpoints(state, program, debuggee.run);
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

/** Puts all breakpoints into a run, unless it is one without debugging. */
export function placeBreakpoints(state: SessionState, { settings, sources }: Program, run: Run): void {
  if (settings.isDebugged) state.breakpoints.place(run, (group) => sources.find({ path: group }));
}

/** A breakpoint as the client is told of it; `source` is how the client itself names the file. */
export function shownBreakpoint(
  state: SessionState,
  { id, span, problem, wanted }: Breakpoint,
  source: DebugProtocol.Source | undefined,
): DebugProtocol.Breakpoint {
  const { client, program } = state;
  if (span !== undefined && program !== undefined) {
    return { id, verified: true, source: program.sources.describe(span.file), ...rangeFor(client, span) };
  }
  if ('data' in wanted.at && problem === undefined) return { id, verified: true };
  return {
    id,
    verified: false,
    ...('line' in wanted.at ? { line: wanted.at.line + client.lineBase } : {}),
    ...(source === undefined ? {} : { source }),
    ...(problem === undefined ? {} : { message: problem }),
    reason: program === undefined ? 'pending' : 'failed',
  };
}

function conditionsOf(
  given: Partial<Pick<DebugProtocol.SourceBreakpoint, 'condition' | 'hitCondition' | 'logMessage'>>,
): Pick<WantedBreakpoint, 'condition' | 'hitCondition' | 'logMessage'> {
  const text = (value: string | undefined): string | undefined => (value?.trim() ? value : undefined);
  return {
    condition: text(given.condition),
    hitCondition: text(given.hitCondition),
    logMessage: text(given.logMessage),
  };
}
