/** Structures as hovers show them: their facts, and their layout in C with an offset at each member. */
import type { Catalog } from '../../catalog/catalog.ts';
import type { ApiFacts } from '../../catalog/model.ts';
import { declarationText, recordText } from '../../cfront/types/text.ts';
import type { RecordDefinition } from '../../cfront/types/types.ts';

/** Members shown of one structure; the rest is counted. */
const membersMax = 24;

export function recordFacts(catalog: Catalog, record: RecordDefinition): ApiFacts | undefined {
  for (const name of [record.typedefName, record.tag]) {
    const facts = name === undefined ? undefined : (catalog.byName(name)[0] ?? catalog.byTypeName(name));
    if (facts !== undefined) return facts;
  }
  return undefined;
}

/** `struct _REQUEST { KEVENT Done; // 0 …` over several lines; only the name while the body is unknown. */
export function layoutText(record: RecordDefinition): string {
  const { fields } = record;
  if (fields === undefined) return `${recordText(record)};`;
  const members = fields.slice(0, membersMax).map((field) => {
    const bits = field.bits === undefined ? '' : ` : ${field.bits.width}`;
    return { text: `    ${declarationText(field.type, field.name ?? '')}${bits};`, offset: field.offset };
  });
  const head = `${record.tag === undefined && !record.isUnion ? 'struct' : recordText(record)} {`;
  const width = Math.min(56, Math.max(head.length, ...members.map((m) => m.text.length)));
  const lines = members.map((m) => `${m.text.padEnd(width)}  // ${m.offset}`);
  const rest = fields.length - members.length;
  if (rest > 0) lines.push(`    // and ${rest} more`);
  return [`${head.padEnd(width)}  // ${record.size} bytes`, ...lines, '};'].join('\n');
}
