/**
 * Everything that several pages know of one API, as one record.
 *
 * In: pages of one API in different dialects. Out: for each piece of knowledge the best page that has it: today's text
 * before older text, but the signature from the page that still has one (2017, early 2018), types from that signature
 * at each parameter and member, and lists joined. Useless one-liners ('Learn more about: X') give way to real text.
 * Plain data that can be printed as JSON.
 */
import { displayName } from './names.ts';
import type { Dialect, DocField, DocPage, DocParameter, DocReturns, DocSignature, DocValue, PageKind } from './page.ts';

export interface DescribedParameter extends Omit<DocParameter, 'line'> {
  /** From the signature. */
  readonly type?: string;
  readonly annotation?: string;
}

export interface DescribedField extends Omit<DocField, 'line'> {
  readonly type?: string;
}

/** What the pages say of one API, without what concerns a page alone. */
export interface DescribedApi
  extends Omit<
    DocPage,
    'path' | 'dialect' | 'title' | 'uid' | 'parameters' | 'fields' | 'keywords' | 'links' | 'codeBlocks' | 'problems'
  > {
  readonly name: string;
  readonly parameters: readonly DescribedParameter[];
  readonly fields: readonly DescribedField[];
  readonly examples: readonly { readonly language: string; readonly text: string }[];
  /** The pages that this was taken from, best first. */
  readonly sources: readonly {
    readonly path: string;
    readonly dialect: Dialect;
    readonly title: string;
    readonly uid?: string;
  }[];
}

/** Today's pages first; among equals, the order given. */
const ranks: Readonly<Record<Dialect, number>> = {
  C: 0,
  F: 0,
  E: 1,
  D: 2,
  B: 3,
  A: 4,
  G: 5,
  'header-index': 6,
  'technology-index': 6,
  unknown: 7,
};

/** Merges the pages of one API; `pages` is not empty. */
export function mergePages(pages: readonly DocPage[]): DescribedApi {
  const sorted = [...pages].sort((a, b) => ranks[a.dialect] - ranks[b.dialect]);
  const [best] = sorted;
  const signature = sorted.map((page) => page.signature).find((s) => s !== undefined);
  // The pages of 2017 gave data types an IRQL too, by a slip of their generator.
  const irql = sorted.map((page) => (isCalled(page.kind) ? page.irql : undefined)).find((i) => i !== undefined);
  const returns = mergeReturns(sorted);
  const applies = sorted.map((page) => page.appliesTo).find((a) => a !== undefined);
  const callName = first(sorted, (page) => page.callName);
  const names = [...new Set(sorted.flatMap((page) => page.names))];
  return {
    name: callName ?? displayName(names),
    kind: best?.kind ?? 'other',
    names,
    ...optional('callName', callName),
    ...optional(
      'header',
      first(sorted, (page) => page.header),
    ),
    ...optional(
      'includeHeader',
      first(sorted, (page) => page.includeHeader),
    ),
    ...optional(
      'minimumOs',
      first(sorted, (page) => page.minimumOs),
    ),
    ...optional('irql', irql),
    ...optional(
      'library',
      first(sorted, (page) => page.library),
    ),
    ...optional(
      'dll',
      first(sorted, (page) => page.dll),
    ),
    summary: useful(sorted, (page) => page.summary),
    description: useful(sorted, (page) => page.description),
    ...optional('signature', signature),
    parameters: mergeParameters(sorted, signature),
    fields: mergeFields(sorted, signature),
    ...optional('returns', returns),
    remarks: first(sorted, (page) => page.remarks) ?? '',
    ioctl: mergeRecords(sorted.map((page) => page.ioctl)),
    requests: firstList(sorted, (page) => page.requests),
    irpRules: firstList(sorted, (page) => page.irpRules),
    ...optional('appliesTo', applies),
    sections: firstList(sorted, (page) => page.sections),
    requirements: mergeRecords(sorted.map((page) => page.requirements)),
    seeAlso: [...new Set(sorted.flatMap((page) => page.seeAlso))],
    examples: firstList(sorted, examplesOf),
    sources: sorted.map(({ path, dialect, title, uid }) => ({ path, dialect, title, ...optional('uid', uid) })),
  };
}

