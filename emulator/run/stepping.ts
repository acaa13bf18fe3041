/**
 * Breakpoints and steps: which statements the machine is to stop before.
 *
 * The machine asks `shouldPause` before every marked statement, and before every statement at all while a step or a
 * pause is wanted.
 */
import { unreachable } from '../../base/assert.ts';
import { positionAt, type SourceFile, type Span } from '../../base/source.ts';
import { bundledPrefix } from '../../catalog/catalog.ts';
import { nodePlace } from '../../cfront/parse/node-place.ts';
import type { GuestThread, StatementInfo } from '../machine/machine-types.ts';
import type { RunContext } from './context.ts';
import type { Call, StepKind } from './types.ts';
import { hasChanged } from './watches.ts';

export function installPause(context: RunContext): void {
  context.kernel.machine.shouldPause = (thread, statement) => shouldPause(context, thread, statement);
  context.kernel.machine.breaksAtInstruction = () => context.plan.hasDebugger === true;
}

export function startStep(context: RunContext, kind: StepKind, threadId: number): void {
  const { kernel, stepping } = context;
  const thread = kernel.parts.scheduler.threads.get(threadId)?.guest;
  const depth = thread === undefined ? 0 : kernel.machine.depth(thread);
  stepping.step = { kind, threadId, depth, traceFrom: kernel.trace.length };
  stepping.completions.clear();
  kernel.machine.pauseAlways = true;
}

export function stepToCall({ kernel, stepping }: RunContext, call: Call): void {
  const thread = kernel.parts.scheduler.threads.get(call.threadId)?.guest;
  const isDeep = thread !== undefined && kernel.machine.depth(thread) >= call.depth;
  stepping.call = { ...call, last: isDeep ? 'unknown' : 'less-deep', begins: false };
  kernel.machine.pauseAlways = true;
}

export function forgetStep(context: RunContext): void {
  context.stepping.step = undefined;
  context.stepping.call = undefined;
  context.stepping.isPauseRequested = false;
  context.stepping.completions.clear();
  context.kernel.machine.pauseAlways = context.stepping.watches.length > 0;
}

/** Marks the statements of a file at which to stop; says for each line where it lands. */
export function setBreakpoints(
  context: RunContext,
  file: SourceFile,
  lines: readonly number[],
): readonly (Span | undefined)[] {
  const { program, pauseMarks } = context.kernel.machine;
  const own = program.statements.flatMap(({ span }, index) => (span.file.path === file.path ? [{ span, index }] : []));
  for (const { index } of own) pauseMarks[index] = 0;
  return lines.map((line) => {
    const landed = statementFor(own, line)?.span;
    if (landed === undefined) return undefined;
    // An inline function of a header is there once for each file that includes it.
    for (const { span, index } of own) {
      if (isSame(span, landed) && !goesOn(program.statements, index)) pauseMarks[index] = 1;
    }
    return landed;
  });
}

/** The statements that begin on a line, else the one at which a breakpoint there would stop. */
export function statementsOn({ kernel }: RunContext, file: SourceFile, line: number): readonly Span[] {
  const own = kernel.machine.program.statements.flatMap(({ span }, index) =>
    span.file.path === file.path ? [{ span, index }] : [],
  );
  const landed = statementFor(own, line);
  const begun = own.filter(({ span }) => positionAt(span.file, span.start).line === line);
  const all = (begun.length > 0 ? begun : [landed]).flatMap((one) => one?.span ?? []);
  // An inline function of a header is there once for each file that includes it.
  return all.filter((span, i) => all.findIndex((other) => isSame(other, span)) === i);
}

/** Undefined when the thread stands there now. */
export function jump({ kernel }: RunContext, threadId: number, to: Span): string | undefined {
  const { machine, parts } = kernel;
  const thread = parts.scheduler.threads.get(threadId)?.guest;
  const from = thread === undefined ? undefined : machine.program.statements[machine.currentStatement(thread) ?? -1];
  if (thread === undefined || from === undefined) return 'the thread runs no function of the driver';
  const there = machine.program.statements.findIndex(
    ({ span, functionName, functionStart }) =>
      functionName === from.functionName && functionStart === from.functionStart && isSameIn(span, to),
  );
  return machine.jump(thread, there);
}

function isSameIn(a: Span, b: Span): boolean {
  return a.file.path === b.file.path && isSame(a, b);
}

