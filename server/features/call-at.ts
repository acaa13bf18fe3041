/** The call whose argument list holds an offset, and which argument it is. */
import type { CallExpression } from '../../cfront/parse/ast.ts';
import { findPath, nodePlace } from '../../cfront/parse/walk.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';

export interface ArgumentPlace {
  readonly call: CallExpression;
  /** From 0. */
  readonly index: number;
}

/** The innermost call around the offset with the offset between its parentheses. */
export function callAt(unit: TranslationUnit, offset: number): ArgumentPlace | undefined {
  const path = findPath(unit, offset);
  for (let i = path.length - 1; i >= 0; i--) {
    const node = path[i];
    if (node?.kind !== 'call') continue;
    const index = argumentIndex(unit.file.text, nodePlace(node.callee).end, offset);
    if (index !== undefined) return { call: node, index };
  }
  return undefined;
}

/**
 * Counts commas at depth 0 between the callee's end and the offset; undefined before `(` and behind its `)`. The text
 * is scanned, not the tree, because an argument that is being typed has no node yet.
 */
function argumentIndex(text: string, from: number, offset: number): number | undefined {
  let depth = 0;
  let index = 0;
  for (let i = from; i < offset; i++) {
    const c = text[i];
    if (c === '"' || c === "'") i = literalEnd(text, i, offset);
    else if (c === '/' && text[i + 1] === '*') i = Math.min(offset, endOf(text.indexOf('*/', i + 2), offset) + 1);
    else if (c === '/' && text[i + 1] === '/') i = endOf(text.indexOf('\n', i), offset);
    else if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') {
      depth--;
      if (depth <= 0) return undefined;
    } else if (c === ',' && depth === 1) index++;
  }
  return depth >= 1 ? index : undefined;
}

function endOf(found: number, otherwise: number): number {
  return found < 0 ? otherwise : found;
}

/** Index of the closing quote, or the last character before `limit`. */
function literalEnd(text: string, start: number, limit: number): number {
  for (let i = start + 1; i < limit; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === text[start] || text[i] === '\n') return i;
  }
  return limit;
}