function isCalled(kind: PageKind): boolean {
  return !['structure', 'union', 'enumeration', 'interface', 'class'].includes(kind);
}

function mergeParameters(pages: readonly DocPage[], signature: DocSignature | undefined): DescribedParameter[] {
  const order = longest(pages.map((page) => page.parameters));
  return order.map((parameter, i) => {
    const all = pages.flatMap((page) => page.parameters.filter((p) => p.name === parameter.name));
    const declared =
      signature?.parameters.find((p) => p.name === parameter.name) ?? positional(signature, order.length, i);
    const direction = all.map((p) => p.direction).find((d) => d !== undefined);
    return {
      name: parameter.name,
      ...optional('type', declared?.type),
      ...optional('annotation', declared?.annotation),
      ...optional('direction', direction),
      optional: all.some((p) => p.optional),
      ...(all.some((p) => p.reserved) ? { reserved: true as const } : {}),
      description: all.map((p) => p.description).find((d) => d !== '') ?? '',
      values: mergeValues(all.map((p) => p.values)),
    };
  });
}

/** A signature whose names differ from the descriptions' still tells the types when it is as long. */
function positional(
  signature: DocSignature | undefined,
  count: number,
  i: number,
): DocSignature['parameters'][number] | undefined {
  return signature?.parameters.length === count ? signature.parameters[i] : undefined;
}

function mergeFields(pages: readonly DocPage[], signature: DocSignature | undefined): DescribedField[] {
  return longest(pages.map((page) => page.fields)).map((field) => {
    const all = pages.flatMap((page) => page.fields.filter((f) => f.name === field.name));
    const declared = signature?.members.find((m) => m.name === field.name);
    return {
      name: field.name,
      ...optional('type', declared?.type),
      ...optional('value', all.map((f) => f.value).find((v) => v !== undefined) ?? declared?.value),
      description: all.map((f) => f.description).find((d) => d !== '') ?? '',
      values: mergeValues(all.map((f) => f.values)),
    };
  });
}

function mergeReturns(pages: readonly DocPage[]): DocReturns | undefined {
  const all = pages.map((page) => page.returns).filter((r) => r !== undefined);
  if (all.length === 0) return undefined;
  return { text: all.map((r) => r.text).find((t) => t !== '') ?? '', codes: mergeValues(all.map((r) => r.codes)) };
}

/** The values of all lists, each name once: the first list's order, then what only later ones have. */
function mergeValues(lists: readonly (readonly DocValue[])[]): DocValue[] {
  const byName = new Map<string, DocValue>();
  for (const value of lists.flat()) {
    const known = byName.get(value.name);
    if (!known) byName.set(value.name, value);
    else byName.set(value.name, { ...value, ...known, description: known.description || value.description });
  }
  return [...byName.values()];
}

function examplesOf(page: DocPage): { language: string; text: string }[] {
  const others = page.codeBlocks.filter(
    (block) => block.text.trim() !== page.signature?.text && block.text.trim() !== '',
  );
  return others.map(({ language, text }) => ({ language, text }));
}

function useful(pages: readonly DocPage[], text: (page: DocPage) => string): string {
  const texts = pages.map(text).filter((t) => t !== '' && t !== '.');
  return texts.find((t) => !/^(?:Learn more about|This topic describes)\b/i.test(t)) ?? texts[0] ?? '';
}

function first(pages: readonly DocPage[], text: (page: DocPage) => string | undefined): string | undefined {
  return pages.map(text).find((t) => t !== undefined && t !== '');
}

function firstList<T>(pages: readonly DocPage[], list: (page: DocPage) => readonly T[]): readonly T[] {
  return pages.map(list).find((l) => l.length > 0) ?? [];
}

function longest<T>(lists: readonly (readonly T[])[]): readonly T[] {
  return lists.reduce<readonly T[]>((best, list) => (list.length > best.length ? list : best), []);
}

function mergeRecords(records: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const record of records) {
    for (const [key, value] of Object.entries(record)) merged[key] = merged[key] || value;
  }
  return merged;
}

/** `{ [key]: value }`, or nothing where there is no value. */
function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>); // A computed key widens to string.
}
