/**
 * What has a code address in one machine: the program's functions and undefined names, then natives in the order in
 * which the kernel first asked for their address.
 */
import type { CodeEntry, NativeLibrary } from '../machine-types.ts';
import { codeIndex, highWord, lowWord, returnInstruction } from '../memory/layout.ts';
import type { GuestAddress } from '../native.ts';
import type { LinkedProgram, Routine } from '../program.ts';

export interface CodeTable {
  /** Index of a function by name: the driver's own before a native. */
  indexOf(name: string): number | undefined;
  /** The same for who only looks: a native that has no address yet gets one that the program will never see. */
  lookUp(name: string): number | undefined;
  at(index: number): { readonly name: string; readonly routine: Routine | undefined } | undefined;
  entry(address: bigint): CodeEntry | undefined;
  /** True when the library knows the name at the index, and links it where the program mentions it. */
  isKnownNative(index: number): boolean;
}

/** More natives than ever get an address: those that are only looked at come behind them. */
const NATIVES_MAX = 8192;

/** `placeText` names the place of an instruction that a return address stands for. */
export function createCodeTable(
  program: LinkedProgram,
  natives: NativeLibrary,
  placeText: (instruction: number) => string | undefined,
): CodeTable {
  const byName = new Map<string, number>();
  for (const [index, { name, symbol }] of program.codeSymbols.entries()) {
    const known = byName.get(name);
    const isExternal = symbol.linkage === 'external';
    if (known === undefined || (isExternal && program.codeSymbols[known]?.symbol.linkage !== 'external'))
      byName.set(name, index);
  }
  const extra: string[] = [];
  const lookedAt: string[] = [];
  const size = program.codeSymbols.length;
  const known: (boolean | undefined)[] = [];
  const entries: (CodeEntry | undefined)[] = [];
  const at: CodeTable['at'] = (index) => {
    const own = program.codeSymbols[index];
    if (own !== undefined) return own;
    const name = extra[index - size] ?? lookedAt[index - size - NATIVES_MAX];
    return name === undefined ? undefined : { name, routine: undefined };
  };
  const isKnownNative = (index: number): boolean => {
    const answer = known[index];
    if (answer !== undefined) return answer;
    const found = at(index);
    const isStatic = program.codeSymbols[index]?.symbol.linkage === 'internal';
    const isProgram = index < size;
    const hasName = (name: string): boolean => (isProgram ? natives.links(name) : natives.has(name));
    const isKnown = found !== undefined && found.routine === undefined && !isStatic && hasName(found.name);
    known[index] = isKnown;
    return isKnown;
  };
  return {
    at,
    isKnownNative,
    lookUp: (name) => {
      const index = byName.get(name);
      if (index !== undefined) return at(index)?.routine !== undefined || isKnownNative(index) ? index : undefined;
      if (!natives.has(name)) return undefined;
      const found = lookedAt.indexOf(name);
      return size + NATIVES_MAX + (found >= 0 ? found : lookedAt.push(name) - 1);
    },
    indexOf: (name) => {
      const index = byName.get(name);
      if (index !== undefined) return at(index)?.routine !== undefined || isKnownNative(index) ? index : undefined;
      if (!natives.has(name)) return undefined;
      const added = size + extra.push(name) - 1;
      byName.set(name, added);
      return added;
    },
    entry: (address) => {
      const instruction = returnInstruction(lowWord(address), highWord(address));
      const place = instruction < 0 ? undefined : placeText(instruction);
      if (place !== undefined)
        return { name: place, address: address as GuestAddress, symbol: undefined, isNative: false };
      const index = codeIndex(lowWord(address), highWord(address));
      if (index < 0) return undefined;
      // Every event names a function: an entry is made once.
      let entry = entries[index];
      const found = entry === undefined ? at(index) : undefined;
      if (found !== undefined) {
        const isNative = found.routine === undefined;
        const symbol = isNative ? undefined : program.codeSymbols[index]?.symbol;
        entry = { name: found.name, address: address as GuestAddress, symbol, isNative };
        entries[index] = entry;
      }
      return entry;
    },
  };
}
