/**
 * The requests of the PnP manager, and what each leads to: a query that all drivers agree to has the request that it asks
 * about, one that somebody refuses is taken back, a device that was pulled out is removed when no program has it open any
 * more. What drivers may not do with them is told here.
 */
import { unreachable } from '../../../base/assert.ts';
import type { GuestAddress } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';
import { definitionSpan, describeAddress } from '../places.ts';
import { statusText } from '../status-names.ts';
import { offsetAddress } from '../struct-view.ts';
import type { AnsweringDevice } from './device-plans.ts';
import { topOfStack } from './device-stacks.ts';
import { majors, type PnpRequest } from './request-codes.ts';

/** One thing to do. */
export type PnpPiece =
  | { readonly kind: 'add'; readonly device: GuestAddress }
  /** A query has the request that follows where all drivers agree. */
  | { readonly kind: 'irp'; readonly device: GuestAddress; readonly request: PnpRequest; readonly then?: PnpRequest }
  /** No program has the device open any more. */
  | { readonly kind: 'closed'; readonly device: GuestAddress };

export interface PnpState {
  /** What is still to be done. */
  readonly queue: PnpPiece[];
  /** The thread that does it, while there is something to do. */
  threadId: number | undefined;
  /** The driver is being unloaded: all its devices go. */
  isEnding: boolean;
}

/** What the scenario has happen to a device. */
export type PnpChange = 'stop' | 'restart' | 'query-stop' | 'query-remove' | 'remove' | 'surprise-removal';

/** Who waits for the last program that has a device open. */
export const closedKey = 'PnP: closed';

/** A request under way. */
export interface Sent {
  readonly driver: GuestAddress;
  readonly device: GuestAddress;
  readonly event: GuestAddress;
  readonly iosb: GuestAddress;
  readonly request: PnpRequest;
  readonly then: PnpRequest | undefined;
}

/** What the PnP manager begins with. */
export function requestOf(what: PnpChange): { readonly request: PnpRequest; readonly then?: PnpRequest } {
  switch (what) {
    case 'stop':
      return { request: 'IRP_MN_QUERY_STOP_DEVICE', then: 'IRP_MN_STOP_DEVICE' };
    case 'query-stop':
      return { request: 'IRP_MN_QUERY_STOP_DEVICE', then: 'IRP_MN_CANCEL_STOP_DEVICE' };
    case 'restart':
      return { request: 'IRP_MN_START_DEVICE' };
    case 'query-remove':
      return { request: 'IRP_MN_QUERY_REMOVE_DEVICE', then: 'IRP_MN_CANCEL_REMOVE_DEVICE' };
    case 'remove':
      return { request: 'IRP_MN_QUERY_REMOVE_DEVICE', then: 'IRP_MN_REMOVE_DEVICE' };
    case 'surprise-removal':
      return { request: 'IRP_MN_SURPRISE_REMOVAL' };
    default:
      return unreachable(what);
  }
}

/** Requests that a driver may refuse. */
const mayFail = new Set<PnpRequest>(['IRP_MN_START_DEVICE', 'IRP_MN_QUERY_REMOVE_DEVICE', 'IRP_MN_QUERY_STOP_DEVICE']);

/** After these the device is not opened any more. */
export const removing = new Set<PnpRequest>([
  'IRP_MN_QUERY_REMOVE_DEVICE',
  'IRP_MN_SURPRISE_REMOVAL',
  'IRP_MN_REMOVE_DEVICE',
]);

type Following = { readonly kind: 'irp'; readonly request: PnpRequest } | { readonly kind: 'closed' };

