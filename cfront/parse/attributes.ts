/**
 * `__declspec(…)`, `__attribute__((…))`, `_Alignas(…)` and SAL words: what stands around declarations without being
 * part of their type. Only what changes layout, sections and flow is kept; the rest is read over.
 */
import type { Token } from '../tokenize/token.ts';
import { alignOf } from '../types/layout.ts';
import { takesArguments } from './annotations.ts';
import type { Annotation } from './ast.ts';
import { constantValue } from './constants.ts';
import { errorAt, expect } from './problems.ts';
import { skipArguments, skipBalanced } from './recovery.ts';
import { accept, advance, at, atEnd, type Parser, peek } from './state.ts';
import { atAnnotation, startsTypeName } from './type-start.ts';

/** Largest alignment that Microsoft's compiler takes. */
const alignmentMax = 8192;

/** What attributes say; filled in as they are read. */
export interface Attributes {
  /** Bytes; 0 where none is given. */
  alignment: number;
  isPacked: boolean;
  isNoReturn: boolean;
  section: string | undefined;
}

export function noAttributes(): Attributes {
  return { alignment: 0, isPacked: false, isNoReturn: false, section: undefined };
}

/** annotation: word [ "(" balanced tokens ")" ] */
export function annotation(p: Parser): Annotation {
  const first = advance(p);
  const found: Token[][] = [];
  if (at(p, '(') && takesArguments(first.text)) {
    const start = p.index + 1;
    const open = p.token;
    if (!skipArguments(p)) expect(p, ')', `after the arguments of ${first.text}`, open);
    const end = p.previous.text === ')' ? p.index - 1 : p.index;
    splitArguments(p, start, end, found);
  }
  return { name: first.text, arguments: found, first, last: p.previous };
}

/** Skips annotations whose place in the tree has no room for them. */
export function skipAnnotations(p: Parser): void {
  while (atAnnotation(p)) annotation(p);
}

/** "__declspec" "(" { word [ "(" … ")" ] } ")" */
export function declspec(p: Parser, into: Attributes): void {
  advance(p);
  const open = p.token;
  if (!expect(p, '(', 'after __declspec')) return;
  while (!at(p, ')') && !atEnd(p) && p.token.kind === 'identifier') {
    const word = advance(p).text;
    if (word === 'noreturn') into.isNoReturn = true;
    if (!at(p, '(')) {
      accept(p, ',');
      continue;
    }
    if (word === 'align' || word === '_Alignas') {
      readAlignment(p, into);
    } else if (word === 'code_seg' || word === 'allocate') {
      const name = peek(p, 1);
      if (word === 'code_seg' && name.kind === 'string') into.section = name.text.slice(1, -1);
      skipBalanced(p);
    } else {
      skipBalanced(p);
    }
    accept(p, ',');
  }
  expect(p, ')', 'after __declspec(…', open);
}

/** "__attribute__" "(" "(" { word [ "(" … ")" ] "," } ")" ")" */
export function gnuAttribute(p: Parser, into: Attributes): void {
  advance(p);
  if (!at(p, '(')) return;
  let depth = 0;
  do {
    if (at(p, '(')) depth++;
    else if (at(p, ')')) depth--;
    const word = p.token.text.replace(/^__|__$/g, '');
    if (depth === 2 && word === 'noreturn') into.isNoReturn = true;
    if (depth === 2 && word === 'packed') into.isPacked = true;
    if (depth === 2 && word === 'aligned' && peek(p, 1).text === '(') {
      advance(p);
      readAlignment(p, into);
      continue;
    }
    advance(p);
  } while (depth > 0 && !atEnd(p));
}

/** "_Alignas" "(" type-name | constant-expression ")" */
export function alignas(p: Parser, into: Attributes): void {
  advance(p);
  if (at(p, '(')) readAlignment(p, into);
}

function readAlignment(p: Parser, into: Attributes): void {
  const open = advance(p);
  if (startsTypeName(p, p.token)) {
    into.alignment = Math.max(into.alignment, alignOf(p.rules.typeName(p)));
  } else {
    const e = p.rules.assignmentExpression(p);
    const value = constantValue(e);
    const isPower = value !== undefined && value > 0n && (value & (value - 1n)) === 0n;
    if (isPower && value <= BigInt(alignmentMax)) into.alignment = Math.max(into.alignment, Number(value));
    else if (value !== 0n && e.type.kind !== 'error') {
      errorAt(p, 'bad-alignment', `An alignment must be a power of two, at most ${alignmentMax}.`, e);
    }
  }
  expect(p, ')', 'after the alignment', open);
}

/** Cuts the tokens from `start` to `end` at the commas of the outermost level. */
function splitArguments(p: Parser, start: number, end: number, into: Token[][]): void {
  let current: Token[] = [];
  let depth = 0;
  for (let i = start; i < end; i++) {
    const token = p.tokens[i] as Token;
    if (token.text === ',' && depth === 0) {
      into.push(current);
      current = [];
      continue;
    }
    if (token.text === '(') depth++;
    else if (token.text === ')') depth--;
    current.push(token);
  }
  if (current.length > 0 || into.length > 0) into.push(current);
}
