/**
 * News of processes, threads and images, for the routines that a driver has registered (`process-notify.ts`).
 *
 * A system thread: its maker's thread calls the routines before PsCreateSystemThread returns, the thread itself at its
 * end. A program of the scenario: a thread of the system makes it, so that the routines run in another process as they do
 * when Windows starts one; its own thread then tells of its images, and at its end, before its requests are cancelled and
 * its handles closed, that thread and process go. Without a routine nothing of this takes place, and no run differs.
 */
import { defined } from '../../../base/assert.ts';
import { type Continuation, type GuestAddress, type NativeResult, NULL_ADDRESS } from '../../machine/native.ts';
import { callerAt } from '../callers/caller-state.ts';
import { createFileObject, writeUnicodeString } from '../io/devices.ts';
import { blockOnKey, currentThread, wakeKey } from '../ke/blocking.ts';
import { continueWith, createKernelThread, threadNumber } from '../ke/kernel-threads.ts';
import type { KernelThread } from '../ke/scheduler-state.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { statusText } from '../status-names.ts';
import { checkEnd } from '../verifier/end-checks.ts';
import { isHandleNews, openWatched } from './object-callbacks.ts';
import { dereferenceObject } from './objects.ts';
import { processId, systemProcess, systemProcessId } from './process-context.ts';
import { type NotifyCall, notify, notifyRoutines } from './process-notify.ts';

/** Where programs lie, as drivers see paths of images. */
const folder = 'C:\\Programs\\';
const volume = '\\Device\\HarddiskVolume1';
/** Images of a program: its own and the system's library. No bytes lie there: a program's code is not emulated. */
const programImage = { base: 0x7ff6_0000_0000n, size: 0x2_0000n };
const libraryImage = { base: 0x7ffd_0000_0000n, size: 0x26_0000n };
const libraryPath = `${volume}\\Windows\\System32\\ntdll.dll`;
/** PROCESS_ALL_ACCESS and THREAD_ALL_ACCESS. */
const allAccess = 0x1f_ffff;
/** ImageAddressingMode = IMAGE_ADDRESSING_MODE_32BIT, which stands for every architecture. */
const imageProperties = 3;

/** Tells of a new thread in the current one. */
export function tellThreadCreated(kernel: Kernel, thread: KernelThread, then: Continuation): NativeResult {
  return notify(kernel, 'PspInsertThread', threadCalls(kernel, thread, 'created'), then);
}

/** Whether the driver may want to hear of the end of its threads: it names a function that registers for that. */
export function hearsOfThreads(kernel: Kernel): boolean {
  return kernel.machine.program.undefinedFunctions.some(({ symbol }) =>
    symbol.name.startsWith('PsSetCreateThreadNotifyRoutine'),
  );
}

/** The end of the current system thread, by PsTerminateSystemThread or by its return. */
export function endSystemThread(kernel: Kernel, status: bigint): NativeResult {
  const thread = currentThread(kernel);
  checkEnd(kernel, thread);
  if (kernel.parts.stop !== undefined) return { kind: 'stop' };
  const then: Continuation = { name: 'ps.thread-gone', state: { status } };
  return notify(kernel, 'PspExitThread', threadCalls(kernel, thread, 'ended'), then);
}

/** Makes the process of a program of the scenario known; its first step comes after `then`. */
export function announceProgram(kernel: Kernel, index: number, then: Continuation): NativeResult {
  const caller = callerAt(kernel, index);
  const entry = defined(kernel.machine.functionAddress('PspCreateProcess'), 'the maker of processes');
  createKernelThread(kernel, {
    name: `start of ${caller.plan.name}`,
    entry,
    arguments: [BigInt(index)],
    kind: 'system',
  });
  return blockOnKey(kernel, `program ${index}`, 'is being created', {
    name: 'ps.program-made',
    state: { caller: index, then },
  });
}

/** Somebody hears of the beginning of programs. */
export function isProgramNews(kernel: Kernel): boolean {
  for (const { notifies } of kernel.parts.registrations.values()) if (notifies !== undefined) return true;
  return isHandleNews(kernel);
}

/** The current thread is the only one of its process, and both go. */
export function tellProgramEnds(kernel: Kernel, process: GuestAddress, then: Continuation): NativeResult {
  const id = BigInt(processId(kernel, process));
  const parent = BigInt(systemProcessId);
  const calls = [...threadCalls(kernel, currentThread(kernel), 'ended')];
  for (const { address: routine, notifies } of kernel.parts.registrations.values()) {
    if (notifies === 'process') calls.push({ routine, arguments: [parent, id, 0n] });
    if (notifies === 'process-ex') calls.push({ routine, arguments: [process, id, 0n] });
  }
  return notify(kernel, 'PspExitProcess', calls, then);
}

