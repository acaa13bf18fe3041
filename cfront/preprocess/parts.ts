/**
 * Declarations of bundled headers that are left unread (cfront/outline.ts), as the preprocessor sees them.
 *
 * In: a `part` token of the lexer. Out: whether it may be left as it is, and then the token that the parser gets, which
 * keeps the macros that its text uses as they stand here. What is left may be expanded at any later time with the same
 * result: its macros are those of bundled headers, and no name in it or in their bodies has been defined or undefined by
 * anybody else.
 */
import type { SourceFile } from '../../base/source.ts';
import type { OutlinedPart } from '../outline.ts';
import { endToken, type PartToken, type Token } from '../tokenize/token.ts';
import { tokenizePart } from '../tokenize/tokenize.ts';
import type { Chain } from './chain.ts';
import { placesIn } from './effects.ts';
import type { Macro } from './macro.ts';
import type { State } from './state.ts';

/** Stands in the preprocessor's output for what has not been read. */
export class UnreadPart implements PartToken {
  readonly kind = 'part';
  readonly text = '';
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  readonly startsLine: boolean;
  readonly afterSpace: boolean;
  readonly expansion = undefined;
  readonly part: OutlinedPart;
  readonly macros: readonly Macro[];

  constructor({ file, start, end, startsLine, afterSpace, part }: PartToken, macros: readonly Macro[]) {
    this.file = file;
    this.start = start;
    this.end = end;
    this.startsLine = startsLine;
    this.afterSpace = afterSpace;
    this.part = part;
    this.macros = macros;
  }
}

/** The token to be left in the output; undefined where the text must be read now. */
export function unreadPart(state: State, token: PartToken): UnreadPart | undefined {
  const { chain } = state;
  if (chain === undefined) return undefined;
  const { part, file } = token;
  const names = part.macros ?? macrosIn(state, rawTokens(file, part.start, part.end));
  const macros: Macro[] = [];
  for (const name of names) {
    const macro = state.macros.get(name);
    const from = macro?.definition.span?.file;
    if (macro === undefined || from === undefined || !state.systemFiles.has(from)) return undefined;
    macros.push(macro);
  }
  if (chain.ownNames.size > 0) {
    const foreign = foreignNames(chain);
    if (foreign.in(file).some((at) => at >= part.start && at < part.end)) return undefined;
    if (macros.some((macro) => foreign.inBody(macro))) return undefined;
    // A name that ## makes stands in no text.
    if (part.names.some((name) => chain.ownNames.has(name))) return undefined;
  }
  return new UnreadPart(token, macros);
}

/** The raw tokens of a part and an `end` token. */
export function rawTokens(file: SourceFile, start: number, end: number): readonly Token[] {
  return [...tokenizePart(file, start, end, { startsLine: true }), endToken(file, end)];
}

/** Names of macros in the tokens, and in the bodies of those. */
function macrosIn(state: State, tokens: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>();
  const pending = [tokens];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { kind, text } of next) {
      const macro = kind === 'identifier' && !names.has(text) ? state.macros.get(text) : undefined;
      if (macro === undefined) continue;
      names.add(text);
      pending.push(macro.definition.body);
    }
  }
  return names;
}

/** Where names stand that were defined or undefined outside of bundled headers. */
export interface ForeignNames {
  /** How many names it is about: there are never fewer. */
  readonly count: number;
  readonly in: (file: SourceFile) => readonly number[];
  readonly inBody: (macro: Macro) => boolean;
}

function foreignNames(chain: Chain): ForeignNames {
  const known = chain.foreign;
  if (known?.count === chain.ownNames.size) return known;
  const names = new Set(chain.ownNames);
  const places = new Map<SourceFile, readonly number[]>();
  const bodies = new Map<Macro, boolean>();
  const made: ForeignNames = {
    count: names.size,
    in(file) {
      let found = places.get(file);
      if (found === undefined) places.set(file, (found = [...names].flatMap((name) => placesIn(file, name))));
      return found;
    },
    inBody(macro) {
      let found = bodies.get(macro);
      if (found === undefined) bodies.set(macro, (found = macro.definition.body.some(({ text }) => names.has(text))));
      return found;
    },
  };
  chain.foreign = made;
  return made;
}
