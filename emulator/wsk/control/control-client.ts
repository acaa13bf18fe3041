/**
 * WskControlClient: requests that concern a client as a whole. All but WSK_TRANSPORT_LIST_CHANGE are answered at once
 * and must be given no IRP.
 */

import type { Span } from '../../../base/source.ts';
import { allocateObject, freeObject } from '../../kernel/index.ts';
import type { Api, Kernel } from '../../kernel/kernel-types.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import { type NativeResult, returns } from '../../machine/native.ts';
import { clientOf } from '../client/clients.ts';
import { WSK_VERSION } from '../client/tables.ts';
import { allEvents, readEventChange } from '../events/event-control.ts';
import { checkIrql } from '../irql.ts';
import { begin, DISPATCH_LEVEL, failNow, pend } from '../requests.ts';
import { type Registration, wskState } from '../state.ts';
import { constant, ntstatus } from '../status.ts';
import { transportParts } from '../transports.ts';
import type { Control, ControlResult } from './control-types.ts';

type ClientControl = (kernel: Kernel, client: Registration, control: Control, call: NativeCall) => ControlResult;

const WskControlClient: Api = (kernel, call) => {
  const tooHigh = checkIrql(kernel, 'WskControlClient', DISPATCH_LEVEL);
  if (tooHigh !== undefined) return tooHigh;
  const client = clientOf(kernel, call);
  if ('kind' in client) return client;
  const control = readControl(call);
  const name = Object.keys(controls).find((one) => constant(kernel, one) === control.code);
  if (name === 'WSK_TRANSPORT_LIST_CHANGE') return transportListChange(kernel, client, call);
  const perform = controls[name ?? ''];
  if (control.hasIrp || perform === undefined) {
    const why = perform === undefined ? 'STATUS_NOT_SUPPORTED' : 'STATUS_INVALID_PARAMETER';
    return refuse(kernel, client, call, { why, subject: name ?? String(control.code) });
  }
  const fault = kernel.injectedFault('WskControlClient');
  if (fault !== undefined) return returns(fault | 0);
  const result = perform(kernel, client, control, call);
  if (result.kind === 'stop') return result.result;
  return returns(answer(kernel, control, result));
};

export const controlClientApis = { WskControlClient };

const controls: Readonly<Record<string, ClientControl>> = {
  WSK_TRANSPORT_LIST_QUERY: transportListQuery,
  WSK_TRANSPORT_LIST_CHANGE: (kernel) => status(kernel, 'STATUS_INVALID_PARAMETER'),
  WSK_CACHE_SD: cacheDescriptor,
  WSK_RELEASE_SD: releaseDescriptor,
  WSK_SET_STATIC_EVENT_CALLBACKS: setStaticEvents,
  // TDI has been gone since Windows 7: these two are checked and then mean nothing, here as there.
  WSK_TDI_DEVICENAME_MAPPING: tdiRequest,
  WSK_TDI_BEHAVIOR: tdiRequest,
};

function transportListQuery(kernel: Kernel, _client: Registration, control: Control): ControlResult {
  const { types } = kernel;
  const size = types.sizeOf('WSK_TRANSPORT');
  const { transports } = wskState(kernel);
  const needed = size * transports.length;
  if (needed > 0 && (control.output === 0n || control.outputSize < needed)) {
    return { kind: 'status', status: ntstatus(kernel, 'STATUS_BUFFER_OVERFLOW'), needed };
  }
  const output = new Uint8Array(needed);
  const view = new DataView(output.buffer);
  let at = 0;
  for (const transport of transports) {
    const [type, protocol, family] = transportParts[transport];
    view.setUint16(at + types.offsetOf('WSK_TRANSPORT', 'Version'), WSK_VERSION, true);
    view.setUint16(at + types.offsetOf('WSK_TRANSPORT', 'SocketType'), constant(kernel, type), true);
    view.setUint32(at + types.offsetOf('WSK_TRANSPORT', 'Protocol'), constant(kernel, protocol), true);
    view.setUint16(at + types.offsetOf('WSK_TRANSPORT', 'AddressFamily'), constant(kernel, family), true);
    at += size;
  }
  return { kind: 'done', output };
}

/** It waits until the scenario changes the transports, until it is cancelled or the client deregisters. */
function transportListChange(kernel: Kernel, client: Registration, call: NativeCall): NativeResult {
  const begun = begin(kernel, call, { irpIndex: 7, registration: client.id, subject: 'WSK_TRANSPORT_LIST_CHANGE' });
  if (begun.kind === 'answered') return begun.result;
  wskState(kernel).transportWaits.push(begun.request.id);
  return pend(kernel, begun.request);
}

function cacheDescriptor(kernel: Kernel, client: Registration, control: Control, call: NativeCall): ControlResult {
  if (control.input === 0n || control.inputSize !== 8 || control.output === 0n || control.outputSize !== 8) {
    return status(kernel, 'STATUS_INVALID_PARAMETER');
  }
  if (kernel.memory.readPointer(control.input) === 0n) return status(kernel, 'STATUS_INVALID_PARAMETER');
  return cacheAnother(kernel, client.id, call.site.span) ?? status(kernel, 'STATUS_INSUFFICIENT_RESOURCES');
}

