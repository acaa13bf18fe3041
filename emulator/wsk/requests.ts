/**
 * The life of a WSK call that takes an IRP.
 *
 * `begin` takes the IRP from the driver; then the call either fails at once, or settles its result, or waits for
 * something outside. A settled result is delivered after the scenario's delay, in an arbitrary context at
 * DISPATCH_LEVEL. The completion routine runs in every one of these cases: only a missing IRP or a WSK_CLIENT that is
 * none leaves the IRP alone, as in Windows.
 */
import { defined } from '../../base/assert.ts';
import type { Span } from '../../base/source.ts';
import { currentLocationAddress, irpOffsets } from '../kernel/io/irp-offsets.ts';
import type { IrpRecord, Kernel } from '../kernel/kernel-types.ts';
import { currentSpan } from '../kernel/places.ts';
import { isKnown } from '../kernel/report.ts';
import { goneBecause, type LentMemory } from '../kernel/verifier/lent-memory.ts';
import type { NativeCall } from '../machine/machine-types.ts';
import { type Continuation, type GuestAddress, type NativeResult, returns, returnsVoid } from '../machine/native.ts';
import { unwatchAwaited } from './data/awaited-bytes.ts';
import { reportGone } from './data/gone-buffer.ts';
import { wskLayouts } from './data/layouts.ts';
import { checkIrql } from './irql.ts';
import { type Request, type Socket, SUBSYSTEM, socketText, wskState } from './state.ts';
import { ntstatus } from './status.ts';

const NOTHING_LENT: readonly LentMemory[] = [];

/** DPCs complete WSK's requests at this level. */
export const DISPATCH_LEVEL = 2;

/** What a request ends with. `writes` go to the driver's memory right before the completion. */
export interface Settlement {
  readonly status: number;
  readonly information?: bigint;
  readonly writes?: readonly { readonly address: GuestAddress; readonly bytes: Uint8Array }[];
}

export type Begun =
  | { readonly kind: 'begun'; readonly request: Request }
  /** The call is over: its answer. */
  | { readonly kind: 'answered'; readonly result: NativeResult };

/** Takes the IRP at argument `irpIndex` for a call on a socket or a client. */
export function begin(
  kernel: Kernel,
  call: NativeCall,
  given: {
    readonly irpIndex: number;
    readonly socket?: Socket | undefined;
    readonly registration?: number;
    readonly object?: string;
    /** What it asks for, where the call alone does not say. */
    readonly subject?: string;
    readonly buffers?: readonly (LentMemory | undefined)[];
  },
): Begun {
  const irp = call.arguments.pointer(given.irpIndex);
  const tooHigh = checkIrql(kernel, call.name, DISPATCH_LEVEL);
  if (tooHigh !== undefined) return { kind: 'answered', result: tooHigh };
  if (irp === 0n) return { kind: 'answered', result: withoutIrp(kernel, call.name) };
  warnNested(kernel, call.name);
  const state = wskState(kernel);
  const id = state.nextId++;
  const object = given.object ?? (given.socket === undefined ? 'WSK' : socketText(given.socket));
  const sent = kernel.sendIrp(
    irp,
    { call: call.name, object, subject: given.subject },
    { subsystem: SUBSYSTEM, key: id },
  );
  if ('kind' in sent) return { kind: 'answered', result: sent };
  const request: Request = {
    id,
    call: call.name,
    irp,
    socket: given.socket?.id,
    registration: given.registration,
    issuedAt: call.site.span,
    issueStack: kernel.machine.stackMark(call.thread),
    irpId: sent.id,
    buffers: given.buffers === undefined ? NOTHING_LENT : given.buffers.filter((buffer) => buffer !== undefined),
    length: 0,
    sent: undefined,
    awaited: undefined,
    state: 'waiting',
  };
  state.requests.set(id, request);
  sent.sentControl = currentControl(kernel, irp);
  if (given.socket !== undefined) given.socket.outstanding++;
  const forced = given.socket?.isForcedClosed === true ? ntstatus(kernel, 'STATUS_FILE_FORCED_CLOSED') : undefined;
  const fault = kernel.injectedFault(call.name) ?? forced;
  return fault === undefined
    ? { kind: 'begun', request }
    : { kind: 'answered', result: failNow(kernel, request, fault | 0) };
}

/** A completion routine of WSK's runs on whatever stack there is; a new call from it may complete in it, and so on. */
function warnNested(kernel: Kernel, call: string): void {
  const { current } = kernel;
  const { completions } = kernel.parts.io;
  if (completions.length === 0) return;
  const outer = completions.findLast(({ threadId }) => threadId === current?.id);
  if (outer?.call?.startsWith('Wsk') !== true) return;
  const routine = kernel.machine.codeAt(outer.routine)?.name ?? 'the completion routine';
  const rule = 'wsk-call-in-completion-routine';
  const message = `${call} is called in ${routine}, the completion routine of ${outer.call}: the new call may complete at once and call the next routine on the same stack, until it overflows. Queue a work item that makes the call.`;
  const span = currentSpan(kernel);
  // A driver does it with each of its requests, and the history is looked for among all of them.
  if (span !== undefined && isKnown(kernel, { rule, span, message })) return;
  kernel.report({
    rule,
    severity: 'warning',
    message,
    docRules: ['R24'],
    history: [...kernel.irps.values()].find(({ id }) => id === outer.irpId)?.history ?? [],
  });
}

