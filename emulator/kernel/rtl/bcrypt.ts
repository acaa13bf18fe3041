/** The cryptography interface's hashes and random numbers. Random numbers come from the run's seed: they are no secret. */
import type { Span } from '../../../base/source.ts';
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { nextUint32 } from '../../sim/random.ts';
import { readText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan, describeAddress } from '../places.ts';
import {
  STATUS_BUFFER_TOO_SMALL,
  STATUS_INVALID_HANDLE,
  STATUS_INVALID_PARAMETER,
  STATUS_NO_MEMORY,
  STATUS_NOT_FOUND,
  STATUS_NOT_SUPPORTED,
} from '../statuses.ts';
import { type HashName, hashFunctions, hmac } from './hash-functions.ts';

/** What a BCRYPT_HANDLE stands for. */
export type BcryptObject =
  | {
      readonly kind: 'algorithm';
      readonly hash: HashName | undefined;
      readonly isHmac: boolean;
      readonly openedAt: Span | undefined;
    }
  | {
      readonly kind: 'hash';
      readonly hash: HashName;
      readonly key: Uint8Array | undefined;
      readonly isReusable: boolean;
      readonly openedAt: Span | undefined;
      data: Uint8Array;
      isFinished: boolean;
    };

const hmacFlag = 0x8;
const reusableFlag = 0x20;
/** Bytes that a caller must give for a hash object; ours needs none, but a caller may ask. */
const objectBytes = 326;

/** BCRYPT_USE_SYSTEM_PREFERRED_RNG. */
const useSystemGenerator = 0x2;

export const bcryptApis = {
  BCryptOpenAlgorithmProvider: (kernel, { arguments: args }) => {
    const name = readText(kernel, args.pointer(1), { unit: 2 }).toUpperCase();
    if (name !== 'RNG' && !(name in hashFunctions)) return returns(STATUS_NOT_FOUND);
    const hash = name === 'RNG' ? undefined : (name as HashName);
    const isHmac = (args.uint(3) & hmacFlag) !== 0;
    return open(kernel, args.pointer(0), { kind: 'algorithm', hash, isHmac, openedAt: currentSpan(kernel) });
  },
  BCryptCloseAlgorithmProvider: (kernel, { name, arguments: args }) =>
    close(kernel, name, args.pointer(0), 'algorithm'),
  BCryptDestroyHash: (kernel, { name, arguments: args }) => close(kernel, name, args.pointer(0), 'hash'),
  BCryptGetProperty: (kernel, { arguments: args }) => {
    const object = kernel.parts.bcrypt.get(args.pointer(0));
    if (object?.hash === undefined) return returns(STATUS_INVALID_HANDLE);
    const property = readText(kernel, args.pointer(1), { unit: 2 });
    const values: Readonly<Record<string, number>> = {
      ObjectLength: objectBytes,
      HashDigestLength: hashFunctions[object.hash].digestBytes,
    };
    const value = values[property];
    if (value === undefined) return returns(STATUS_NOT_SUPPORTED);
    kernel.memory.writeU32(args.pointer(4), 4);
    if (args.pointer(2) === 0n) return returns(0);
    if (args.uint(3) < 4) return returns(STATUS_BUFFER_TOO_SMALL);
    kernel.memory.writeU32(args.pointer(2), value);
    return returns(0);
  },
  BCryptCreateHash: (kernel, { arguments: args }) => {
    const algorithm = kernel.parts.bcrypt.get(args.pointer(0));
    if (algorithm?.kind !== 'algorithm') return returns(STATUS_INVALID_HANDLE);
    if (algorithm.hash === undefined) return returns(STATUS_NOT_SUPPORTED);
    const size = args.uint(5);
    const secret = size === 0 ? new Uint8Array(0) : kernel.memory.readBytes(args.pointer(4), size);
    return open(kernel, args.pointer(1), {
      kind: 'hash',
      hash: algorithm.hash,
      key: algorithm.isHmac ? secret : undefined,
      isReusable: (args.uint(6) & reusableFlag) !== 0,
      openedAt: currentSpan(kernel),
      data: new Uint8Array(0),
      isFinished: false,
    });
  },
  BCryptHashData: (kernel, { arguments: args }) => {
    const object = kernel.parts.bcrypt.get(args.pointer(0));
    if (object?.kind !== 'hash' || object.isFinished) return returns(STATUS_INVALID_HANDLE);
    const size = args.uint(2);
    if (size === 0) return returns(0);
    const both = new Uint8Array(object.data.length + size);
    both.set(object.data);
    both.set(kernel.memory.readBytes(args.pointer(1), size), object.data.length);
    object.data = both;
    return returns(0);
  },
  BCryptFinishHash: (kernel, { arguments: args }) => {
    const object = kernel.parts.bcrypt.get(args.pointer(0));
    if (object?.kind !== 'hash' || object.isFinished) return returns(STATUS_INVALID_HANDLE);
    const { digest, digestBytes } = hashFunctions[object.hash];
    if (args.uint(2) !== digestBytes) return returns(STATUS_INVALID_PARAMETER);
    const result = object.key === undefined ? digest(object.data) : hmac(object.hash, object.key, object.data);
    kernel.memory.writeBytes(args.pointer(1), result);
    object.data = new Uint8Array(0);
    object.isFinished = !object.isReusable;
    return returns(0);
  },
  BCryptGenRandom: (kernel, { arguments: args }) => {
    // Without an algorithm's handle the system's own generator must be asked for.
    if (args.pointer(0) === 0n && (args.uint(3) & useSystemGenerator) === 0) return returns(STATUS_INVALID_HANDLE);
    const bytes = Uint8Array.from({ length: args.uint(2) }, () => nextUint32(kernel.parts.random) & 0xff);
    if (bytes.length > 0) kernel.memory.writeBytes(args.pointer(1), bytes);
    return returns(0);
  },
} satisfies KernelApis;

/** Handles are addresses of small objects, so that a stale one is seen for what it is. */
function open(kernel: Kernel, target: GuestAddress, object: BcryptObject): NativeResult {
  const region = kernel.memory.allocate({ size: 16, kind: 'object', label: `BCrypt ${object.kind}` });
  if (region === undefined) return returns(STATUS_NO_MEMORY);
  kernel.parts.bcrypt.set(region.start, object);
  kernel.memory.writePointer(target, region.start);
  return returns(0);
}

function close(kernel: Kernel, call: string, handle: GuestAddress, kind: BcryptObject['kind']): NativeResult {
  kernel.memory.readU8(handle);
  const object = kernel.parts.bcrypt.get(handle);
  if (object !== undefined && object.kind !== kind) return returns(STATUS_INVALID_HANDLE);
  if (!kernel.parts.bcrypt.delete(handle)) {
    return kernel.report({
      rule: 'bad-handle',
      severity: 'error',
      message: `${call} is given ${describeAddress(kernel, handle)}, which is no open handle of the cryptography interface.`,
    });
  }
  const region = kernel.memory.regionAt(handle);
  if (region !== undefined) kernel.memory.free(region);
  return returns(0);
}
