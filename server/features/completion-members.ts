/** Members behind `.` and `->`, and the members that a list in braces can still designate. */
import { findPath, nodePlace } from '../../cfront/parse/walk.ts';
import { namedFields } from '../../cfront/types/fields.ts';
import { typeText } from '../../cfront/types/text.ts';
import type { CType, RecordDefinition } from '../../cfront/types/types.ts';
import type { Analysis } from './analysis.ts';
import { functionTypeOf } from './api-at.ts';
import { lastCodeBefore } from './brackets.ts';
import { type CompletionItem, keyOf, ranks } from './completion-item.ts';
import { initializerAt, recordOf } from './initializer-at.ts';
import { pathType } from './path-type.ts';
import { recordFacts } from './records.ts';

/** Undefined where the word stands behind neither `.` nor `->`; empty where nothing is known of what is before. */
export function memberItems(analysis: Analysis, wordStart: number): readonly CompletionItem[] | undefined {
  const { text } = analysis.unit.file;
  const last = lastCodeBefore(text, wordStart);
  const isArrow = text[last] === '>' && text[last - 1] === '-';
  if (!isArrow && text[last] !== '.') return undefined;
  const operator = isArrow ? last - 1 : last;
  if (!isArrow) {
    const list = initializerAt(analysis, wordStart);
    if (list !== undefined && /^\s*\.\s*$/.test(list.item)) {
      const record = recordOf(list.type);
      return record === undefined ? [] : fieldItems(analysis, record).filter(({ label }) => !list.named.has(label));
    }
  }
  const type = typeBefore(analysis, operator);
  const target =
    type?.kind === 'pointer' || type?.kind === 'array' ? (type.kind === 'array' ? type.element : type.target) : type;
  const record = target === undefined ? undefined : recordOf(target);
  return record === undefined ? [] : fieldItems(analysis, record);
}

/** Type of the expression that ends right before the operator: from the tree, or read from its text. */
function typeBefore(analysis: Analysis, operator: number): CType | undefined {
  const { unit } = analysis;
  const end = lastCodeBefore(unit.file.text, operator) + 1;
  for (const node of findPath(unit, operator).toReversed()) {
    if (node.kind === 'member' && nodePlace(node.object).end === end) return node.object.type;
  }
  return pathType(analysis, end);
}

/** In the order of the declaration, which people know; functions of WSK before a table's version and reserved words. */
function fieldItems(analysis: Analysis, record: RecordDefinition): readonly CompletionItem[] {
  const facts = recordFacts(analysis.catalog, record);
  const apis = (record.fields ?? []).map(({ type }) => analysis.catalog.byTypeName(type.alias ?? ''));
  const isTable = apis.some((api) => api?.kind === 'table-function');
  return namedFields(record).map(({ field }, i) => {
    const name = field.name ?? '';
    const callable = functionTypeOf(field.type);
    const api = field.type.alias === undefined ? undefined : analysis.catalog.byTypeName(field.type.alias);
    const note = facts?.members?.find((m) => m.name === name)?.note;
    return {
      label: name,
      kind: callable === undefined ? ('field' as const) : ('method' as const),
      detail: typeText(field.type),
      rank: ranks.fitting + i + (api === undefined && isTable ? 300 : 0),
      ...(note === undefined ? {} : { note }),
      ...(api === undefined || callable === undefined ? {} : { api: keyOf(api) }),
    };
  });
}