/** A call that needs an IRP was given none: nothing completes, so whoever waits for it waits for ever. */
export function withoutIrp(kernel: Kernel, call: string): NativeResult {
  kernel.report({
    rule: 'irp-missing',
    severity: 'warning',
    message: `${call} was given no IRP, which it needs: it returns STATUS_INVALID_PARAMETER and completes nothing.`,
    docRules: ['R26'],
  });
  return returns(ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
}

/** Adds buffers that were found only after the request had begun. */
export function lendToo(request: Request, buffers: readonly LentMemory[]): void {
  // Most calls have lent nothing before.
  request.buffers = request.buffers.length === 0 ? buffers : [...request.buffers, ...buffers];
}

/** Completes the IRP with an error before the call returns that error. */
export function failNow(kernel: Kernel, request: Request, status: number): NativeResult {
  request.state = 'due';
  return kernel.completeIrp(irpOf(kernel, request), status, 0n, {
    name: 'wsk.completedInline',
    state: { request: request.id, status },
  });
}

/** Settles a request whose call has not returned yet; the call returns STATUS_PENDING, or the status if it is quick. */
export function settle(
  kernel: Kernel,
  request: Request,
  settlement: Settlement,
  options: { readonly mayBeInline: boolean } = { mayBeInline: false },
): NativeResult {
  if (options.mayBeInline && isInline(kernel, request)) return completeNow(kernel, request, settlement);
  const result = pend(kernel, request);
  finish(kernel, request, settlement);
  return result;
}

/**
 * Whether a call whose result is there already completes its IRP before it returns. Windows may do so with every call;
 * usually here none does. What moves data on a socket never overtakes an earlier request of its kind.
 */
export function isInline(kernel: Kernel, request: Request): boolean {
  if (kernel.choices.choose(INLINE) === 0) return false;
  return !overtakes(kernel, request);
}

/** Whether IoCancelIrp completes a request before it returns: with a seed it may, and completion routines run in it. */
export function isCancelledInline(kernel: Kernel, request: Request): boolean {
  return kernel.choices.choose(CANCELLED) === 1 && !overtakes(kernel, request);
}

/** An earlier request of its kind is under way. */
function overtakes(kernel: Kernel, request: Request): boolean {
  if (!movesData(request)) return false;
  for (const { id, call, socket } of wskState(kernel).requests.values()) {
    if (id < request.id && socket === request.socket && call === request.call) return true;
  }
  return false;
}

/** Completes the IRP of a call that `isInline`, and returns its status from the call. */
export function completeNow(kernel: Kernel, request: Request, settlement: Settlement): NativeResult {
  request.state = 'due';
  write(kernel, settlement);
  return kernel.completeIrp(irpOf(kernel, request), settlement.status, settlement.information ?? 0n, {
    name: 'wsk.completedInline',
    state: { request: request.id, status: settlement.status },
  });
}

/** Leaves a request pending until something outside finishes it. */
export function pend(kernel: Kernel, request: Request): NativeResult {
  const status = wskLayouts(kernel).statusPending;
  kernel.pendIrp(irpOf(kernel, request));
  kernel.emit({ kind: 'irp-returned', irp: request.irpId, call: request.call, status });
  return returns(status);
}

/**
 * Settles a pending request: it will complete soon, in a context of its own. `step` is the continuation that does it,
 * where more is to be done at that moment than `wsk.complete` does.
 */
export function finish(kernel: Kernel, request: Request, settlement: Settlement, step = 'wsk.complete'): void {
  if (request.state === 'due') return;
  request.state = 'due';
  kernel.schedule({
    afterNs: completionDelayNs(kernel),
    irql: DISPATCH_LEVEL,
    label: 'WSK',
    step: { name: step, state: { request: request.id, settlement } },
    order: orderOf(kernel, request),
  });
}

/**
 * Lets a pending request go on by itself: `step` is run when its result is there, unless the request was cancelled by
 * then (`stillWaits`). Its state gets the request's number.
 */
export function finishLater(
  kernel: Kernel,
  request: Request,
  step: string,
  state: Readonly<Record<string, unknown>>,
): void {
  kernel.schedule({
    afterNs: completionDelayNs(kernel),
    irql: DISPATCH_LEVEL,
    label: 'WSK',
    step: { name: step, state: { ...state, request: request.id } },
  });
}

/** The request for which such a step runs; undefined where it has been cancelled. */
export function stillWaits(kernel: Kernel, state: Readonly<Record<string, unknown>>): Request | undefined {
  const request = requestOf(kernel, state.request as number);
  return request?.state === 'waiting' ? request : undefined;
}

/** Requests that move data on one socket complete in the order in which they were made, whatever their delays. */
function orderOf(kernel: Kernel, request: Request): string | undefined {
  if (!movesData(request)) return undefined;
  const { call, socket: id } = request;
  const socket = wskState(kernel).sockets.get(id ?? -1);
  const known = socket?.orders.get(call);
  if (known !== undefined) return known;
  const order = `${call} of socket #${id}`;
  socket?.orders.set(call, order);
  return order;
}

function movesData({ call }: Request): boolean {
  return call.startsWith('WskSend') || call.startsWith('WskReceive');
}

/** Finishes every request of a socket that still waits for something outside. */
export function finishWaiting(kernel: Kernel, socket: Socket, status: number): void {
  for (const request of [...wskState(kernel).requests.values()]) {
    if (request.socket === socket.id && request.state === 'waiting') finish(kernel, request, { status });
  }
}

/** Where and by which call an IRP was sent to WSK, with the call stack of that moment. */
export interface Issue {
  readonly call: string;
  readonly span: Span | undefined;
  readonly stack: readonly { readonly functionName: string; readonly span: Span | undefined }[];
}

/** The issue of an IRP by its number, until its completion is over. */
export function issueOf(kernel: Kernel, irp: number): Issue | undefined {
  for (const request of wskState(kernel).requests.values()) {
    if (request.irpId !== irp) continue;
    return { call: request.call, span: request.issuedAt, stack: kernel.machine.markedFrames(request.issueStack) };
  }
  return undefined;
}

/** A request by number, while it is under way. */
export function requestOf(kernel: Kernel, id: number): Request | undefined {
  return wskState(kernel).requests.get(id);
}

function irpOf(kernel: Kernel, request: Request): IrpRecord {
  return defined(kernel.irps.get(request.irp), 'the IRP of a request');
}

/** Continuation: the time of a settled request has come. */
export function completeRequest(kernel: Kernel, state: Readonly<Record<string, unknown>>): NativeResult {
  const request = requestOf(kernel, state.request as number);
  if (request === undefined) return returnsVoid;
  const then = { name: 'wsk.completed', state: { request: request.id } };
  return completeWith(kernel, request, state.settlement as Settlement, then);
}

/** Completes a request inside of the call that cancels it, which goes on with `after`. */
export function cancelNow(kernel: Kernel, request: Request, settlement: Settlement, after: Continuation): NativeResult {
  request.state = 'due';
  return completeWith(kernel, request, settlement, {
    name: 'wsk.cancelledInline',
    state: { request: request.id, after },
  });
}

function completeWith(kernel: Kernel, request: Request, settlement: Settlement, then: Continuation): NativeResult {
  const irp = irpOf(kernel, request);
  unwatchAwaited(kernel, request);
  for (const buffer of request.buffers) {
    const because = goneBecause(kernel, buffer);
    if (because === undefined) continue;
    return reportGone(kernel, buffer, because, {
      name: request.call,
      issuedAt: request.issuedAt,
      history: irp.history,
    });
  }
  write(kernel, settlement);
  return kernel.completeIrp(irp, settlement.status, settlement.information ?? 0n, then);
}

/** Takes a request whose IRP has been completed off the books; its socket may now finish closing. */
export function forget(kernel: Kernel, id: number): Socket | undefined {
  const state = wskState(kernel);
  const request = state.requests.get(id);
  state.requests.delete(id);
  const socket = state.sockets.get(request?.socket ?? -1);
  if (socket !== undefined) socket.outstanding--;
  else if (request?.registration !== undefined) kernel.wake(deregisterKey(request.registration), 0n);
  return socket;
}

/** What a thread in WskDeregister waits for. */
export function deregisterKey(registration: number): string {
  return `wsk.deregister.${registration}`;
}

function currentControl(kernel: Kernel, irp: GuestAddress): number {
  return kernel.memory.readU8(currentLocationAddress(kernel, irp), irpOffsets(kernel).control);
}

function write(kernel: Kernel, settlement: Settlement): void {
  if (settlement.writes === undefined) return;
  for (const { address, bytes } of settlement.writes) kernel.memory.writeBytes(address, bytes);
}

/** The usual delay, or with a strategy that looks for trouble: at once, or ten times as long. */
function completionDelayNs(kernel: Kernel): number {
  const usual = wskState(kernel).options.completionDelayNs;
  return usual * (DELAY_FACTORS[kernel.choices.choose(COMPLETION)] ?? 1);
}

const DELAY_FACTORS = [1, 0, 10];
const COMPLETION = { name: 'wsk.completion', options: DELAY_FACTORS.length };
const CANCELLED = { name: 'wsk.cancelled', options: 2 };
const INLINE = { name: 'wsk.inline', options: 2 };
