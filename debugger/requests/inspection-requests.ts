/** Looking at a driver: threads, stacks, findings, sources, IRPs. */
import { exceptionInfo } from '../inspect/exception-info.ts';
import { framesOf, stackPage, stopThreadId, threadsOf } from '../inspect/frames.ts';
import { placed, protocolIrp } from '../inspect/irps.ts';
import { timelineSteps } from '../inspect/timeline.ts';
import { irpsRequest, timelineRequest } from '../protocol.ts';
import { runningProgram, type SessionState, standingProgram } from '../state.ts';
import { RequestError } from './request-error.ts';
import type { Handlers } from './requests.ts';

type InspectionHandlers = Pick<
  Handlers,
  'threads' | 'stackTrace' | 'exceptionInfo' | 'source' | 'loadedSources' | typeof irpsRequest | typeof timelineRequest
>;

export function inspectionHandlers(state: SessionState): InspectionHandlers {
  return {
    threads() {
      const { program } = state;
      if (program === undefined) return { threads: [] };
      return { threads: threadsOf(program.debuggee.run, program.debuggee.stop) };
    },
    stackTrace(args) {
      const { debuggee, stop, sources } = standingProgram(state);
      const frames = framesOf(debuggee.run, stop, args.threadId);
      return stackPage(frames, args, state.client, sources);
    },
    exceptionInfo({ threadId }) {
      const { debuggee, stop } = standingProgram(state);
      if (stop.why.kind !== 'finding' || stopThreadId(debuggee.run, stop) !== threadId) {
        throw new RequestError('This thread has not stopped at a finding.');
      }
      return exceptionInfo(stop.why.finding);
    },
    source(args) {
      const { sources } = runningProgram(state);
      const content = sources.textOf(args.source?.sourceReference ?? args.sourceReference);
      if (content === undefined) throw new RequestError('This file is no part of the driver that runs.');
      return { content, mimeType: 'text/x-c' };
    },
    loadedSources() {
      const { sources } = runningProgram(state);
      return { sources: sources.all().map(sources.describe) };
    },
    [irpsRequest]() {
      const run = state.program?.debuggee.run;
      const irps = run?.irps().map((irp) => protocolIrp(irp, state.client)) ?? [];
      return { irps, completions: run?.result().completions ?? 0 };
    },
    [timelineRequest]() {
      const { debuggee } = runningProgram(state);
      const { run, stop, changes } = debuggee;
      const next = stop && run.frames(stop.threadId)[0]?.span;
      return { steps: timelineSteps(run, state.client), ...placed('place', next, state.client), changes };
    },
  };
}
