/** Structures as hovers show them: their facts, and their layout in C with an offset at each member. */
import type { Catalog } from '../../../catalog/catalog.ts';
import type { ApiFacts } from '../../../catalog/model.ts';
import { declarationText, recordText } from '../../../cfront/types/text.ts';
import type { CType, RecordDefinition } from '../../../cfront/types/types.ts';

/** Members shown of one structure; the rest is counted. */
const membersMax = 24;
/** Structures without a name that stand in one another, shown at most. */
const depthMax = 4;

export function recordFacts(catalog: Catalog, record: RecordDefinition): ApiFacts | undefined {
  for (const name of [record.typedefName, record.tag]) {
    const facts = name === undefined ? undefined : (catalog.byName(name)[0] ?? catalog.byTypeName(name));
    if (facts !== undefined) return facts;
  }
  return undefined;
}

/** `struct _REQUEST { KEVENT Done; // 0 …` over several lines; only the name while the body is unknown. */
export function layoutText(record: RecordDefinition): string {
  if (record.fields === undefined) return `${recordText(record)};`;
  const members = memberLines(record, { base: 0, indent: '    ', depth: depthThatFits(record) });
  const shown = members.slice(0, membersMax);
  const head = `${record.tag === undefined && !record.isUnion ? 'struct' : recordText(record)} {`;
  const width = Math.min(56, Math.max(head.length, ...shown.map((m) => m.text.length)));
  const lines = shown.map(({ text, place }) => (place === undefined ? text : `${text.padEnd(width)}  // ${place}`));
  const rest = members.length - shown.length;
  if (rest > 0) lines.push(`    // and ${rest} more`);
  return [`${head.padEnd(width)}  // ${record.size} bytes`, ...lines, '};'].join('\n');
}

interface MemberLine {
  readonly text: string;
  /** Offset from the start of the outermost structure; undefined for the end of an inner one. */
  readonly place: string | undefined;
}

interface Inside {
  readonly base: number;
  readonly indent: string;
  /** Levels of structures without a name that are shown from inside. */
  readonly depth: number;
}

/** What is in members of types without a name is shown as long as all of it has room. */
function depthThatFits(record: RecordDefinition): number {
  for (let depth = depthMax; depth > 0; depth--) if (lineCount(record, depth) <= membersMax) return depth;
  return 0;
}

/** How many lines `memberLines` makes. */
function lineCount({ fields }: RecordDefinition, depth: number): number {
  let lines = 0;
  for (const { type } of fields ?? []) {
    const { record } = unnamedRecord(type);
    lines += depth === 0 || record?.fields === undefined ? 1 : 2 + lineCount(record, depth - 1);
  }
  return lines;
}

function memberLines({ fields }: RecordDefinition, { base, indent, depth }: Inside): readonly MemberLine[] {
  return (fields ?? []).flatMap((field) => {
    const offset = base + field.offset;
    const { record, lengths } = unnamedRecord(field.type);
    const name = field.name ?? '';
    if (record?.fields === undefined) {
      const { bits } = field;
      const declared = `${indent}${declarationText(field.type, name)}`;
      if (bits === undefined) return [{ text: `${declared};`, place: `${offset}` }];
      return [{ text: `${declared} : ${bits.width};`, place: `${offset}, bit ${bits.offset}` }];
    }
    const head = `${indent}${record.isUnion ? 'union' : 'struct'} {`;
    const end = `}${`${name}${lengths}` === '' ? '' : ` ${name}${lengths}`};`;
    if (depth === 0) return [{ text: `${head} … ${end}`, place: `${offset}` }];
    const inner = memberLines(record, { base: offset, indent: `${indent}    `, depth: depth - 1 });
    return [{ text: head, place: `${offset}` }, ...inner, { text: `${indent}${end}`, place: undefined }];
  });
}

/** A structure that nobody named, or an array of them, whose lengths come as text. */
function unnamedRecord(type: CType): { readonly record: RecordDefinition | undefined; readonly lengths: string } {
  if (type.alias !== undefined) return { record: undefined, lengths: '' };
  if (type.kind === 'array') {
    const { record, lengths } = unnamedRecord(type.element);
    return { record, lengths: `[${type.length ?? ''}]${lengths}` };
  }
  const isUnnamed =
    type.kind === 'record' && type.definition.tag === undefined && type.definition.typedefName === undefined;
  return { record: isUnnamed ? type.definition : undefined, lengths: '' };
}