export const processNewsApis = {
  /** What a system thread begins with where somebody hears of its end. */
  PspSystemThreadStartup: (_kernel, { arguments: args }) => ({
    kind: 'call',
    target: args.pointer(0),
    arguments: [args.uint64(1)],
    frameLabel: 'PspSystemThreadStartup',
    then: { name: 'ps.thread-returned', state: {} },
  }),
  PspCreateProcess: (kernel, { arguments: args }) => tellProgramCreated(kernel, args.int(0)),
} satisfies KernelApis;

export const processNewsContinuations = {
  'ps.thread-returned': (kernel) => endSystemThread(kernel, 0n),
  'ps.thread-gone': (_kernel, _thread, state) => ({ kind: 'end-thread', value: state.status as bigint }),
  /** The process routines have been asked: one of them may have forbidden it. */
  'ps.process-told': (kernel, _thread, given) => {
    const { caller: index, info } = given as unknown as { caller: number; info: GuestAddress };
    const caller = callerAt(kernel, index);
    const status = info === 0n ? 0 : kernel.view('PS_CREATE_NOTIFY_INFO', info).getNumber('CreationStatus');
    if (info !== 0n) freeInfo(kernel, info);
    const then: Continuation = { name: 'ps.program-told', state: { caller: index } };
    if (status < 0) {
      caller.mustEnd = true;
      const text = `${caller.plan.name} is not started: a process notify routine said ${statusText(kernel, status)}`;
      kernel.emit({ kind: 'caller', caller: caller.plan.name, what: text });
      return notify(kernel, 'PspInsertThread', [], then);
    }
    const thread = defined(kernel.parts.scheduler.threads.get(caller.threadId), 'the thread of a program');
    const opened: Continuation = { name: 'ps.process-opened', state: { thread: thread.object, then } };
    return tellThreadCreated(kernel, thread, {
      name: 'ps.process-inserted',
      state: { process: caller.process, then: opened },
    });
  },
  'ps.process-inserted': (kernel, _thread, { process, then }) =>
    openToParent(kernel, process as GuestAddress, then as Continuation),
  'ps.process-opened': (kernel, _thread, { thread, then }) =>
    openToParent(kernel, thread as GuestAddress | undefined, then as Continuation),
  'ps.program-told': (kernel, _thread, state) => {
    wakeKey(kernel, `program ${String(state.caller)}`, 0n);
    return { kind: 'end-thread', value: 0n };
  },
  /** In the program's own thread: what Windows does before the first instruction of the program. */
  'ps.program-made': (kernel, _thread, given) => {
    const { caller: index, then } = given as unknown as { caller: number; then: Continuation };
    const caller = callerAt(kernel, index);
    const id = BigInt(processId(kernel, caller.process));
    const thread = BigInt(threadNumber(caller.threadId));
    const own = notifyRoutines(kernel, 'thread-itself').map((routine) => ({ routine, arguments: [id, thread, 1n] }));
    const state = { caller: index, then, left: caller.mustEnd ? [] : imagesOf(caller.plan.name), name: NULL_ADDRESS };
    return notify(kernel, 'PspUserThreadStartup', caller.mustEnd ? [] : own, { name: 'ps.next-image', state });
  },
  'ps.next-image': (kernel, _thread, given) => {
    const state = given as unknown as ImageState;
    if (state.name !== 0n) freeText(kernel, state.name);
    const [image, ...left] = state.left;
    const routines = notifyRoutines(kernel, 'image');
    if (image === undefined || routines.length === 0) return continueWith(kernel, state.then, 0n);
    return tellImage(kernel, image, routines, { ...state, left });
  },
} satisfies ContinuationTable;

interface Image {
  readonly path: string;
  readonly base: bigint;
  readonly size: bigint;
}

interface ImageState {
  readonly caller: number;
  readonly then: Continuation;
  readonly left: readonly Image[];
  /** The name that the routines under way were given. */
  readonly name: GuestAddress;
}

/** CREATE_NOTIFY_INFO for those who take one; the routines may refuse the process by it. */
function tellProgramCreated(kernel: Kernel, index: number): NativeResult {
  const { process, plan } = callerAt(kernel, index);
  const id = BigInt(processId(kernel, process));
  const parent = BigInt(systemProcessId);
  const info = notifyRoutines(kernel, 'process-ex').length === 0 ? NULL_ADDRESS : makeInfo(kernel, plan.name);
  const calls: NotifyCall[] = [];
  for (const { address: routine, notifies } of kernel.parts.registrations.values()) {
    if (notifies === 'process') calls.push({ routine, arguments: [parent, id, 1n] });
    if (notifies === 'process-ex') calls.push({ routine, arguments: [process, id, info] });
  }
  return notify(kernel, 'PspCreateProcess', calls, { name: 'ps.process-told', state: { caller: index, info } });
}

/** The parent of a program gets a handle to its process and one to its thread. */
function openToParent(kernel: Kernel, object: GuestAddress | undefined, then: Continuation): NativeResult {
  if (object === undefined) return continueWith(kernel, then, 0n);
  const request = {
    operation: 'create',
    object,
    isKernelHandle: false,
    access: allAccess,
    handleAt: NULL_ADDRESS,
  } as const;
  return openWatched(kernel, request, then);
}

