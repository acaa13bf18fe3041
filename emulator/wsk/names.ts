/**
 * WskGetAddressInfo, WskFreeAddressInfo, WskGetNameInfo: a name service that knows "localhost", addresses written as
 * text, and the names that the scenario gives.
 */
import { allocateObject, freeObjects } from '../kernel/index.ts';
import type { Api, ContinuationTable, Kernel } from '../kernel/kernel-types.ts';
import { lend } from '../kernel/verifier/lent-memory.ts';
import type { Region } from '../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returnsVoid } from '../machine/native.ts';
import { asFamily, familyOf, parseHost } from '../net/address.ts';
import { type NameAnswer, nameOfHost, resolveName } from '../net/names.ts';
import { clientOf } from './client/clients.ts';
import { checkIrql } from './irql.ts';
import {
  begin,
  completeRequest,
  failNow,
  finishLater,
  pend,
  type Settlement,
  settle,
  stillWaits,
  withoutIrp,
} from './requests.ts';
import { familyOfNumber, readSockAddr, sockAddrBytes, sockAddrSize } from './sockaddr.ts';
import { type Request, type WskState, wskState } from './state.ts';
import { constant, ntstatus } from './status.ts';
import { readUnicode, utf16Bytes } from './unicode.ts';

const WskGetAddressInfo: Api = (kernel, call) => {
  const tooHigh = checkIrql(kernel, 'WskGetAddressInfo', 0);
  if (tooHigh !== undefined) return tooHigh;
  const given = call.arguments;
  if (given.pointer(9) === 0n) return withoutIrp(kernel, call.name);
  const client = clientOf(kernel, call);
  if ('kind' in client) return client;
  const resultAddress = given.pointer(6);
  const begun = begin(kernel, call, {
    irpIndex: 9,
    registration: client.id,
    buffers: [lend(kernel, 'Result', resultAddress, 8)],
  });
  if (begun.kind === 'answered') return begun.result;
  const { request } = begun;
  const node = readUnicode(kernel, given.pointer(1));
  const service = readUnicode(kernel, given.pointer(2));
  const isThreadAlone = given.pointer(8) !== 0n && given.pointer(7) === 0n;
  if ((node === '' && service === '') || isThreadAlone || resultAddress === 0n) {
    return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  }
  const hints = readHints(kernel, given.pointer(5));
  if (hints === undefined) return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  const port = service === '' ? 0 : portOf(service, hints.isNumericService);
  const found = lookUp(wskState(kernel), node, hints);
  const isKnown = found.hosts.length > 0 && port !== undefined;
  const list = isKnown ? buildList(kernel, found, port, hints, call.site.span) : NULL_ADDRESS;
  if (list === undefined) return failNow(kernel, request, ntstatus(kernel, 'STATUS_INSUFFICIENT_RESOURCES'));
  const result = pend(kernel, request);
  // Asking takes a while, in which the IRP may be cancelled.
  request.answer = list;
  finishLater(kernel, request, 'wsk.resolved', { resultAddress });
  return result;
};

/** Continuation: the name service has answered. */
function resolved(kernel: Kernel, state: Readonly<Record<string, unknown>>): NativeResult {
  const request = stillWaits(kernel, state);
  if (request === undefined) return returnsVoid;
  request.state = 'due';
  const list = request.answer ?? NULL_ADDRESS;
  request.answer = undefined;
  const address = state.resultAddress as GuestAddress;
  const settlement: Settlement =
    list === 0n
      ? { status: ntstatus(kernel, 'STATUS_NOT_FOUND') }
      : { status: ntstatus(kernel, 'STATUS_SUCCESS'), writes: [{ address, bytes: pointerBytes(list) }] };
  return completeRequest(kernel, { request: request.id, settlement });
}

export const nameContinuations = {
  'wsk.resolved': (kernel, _thread, state) => resolved(kernel, state),
} satisfies ContinuationTable;

/** Nobody waits for the answer any more. */
export function dropAnswer(kernel: Kernel, request: Request): void {
  const { addressLists } = wskState(kernel);
  const list = addressLists.get(request.answer ?? NULL_ADDRESS);
  if (request.answer === undefined || list === undefined) return;
  addressLists.delete(request.answer);
  request.answer = undefined;
  freeObjects(kernel, list.regions);
}

function pointerBytes(address: GuestAddress): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, address, true);
  return bytes;
}

interface Found extends NameAnswer {
  /** sin6_scope_id of its addresses. */
  readonly link: number;
}

