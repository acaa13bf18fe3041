/** Going on, stepping, pausing. Each resumption forgets the numbers of variables: they are of the state before. */
import type { StepKind } from '../emulator/index.ts';
import { findingThreadId } from './frames.ts';
import { runToNextCompletionRequest } from './protocol.ts';
import { RequestError } from './request-error.ts';
import type { Handlers } from './requests.ts';
import { runningProgram, type SessionState, standingProgram } from './state.ts';
import type { StepGoal } from './step.ts';
import { callsIn } from './step-targets.ts';

type ControlHandlers = Pick<
  Handlers,
  | 'continue'
  | 'next'
  | 'stepIn'
  | 'stepInTargets'
  | 'stepOut'
  | 'stepBack'
  | 'reverseContinue'
  | 'pause'
  | typeof runToNextCompletionRequest
>;

export function controlHandlers(state: SessionState): ControlHandlers {
  const step = (kind: StepKind, threadId: number, goal?: StepGoal): void => {
    const { debuggee } = standingProgram(state);
    state.variables.clear();
    // Where there is no thread to step in, the step ends wherever the run stands next.
    if (threadId === findingThreadId) debuggee.goOn();
    else debuggee.step(kind, threadId, goal);
  };
  const goBack = (kind: 'step' | 'continue', threadId: number): void => {
    const { debuggee } = standingProgram(state);
    state.variables.clear();
    debuggee.goBack(kind, threadId);
  };
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
    pause: () => runningProgram(state).debuggee.pause(),
    [runToNextCompletionRequest]({ threadId, irp }) {
      const { debuggee } = runningProgram(state);
      if (debuggee.hasEnded) throw new RequestError('The driver has ended.');
      state.variables.clear();
      debuggee.step('next-completion', threadId, { irp });
      // Clients know of the protocol's own requests that they let the driver run; of this one they don't.
      state.host.afterResponse(() => state.host.send('continued', { threadId, allThreadsContinued: true }));
    },
  };
}
