/**
 * Look-up in the bundled catalog: facts by name and by C type, header texts by file name.
 *
 * In: the catalog as plain data (catalog.json, made from headers/ and facts/). Out: a `Catalog`, whose functions answer
 * in constant time and never throw. Nothing is checked here: `catalogProblems` does that once, in a test.
 */
import type { ApiFacts, CatalogData, ParameterFact } from './model.ts';
import { pageUrl } from './page-url.ts';

export interface Catalog {
  /** All facts, in the order of the files. */
  readonly facts: readonly ApiFacts[];
  /** Names of the bundled headers as they are spelt ("ntddk.h"), sorted. */
  readonly headerNames: readonly string[];
  /** All APIs that drivers call by this name: WskRelease has two. Empty for an unknown name. */
  byName(name: string): readonly ApiFacts[];
  /** The API behind a C type: PFN_WSK_SOCKET, _WSK_BUF, WSK_BUF or PWSK_BUF, IO_COMPLETION_ROUTINE or PIO_COMPLETION_ROUTINE. */
  byTypeName(typeName: string): ApiFacts | undefined;
  /** Text of a bundled header. Upper and lower case are the same, as on Windows, and a folder before the name is ignored. */
  header(name: string): string | undefined;
  /** Address of the documentation page, where the facts name one. */
  pageUrl(facts: ApiFacts): string | undefined;
  /** Names of the constants that fit a parameter; empty where the facts do not say. */
  valuesOf(facts: ApiFacts, parameterName: string): readonly string[];
}

export function createCatalog(data: CatalogData): Catalog {
  const byName = new Map<string, ApiFacts[]>();
  const byTypeName = new Map<string, ApiFacts>();
  for (const facts of data.facts) {
    const sameName = byName.get(facts.name);
    if (sameName) sameName.push(facts);
    else byName.set(facts.name, [facts]);
    for (const typeName of typeNames(facts)) if (!byTypeName.has(typeName)) byTypeName.set(typeName, facts);
  }
  const headers = new Map(Object.entries(data.headers).map(([name, text]) => [name.toLowerCase(), text]));
  return {
    facts: data.facts,
    headerNames: Object.keys(data.headers).sort(),
    byName: (name) => byName.get(name) ?? [],
    byTypeName: (typeName) => byTypeName.get(typeName),
    header: (name) => headers.get(name.replace(/^.*[\\/]/, '').toLowerCase()),
    pageUrl: (facts) => (facts.page === undefined ? undefined : pageUrl(facts.page)),
    valuesOf: (facts, parameterName) => parameterFact(facts, parameterName)?.values ?? [],
  };
}

export function parameterFact(facts: ApiFacts, parameterName: string): ParameterFact | undefined {
  return facts.parameters?.find((p) => p.name === parameterName);
}

/** The C types that stand for an API: the one that the facts name, and for what is a type itself its pointer type. */
function typeNames(facts: ApiFacts): readonly string[] {
  const named = facts.typeName === undefined ? [] : [facts.typeName];
  switch (facts.kind) {
    case 'structure':
    case 'enumeration':
      return [...named, facts.name, `P${facts.name}`];
    case 'callback':
      return [...named, ...named.map((n) => `P${n}`)];
    case 'function':
    case 'table-function':
    case 'macro':
    case 'constant':
    case 'socket-option':
    case 'socket-ioctl':
    case 'client-control':
    case 'ioctl':
      return named;
  }
}