const WskFreeAddressInfo: Api = (kernel, call) => {
  const tooHigh = checkIrql(kernel, 'WskFreeAddressInfo', 0);
  if (tooHigh !== undefined) return tooHigh;
  const state = wskState(kernel);
  const client = clientOf(kernel, call);
  // A client that is none changes nothing: the list is what counts.
  if ('kind' in client && client.kind !== 'return') return client;
  const address = call.arguments.pointer(1);
  if (address === 0n) return returnsVoid;
  const list = state.addressLists.get(address);
  if (list === undefined) {
    return kernel.report({
      rule: 'address-info-free',
      severity: 'error',
      message:
        'WskFreeAddressInfo was given an address that is no list from WskGetAddressInfo, or one that was freed already.',
      docRules: ['R59'],
    });
  }
  state.addressLists.delete(address);
  freeObjects(kernel, list.regions);
  return returnsVoid;
};

const WskGetNameInfo: Api = (kernel, call) => {
  const tooHigh = checkIrql(kernel, 'WskGetNameInfo', 0);
  if (tooHigh !== undefined) return tooHigh;
  const given = call.arguments;
  if (given.pointer(8) === 0n) return withoutIrp(kernel, call.name);
  const client = clientOf(kernel, call);
  if ('kind' in client) return client;
  const begun = begin(kernel, call, { irpIndex: 8, registration: client.id });
  if (begun.kind === 'answered') return begun.result;
  const { request } = begun;
  const nodeName = given.pointer(3);
  const serviceName = given.pointer(4);
  const isThreadAlone = given.pointer(7) !== 0n && given.pointer(6) === 0n;
  const isTooLong = given.uint(2) > kernel.types.sizeOf('SOCKADDR_STORAGE');
  if ((nodeName === 0n && serviceName === 0n) || isThreadAlone || isTooLong) {
    return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  }
  const address = readSockAddr(kernel, given.pointer(1));
  const isTooShort = 'family' in address && given.uint(2) < sockAddrSize(kernel, address.family);
  if (!('family' in address) || isTooShort)
    return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  const isSet = (flag: string): boolean => (given.uint(5) & constant(kernel, flag)) !== 0;
  const name = isSet('NI_NUMERICHOST') ? undefined : nameOfHost(wskState(kernel).names, address.endpoint.host);
  if (name === undefined && isSet('NI_NAMEREQD')) {
    return settle(kernel, request, { status: ntstatus(kernel, 'STATUS_NO_MATCH') });
  }
  const writes: { address: GuestAddress; bytes: Uint8Array }[] = [];
  const texts: readonly (readonly [GuestAddress, string])[] = [
    [nodeName, (isSet('NI_NOFQDN') ? name?.split('.')[0] : name) ?? address.endpoint.host],
    [serviceName, serviceOf(address.endpoint.port, isSet('NI_NUMERICSERV'))],
  ];
  for (const [target, text] of texts) {
    if (target === 0n) continue;
    const written = writeUnicode(kernel, target, text);
    if (written === undefined) return settle(kernel, request, { status: ntstatus(kernel, 'STATUS_BUFFER_OVERFLOW') });
    writes.push(...written);
  }
  return settle(kernel, request, { status: ntstatus(kernel, 'STATUS_SUCCESS'), writes });
};

export const nameApis = { WskGetAddressInfo, WskFreeAddressInfo, WskGetNameInfo };

interface Hints {
  readonly isPassive: boolean;
  readonly isNumericHost: boolean;
  readonly isNumericService: boolean;
  readonly wantsName: boolean;
  /** IPv4 addresses of a name as IPv4-mapped IPv6 ones, where it has no others. */
  readonly mapsInet: boolean;
  /** Those as well where it has others: AI_ALL. */
  readonly mapsAll: boolean;
  readonly family: 'inet' | 'inet6' | undefined;
  readonly socketType: number;
  readonly protocol: number;
}

const noHints: Hints = {
  isPassive: false,
  isNumericHost: false,
  isNumericService: false,
  wantsName: false,
  mapsInet: false,
  mapsAll: false,
  family: undefined,
  socketType: 0,
  protocol: 0,
};

/** Undefined for a family that there is no name service for. */
function readHints(kernel: Kernel, address: GuestAddress): Hints | undefined {
  if (address === 0n) return noHints;
  const view = kernel.view('ADDRINFOEXW', address);
  const flags = view.getNumber('ai_flags');
  const isSet = (flag: string): boolean => (flags & constant(kernel, flag)) !== 0;
  const number = view.getNumber('ai_family');
  const family = familyOfNumber(kernel, number);
  if (family === undefined && number !== constant(kernel, 'AF_UNSPEC')) return undefined;
  return {
    isPassive: isSet('AI_PASSIVE'),
    isNumericHost: isSet('AI_NUMERICHOST'),
    isNumericService: isSet('AI_NUMERICSERV'),
    wantsName: isSet('AI_CANONNAME'),
    mapsInet: isSet('AI_V4MAPPED'),
    mapsAll: isSet('AI_ALL'),
    family,
    socketType: view.getNumber('ai_socktype'),
    protocol: view.getNumber('ai_protocol'),
  };
}

