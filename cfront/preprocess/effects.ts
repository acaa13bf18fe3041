/**
 * What the text since a node of a chain has done, and whether a header that was read behind other text would be read just
 * so behind this one.
 *
 * In: macros that were set or removed, and the names that reading the header asked for. A macro that is another one, or
 * is there once and not the other time, makes no difference where nobody has asked for its name: a guard of the header
 * around, mostly. What bundled headers leave unread or define is not noted; their text is searched for the name instead.
 */
import { memo } from '../../base/memo.ts';
import type { SourceFile } from '../../base/source.ts';
import type { Token } from '../tokenize/token.ts';
import type { Chain } from './chain.ts';
import type { Macro } from './macro.ts';
import { macroText } from './outer.ts';
import type { State } from './state.ts';

export interface Effects {
  /** Macros that were set, with what they say and whether they come before others of the node, or removed. */
  readonly macros: ReadonlyMap<string, string>;
  /** All else, in words. */
  readonly others: string;
}

/** Which names were asked for while a header was read, and while headers were that were taken inside it. */
export interface Looks {
  readonly names: Set<string>;
  readonly inner: Looks[];
  /** How many files were open at the same time, those around it among them. */
  openMax: number;
}

export function effectsOf(state: State, chain: Chain): Effects {
  const pragmas: string[] = [];
  for (let i = chain.outputAt; i < state.output.length; i++) pragmas.push((state.output[i] as Token).text);
  const saved = [...state.savedMacros].filter(([, macros]) => macros.length > 0);
  return {
    macros: new Map(
      [...chain.effects].map(([name, macro]) => [
        name,
        JSON.stringify([macroText(macro), state.macros.isPutBefore(name)]),
      ]),
    ),
    others: JSON.stringify([
      chain.passed,
      pragmas,
      [...state.missingHeaders],
      saved.map(([name, macros]) => [name, macros.map(macroText)]),
    ]),
  };
}

/** Names of macros that one of them has and the other has not, or has as another one or in another order. */
export function differences(a: Effects, b: Effects): ReadonlySet<string> {
  const names = [...a.macros.keys(), ...b.macros.keys()];
  const differing = new Set(names.filter((name) => a.macros.get(name) !== b.macros.get(name)));
  const [one, other] = [a, b].map(({ macros }) => [...macros.keys()].filter((name) => !differing.has(name)).join());
  return one === other ? differing : new Set(names);
}

/** Where it is noted what the text asks for that is read now. */
export function looksAround({ frames }: State): Looks | undefined {
  return frames.findLast(({ link }) => link !== undefined)?.link?.looks;
}

/** What a header has asked for, the one around it has. */
export function noteLooks(state: State, looks: Looks, openMax: number): Looks | undefined {
  const around = looksAround(state);
  around?.inner.push(looks);
  if (around !== undefined) around.openMax = Math.max(around.openMax, openMax);
  return around;
}

export function hasAskedFor({ names, inner }: Looks, name: string): boolean {
  return names.has(name) || inner.some((looks) => hasAskedFor(looks, name));
}

/** As `placesOf`, kept as long as the file: headers are searched for the same names by many readings. */
export function placesIn(file: SourceFile, name: string): readonly number[] {
  const known = searched(file);
  let places = known.get(name);
  if (places === undefined) {
    // Who types a name makes a new one with each letter.
    if (known.size >= searchesMax) known.clear();
    known.set(name, (places = placesOf(name, file.text)));
  }
  return places;
}

const searched = memo<SourceFile, Map<string, readonly number[]>>(() => new Map());
const searchesMax = 500;

/** Offsets of a whole word. */
function placesOf(word: string, text: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = text.charAt(at - 1);
    const after = text.charAt(at + word.length);
    if (!/\w/.test(before) && !/\w/.test(after)) found.push(at);
  }
  return found;
}

/** Does something with macros that nobody has asked for. */
export function unwatched<T>({ macros }: State, act: () => T): T {
  const { watch } = macros;
  macros.watch = undefined;
  const result = act();
  macros.watch = watch;
  return result;
}

/** Names that were set, and those that were removed with undefined. */
export type MacroChanges = Map<string, Macro | undefined>;
