/**
 * The structure whose member an argument of a macro names: the second one of FIELD_OFFSET and offsetof, the third one of
 * CONTAINING_RECORD, and those of a driver's own macros of that kind.
 *
 * In: the offset where the member's name begins. Out: the structure that has it. A macro says by its body that a
 * parameter is a member (`->` stands before it) and which parameter is the structure (a cast to `type *`, or a pointer to
 * one); a macro that hands its parameters on to another is what that one is. Ends because macros are followed five deep.
 */
import { fieldNamed } from '../../../cfront/types/fields.ts';
import type { CType, RecordDefinition } from '../../../cfront/types/types.ts';
import type { MacroDefinition, TranslationUnit } from '../../../cfront/unit.ts';
import type { Analysis } from '../analysis.ts';
import { tokensText } from '../markdown/macro-expansion.ts';
import { bracketsAt } from './brackets.ts';
import { type ArgumentPlace, callAt } from './call-at.ts';
import { recordOf } from './initializer-at.ts';
import { variableNamed } from './scope.ts';

const macrosMax = 5;

export function memberArgumentAt(analysis: Analysis, wordStart: number): RecordDefinition | undefined {
  const call = callAt(analysis, wordStart);
  if (call?.callee.kind !== 'macro') return undefined;
  const { unit } = analysis;
  const { macro } = call.callee;
  const parameter = macro.parameters?.[call.index];
  const owner = parameter === undefined ? undefined : ownerOf(unit, macro, parameter, macrosMax);
  const written = owner === undefined ? undefined : call.before[macro.parameters?.indexOf(owner) ?? -1];
  if (written === undefined) return undefined;
  // `Inner.Member` and `Table[0].Member` lead further in.
  const bracket = bracketsAt(unit.file.text, wordStart).findLast(({ open }) => open === '(');
  const start = (bracket?.commas.at(-1) ?? bracket?.at ?? wordStart) + 1;
  const path = /^\s*((?:\w+\s*(?:\[[^\]]*\]\s*)*\.\s*)*)$/.exec(unit.file.text.slice(start, wordStart))?.[1];
  if (path === undefined) return undefined;
  let record = structureOf(analysis, written, wordStart);
  for (const [, name = ''] of path.matchAll(/(\w+)[^.]*\./g)) {
    let type: CType | undefined = record === undefined ? undefined : fieldNamed(record, name)?.type;
    while (type?.kind === 'array') type = type.element;
    record = type === undefined ? undefined : recordOf(type);
  }
  return record;
}

/** Whether the macro's argument is the structure of which another one names a member. */
export function isOwnerArgument({ unit }: Analysis, { callee, index }: ArgumentPlace): boolean {
  if (callee.kind !== 'macro') return false;
  const { macro } = callee;
  const names = macro.parameters ?? [];
  return names.some((name) => ownerOf(unit, macro, name, macrosMax) === names[index]);
}

/** The parameter that is the structure, or a pointer to it; undefined where `member` is no member of one. */
function ownerOf(unit: TranslationUnit, macro: MacroDefinition, member: string, depth: number): string | undefined {
  const body = tokensText(macro.body);
  const names = macro.parameters ?? [];
  const direct = new RegExp(
    `\\(\\s*(?:const\\s+|struct\\s+)*(\\w+)\\s*\\*?\\s*\\)\\s*(?:0|NULL)?\\s*\\)*\\s*->\\s*${member}\\b`,
  ).exec(body)?.[1];
  if (direct !== undefined) return names.includes(direct) ? direct : undefined;
  if (depth === 0) return undefined;
  for (const [, name = '', args = ''] of body.matchAll(/(\w+)\s*\(([\w\s,]*)\)/g)) {
    const inner = unit.macros.get(name);
    const given = args.split(',').map((one) => one.trim());
    const place = given.indexOf(member);
    const parameter = inner?.parameters?.[place];
    if (inner === undefined || parameter === undefined) continue;
    const owner = ownerOf(unit, inner, parameter, depth - 1);
    const own = owner === undefined ? undefined : given[inner.parameters?.indexOf(owner) ?? -1];
    if (own !== undefined && names.includes(own)) return own;
  }
  return undefined;
}

/** `CTX`, `struct _CTX`, or a variable that points to one. */
function structureOf(analysis: Analysis, written: string, offset: number): RecordDefinition | undefined {
  const { unit } = analysis;
  const name = written.replace(/\b(?:const|struct|union)\b|[()]/g, '').trim();
  const symbol = unit.symbols.get(name);
  const type = symbol?.kind === 'typedef' ? symbol.type : variableNamed(analysis, name, offset)?.type;
  if (type === undefined) return unit.records.get(name);
  return recordOf(type.kind === 'pointer' ? type.target : type);
}