/** Hosts of a name; nothing for an unknown one. No name means this machine. */
function lookUp(state: WskState, text: string, hints: Hints): Found {
  // "fe80::1%3": on which of its links the address is.
  const [, scoped, link] = /^([0-9a-f:.]*:[0-9a-f:.]*)%(\d{1,9})$/i.exec(text) ?? [];
  const node = scoped ?? text;
  const answer = ((): NameAnswer => {
    if (node === '') {
      return { canonicalName: '', hosts: hints.isPassive ? ['0.0.0.0', '::'] : ['127.0.0.1', '::1'] };
    }
    const literal = parseHost(node);
    if (literal !== undefined) return { canonicalName: node, hosts: [literal] };
    return hints.isNumericHost ? { canonicalName: node, hosts: [] } : resolveName(state.names, node);
  })();
  const hosts = answer.hosts.filter((host) => hints.family === undefined || familyOf(host) === hints.family);
  const isMapped = hints.family === 'inet6' && hints.mapsInet && (hosts.length === 0 || hints.mapsAll);
  return {
    ...answer,
    hosts: isMapped ? answer.hosts.map((host) => asFamily(host, 'inet6')) : hosts,
    link: Number(link ?? 0),
  };
}

const services: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21, smtp: 25, domain: 53, echo: 7 };

function portOf(service: string, isNumeric: boolean): number | undefined {
  if (/^\d{1,5}$/.test(service) && Number(service) <= 0xffff) return Number(service);
  return isNumeric ? undefined : services[service.toLowerCase()];
}

/** The service's name, or its port as text. */
function serviceOf(port: number, isNumeric: boolean): string {
  const name = Object.entries(services).find(([, number]) => number === port)?.[0];
  return isNumeric || name === undefined ? String(port) : name;
}

/** A chain of ADDRINFOEXW with their addresses; the first entry's address, or undefined when memory is used up. */
function buildList(
  kernel: Kernel,
  found: Found,
  port: number,
  hints: Hints,
  span: Parameters<WskState['addressLists']['set']>[1]['span'],
): GuestAddress | undefined {
  const regions: Region[] = [];
  const allocate = (size: number, label: string): Region | undefined => {
    const region = allocateObject(kernel, size, label);
    if (region !== undefined) regions.push(region);
    return region;
  };
  let next = 0n as GuestAddress;
  for (const host of [...found.hosts].reverse()) {
    const bytes = sockAddrBytes(kernel, { host, port });
    const address = allocate(bytes.length, 'address of WskGetAddressInfo');
    const entry = allocate(kernel.types.sizeOf('ADDRINFOEXW'), 'ADDRINFOEXW of WskGetAddressInfo');
    if (address === undefined || entry === undefined) {
      for (const region of regions) kernel.memory.free(region);
      return undefined;
    }
    kernel.memory.writeBytes(address.start, bytes);
    if (found.link !== 0) kernel.view('SOCKADDR_IN6', address.start).set('sin6_scope_id', found.link);
    const view = kernel.view('ADDRINFOEXW', entry.start);
    view.set('ai_family', constant(kernel, familyOf(host) === 'inet' ? 'AF_INET' : 'AF_INET6'));
    view.set('ai_socktype', hints.socketType);
    view.set('ai_protocol', hints.protocol);
    view.set('ai_addrlen', bytes.length);
    view.set('ai_addr', address.start);
    view.set('ai_next', next);
    next = entry.start;
  }
  if (hints.wantsName) {
    const name = utf16Bytes(`${found.canonicalName}\0`);
    const region = allocate(name.length, 'canonical name of WskGetAddressInfo');
    if (region !== undefined) {
      kernel.memory.writeBytes(region.start, name);
      kernel.view('ADDRINFOEXW', next).set('ai_canonname', region.start);
    }
  }
  wskState(kernel).addressLists.set(next, { regions, span });
  return next;
}

/** What writing a text into a UNICODE_STRING comes to; undefined when it does not fit. */
function writeUnicode(
  kernel: Kernel,
  target: GuestAddress,
  text: string,
): { address: GuestAddress; bytes: Uint8Array }[] | undefined {
  const view = kernel.view('UNICODE_STRING', target);
  const bytes = utf16Bytes(text);
  if (bytes.length > view.getNumber('MaximumLength')) return undefined;
  const length = new Uint8Array([bytes.length & 0xff, bytes.length >> 8]);
  return [
    { address: view.getPointer('Buffer'), bytes },
    { address: view.addressOf('Length'), bytes: length },
  ];
}