/** A cached descriptor, its address as the output; undefined when memory is used up. */
export function cacheAnother(kernel: Kernel, client: number, span: Span | undefined): ControlResult | undefined {
  const region = allocateObject(kernel, 16, 'cached security descriptor');
  if (region === undefined) return undefined;
  wskState(kernel).descriptors.set(region.start, { region, registration: client, cachedAt: span });
  const output = new Uint8Array(8);
  new DataView(output.buffer).setBigUint64(0, region.start, true);
  return { kind: 'done', output };
}

function releaseDescriptor(kernel: Kernel, _client: Registration, control: Control): ControlResult {
  if (control.input === 0n || control.inputSize !== 8) return status(kernel, 'STATUS_INVALID_PARAMETER');
  const { descriptors } = wskState(kernel);
  const address = kernel.memory.readPointer(control.input);
  const cached = descriptors.get(address);
  if (cached === undefined) {
    return {
      kind: 'complaint',
      complaint: {
        rule: 'security-descriptor-not-cached',
        message: 'WSK_RELEASE_SD was given a descriptor that does not come from WSK_CACHE_SD, or was released already.',
        docRules: ['R77'],
      },
      status: 'STATUS_INVALID_PARAMETER',
    };
  }
  descriptors.delete(address);
  freeObject(kernel, cached.region);
  return { kind: 'done' };
}

function setStaticEvents(kernel: Kernel, client: Registration, control: Control): ControlResult {
  const size = kernel.types.sizeOf('WSK_EVENT_CALLBACK_CONTROL');
  if (control.input === 0n || control.inputSize !== size) {
    return {
      kind: 'complaint',
      complaint: {
        rule: 'option-size',
        message: `WSK_SET_STATIC_EVENT_CALLBACKS takes a WSK_EVENT_CALLBACK_CONTROL of ${size} bytes, but InputSize is ${control.inputSize}.`,
        docRules: ['R49'],
      },
      status: 'STATUS_INVALID_PARAMETER',
    };
  }
  if (client.socketsCreated > 0) return tooLate('WSK_SET_STATIC_EVENT_CALLBACKS');
  const change = readEventChange(kernel, control.input);
  if ('rule' in change) return { kind: 'complaint', complaint: change, status: 'STATUS_INVALID_PARAMETER' };
  if (change.isDisable || (change.events & ~allEvents(kernel)) !== 0) return status(kernel, 'STATUS_INVALID_PARAMETER');
  client.staticEvents |= change.events;
  return { kind: 'done' };
}

function tdiRequest(kernel: Kernel, client: Registration, control: Control): ControlResult {
  if (client.socketsCreated > 0) return tooLate('A WSK_TDI request');
  return control.input === 0n ? status(kernel, 'STATUS_INVALID_PARAMETER') : { kind: 'done' };
}

function tooLate(what: string): ControlResult {
  return {
    kind: 'complaint',
    complaint: {
      rule: 'option-order',
      message: `${what} must come before the first socket of the client.`,
      docRules: ['R71'],
    },
    status: 'STATUS_INVALID_DEVICE_STATE',
  };
}

function answer(kernel: Kernel, control: Control, result: Exclude<ControlResult, { kind: 'stop' }>): number {
  switch (result.kind) {
    case 'done':
      if (result.output !== undefined) kernel.memory.writeBytes(control.output, result.output);
      returnSize(kernel, control, result.output?.length ?? 0);
      return ntstatus(kernel, 'STATUS_SUCCESS');
    case 'status':
      if (result.needed !== undefined) returnSize(kernel, control, result.needed);
      return result.status;
    case 'complaint':
      kernel.report({ ...result.complaint, severity: 'warning' });
      return ntstatus(kernel, result.status);
    case 'pends':
      return ntstatus(kernel, 'STATUS_INVALID_PARAMETER');
  }
}

function returnSize(kernel: Kernel, control: Control, size: number): void {
  if (control.outputSizeReturned !== 0n) kernel.memory.writeU64(control.outputSizeReturned, BigInt(size));
}

function refuse(
  kernel: Kernel,
  client: Registration,
  call: NativeCall,
  { why, subject }: { readonly why: `STATUS_${string}`; readonly subject: string },
): NativeResult {
  if (call.arguments.pointer(7) === 0n) return returns(ntstatus(kernel, why));
  const begun = begin(kernel, call, { irpIndex: 7, registration: client.id, subject });
  return begun.kind === 'answered' ? begun.result : failNow(kernel, begun.request, ntstatus(kernel, why));
}

function readControl(call: NativeCall): Control {
  const { arguments: given } = call;
  return {
    type: 'ioctl',
    code: given.uint(1),
    level: 0,
    inputSize: Number(given.uint64(2)),
    input: given.pointer(3),
    outputSize: Number(given.uint64(4)),
    output: given.pointer(5),
    outputSizeReturned: given.pointer(6),
    hasIrp: given.pointer(7) !== 0n,
  };
}

function status(kernel: Kernel, name: `STATUS_${string}`): ControlResult {
  return { kind: 'status', status: ntstatus(kernel, name) };
}
