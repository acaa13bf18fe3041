/**
 * Makes findings out of what parts of the kernel notice, and trace events out of what happens.
 *
 * An error ends the run, as a bug check ends Windows; a warning is recorded once per place and the run goes on.
 */
import type { Finding } from '../../base/finding.ts';
import type { Span } from '../../base/source.ts';
import type { NativeResult } from '../machine/native.ts';
import { returnsVoid, stops } from '../machine/native.ts';
import type { TraceDetail, VirtualTimeNs } from '../sim/trace.ts';
import type { Kernel, RunFinding } from './kernel-types.ts';
import type { KernelParts } from './parts.ts';
import { callStack, currentSpan } from './places.ts';
import { threadHistory } from './verifier/irql-history.ts';

export type FindingRequest = Parameters<Kernel['report']>[0];
export type History = RunFinding['history'];

/** Findings of one run; a driver that warns in a loop is cut off here. */
const findingsMax = 200;

export function report(kernel: Kernel, request: FindingRequest): NativeResult {
  const { severity, rule, message, span = currentSpan(kernel) } = request;
  // A driver may warn at each of its calls: what is known costs next to nothing.
  if (severity !== 'error' && span !== undefined && isKnown(kernel, { rule, span, message })) return returnsVoid;
  const finding = makeFinding(kernel, request);
  if (severity === 'error') {
    addFinding(kernel, finding);
    return stops;
  }
  if (!isKnown(kernel, finding) && kernel.findings.length < findingsMax) addFinding(kernel, finding);
  return returnsVoid;
}

/** Whether the same has been found at the same place before. */
export function isKnown(
  { findings }: Kernel,
  { rule, span, message }: Pick<Finding, 'rule' | 'span' | 'message'>,
): boolean {
  return findings.some(
    (f) =>
      f.rule === rule &&
      f.span.file === span.file &&
      f.span.start === span.start &&
      // Findings without a place of their own stand together; their words tell them apart.
      (span.start > 0 || f.message === message),
  );
}

/** Records a finding as it is; an error stops the run. */
export function addFinding(kernel: Kernel, finding: RunFinding): void {
  kernel.findings.push(finding);
  if (finding.severity === 'error') kernel.parts.stop ??= { kind: 'crash', finding };
  kernel.emit({ kind: 'finding', rule: finding.rule, message: finding.message });
}

export function makeFinding(kernel: Kernel, request: FindingRequest): RunFinding {
  // An object's history goes on after a warning: what follows is no part of it.
  const told = request.history ?? [];
  const history = [...told, ...threadHistory(kernel, request.rule)];
  return {
    rule: request.rule,
    severity: request.severity,
    message: request.message,
    span: request.span ?? currentSpan(kernel) ?? lastSpan(history) ?? lastResortSpan(kernel),
    path: history.flatMap(({ what, span }) => (span === undefined ? [] : [{ span, message: what }])),
    docRules: request.docRules ?? [],
    ...(request.also === undefined ? {} : { also: request.also }),
    ...(request.bugCheck === undefined ? {} : { bugCheck: request.bugCheck }),
    history,
    stack: request.stack ?? callStack(kernel, kernel.current),
  };
}

/** In whose name the kernel acts where no thread runs. */
const kernelThread = { id: 0, name: 'kernel' };

/** Adds an event to the trace, with where and when. */
export function emit(kernel: Kernel, detail: TraceDetail): void {
  if (kernel.trace.keeping === 'counted') {
    kernel.trace.tally(detail.kind);
    return;
  }
  // The trace keeps nothing of the moment, so that one record does for all events.
  const { moment } = kernel.parts;
  moment.timeNs = kernel.timeNs;
  moment.statements = kernel.machine.statements;
  moment.thread = kernel.current ?? kernelThread;
  moment.irql = kernel.irql;
  moment.span = currentSpan(kernel);
  kernel.trace.push(moment, detail);
}

/** The moment before the first event. */
export function createMoment(): KernelParts['moment'] {
  return { timeNs: 0 as VirtualTimeNs, statements: 0, thread: kernelThread, irql: 0, span: undefined };
}

/** Lines kept of one object's history: the first, which says where it comes from, and the latest. */
const historyMax = 60;

/** Adds a line to an object's history. */
export function remember(
  kernel: Kernel,
  history: { what: string; span: Span | undefined; statements: number }[],
  what: string,
  span: Span | undefined = currentSpan(kernel),
): void {
  history.push({ what, span, statements: kernel.machine.statements });
  if (history.length > historyMax) history.splice(1, 1);
}

/** Where the object concerned was last in the driver's hands. */
function lastSpan(history: History): Span | undefined {
  return history.findLast(({ span }) => span !== undefined)?.span;
}

/** A finding needs a place; where no statement is at fault, the first file stands for the driver. */
function lastResortSpan(kernel: Kernel): Span {
  const unit = kernel.machine.program.units[0];
  return unit === undefined
    ? { file: { path: '', text: '', lineStarts: [0] }, start: 0, end: 0 }
    : { file: unit.file, start: 0, end: 0 };
}
