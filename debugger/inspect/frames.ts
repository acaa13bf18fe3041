/**
 * Threads and call stacks as the client shows them. A finding after the driver's last thread has ended (a leak) has no
 * thread to stand in: it gets one of its own, whose frames are the places that the finding names.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { FrameInfo, Run, RunFinding } from '../../emulator/index.ts';
import { type Client, rangeFor } from '../client.ts';
import type { Stop } from '../run/standing.ts';
import type { Sources } from '../sources.ts';

/** No thread of the kernel has this number. */
export const findingThreadId = 1_000_000_000;
const findingFrames = findingThreadId + 1;

/**
 * The thread of a stop. A finding that no running thread has made (a hang) belongs to the one that stands where the
 * finding says; where there is none either, to one of its own.
 */
export function stopThreadId(run: Run, { why, threadId }: Stop): number {
  if (why.kind !== 'finding' || run.frames(threadId).length > 0) return threadId;
  const { span } = why.finding;
  const standing = run.threads().find(({ id }) => {
    const at = run.frames(id).find((frame) => frame.span !== undefined)?.span;
    return at !== undefined && at.file.path === span.file.path && at.start === span.start;
  });
  return standing?.id ?? findingThreadId;
}

export function threadsOf(run: Run, stop: Stop | undefined): DebugProtocol.Thread[] {
  const threads = run.threads().map(({ id, name, state, irql }) => {
    const level = irql > 0 ? ` at ${irqlText(irql)}` : '';
    return { id, name: state === 'running' ? `${name}${level}` : `${name}${level}: ${state}` };
  });
  const isApart = stop !== undefined && stopThreadId(run, stop) === findingThreadId;
  return isApart ? [...threads, { id: findingThreadId, name: 'Finding' }] : threads;
}

function irqlText(irql: number): string {
  return ['PASSIVE_LEVEL', 'APC_LEVEL', 'DISPATCH_LEVEL'][irql] ?? `IRQL ${irql}`;
}

export function framesOf(run: Run, stop: Stop | undefined, threadId: number): readonly FrameInfo[] {
  if (threadId !== findingThreadId) return run.frames(threadId);
  return stop?.why.kind === 'finding' ? placesOf(stop.why.finding) : [];
}

function placesOf({ span, stack, rule }: RunFinding): readonly FrameInfo[] {
  const places =
    stack.length > 0
      ? stack.map(({ functionName, span: at }) => ({ name: functionName, span: at }))
      : [{ name: rule, span }];
  return places.map((place, i) => ({ ...place, id: findingFrames + i, presentation: 'normal' }));
}

/** One page of a stack. */
export function stackPage(
  frames: readonly FrameInfo[],
  page: { readonly startFrame?: number; readonly levels?: number },
  client: Client,
  sources: Sources,
): { stackFrames: DebugProtocol.StackFrame[]; totalFrames: number } {
  const start = Math.max(0, page.startFrame ?? 0);
  const end = page.levels === undefined || page.levels <= 0 ? frames.length : start + page.levels;
  const stackFrames = frames.slice(start, end).map(({ id, name, span, presentation }): DebugProtocol.StackFrame => {
    // The kernel's own: as a frame it would stand there with an unknown source and line 0.
    if (span === undefined) return { id, name, line: 0, column: 0, presentationHint: 'label' };
    // Without its end: a client selects the range that it is given, and puts the cursor behind it, so that keys that work
    // on the line of the cursor would work on the last line of a long call.
    const { line, column } = rangeFor(client, span);
    const source = sources.describe(span.file);
    // What runs now, and neither the kernel's nor a memory of what ran.
    const canRestart = presentation === 'normal' && id < findingFrames;
    return { id, name, source, line, column, presentationHint: presentation, canRestart };
  });
  return { stackFrames, totalFrames: frames.length };
}
