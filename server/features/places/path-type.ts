/**
 * The type of an expression read backwards from its end, for text that has no tree: `Npi->Dispatch`, `Table[2].Next`,
 * `(*Request)`, `((PLISTENER)Context)`, `Find(x)`, and macros that become one of these. Other forms have no answer. Ends
 * because each step is further left, and a macro is expanded once.
 */
import { fieldNamed } from '../../../cfront/types/fields.ts';
import type { CType, RecordDefinition } from '../../../cfront/types/types.ts';
import type { Analysis } from '../analysis.ts';
import { macroExpansion } from '../markdown/macro-expansion.ts';
import { functionTypeOf } from './api-at.ts';
import { beginsStatement, lastCodeBefore, wordBefore } from './brackets.ts';
import { variableNamed } from './scope.ts';

/** `end` is the offset behind the expression's last character. */
export function pathType(analysis: Analysis, end: number): CType | undefined {
  return typeBefore({ analysis, text: analysis.unit.file.text, scope: end, isExpanded: false, depth: 0 }, end);
}

/** The type of an expression that is given as text, with names as they are known at `scope`. */
export function typeOfText(analysis: Analysis, text: string, scope: number): CType | undefined {
  return typeBefore({ analysis, text, scope, isExpanded: true, depth: 0 }, text.length);
}

export interface NamedMember {
  readonly record: RecordDefinition;
  readonly name: string;
}

/** The member that the expression ending at `end` names, and the structure that has it. */
export function pathMember(analysis: Analysis, end: number): NamedMember | undefined {
  return memberBefore({ analysis, text: analysis.unit.file.text, scope: end, isExpanded: false, depth: 0 }, end);
}

/** The same for an expression that is given as text, in parentheses or without. */
export function memberOfText(analysis: Analysis, text: string, scope: number): NamedMember | undefined {
  return memberBefore({ analysis, text, scope, isExpanded: true, depth: 0 }, text.length);
}

function memberBefore(reading: Reading, end: number): NamedMember | undefined {
  const { text } = reading;
  const name = wordBefore(text, end);
  const before = lastCodeBefore(text, end - name.length);
  const isArrow = text[before] === '>' && text[before - 1] === '-';
  const isFirst = !reading.isExpanded && beginsStatement(text, end - name.length);
  if (name === '' || (!isArrow && text[before] !== '.') || isFirst) return undefined;
  const object = typeBefore(reading, lastCodeBefore(text, isArrow ? before - 1 : before) + 1);
  const record = isArrow ? pointed(object) : object;
  return record?.kind === 'record' ? { record: record.definition, name } : undefined;
}

/** What is read: the file's text, or what a macro in it becomes, where `scope` is the offset at which names are known. */
interface Reading {
  readonly analysis: Analysis;
  readonly text: string;
  readonly scope: number;
  readonly isExpanded: boolean;
  /** Steps to the left that led here. */
  readonly depth: number;
}

/** Longer expressions than anybody writes, which would not fit on the stack. */
const stepsMax = 500;

function typeBefore(around: Reading, end: number): CType | undefined {
  if (around.depth === stepsMax) return undefined;
  const reading = { ...around, depth: around.depth + 1 };
  const { text } = reading;
  const last = text[end - 1];
  if (last === ')' || last === ']') {
    const open = openingOf(text, end - 1);
    if (open < 0) return undefined;
    const before = lastCodeBefore(text, open);
    const isPostfix = /[\w$)\]]/.test(text.charAt(before));
    if (last === ']') return pointed(isPostfix ? typeBefore(reading, before + 1) : undefined);
    if (isPostfix) {
      const expanded = expandedType(reading, before + 1);
      if (expanded !== undefined) return expanded;
      const callee = typeBefore(reading, before + 1);
      return callee === undefined ? undefined : functionTypeOf(callee)?.result;
    }
    return groupType(reading, text.slice(open + 1, end - 1), open + 1);
  }
  const name = wordBefore(text, end);
  if (name === '') return undefined;
  const before = lastCodeBefore(text, end - name.length);
  const isArrow = text[before] === '>' && text[before - 1] === '-';
  // `a->` that is only half typed, with the next statement below it.
  const isFirst = !reading.isExpanded && beginsStatement(text, end - name.length);
  if (isFirst || (!isArrow && text[before] !== '.')) {
    const { analysis, scope } = reading;
    const symbol = variableNamed(analysis, name, scope) ?? analysis.unit.symbols.get(name);
    if (symbol === undefined) return expandedType(reading, end);
    return symbol.kind === 'typedef' ? undefined : symbol.type;
  }
  const object = typeBefore(reading, lastCodeBefore(text, isArrow ? before - 1 : before) + 1);
  const record = isArrow ? pointed(object) : object;
  return record?.kind === 'record' ? fieldNamed(record.definition, name)?.type : undefined;
}

/** The type of what a macro becomes whose name ends at `end`; what it becomes has no macros any more. */
function expandedType(reading: Reading, end: number): CType | undefined {
  const { analysis, text, isExpanded } = reading;
  const { unit } = analysis;
  const name = wordBefore(text, end);
  const macro = isExpanded ? undefined : unit.macros.get(name);
  if (macro === undefined) return undefined;
  const made = macroExpansion(unit, macro, { file: unit.file, start: end - name.length, end });
  return made === undefined
    ? undefined
    : typeBefore({ ...reading, text: made.text, isExpanded: true }, made.text.length);
}

/** What stands in parentheses: a cast's operand has the cast's type, `*x` what x points to. */
function groupType(reading: Reading, inner: string, start: number): CType | undefined {
  const cast = /^\s*\(\s*(?:const\s+)?(?:struct\s+|union\s+)?(\w+)\s*(\*?)\s*\)\s*[\w$(&*]/.exec(inner);
  const named = cast === null ? undefined : reading.analysis.unit.symbols.get(cast[1] ?? '');
  if (named?.kind === 'typedef') {
    const { type } = named;
    return cast?.[2] === '' ? type : { kind: 'pointer', target: type, isConst: false, isVolatile: false };
  }
  const trimmed = inner.trimEnd();
  const type = typeBefore(reading, start + trimmed.length);
  if (/^\s*&/.test(inner) && type !== undefined)
    return { kind: 'pointer', target: type, isConst: false, isVolatile: false };
  return /^\s*\*/.test(inner) ? pointed(type) : type;
}

function pointed(type: CType | undefined): CType | undefined {
  return type?.kind === 'pointer' ? type.target : type?.kind === 'array' ? type.element : undefined;
}

/** Offset of the bracket that the one at `close` closes; -1 where it has none within reach. */
function openingOf(text: string, close: number): number {
  let depth = 0;
  for (let i = close; i >= Math.max(0, close - 2000); i--) {
    const c = text.charAt(i);
    if (c === ')' || c === ']') depth++;
    else if ((c === '(' || c === '[') && --depth === 0) return i;
  }
  return -1;
}