/** What comes after a request, and what it has made of the device. */
export function following(kernel: Kernel, sent: Sent, answering: AnsweringDevice, status: number): Following[] {
  const { device, request, then } = sent;
  if (status < 0 && !mayFail.has(request) && !isRefusedBelow(answering)) reportRefused(kernel, sent, status);
  const remove: Following = { kind: 'irp', request: 'IRP_MN_REMOVE_DEVICE' };
  const surprise: Following = { kind: 'irp', request: 'IRP_MN_SURPRISE_REMOVAL' };
  const { isEnding } = kernel.parts.io.pnp;
  switch (request) {
    case 'IRP_MN_START_DEVICE': {
      const wasStarted = answering.wasStarted;
      answering.wasStarted = true;
      if (status >= 0) return [];
      // One that has worked before may be open.
      return wasStarted ? [surprise] : [remove];
    }
    case 'IRP_MN_QUERY_STOP_DEVICE':
      return then === undefined ? [] : [{ kind: 'irp', request: status < 0 ? 'IRP_MN_CANCEL_STOP_DEVICE' : then }];
    case 'IRP_MN_QUERY_REMOVE_DEVICE': {
      const isRefused = status < 0 || then !== 'IRP_MN_REMOVE_DEVICE' || isOpen(kernel, device);
      return [isRefused ? { kind: 'irp', request: 'IRP_MN_CANCEL_REMOVE_DEVICE' } : remove];
    }
    case 'IRP_MN_CANCEL_REMOVE_DEVICE':
      if (answering.state === 'remove-pending') answering.state = 'there';
      // The end of a run takes no refusal: the device is pulled out.
      return isEnding ? [surprise] : [];
    case 'IRP_MN_SURPRISE_REMOVAL':
      if (isLive(kernel, device)) return [{ kind: 'closed' }, remove];
      reportEarlyDelete(kernel, sent);
      return [];
    case 'IRP_MN_REMOVE_DEVICE':
      answering.state = 'removed';
      return [];
    case 'IRP_MN_STOP_DEVICE':
    case 'IRP_MN_CANCEL_STOP_DEVICE':
      return [];
    default:
      return unreachable(request);
  }
}

/** A driver has put a device over it, and has not been told that it is removed. */
export function isLive(kernel: Kernel, device: GuestAddress): boolean {
  return kernel.parts.io.answering.get(device)?.state !== 'removed' && topOfStack(kernel, device) !== device;
}

/** A program has it open, or a device above it in its stack. */
export function isOpen(kernel: Kernel, device: GuestAddress): boolean {
  const top = topOfStack(kernel, device);
  return [...kernel.parts.io.files.values()].some((file) => file.isUserMode && topOfStack(kernel, file.device) === top);
}

/** The PnP manager takes no refusal of these. */
function reportRefused(kernel: Kernel, { driver, device, request }: Sent, status: number): void {
  kernel.report({
    rule: 'pnp-request-refused',
    severity: 'warning',
    span: definitionSpan(kernel, pnpRoutine(kernel, driver)),
    message: `${request} for ${describeAddress(kernel, device)} comes back with ${statusText(kernel, status)}: no driver may fail it, and the PnP manager goes on all the same.`,
  });
}

/** Programs may have the device open still, and their requests come to a device that is gone. */
function reportEarlyDelete(kernel: Kernel, { driver, device }: Sent): void {
  kernel.report({
    rule: 'device-deleted-on-surprise',
    severity: 'warning',
    span: definitionSpan(kernel, pnpRoutine(kernel, driver)),
    message: `The device over ${describeAddress(kernel, device)} is detached in IRP_MN_SURPRISE_REMOVAL: it may still be open, and IRP_MN_REMOVE_DEVICE, which comes with the last close, does not reach the driver. Detach it there.`,
    also: ['PnpSurpriseRemove'],
  });
}

/** The scenario itself has the device below fail such requests. */
function isRefusedBelow({ answers }: AnsweringDevice): boolean {
  return answers.some(({ major, status }) => major === majors.pnp && status < 0);
}

/** The driver's dispatch routine for IRP_MJ_PNP. */
function pnpRoutine(kernel: Kernel, driver: GuestAddress): GuestAddress {
  const table = kernel.view('DRIVER_OBJECT', driver).addressOf('MajorFunction');
  return kernel.memory.readPointer(offsetAddress(table, 8 * majors.pnp));
}
