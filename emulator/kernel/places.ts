/** Where the driver stands: the place of the call under way, the call stack, names of functions and memory. */

import { placeText, type SourceFile, type Span } from '../../base/source.ts';
import { knownValues } from '../../cfront/layer-views.ts';
import { place } from '../../cfront/tokenize/token.ts';
import { namedFields } from '../../cfront/types/fields.ts';
import { sizeOf } from '../../cfront/types/layout.ts';
import type { RecordDefinition } from '../../cfront/types/types.ts';
import type { GuestThread, Program, Region } from '../machine/machine-types.ts';
import { mappedTarget } from '../machine/memory/layout.ts';
import type { GuestAddress } from '../machine/native.ts';
import type { Kernel, RunFinding } from './kernel-types.ts';

/** The one cancel spin lock of the system has no memory that drivers see; its record lives under this address. */
export const cancelLock = 8n as GuestAddress;

/**
 * The driver's statement that the kernel acts for: the call under way, or the innermost guest frame. A statement of an
 * inline function in a bundled header stands for the call of that function.
 */
export function currentSpan(kernel: Kernel): Span | undefined {
  const isOwn = ownPlaces(kernel);
  const fromCall = kernel.parts.currentCall?.site.span;
  if (fromCall !== undefined && isOwn(fromCall)) return fromCall;
  const { current, machine } = kernel;
  if (current === undefined) return fromCall;
  return machine.placeOf(current, isOwn) ?? fromCall ?? machine.placeOf(current, isAnyPlace);
}

/** "listen.c:41:5": a place within a sentence, where a whole path would hide what is said. */
export function shortPlace(span: Span): string {
  return placeText(span).replace(/^.*[\\/]/, '');
}

/** The statement with which a function that the kernel called has just returned; undefined where it is not the driver's. */
export function returnSpan(kernel: Kernel, routine: GuestAddress): Span | undefined {
  if (kernel.machine.codeAt(routine)?.isNative !== false) return undefined;
  const span = kernel.machine.returnPlace();
  return span !== undefined && ownPlaces(kernel)(span) ? span : undefined;
}

type PlaceTest = (span: Span) => boolean;

const isAnyPlace: PlaceTest = () => true;

/** Whether a place is the driver's own, and not in a header: asked at every event. A program's files never change. */
function ownPlaces({ machine, parts }: Kernel): PlaceTest {
  const { tables } = parts;
  tables.isOwnPlace ??= placeTest(machine.program);
  return tables.isOwnPlace;
}

function placeTest(program: Program): PlaceTest {
  const answers = new Map<SourceFile, boolean>();
  let lastFile: SourceFile | undefined;
  let lastAnswer = false;
  return ({ file }) => {
    // Mostly it is the file of the question before.
    if (file === lastFile) return lastAnswer;
    let answer = answers.get(file);
    if (answer === undefined) {
      answer = !program.units.some((unit) => unit.isSystemFile(file));
      answers.set(file, answer);
    }
    lastFile = file;
    lastAnswer = answer;
    return answer;
  };
}

/** A thread's call stack, innermost first; empty where none runs. */
export function callStack(kernel: Kernel, thread: GuestThread | undefined): RunFinding['stack'] {
  if (thread === undefined) return [];
  return kernel.machine.frames(thread).map(({ functionName, span }) => ({ functionName, span }));
}

/** "ListenComplete", or the address where no function begins. */
export function functionName(kernel: Kernel, address: GuestAddress): string {
  return kernel.machine.codeAt(address)?.name ?? hexAddress(address);
}

/** The name of a function of the driver where it is defined. */
export function definitionSpan(kernel: Kernel, address: GuestAddress): Span | undefined {
  const definition = kernel.machine.codeAt(address)?.symbol?.definition;
  return definition === undefined ? undefined : place(definition.nameToken);
}

/** `0xFFFF8000'00012340` as debuggers write it. */
export function hexAddress(address: bigint): string {
  const digits = BigInt.asUintN(64, address).toString(16).toUpperCase().padStart(16, '0');
  return `0x${digits.slice(0, 8)}'${digits.slice(8)}`;
}

export function hex(value: number): string {
  return `0x${(value >>> 0).toString(16).toUpperCase()}`;
}

