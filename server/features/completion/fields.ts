/** The members of a structure as items, for places behind `.` and `->` and for designators. */
import { namedFields } from '../../../cfront/types/fields.ts';
import { typeText } from '../../../cfront/types/text.ts';
import type { RecordDefinition } from '../../../cfront/types/types.ts';
import type { Analysis } from '../analysis.ts';
import { factText } from '../markdown/api-markdown.ts';
import { recordFacts } from '../markdown/records.ts';
import { functionTypeOf } from '../places/api-at.ts';
import { type CompletionItem, keyOf, ranks } from './item.ts';

/** In the order of the declaration, which people know; functions of WSK before a table's version and reserved words. */
export function fieldItems(analysis: Analysis, record: RecordDefinition): readonly CompletionItem[] {
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
      ...(note === undefined ? {} : { note: factText(note) }),
      ...(api === undefined || callable === undefined ? {} : { api: keyOf(api) }),
    };
  });
}
