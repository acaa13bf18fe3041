/**
 * What `wsk docs` answers: a report on all pages, and everything known of one name.
 *
 * In: pages, or an index and a name. Out: plain data for JSON. A name can be an API (all its pages are merged into one
 * record; two APIs that share a call name give two), a value that some API takes or returns, or both; where it is
 * neither, there are names that resemble it.
 */
import type { DocIndex } from './index.ts';
import { isPrivate, kindCounts, lookupPages, similarNames } from './index.ts';
import type { DescribedApi } from './merge.ts';
import { mergePages } from './merge.ts';
import type { DocPage, DocValue, PageKind } from './page.ts';
import { type Problem, type ProblemCode, report } from './problems.ts';

export interface DocsReport {
  readonly pages: number;
  readonly kinds: Partial<Record<PageKind, number>>;
  readonly problems: readonly {
    readonly file: string;
    readonly line: number;
    readonly code: ProblemCode;
    readonly message: string;
  }[];
}

/** A place where a name is described as a value: a flag of a parameter, an enumerator, a return code. */
export interface ValueUse {
  readonly api: string;
  /** 'parameter Flags', 'member SocketType', 'return code', 'enumerator', or the title of a section. */
  readonly of: string;
  readonly value?: string;
  readonly description: string;
  readonly path: string;
}

export interface NameReport {
  readonly name: string;
  readonly found: boolean;
  readonly apis: readonly DescribedApi[];
  readonly uses: readonly ValueUse[];
  /** Pages that link to the name and are not its own. */
  readonly mentionedBy: readonly { readonly title: string; readonly path: string }[];
  /** Where nothing was found: names that resemble it. */
  readonly similar: readonly string[];
}

/** Longest list of uses and mentions in a report. */
const usesMax = 200;

/** Counts and problems of all pages; `unreadable` are files that gave no page, each with the reason. */
export function docsReport(
  pages: readonly DocPage[],
  unreadable: readonly { readonly file: string; readonly why: string }[] = [],
): DocsReport {
  const problems = pages.flatMap((page) =>
    page.problems.map(({ line, code, message }) => ({ file: page.path, line, code, message })),
  );
  const missing = unreadable.flatMap(({ file, why }) => {
    const list: Problem[] = [];
    report(list, 'unreadable', 1, why);
    return list.map((problem) => ({ file, ...problem }));
  });
  return { pages: pages.length, kinds: kindCounts(pages), problems: [...missing, ...problems] };
}

/** Everything known of `name`. A header that defines the name for itself only is asked last. */
export function describeName(index: DocIndex, name: string): NameReport {
  const general = lookupPages(index, name);
  const found = general.length ? general : (index.byName.get(name) ?? []).filter(isPrivate);
  const apis = groups(found).map(mergePages);
  const uses = valueUses(index.pages, name);
  const own = new Set(found);
  const wanted = new Set([name, ...found.flatMap((page) => page.names)]);
  const mentions = index.pages.filter((page) => !own.has(page) && page.links.some((link) => wanted.has(link.text)));
  // An API with pages in several dialects is named once.
  const mentionedBy = groups(mentions)
    .slice(0, usesMax)
    .map(([page]) => ({ title: page?.callName ?? page?.title ?? '', path: page?.path ?? '' }));
  const isFound = apis.length > 0 || uses.length > 0;
  return { name, found: isFound, apis, uses, mentionedBy, similar: isFound ? [] : similarNames(index, name, 8) };
}

/** Pages of one API together, in the order given. */
function groups(pages: readonly DocPage[]): DocPage[][] {
  const byKey = new Map<string, DocPage[]>();
  for (const page of pages) {
    const key = `${family(page.kind)} ${(page.names[0] ?? '').replace(/^_+/, '').toLowerCase()}`;
    const group = byKey.get(key);
    if (group) group.push(page);
    else byKey.set(key, [page]);
  }
  return [...byKey.values()];
}

/** Kinds that one API may have in different dialects. */
function family(kind: PageKind): string {
  switch (kind) {
    case 'function':
    case 'macro':
    case 'method':
    case 'callback':
      return 'call';
    case 'structure':
    case 'union':
    case 'enumeration':
    case 'interface':
    case 'class':
    case 'reference':
      return 'type';
    case 'ioctl':
    case 'socket-option':
    case 'socket-ioctl':
    case 'client-control':
      return 'control';
    case 'guide':
    case 'index':
    case 'other':
      return 'text';
  }
}

function valueUses(pages: readonly DocPage[], name: string): ValueUse[] {
  const uses = new Map<string, ValueUse>();
  for (const page of pages) {
    const api = page.callName ?? page.names[0] ?? page.title;
    const add = (of: string, value: Pick<DocValue, 'name' | 'value' | 'description'>): void => {
      const key = `${api}\n${of}`;
      if (value.name !== name || uses.size >= usesMax || uses.get(key)?.description) return;
      const number = value.value === undefined ? {} : { value: value.value };
      uses.set(key, { api, of, ...number, description: value.description, path: page.path });
    };
    for (const parameter of page.parameters)
      for (const value of parameter.values) add(`parameter ${parameter.name}`, value);
    for (const field of page.fields) {
      if (page.kind === 'enumeration') add('enumerator', field);
      for (const value of field.values) add(`member ${field.name}`, value);
    }
    for (const code of page.returns?.codes ?? []) add('return code', code);
    for (const section of page.sections) for (const value of section.values) add(section.title, value);
  }
  return [...uses.values()];
}
