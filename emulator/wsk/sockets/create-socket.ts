/** WskSocket: which categories, families, types and protocols go together, and the new socket itself. */
import type { RunRule } from '../../../base/run-rules.ts';
import type { Api, Kernel } from '../../kernel/kernel-types.ts';
import { lend } from '../../kernel/verifier/lent-memory.ts';
import type { GuestAddress, NativeResult } from '../../machine/native.ts';
import type { Family } from '../../net/address.ts';
import { clientOf } from '../client/clients.ts';
import { categoryOfFlags } from '../client/tables.ts';
import { reportMissingCallback } from '../events/event-control.ts';
import { begin, failNow, settle, withoutIrp } from '../requests.ts';
import { familyOfNumber } from '../sockaddr.ts';
import { type Request, type Socket, type SocketCategory, wskState } from '../state.ts';
import { constant, ntstatus } from '../status.ts';
import { hasTransport } from '../transports.ts';
import { createSocket } from './sockets.ts';

const WskSocket: Api = (kernel, call) => {
  const { arguments: given } = call;
  if (given.pointer(10) === 0n) return withoutIrp(kernel, call.name);
  const client = clientOf(kernel, call);
  if ('kind' in client) return client;
  const security = given.pointer(9);
  const begun = begin(kernel, call, {
    irpIndex: 10,
    registration: client.id,
    buffers: [lend(kernel, 'SecurityDescriptor', security, 1)],
  });
  if (begun.kind === 'answered') return begun.result;
  const { request } = begun;
  const kind = kindOfSocket(kernel, request, {
    family: given.uint(1) & 0xffff,
    type: given.uint(2) & 0xffff,
    protocol: given.uint(3),
    flags: given.uint(4),
  });
  if ('refused' in kind) return kind.refused;
  const context = given.pointer(5);
  const dispatch = given.pointer(6);
  if (kind.category === 'basic' && (context !== 0n || dispatch !== 0n)) {
    return refuse(kernel, request, {
      rule: 'basic-socket-dispatch',
      message: `WskSocket was given a ${context !== 0n ? 'SocketContext' : 'Dispatch'} for a basic socket, which has no event callbacks: both must be NULL.`,
      docRules: ['R30'],
    });
  }
  if (!isCached(kernel, security)) return refuse(kernel, request, notCached(call.name));
  const socket = createSocket(kernel, client, {
    category: kind.category,
    family: kind.family,
    type: kind.type,
    protocol: kind.protocol,
    context,
    dispatch,
    createdBy: 'WskSocket',
    createdAt: call.site.span,
  });
  if (socket === undefined) return failNow(kernel, request, ntstatus(kernel, 'STATUS_INSUFFICIENT_RESOURCES'));
  socket.security = security;
  reportMissingCallback(kernel, socket);
  kernel.emit({ kind: 'socket', socket: socket.id, what: 'created', detail: `${socket.category} socket` });
  const settlement = { status: ntstatus(kernel, 'STATUS_SUCCESS'), information: socket.region.start };
  return settle(kernel, request, settlement, { mayBeInline: true });
};

export const createApis = { WskSocket };

/** No descriptor, or one of WSK_CACHE_SD. */
export function isCached(kernel: Kernel, descriptor: GuestAddress): boolean {
  return descriptor === 0n || wskState(kernel).descriptors.has(descriptor);
}

export function notCached(call: string): Parameters<typeof refuse>[2] {
  return {
    rule: 'security-descriptor-not-cached',
    message: `${call} was given a SecurityDescriptor that does not come from WSK_CACHE_SD, or was released.`,
    docRules: ['R77'],
  };
}

/** A warning that says why, and the status that Windows refuses the call with. */
export function refuse(
  kernel: Kernel,
  request: Request,
  why: { readonly rule: RunRule; readonly message: string; readonly docRules: readonly string[] },
  status: `STATUS_${string}` = 'STATUS_INVALID_PARAMETER',
): NativeResult {
  kernel.report({ ...why, severity: 'warning' });
  return failNow(kernel, request, ntstatus(kernel, status));
}

export interface SocketKind {
  readonly category: SocketCategory;
  readonly family: Family;
  readonly type: Socket['type'];
  readonly protocol: number;
}

/** What a new socket is to be; refused where the arguments do not go together. */
function kindOfSocket(
  kernel: Kernel,
  request: Request,
  given: { readonly family: number; readonly type: number; readonly protocol: number; readonly flags: number },
): SocketKind | { readonly refused: NativeResult } {
  const category = categoryOfFlags(kernel, given.flags);
  if (category === undefined) {
    return {
      refused: refuse(kernel, request, {
        rule: 'socket-category-flags',
        message: `WskSocket was given Flags 0x${given.flags.toString(16)}: exactly one category flag is allowed.`,
        docRules: ['R32'],
      }),
    };
  }
  const family = familyOfNumber(kernel, given.family);
  if (family === undefined) {
    return { refused: failNow(kernel, request, ntstatus(kernel, 'STATUS_NOT_SUPPORTED')) };
  }
  const type = socketType(kernel, given.type);
  if (type === undefined || !fits(kernel, category, type, given.protocol)) {
    return {
      refused: refuse(kernel, request, {
        rule: 'socket-category-protocol',
        message: `WskSocket was asked for a ${category} socket with socket type ${given.type} and protocol ${given.protocol}, which do not go together.`,
        docRules: ['R33'],
      }),
    };
  }
  if (!hasTransport(kernel, family, type)) {
    return { refused: failNow(kernel, request, ntstatus(kernel, 'STATUS_NOT_SUPPORTED')) };
  }
  return { category, family, type, protocol: given.protocol };
}

function socketType(kernel: Kernel, type: number): Socket['type'] | undefined {
  if (type === constant(kernel, 'SOCK_STREAM')) return 'stream';
  if (type === constant(kernel, 'SOCK_DGRAM')) return 'datagram';
  return type === constant(kernel, 'SOCK_RAW') ? 'raw' : undefined;
}

/**
 * The documented combinations, and one that real Windows takes too: a UDP socket in the listening category, whose
 * WskBind then says STATUS_NOT_IMPLEMENTED.
 */
function fits(kernel: Kernel, category: SocketCategory, type: Socket['type'], protocol: number): boolean {
  const isTcp = type === 'stream' && protocol === constant(kernel, 'IPPROTO_TCP');
  const isUdp = type === 'datagram' && protocol === constant(kernel, 'IPPROTO_UDP');
  switch (category) {
    case 'basic':
      return isTcp || isUdp || type === 'raw';
    case 'listen':
      return isTcp || isUdp;
    case 'datagram':
      return isUdp || type === 'raw';
    case 'connection':
    case 'stream':
      return isTcp;
  }
}