/** The first statement of a function's body. */
export function functionPlace(context: RunContext, name: string): Span | undefined {
  const { program } = context.kernel.machine;
  const definition = program.functions.find((one) => one.name === name)?.definition;
  if (definition === undefined) return undefined;
  const body = nodePlace(definition.body);
  const inside = program.statements.filter(({ span }) => {
    return span.file.path === body.file.path && span.start >= body.start && span.end <= body.end;
  });
  return inside.reduce<Span | undefined>(
    (first, { span }) => (first === undefined || span.start < first.start ? span : first),
    undefined,
  );
}

/** All statements of a macro stand where it is used: who comes there stops once. */
function goesOn(statements: readonly StatementInfo[], index: number): boolean {
  const [before, own] = [statements[index - 1], statements[index]];
  if (before === undefined || own === undefined || before.functionStart !== own.functionStart) return false;
  return before.span.file === own.span.file && isSame(before.span, own.span);
}

function isSame(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}

/** The first statement that starts on the line; else the innermost one around it; else the next one below. */
function statementFor(
  statements: readonly { readonly span: Span; readonly index: number }[],
  line: number,
): { readonly span: Span; readonly index: number } | undefined {
  let around: { readonly span: Span; readonly index: number } | undefined;
  let below: { readonly span: Span; readonly index: number; readonly line: number } | undefined;
  let on: { readonly span: Span; readonly index: number } | undefined;
  for (const statement of statements) {
    const { span } = statement;
    const first = positionAt(span.file, span.start).line as number;
    const last = positionAt(span.file, span.end).line as number;
    if (first === line && (on === undefined || span.start < on.span.start)) on = statement;
    const isInner = around === undefined || span.end - span.start < around.span.end - around.span.start;
    if (first < line && line <= last && isInner) around = statement;
    const isNearer =
      below === undefined || first < below.line || (first === below.line && span.start < below.span.start);
    if (first > line && isNearer) below = { ...statement, line: first };
  }
  return on ?? around ?? below;
}

function shouldPause(context: RunContext, thread: GuestThread, statement: number): boolean {
  const { kernel, stepping } = context;
  const begins = beginsCall(context, thread, statement);
  if (stepping.watches.length > 0 && hasChanged(context)) return true;
  if (begins) return true;
  if (stepping.isPauseRequested || kernel.machine.pauseMarks[statement] !== 0) return true;
  const { step } = stepping;
  if (step === undefined || isKernels(context, statement)) return false;
  // The stepping thread has ended: whoever goes on next (often the thread that it woke) is where the user wants to be.
  if (step.kind !== 'next-completion' && !kernel.parts.scheduler.threads.has(step.threadId)) return true;
  switch (step.kind) {
    case 'in':
      return thread.id === step.threadId;
    case 'over':
      return thread.id === step.threadId && kernel.machine.depth(thread) <= step.depth;
    case 'out':
      return thread.id === step.threadId && kernel.machine.depth(thread) < step.depth;
    case 'next-completion':
      return beginsCompletion(context, thread);
    default:
      return unreachable(step.kind);
  }
}

/** Steps go through the kernel's own C (kernel/library.ts) into what it calls: nobody has the source of it elsewhere. */
function isKernels({ kernel: { machine }, plan: { catalog } }: RunContext, statement: number): boolean {
  const file = machine.program.statements[statement]?.span.file;
  if (file === undefined || !file.path.startsWith(bundledPrefix)) return false;
  return catalog.libraryFile(file.path.slice(bundledPrefix.length)) === file;
}

/** The thread stands before the first statement of one of the calls that are looked for. */
function beginsCall(
  { kernel: { machine }, stepping: { call } }: RunContext,
  thread: GuestThread,
  statement: number,
): boolean {
  if (call === undefined) return false;
  call.begins = false;
  const depth = machine.depth(thread);
  if (thread.id !== call.threadId || depth > call.depth) return false;
  call.begins = depth === call.depth && machine.beginsCall(thread, call.last);
  call.last = depth < call.depth ? 'less-deep' : statement;
  return call.begins;
}

/** True before the first statement of a completion routine that was called since the step began. */
function beginsCompletion(context: RunContext, thread: GuestThread): boolean {
  const { kernel, stepping } = context;
  const { step } = stepping;
  if (step === undefined) return false;
  for (; step.traceFrom < kernel.trace.length; step.traceFrom++) {
    const event = kernel.trace.at(step.traceFrom);
    if (event?.kind === 'completion-routine') stepping.completions.add(event.thread.id);
    if (event?.kind === 'completion-returned') stepping.completions.delete(event.thread.id);
  }
  return stepping.completions.has(thread.id);
}