function threadCalls(kernel: Kernel, thread: KernelThread, news: 'created' | 'ended'): NotifyCall[] {
  const process = BigInt(processId(kernel, thread.process ?? systemProcess(kernel)));
  const values = [process, BigInt(threadNumber(thread.id)), news === 'created' ? 1n : 0n];
  const calls: NotifyCall[] = [];
  for (const { address: routine, notifies } of kernel.parts.registrations.values()) {
    const isOwn = notifies === 'thread-itself' && news === 'ended' && thread.process !== undefined;
    if (notifies === 'thread' || isOwn) calls.push({ routine, arguments: values });
  }
  return calls;
}

function tellImage(kernel: Kernel, image: Image, routines: readonly GuestAddress[], state: ImageState): NativeResult {
  const size = kernel.types.sizeOf('UNICODE_STRING');
  const infoSize = kernel.types.sizeOf('IMAGE_INFO');
  const label = `IMAGE_INFO of ${image.path}`;
  const region = kernel.memory.allocate({ size: size + infoSize, kind: 'object', label });
  if (region === undefined) return continueWith(kernel, state.then, 0n);
  writeUnicodeString(kernel, region.start, image.path);
  const info = kernel.view('IMAGE_INFO', (region.start + BigInt(size)) as GuestAddress);
  info.set('Properties', imageProperties);
  info.set('ImageBase', image.base);
  info.set('ImageSize', image.size);
  const id = BigInt(processId(kernel, callerAt(kernel, state.caller).process));
  const calls = routines.map((routine) => ({ routine, arguments: [region.start, id, info.address] }));
  return notify(kernel, 'PsCallImageNotifyRoutines', calls, {
    name: 'ps.next-image',
    state: { ...state, name: region.start },
  });
}

function imagesOf(name: string): Image[] {
  return [
    { path: `${volume}${folder.slice(2)}${fileName(name)}`, ...programImage },
    { path: libraryPath, ...libraryImage },
  ];
}

function fileName(name: string): string {
  return name.includes('.') ? name : `${name}.exe`;
}

function makeInfo(kernel: Kernel, name: string): GuestAddress {
  const size = kernel.types.sizeOf('PS_CREATE_NOTIFY_INFO');
  const text = kernel.types.sizeOf('UNICODE_STRING');
  const region = kernel.memory.allocate({ size: size + 2 * text, kind: 'object', label: 'PS_CREATE_NOTIFY_INFO' });
  if (region === undefined) return NULL_ADDRESS;
  const info = kernel.view('PS_CREATE_NOTIFY_INFO', region.start);
  const path = `\\??\\${folder}${fileName(name)}`;
  const file = createFileObject(kernel, NULL_ADDRESS, `file object of ${path}`);
  writeUnicodeString(
    kernel,
    kernel.view('FILE_OBJECT', file).addressOf('FileName'),
    `${folder.slice(2)}${fileName(name)}`,
  );
  const [image, line] = [size, size + text].map((offset) => (region.start + BigInt(offset)) as GuestAddress);
  writeUnicodeString(kernel, image as GuestAddress, path);
  writeUnicodeString(kernel, line as GuestAddress, `"${folder}${fileName(name)}"`);
  info.set('Size', size);
  info.set('FileOpenNameAvailable', 1);
  info.set('ParentProcessId', systemProcessId);
  info.set('CreatingThreadId.UniqueProcess', systemProcessId);
  info.set('CreatingThreadId.UniqueThread', threadNumber(currentThread(kernel).id));
  info.set('FileObject', file);
  info.set('ImageFileName', image as GuestAddress);
  info.set('CommandLine', line as GuestAddress);
  info.set('CreationStatus', 0);
  return region.start;
}

function freeInfo(kernel: Kernel, info: GuestAddress): void {
  const view = kernel.view('PS_CREATE_NOTIFY_INFO', info);
  const file = view.getPointer('FileObject');
  for (const text of [view.getPointer('ImageFileName'), view.getPointer('CommandLine')]) freeBuffer(kernel, text);
  freeBuffer(kernel, kernel.view('FILE_OBJECT', file).addressOf('FileName'));
  dereferenceObject(kernel, file);
  freeRegion(kernel, info);
}

/** A name and what describes its image lie in one piece. */
function freeText(kernel: Kernel, text: GuestAddress): void {
  freeBuffer(kernel, text);
  freeRegion(kernel, text);
}

function freeBuffer(kernel: Kernel, text: GuestAddress): void {
  freeRegion(kernel, kernel.view('UNICODE_STRING', text).getPointer('Buffer'));
}

/** What a routine has changed in its structures is no address that must be freed. */
function freeRegion(kernel: Kernel, address: GuestAddress): void {
  const region = kernel.memory.regionAt(address);
  if (region !== undefined && region.kind === 'object' && region.start === address && !region.isFreed)
    kernel.memory.free(region);
}
