/**
 * ZwQuerySystemInformation: the lists of processes with their threads, and of loaded modules, and what is known of
 * debugger and code integrity. Every class is first asked for its size and then for its data, as drivers do.
 */
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { threadNumber } from '../ke/kernel-threads.ts';
import type { Kernel } from '../kernel-types.ts';
import { STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_INFO_CLASS } from '../statuses.ts';
import { processId, systemProcess, systemProcessId } from './process-context.ts';

export interface SystemQuery {
  readonly kind: number;
  readonly buffer: GuestAddress;
  readonly length: number;
  readonly neededAt: GuestAddress;
}

const processInformation = 5;
const moduleInformation = 11;
const debuggerInformation = 35;
const codeIntegrityInformation = 103;
/** SYSTEM_PROCESS_INFORMATION, SYSTEM_THREAD_INFORMATION, RTL_PROCESS_MODULE_INFORMATION of x64. */
const processSize = 0x100;
const threadSize = 0x50;
const moduleSize = 296;
const modulePathAt = 40;
const modules = ['\\SystemRoot\\system32\\ntoskrnl.exe', '\\SystemRoot\\system32\\hal.dll'];
const kernelBase = 0xffff_f800_0000_0000n;
const kernelSize = 0x0100_0000;

export function querySystemInformation(kernel: Kernel, query: SystemQuery): NativeResult {
  switch (query.kind) {
    case processInformation:
      return listProcesses(kernel, query);
    case moduleInformation:
      return answer(kernel, query, moduleList());
    case debuggerInformation:
      // No debugger is enabled, and none is present.
      return answer(kernel, query, Uint8Array.of(0, 1));
    case codeIntegrityInformation:
      return answer(kernel, query, Uint8Array.of(8, 0, 0, 0, 1, 0, 0, 0));
    default:
      return returns(STATUS_INVALID_INFO_CLASS);
  }
}

function answer(kernel: Kernel, { buffer, length, neededAt }: SystemQuery, bytes: Uint8Array): NativeResult {
  if (neededAt !== 0n) kernel.memory.writeU32(neededAt, bytes.length);
  if (length < bytes.length) return returns(STATUS_INFO_LENGTH_MISMATCH);
  // A buffer that is not there faults as any other access.
  for (const [i, byte] of bytes.entries()) kernel.memory.writeU8((buffer + BigInt(i)) as GuestAddress, byte);
  return returns(0);
}

/** The kernel and the HAL. Drivers look for the kernel's address and their own; code of ours has no bytes there. */
function moduleList(): Uint8Array {
  const bytes = new Uint8Array(8 + modules.length * moduleSize);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, modules.length, true);
  for (const [index, path] of modules.entries()) {
    const at = 8 + index * moduleSize;
    view.setBigUint64(at + 16, kernelBase + BigInt(index * kernelSize), true);
    view.setUint32(at + 24, kernelSize, true);
    view.setUint16(at + 32, index, true);
    view.setUint16(at + 36, 1, true);
    view.setUint16(at + 38, path.lastIndexOf('\\') + 1, true);
    for (const [i, character] of [...path].entries()) bytes[at + modulePathAt + i] = character.charCodeAt(0);
  }
  return bytes;
}

function listProcesses(kernel: Kernel, query: SystemQuery): NativeResult {
  systemProcess(kernel);
  const threads = [...kernel.parts.scheduler.threads.values()].filter(({ kind }) => kind !== 'context');
  const processes = [...kernel.parts.objects.records.values()].filter(({ type }) => type === 'process');
  const parts = processes.map(({ address, label }) => {
    const own = threads.filter((thread) => (thread.process ?? systemProcess(kernel)) === address);
    const name = label.replace(/^process /, '');
    const nameAt = processSize + own.length * threadSize;
    const size = (nameAt + name.length * 2 + 2 + 7) & ~7;
    return { id: processId(kernel, address), own, name, nameAt, size };
  });
  const bytes = new Uint8Array(parts.reduce((sum, { size }) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [index, { id, own, name, nameAt, size }] of parts.entries()) {
    view.setUint32(at, index === parts.length - 1 ? 0 : size, true);
    view.setUint32(at + 4, own.length, true);
    view.setUint16(at + 0x38, name.length * 2, true);
    view.setUint16(at + 0x3a, name.length * 2 + 2, true);
    view.setBigUint64(at + 0x40, query.buffer + BigInt(at + nameAt), true);
    view.setInt32(at + 0x48, 8, true);
    view.setBigUint64(at + 0x50, BigInt(id), true);
    view.setBigUint64(at + 0x58, BigInt(id === systemProcessId ? 0 : systemProcessId), true);
    for (const [i, thread] of own.entries()) {
      const threadAt = at + processSize + i * threadSize;
      view.setBigUint64(threadAt + 0x20, thread.startRoutine, true);
      view.setBigUint64(threadAt + 0x28, BigInt(id), true);
      view.setBigUint64(threadAt + 0x30, BigInt(threadNumber(thread.id)), true);
      view.setInt32(threadAt + 0x38, thread.priority, true);
      view.setInt32(threadAt + 0x3c, thread.priority, true);
      view.setUint32(threadAt + 0x44, thread.wait === undefined ? 1 : 5, true);
    }
    for (let i = 0; i < name.length; i++) view.setUint16(at + nameAt + i * 2, name.charCodeAt(i), true);
    at += size;
  }
  return answer(kernel, query, bytes);
}
