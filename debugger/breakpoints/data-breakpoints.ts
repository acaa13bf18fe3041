/**
 * Breakpoints at data: which memory a variable or an expression stands for, and the text by which a client names it
 * again. A place is right for as long as its memory is; that of a function's own variables is watched until it returns.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BitPlace, Run, Value, Watch } from '../../emulator/index.ts';
import type { Container } from '../inspect/variables.ts';
import { childNamed } from '../inspect/variables.ts';

export interface DataPlace {
  readonly watch: Watch;
  /** As people know it. */
  readonly name: string;
  /** An expression that shows what it holds, in any frame. */
  readonly shows: string;
  /** The function whose own variable it is, and its frame. */
  readonly owner: { readonly frameId: number; readonly functionName: string } | undefined;
}

/** Larger places are told to be watched in parts: they are compared after every statement. */
const bytesMax = 4096;

/** The place, or why there is none to watch. */
export function dataPlace(
  run: Run,
  { name, frameId, bytes, asAddress }: DebugProtocol.DataBreakpointInfoArguments,
  container: Container | undefined,
): DataPlace | string {
  if (asAddress === true) return addressPlace(run, name, bytes ?? 1);
  const inFrame = container?.frameId ?? frameId;
  const value = container === undefined ? evaluated(run, name, inFrame) : childNamed(container, name);
  if (value === undefined) return `${name} can't be watched: it has no value here.`;
  if (typeof value === 'string') return value;
  const { address, bits, expression = name } = value;
  if (address === undefined)
    return `${expression} is kept in a register, not in memory; use a breakpoint with a condition.`;
  const size = run.evaluate(`sizeof(${expression})`, inFrame);
  const length = 'error' in size ? 0 : Number.parseInt(size.value.text, 10);
  if (!(length > 0)) return `${expression} can't be watched: its size is not known.`;
  if (length > bytesMax) return `${expression} has ${length} bytes; watch a part of it, of ${bytesMax} bytes at most.`;
  return {
    watch: { address, bytes: bytes === undefined ? length : Math.min(bytes, length), bits },
    name: expression,
    shows: showing(value.typeText, address, length, bits),
    owner: ownerOf(run, expression, inFrame),
  };
}

/** A bit-field loses what stands above it, then what stands below, so that its sign is kept. */
function showing(type: string, address: bigint, bytes: number, bits: BitPlace | undefined): string {
  const whole = `*(${type} *)0x${address.toString(16)}`;
  if (bits === undefined) return whole;
  const above = bytes * 8 - bits.offset - bits.width;
  return `(${type})((${type})(${whole} << ${above}) >> ${above + bits.offset})`;
}

function addressPlace(run: Run, name: string, bytes: number): DataPlace | string {
  const address = addressOf(name);
  if (address === undefined) return `${name} is no address; write it as 0xFFFF800000012340.`;
  const length = Math.max(1, Math.trunc(bytes));
  if (length > bytesMax) return `At most ${bytesMax} bytes can be watched at once.`;
  if (run.readMemory(address, 1).length === 0) return `There is no memory at ${name}.`;
  const watch = { address, bytes: length };
  return {
    watch,
    name: `${length} bytes at ${name}`,
    shows: `*(unsigned char *)${name.replace('`', '')}`,
    owner: undefined,
  };
}

/** Also as it is shown, with a backquote in its middle, which WinDbg writes too. */
export function addressOf(text: string): bigint | undefined {
  const digits = text.trim().replace('`', '');
  return /^(?:0[xX][\da-fA-F]{1,16}|\d{1,19})$/.test(digits) ? BigInt.asUintN(64, BigInt(digits)) : undefined;
}

function evaluated(run: Run, expression: string, frameId: number | undefined): Value | string {
  const result = run.evaluate(expression, frameId);
  return 'error' in result ? result.error : result.value;
}

/** Members and elements of a variable lie where it lies; behind a pointer is memory of somebody else. */
function ownerOf(run: Run, expression: string, frameId: number | undefined): DataPlace['owner'] {
  const root = /^([A-Za-z_$][\w$]*)(?:\.[\w$]+|\[\d+\])*$/.exec(expression)?.[1];
  if (root === undefined || frameId === undefined) return undefined;
  const isLocal = run
    .scopes(frameId)[0]
    ?.values()
    .some(({ name }) => name === root);
  const functionName = frameName(run, frameId);
  return isLocal === true && functionName !== undefined ? { frameId, functionName } : undefined;
}

/** The function that owns the place has returned, so that its memory is another's. */
export function isGone(run: Run, { owner }: DataPlace): boolean {
  return owner !== undefined && frameName(run, owner.frameId) !== owner.functionName;
}

function frameName(run: Run, frameId: number): string | undefined {
  for (const { id } of run.threads()) {
    const frame = run.frames(id).find((one) => one.id === frameId);
    if (frame !== undefined) return frame.name;
  }
  return undefined;
}

/** What a client keeps and sends back; a place of another run means nothing in this one, and neither does its text. */
export function dataIdOf({ watch, name, shows, owner }: DataPlace): string {
  const { address, bytes, bits } = watch;
  const place = [address.toString(), bytes, bits?.offset, bits?.width];
  return JSON.stringify([...place, name, shows, owner?.frameId, owner?.functionName]);
}

export function readDataId(id: string): DataPlace | undefined {
  let read: unknown;
  try {
    read = JSON.parse(id);
  } catch {
    return undefined;
  }
  if (!Array.isArray(read)) return undefined;
  const [address, bytes, offset, width, name, shows, frameId, functionName] = read as readonly unknown[];
  if (typeof address !== 'string' || !/^\d+$/.test(address) || typeof bytes !== 'number') return undefined;
  if (typeof name !== 'string' || typeof shows !== 'string') return undefined;
  const bits = typeof offset === 'number' && typeof width === 'number' ? { offset, width } : undefined;
  const isOwned = typeof frameId === 'number' && typeof functionName === 'string';
  return {
    watch: { address: BigInt(address), bytes, bits },
    name,
    shows,
    owner: isOwned ? { frameId, functionName } : undefined,
  };
}
