/**
 * The object that a list in braces initialises, and the part of it at an offset. The tree keeps initializers resolved
 * to offsets, without the braces and without what is half typed, so that the way in is read from the text: from the
 * innermost brace outwards to the variable or the compound literal's type, then back in by designators and positions.
 */

import { fieldNamed } from '../../../cfront/types/fields.ts';
import type { CType, RecordDefinition } from '../../../cfront/types/types.ts';
import type { Analysis } from '../analysis.ts';
import { type Bracket, bracketsAt, lastCodeBefore, wordBefore } from './brackets.ts';
import { variableNamed } from './scope.ts';

export interface InitializerPlace {
  /** What the innermost braces initialise. */
  readonly type: CType;
  /** Text between the last comma or brace and the offset: `.WskAcceptEvent = `. */
  readonly item: string;
  /** Members that designators before the offset name in these braces. */
  readonly named: ReadonlySet<string>;
  /** Items before this one. */
  readonly index: number;
}

export function initializerAt(analysis: Analysis, offset: number): InitializerPlace | undefined {
  const { text } = analysis.unit.file;
  const brackets = bracketsAt(text, offset);
  const inner = brackets.at(-1);
  if (inner?.open !== '{') return undefined;
  const type = bracedType(analysis, brackets, brackets.length - 1);
  if (type === undefined) return undefined;
  const from = (inner.commas.at(-1) ?? inner.at) + 1;
  const named = new Set([...text.slice(inner.at, from).matchAll(/\.\s*(\w+)\s*=/g)].map((m) => m[1] ?? ''));
  return { type, item: text.slice(from, offset), named, index: inner.commas.length };
}

/** The record whose member the item names next, where it ends behind a `.`: `.`, `.Header.`, `.Table[1].`, `[2].`. */
export function designatedRecord(place: InitializerPlace): RecordDefinition | undefined {
  const path = /^\s*((?:\[[^\]]*\]\s*|\.\s*\w+\s*)*)\.\s*$/.exec(place.item)?.[1];
  if (path === undefined) return undefined;
  let type: CType | undefined = place.type;
  for (const [, name] of path.matchAll(/\[[^\]]*\]|\.\s*(\w+)/g)) {
    if (type === undefined) return undefined;
    type = name === undefined ? (type.kind === 'array' ? type.element : undefined) : memberType(type, name);
  }
  return type === undefined ? undefined : recordOf(type);
}

/** Type of the item at hand: of the designated member, or of the one at this position. */
export function itemType(place: InitializerPlace): CType | undefined {
  const designated = /^\s*\.\s*(\w+)\s*=/.exec(place.item)?.[1];
  return designated === undefined ? partAt(place.type, place.index) : memberType(place.type, designated);
}

/** Name of the member that the item at hand initialises; undefined for an element of an array. */
export function itemMember(place: InitializerPlace): string | undefined {
  const record = recordOf(place.type);
  const designated = /^\s*\.\s*(\w+)\s*=/.exec(place.item)?.[1];
  return record === undefined ? undefined : (designated ?? record.fields?.[record.isUnion ? 0 : place.index]?.name);
}

export function recordOf(type: CType): RecordDefinition | undefined {
  return type.kind === 'record' ? type.definition : undefined;
}

/** As deep as the parser reads: what is nested deeper has no type. */
const levelsMax = 256;

/** Ends because each step goes to a bracket further out. */
function bracedType(analysis: Analysis, brackets: readonly Bracket[], level: number): CType | undefined {
  const { text } = analysis.unit.file;
  const brace = brackets[level];
  if (brace?.open !== '{' || level > levelsMax) return undefined;
  const before = lastCodeBefore(text, brace.at);
  if (text[before] === ')') return castType(analysis, text, before);
  const outer = brackets[level - 1];
  if (text[before] === '=') {
    const left = text
      .slice(0, before)
      .trimEnd()
      .replace(/(?:\[[^\]]*\]\s*)+$/, '')
      .trimEnd();
    const name = wordBefore(text, left.length);
    const isDesignator = left
      .slice(0, left.length - name.length)
      .trimEnd()
      .endsWith('.');
    if (!isDesignator && name !== '') return variableNamed(analysis, name, brace.at)?.type;
    const around = outer === undefined ? undefined : bracedType(analysis, brackets, level - 1);
    if (around === undefined) return undefined;
    return name === '' ? partAt(around, 0) : memberType(around, name);
  }
  if (outer?.open !== '{' || (text[before] !== ',' && text[before] !== '{')) return undefined;
  const around = bracedType(analysis, brackets, level - 1);
  return around === undefined ? undefined : partAt(around, outer.commas.length);
}

function castType({ unit }: Analysis, text: string, close: number): CType | undefined {
  const open = text.lastIndexOf('(', close);
  const name = text
    .slice(open + 1, close)
    .replace(/\b(?:const|struct|union)\b/g, '')
    .replace(/\[\s*\d*\s*\]/, '')
    .trim();
  const symbol = unit.symbols.get(name);
  return symbol?.kind === 'typedef' ? symbol.type : undefined;
}

function partAt(type: CType, index: number): CType | undefined {
  if (type.kind === 'array') return type.element;
  return recordOf(type)?.fields?.[recordOf(type)?.isUnion === true ? 0 : index]?.type;
}

function memberType(type: CType, name: string): CType | undefined {
  const record = recordOf(type);
  return record === undefined ? undefined : fieldNamed(record, name)?.type;
}
