/**
 * Threads, call stacks and variables for a debugger.
 *
 * A completion routine runs in a context that says nothing about why: below its frames comes a label that names the
 * call which sent the IRP, and below that the stack of that call as it was.
 *
 * Frame numbers carry their thread: thread x 10,000 + index. Frames of the past come after 5,000 and have no variables.
 */

import { positionAt, type SourceFile, type Span } from '../../base/source.ts';
import { knownValues } from '../../cfront/layer-views.ts';
import type { VariableSymbol } from '../../cfront/parse/ast.ts';
import { threadList } from '../kernel/index.ts';
import type { Kernel } from '../kernel/kernel-types.ts';
import type { Frame, GuestThread } from '../machine/machine-types.ts';
import type { RunContext } from '../run/context.ts';
import type { FrameCall, FrameInfo, ThreadInfo, Value } from '../run/types.ts';
import { issueOf } from '../wsk/requests.ts';
import { variableValue } from './values.ts';

const FRAMES_PER_THREAD = 10_000;
const FIRST_PAST_FRAME = 5_000;

export function threads(context: RunContext): readonly ThreadInfo[] {
  return threadList(context.kernel).map(({ id, name, state, isCurrent, irql }) => ({
    id,
    name,
    state,
    isCurrent,
    irql,
  }));
}

export function frames(context: RunContext, threadId: number): readonly FrameInfo[] {
  const { kernel } = context;
  const thread = kernel.parts.scheduler.threads.get(threadId)?.guest;
  if (thread === undefined) return [];
  const own = kernel.machine.frames(thread).map((frame) => frameInfo(threadId, frame));
  return [...own, ...originOf(kernel, threadId)];
}

export function scopes(
  context: RunContext,
  frameId: number,
): readonly { readonly name: string; readonly values: () => readonly Value[] }[] {
  const found = frameById(context, frameId);
  if (found === undefined) return [];
  const { thread, frame } = found;
  const { machine } = context.kernel;
  return [
    {
      name: 'Locals',
      values: () => {
        const seen = new Set<string>();
        // An inner variable hides an outer one of the same name.
        const visible = machine.locals(thread, frame.index).filter(({ name }) => !seen.has(name) && seen.add(name));
        return visible.map((symbol) => variableValue(context, found, symbol));
      },
    },
    {
      name: 'File',
      values: () => fileVariables(context, frame.span?.file).map((symbol) => variableValue(context, found, symbol)),
    },
  ];
}

export interface FoundFrame {
  readonly thread: GuestThread;
  readonly frame: Frame;
}

export function frameById(context: RunContext, frameId: number): FoundFrame | undefined {
  const thread = context.kernel.parts.scheduler.threads.get(Math.floor(frameId / FRAMES_PER_THREAD))?.guest;
  if (thread === undefined) return undefined;
  const frame = context.kernel.machine.frames(thread)[frameId % FRAMES_PER_THREAD];
  return frame === undefined ? undefined : { thread, frame };
}

/** The frames of the driver's functions below it, and itself. */
export function callOf(context: RunContext, frameId: number): FrameCall | undefined {
  const found = frameById(context, frameId);
  if (found?.frame.symbol === undefined) return undefined;
  const { thread, frame } = found;
  const { machine } = context.kernel;
  const below = machine.frames(thread).slice(frame.index);
  const depth = below.filter(({ symbol }) => symbol !== undefined).length;
  const mayBeginNow = depth === machine.depth(thread) && machine.beginsCall(thread, 'less-deep');
  return { threadId: thread.id, depth, mayBeginNow };
}

/** Variables that a driver file defines at file scope. */
function fileVariables(context: RunContext, file: SourceFile | undefined): readonly VariableSymbol[] {
  const unit = context.units.find((one) => one.file === file) ?? context.units[0];
  if (unit === undefined) return [];
  return [...knownValues(unit.symbols)].filter(
    (symbol): symbol is VariableSymbol =>
      symbol.kind === 'variable' && symbol.definition !== undefined && !unit.isSystemFile(symbol.definition.first.file),
  );
}

/** "listen.c:41" for labels. */
function shortPlace(span: Span | undefined): string {
  if (span === undefined) return 'an unknown place';
  const name = span.file.path.split(/[\\/]/).pop() ?? span.file.path;
  return `${name}:${positionAt(span.file, span.start).line + 1}`;
}

function frameInfo(threadId: number, frame: Frame): FrameInfo {
  return {
    id: threadId * FRAMES_PER_THREAD + frame.index,
    name: frame.functionName,
    span: frame.span,
    presentation: frame.symbol === undefined ? 'subtle' : 'normal',
  };
}

/** The call that sent the IRP whose completion routine a thread runs, as a label and the stack of that call. */
function originOf(kernel: Kernel, threadId: number): readonly FrameInfo[] {
  const irp = completingIrp(kernel, threadId);
  const issue = irp === undefined ? undefined : issueOf(kernel, irp);
  if (issue === undefined) return [];
  const first = threadId * FRAMES_PER_THREAD + FIRST_PAST_FRAME;
  const label: FrameInfo = {
    id: first,
    name: `issued at ${shortPlace(issue.span)} by ${issue.call} (IRP #${irp})`,
    span: undefined,
    presentation: 'label',
  };
  const past = issue.stack.map(
    (frame, i): FrameInfo => ({
      id: first + 1 + i,
      name: frame.functionName,
      span: frame.span,
      presentation: 'subtle',
    }),
  );
  return [label, ...past];
}

/** Number of the IRP whose completion routine runs on the thread now. */
function completingIrp(kernel: Kernel, threadId: number): number | undefined {
  return kernel.parts.io.completions.findLast((one) => one.threadId === threadId)?.irpId;
}
