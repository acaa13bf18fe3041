/**
 * Scopes and values as the client shows them. What can be opened gets a number, under which its children are read when
 * somebody asks; the numbers hold as long as the run stands.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Run, Value } from '../../emulator/index.ts';

export interface Container {
  readonly frameId: number | undefined;
  readonly values: () => readonly Value[];
  /** Elements of an array, when it is one. */
  readonly length: number | undefined;
}

export interface VariableStore {
  add(container: Container): number;
  get(reference: number): Container | undefined;
  /** Forgets all: the run goes on. */
  clear(): void;
}

export function createVariableStore(): VariableStore {
  const containers = new Map<number, Container>();
  // Never used again, so that a late request for an old number finds nothing instead of something else.
  let last = 0;
  return {
    add(container) {
      containers.set(++last, container);
      return last;
    },
    get: (reference) => containers.get(reference),
    clear: () => containers.clear(),
  };
}

export function scopesOf(run: Run, frameId: number, store: VariableStore): DebugProtocol.Scope[] {
  return run.scopes(frameId).map(({ name, values }, i) => ({
    name,
    variablesReference: store.add({ frameId, values, length: undefined }),
    expensive: i > 0,
    ...(i === 0 ? { presentationHint: 'locals' } : {}),
  }));
}

/** The part of a value that evaluate, set and variables have in common. */
export interface ShownValue {
  readonly text: string;
  readonly type: string;
  readonly variablesReference: number;
  readonly indexedVariables?: number;
  readonly namedVariables?: number;
  /** Where its bytes lie, or those that it points to. */
  readonly memoryReference?: string;
}

export function showValue(
  value: Value,
  frameId: number | undefined,
  store: VariableStore,
  options: { readonly isHex: boolean },
): ShownValue {
  const text = options.isHex ? hexText(value) : value.text;
  const shown = { text, type: value.typeText, ...memoryOf(value) };
  if (value.childCount === 0) return { ...shown, variablesReference: 0 };
  const length = value.type?.kind === 'array' ? value.type.length : undefined;
  const variablesReference = store.add({ frameId, values: value.children, length });
  if (length !== undefined) return { ...shown, variablesReference, indexedVariables: length };
  return { ...shown, variablesReference, namedVariables: value.childCount };
}

/** Of a number nobody wants to see the bytes. */
function memoryOf({ type, text, address }: Value): { readonly memoryReference?: string } {
  if (type?.kind === 'pointer') {
    const target = /^0x[\dA-Fa-f`]+/.exec(text)?.[0].replace('`', '');
    return target === undefined ? {} : { memoryReference: target };
  }
  if ((type?.kind !== 'array' && type?.kind !== 'record') || address === undefined) return {};
  return { memoryReference: `0x${address.toString(16).toUpperCase()}` };
}

export function variablesPage(
  container: Container,
  args: DebugProtocol.VariablesArguments,
  store: VariableStore,
): DebugProtocol.Variable[] {
  const options = { isHex: args.format?.hex === true };
  return pageOf(container, args).map((value) => {
    const { text, type, ...children } = showValue(value, container.frameId, store, options);
    return {
      name: value.name,
      value: text,
      type,
      ...children,
      ...(value.expression === undefined ? {} : { evaluateName: value.expression }),
    };
  });
}

/** The child of that name; elements of long arrays lie in groups. */
export function childNamed(container: Container, name: string): Value | undefined {
  const values = container.values();
  const index = container.length === undefined ? undefined : /^\[(\d+)\]$/.exec(name)?.[1];
  const found = values.find((value) => value.name === name);
  return found ?? (index === undefined ? undefined : elements(values, Number(index), 1)[0]);
}

function pageOf(container: Container, args: DebugProtocol.VariablesArguments): readonly Value[] {
  const isArray = container.length !== undefined;
  if (args.filter === (isArray ? 'named' : 'indexed')) return [];
  const values = container.values();
  const start = Math.max(0, args.start ?? 0);
  if (!args.count || args.count < 0) return start === 0 ? values : values.slice(start);
  return isArray ? elements(values, start, args.count) : values.slice(start, start + args.count);
}

/** Elements of an array by number. Long arrays come from the run in groups, which the client makes for itself. */
function elements(values: readonly Value[], start: number, count: number): readonly Value[] {
  const found: Value[] = [];
  let first = 0;
  for (const value of values) {
    const isGroup = value.typeText === '' && value.expression === undefined && value.childCount > 0;
    const size = isGroup ? value.childCount : 1;
    if (first + size > start && first < start + count) {
      const from = Math.max(0, start - first);
      found.push(...(isGroup ? value.children().slice(from, start + count - first) : [value]));
    }
    first += size;
  }
  return found;
}

/** Integers in hexadecimal; what is not a number alone stays as it is. */
function hexText(value: Value): string {
  const both = /^-?\d+ \((0x[0-9A-F]+)\)$/.exec(value.text);
  if (both?.[1] !== undefined) return both[1];
  if (value.type?.kind !== 'integer' || !/^-?\d+$/.test(value.text)) return value.text;
  return `0x${BigInt.asUintN(value.type.size * 8, BigInt(value.text))
    .toString(16)
    .toUpperCase()}`;
}
