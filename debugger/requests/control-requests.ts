/** Going on, stepping, pausing. Each resumption forgets the numbers of variables: they are of the state before. */
import { isDeepStrictEqual } from 'node:util';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Span } from '../../base/source.ts';
import type { StepKind } from '../../emulator/index.ts';
import { lineFrom, rangeFor } from '../client.ts';
import { findingThreadId } from '../inspect/frames.ts';
import { placed } from '../inspect/irps.ts';
import { callsIn } from '../inspect/step-targets.ts';
import { goToMomentRequest, runToNextCompletionRequest } from '../protocol.ts';
import { stoppedBody } from '../run/debuggee-events.ts';
import type { StepGoal } from '../run/step.ts';
import { runningProgram, type SessionState, standingProgram } from '../state.ts';
import { RequestError } from './request-error.ts';
import type { Handlers } from './requests.ts';

type ControlHandlers = Pick<
  Handlers,
  | 'continue'
  | 'next'
  | 'stepIn'
  | 'stepInTargets'
  | 'stepOut'
  | 'stepBack'
  | 'reverseContinue'
  | 'restartFrame'
  | 'gotoTargets'
  | 'goto'
  | 'pause'
  | typeof runToNextCompletionRequest
  | typeof goToMomentRequest
>;

export function controlHandlers(state: SessionState): ControlHandlers {
  const step = (kind: StepKind, threadId: number, goal?: StepGoal): void => {
    const { debuggee } = standingProgram(state);
    state.variables.clear();
    // Where there is no thread to step in, the step ends wherever the run stands next.
    if (threadId === findingThreadId) debuggee.goOn();
    else debuggee.step(kind, threadId, goal);
  };
  const goBack = (goal: 'step' | 'continue', threadId: number): void => {
    if (runningProgram(state).debuggee.hasEnded) {
      const how =
        'start it again with a breakpoint in its last routine, such as the one that unloads it, and go back there';
      throw new RequestError(`The driver has ended. To look back from its end, ${how}.`, { isShown: true });
    }
    const { debuggee } = standingProgram(state);
    state.variables.clear();
    debuggee.goBack(goal, threadId);
  };
  /** Clients know of the protocol's own requests that they let the driver run; of ours they don't. */
  const sayContinued = (threadId: number): void =>
    state.host.afterResponse(() => state.host.send('continued', { threadId, allThreadsContinued: true }));
  return {
    continue() {
      const { debuggee } = standingProgram(state);
      state.variables.clear();
      debuggee.goOn();
      return { allThreadsContinued: true };
    },
    next: ({ threadId }) => step('over', threadId),
    stepIn({ threadId, targetId }) {
      const { run } = standingProgram(state).debuggee;
      const top = targetId === undefined ? undefined : run.frames(threadId)[0];
      const into = top === undefined ? undefined : callsIn(run, top.id)[targetId ?? -1];
      step('in', threadId, { into });
    },
    stepInTargets({ frameId }) {
      const calls = callsIn(standingProgram(state).debuggee.run, frameId);
      return { targets: calls.map((label, id) => ({ id, label })) };
    },
    stepOut: ({ threadId }) => step('out', threadId),
    stepBack: ({ threadId }) => goBack('step', threadId),
    reverseContinue: ({ threadId }) => goBack('continue', threadId),
    restartFrame({ frameId }) {
      const { debuggee } = standingProgram(state);
      const call = debuggee.run.callOf(frameId);
      if (call === undefined) {
        throw new RequestError('Only a function of the driver that has not returned can be begun again.', {
          isShown: true,
        });
      }
      state.variables.clear();
      debuggee.goBack(call, call.threadId);
    },
    gotoTargets({ source, line }) {
      const { debuggee, sources } = standingProgram(state);
      const file = sources.find(source);
      if (file === undefined) return { targets: [] };
      const statements = debuggee.run.statementsOn(file, lineFrom(state.client, line));
      return { targets: statements.map((span) => gotoTarget(state, span)) };
    },
    goto({ threadId, targetId }) {
      const { debuggee } = standingProgram(state);
      const to = state.gotoTargets[targetId];
      if (to === undefined) throw new RequestError('This place is not known; ask for it again.');
      const refused = debuggee.jump(threadId, to);
      if (refused !== undefined) throw new RequestError(`It can't go on there: ${refused}.`, { isShown: true });
      state.variables.clear();
      const { stop } = standingProgram(state);
      state.host.afterResponse(() => state.host.send('stopped', stoppedBody(debuggee.run, stop)));
    },
    pause: () => runningProgram(state).debuggee.pause(),
    [runToNextCompletionRequest]({ threadId, irp }) {
      const { debuggee } = runningProgram(state);
      if (debuggee.hasEnded) throw new RequestError('The driver has ended.');
      state.variables.clear();
      debuggee.step('next-completion', threadId, { irp });
      sayContinued(threadId);
    },
    [goToMomentRequest]({ statements, place }) {
      const { debuggee, stop } = standingProgram(state);
      const { threadId } = stop;
      state.variables.clear();
      const isWanted = (span: Span): boolean => isDeepStrictEqual(placed('place', span, state.client).place, place);
      debuggee.goBack({ statements, isWanted }, threadId);
      sayContinued(threadId);
    },
  };
}

/** Numbers stay those of their places as long as the session lasts. */
function gotoTarget({ client, gotoTargets }: SessionState, span: Span): DebugProtocol.GotoTarget {
  const known = gotoTargets.findIndex(
    (one) => one.file === span.file && one.start === span.start && one.end === span.end,
  );
  const id = known < 0 ? gotoTargets.push(span) - 1 : known;
  const label = span.file.text.slice(span.start, span.end).split('\n', 1)[0] ?? '';
  return { id, label, ...rangeFor(client, span) };
}
