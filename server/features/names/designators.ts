/**
 * Members that `.name =` designates in a list in braces. The tree keeps such a list resolved to offsets, so the way in
 * is read once more from its tokens, with the type that the list initialises. Ends because each step takes a token.
 */

import type { Token } from '../../../cfront/tokenize/token.ts';
import { fieldNamed } from '../../../cfront/types/fields.ts';
import type { CType, Field } from '../../../cfront/types/types.ts';

/** `open` is the index of the list's `{`. Calls `found` for each designator that names a member. */
export function readDesignators(
  tokens: readonly Token[],
  open: number,
  type: CType,
  found: (token: Token, field: Field) => void,
): void {
  readList(tokens, open, type, found, 0);
}

/** Gives the index behind the list's `}`. */
function readList(
  tokens: readonly Token[],
  open: number,
  type: CType | undefined,
  found: (token: Token, field: Field) => void,
  depth: number,
): number {
  let at = open + 1;
  for (let index = 0; at < tokens.length; index++) {
    if (isText(tokens, at, '}')) return at + 1;
    let part = partAt(type, index);
    let isFirst = true;
    while (isText(tokens, at, '.') || isText(tokens, at, '[')) {
      if (isFirst) part = type;
      isFirst = false;
      if (isText(tokens, at, '[')) {
        at = behind(tokens, at + 1, ']') + 1;
        part = part?.kind === 'array' ? part.element : undefined;
        continue;
      }
      const name = tokens[at + 1];
      const path = name !== undefined && part?.kind === 'record' ? fieldNamed(part.definition, name.text) : undefined;
      if (name !== undefined && path !== undefined) found(name, path.field);
      part = path?.type;
      at += 2;
    }
    if (!isFirst && isText(tokens, at, '=')) at++;
    if (isText(tokens, at, '{') && depth < 50) at = readList(tokens, at, part, found, depth + 1);
    at = behind(tokens, at, ',', '}');
    if (isText(tokens, at, '}')) return at + 1;
    at++;
  }
  return at;
}

function partAt(type: CType | undefined, index: number): CType | undefined {
  if (type?.kind === 'array') return type.element;
  if (type?.kind !== 'record') return undefined;
  return type.definition.fields?.[type.definition.isUnion ? 0 : index]?.type;
}

/** Index of the first of the texts that stands outside of brackets; a bracket that closes what is open outside ends it. */
function behind(tokens: readonly Token[], from: number, ...texts: readonly string[]): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    const { text, kind } = tokens[i] as Token;
    if (kind === 'end') return i;
    if (kind !== 'punctuator') continue;
    if (depth === 0 && texts.includes(text)) return i;
    if (text === '(' || text === '[' || text === '{') depth++;
    else if ((text === ')' || text === ']' || text === '}') && --depth < 0) return i;
  }
  return tokens.length;
}

function isText(tokens: readonly Token[], at: number, text: string): boolean {
  return tokens[at]?.text === text;
}