/** What lies at an address, for people: "Event in Worker", "pool block 'Lstn' + 0x10", "IRP #3". */
export function describeAddress(kernel: Kernel, address: GuestAddress): string {
  if (address === 0n) return 'NULL';
  if (address === cancelLock) return 'of IoAcquireCancelSpinLock';
  const target = mappedTarget(address);
  if (target !== undefined) return `the user-mode mapping of ${describeAddress(kernel, target)}`;
  const region = kernel.memory.regionAt(address);
  if (region === undefined) return hexAddress(address);
  if (region.kind === 'stack') return stackVariable(kernel, address) ?? `${region.label} at ${hexAddress(address)}`;
  const offset = address - region.start;
  // What lies before everything that is there is no part of it.
  if (offset < 0n && region.kind === 'global') return hexAddress(address);
  const label = region.kind === 'global' ? region.label.replace(/^global /, '') : region.label;
  if (offset === 0n) return label;
  const member = offset > 0n ? memberOfRegion(kernel, region, Number(offset)) : undefined;
  if (member === undefined) return `${label} + ${offsetText(offset)}`;
  return region.kind === 'global' ? `${label}.${member}` : `${member} in ${label}`;
}

function memberOfRegion(kernel: Kernel, region: Region, offset: number): string | undefined {
  if (region.kind === 'pool' || region.kind === 'global') return memberOfBlock(region, offset);
  const record = region.kind === 'object' && isExtension(region) ? recordOfSize(kernel, region.size) : undefined;
  return record === undefined ? undefined : memberAt(record, offset);
}

function isExtension({ label }: Region): boolean {
  return label.startsWith('extension of device');
}

/** The driver's own record of that size, if it has only one: what a device extension is made for. */
function recordOfSize(kernel: Kernel, size: number): RecordDefinition | undefined {
  const { recordsBySize } = kernel.parts;
  if (recordsBySize.has(size)) return recordsBySize.get(size);
  let found: RecordDefinition | undefined;
  let isOnly = true;
  for (const { symbols, isSystemFile } of kernel.machine.program.units) {
    for (const symbol of knownValues(symbols)) {
      if (symbol.kind !== 'typedef' || symbol.type.kind !== 'record') continue;
      const { definition } = symbol.type;
      if (definition.size !== size || definition.isUnion || isSystemFile(definition.span.file)) continue;
      isOnly &&= found === undefined || found.span.start === definition.span.start;
      found = definition;
    }
  }
  const record = isOnly ? found : undefined;
  recordsBySize.set(size, record);
  return record;
}

/** The member that begins there in a global record, or in a block that was cast to a pointer to one when it was new. */
function memberOfBlock(region: Region, offset: number): string | undefined {
  const { madeFor } = (region.info ?? {}) as { readonly madeFor?: RecordDefinition };
  return madeFor === undefined ? undefined : memberAt(madeFor, offset);
}

/** `Queue.Lock`, `Slots[2].Event`: the outermost member that begins at the offset. */
function memberAt(record: RecordDefinition, offset: number): string | undefined {
  for (const { field, offset: start } of namedFields(record)) {
    const { name, type } = field;
    if (name === undefined || offset < start) continue;
    if (offset === start) return name;
    if (offset >= start + sizeOf(type)) continue;
    if (type.kind === 'record') return join(name, memberAt(type.definition, offset - start));
    if (type.kind !== 'array') continue;
    const unit = sizeOf(type.element);
    const index = Math.floor((offset - start) / unit);
    const inside = (offset - start) % unit;
    if (inside === 0) return `${name}[${index}]`;
    if (type.element.kind === 'record') return join(`${name}[${index}]`, memberAt(type.element.definition, inside));
  }
  return undefined;
}

function join(outer: string, inner: string | undefined): string | undefined {
  return inner === undefined ? undefined : `${outer}.${inner}`;
}

export function offsetText(offset: bigint): string {
  return offset < 0n ? `-0x${(-offset).toString(16).toUpperCase()}` : `0x${offset.toString(16).toUpperCase()}`;
}

/** The local variable whose memory holds the address. */
function stackVariable(kernel: Kernel, address: GuestAddress): string | undefined {
  for (const { guest } of kernel.parts.scheduler.threads.values()) {
    for (const frame of kernel.machine.frames(guest)) {
      if (frame.symbol === undefined) continue;
      let best: { name: string; start: GuestAddress } | undefined;
      for (const symbol of kernel.machine.locals(guest, frame.index)) {
        const home = kernel.machine.home(guest, frame.index, symbol);
        if (home.kind !== 'memory' || home.address > address) continue;
        const size = BigInt(sizeOf(symbol.type));
        if (address < home.address + size && (best === undefined || home.address > best.start))
          best = { name: symbol.name, start: home.address };
      }
      if (best !== undefined) return `${best.name} of ${frame.functionName}`;
    }
  }
  return undefined;
}
