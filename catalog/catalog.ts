/**
 * Look-up in the bundled catalog: facts by name and by C type, header texts by file name.
 *
 * In: the catalog as plain data (made from headers/ and facts/ by the build). Out: a `Catalog`, whose functions answer
 * in constant time and never throw. Nothing is checked here: `catalogProblems` does that once, in a test.
 */
import { type SourceFile, sourceFile } from '../base/source.ts';
import type { Outline } from '../cfront/outline.ts';
import type { ApiFacts, CatalogData, Lifetime, ParameterFact } from './model.ts';
import { outlineFrom } from './outline-text.ts';
import { pageUrl } from './page-url.ts';

export interface Catalog {
  /** All facts, in the order of the files. */
  readonly facts: readonly ApiFacts[];
  /** Names of the bundled headers as they are spelt ("ntddk.h"), sorted. */
  readonly headerNames: readonly string[];
  /** As `CatalogData` has it; undefined where nobody built it. */
  readonly declared: CatalogData['declared'];
  /** All APIs that drivers call by this name: WskRelease has two. Empty for an unknown name. */
  byName(name: string): readonly ApiFacts[];
  /**
   * The API behind a C type: PFN_WSK_SOCKET, _WSK_BUF, WSK_BUF or PWSK_BUF, IO_COMPLETION_ROUTINE or
   * PIO_COMPLETION_ROUTINE.
   */
  byTypeName(typeName: string): ApiFacts | undefined;
  /** Text of a bundled header. Upper and lower case are the same, as on Windows, and a folder before the name is ignored. */
  header(name: string): string | undefined;
  /** The same as a file whose path is `bundledPrefix` and the name: one object each, because readers share work on it. */
  headerFile(name: string): SourceFile | undefined;
  /** What is known of the declarations in a bundled header's file before they are read; undefined where nobody built it. */
  outlineOf(file: SourceFile): Outline | undefined;
  /** A C file or header of the emulated kernel's library ("generic-tables.c"), under `bundledPrefix` too. */
  libraryFile(name: string): SourceFile | undefined;
  /** Address of the documentation page, where the facts name one. */
  pageUrl(facts: ApiFacts): string | undefined;
  /** Names of the constants that fit a parameter; empty where the facts do not say. */
  valuesOf(facts: ApiFacts, parameterName: string): readonly string[];
}

/** The look-up tables of the facts. */
interface FactTables {
  readonly byName: ReadonlyMap<string, readonly ApiFacts[]>;
  readonly byTypeName: ReadonlyMap<string, ApiFacts>;
}

/** Opens the path of a bundled header: no file of a disk has it, and a person sees where it comes from. */
export const bundledPrefix = 'wsk-headers:';

/** The data's facts are asked for when somebody asks for them here: a run of a driver may do without. */
export function createCatalog(data: CatalogData): Catalog {
  let known: FactTables | undefined;
  const tables = (): FactTables => {
    known ??= factTables(data.facts);
    return known;
  };
  const headers = new Map<string, string>();
  const addHeaders = (texts: CatalogData['headers']): void => {
    for (const [name, text] of Object.entries(texts)) headers.set(name.toLowerCase(), text);
  };
  addHeaders(data.headers);
  const later = new Set(data.later?.names.map((name) => name.toLowerCase()));
  const headerText = (bare: string): string | undefined => {
    if (later.has(bare) && !headers.has(bare)) addHeaders(data.later?.read() ?? {});
    return headers.get(bare);
  };
  const headerFiles = new Map<string, SourceFile>();
  const libraryFiles = new Map<string, SourceFile>();
  const outlines = new Map<SourceFile, Outline>();
  const bareName = (name: string): string => name.replace(/^.*[\\/]/, '').toLowerCase();
  return {
    get facts() {
      return data.facts;
    },
    headerNames: [...Object.keys(data.headers), ...(data.later?.names ?? [])].sort(),
    get declared() {
      return data.declared;
    },
    byName: (name) => tables().byName.get(name) ?? [],
    byTypeName: (typeName) => tables().byTypeName.get(typeName),
    header: (name) => headerText(bareName(name)),
    headerFile(name) {
      const bare = bareName(name);
      const text = headerText(bare);
      if (text === undefined) return undefined;
      const file = headerFiles.get(bare) ?? sourceFile(bundledPrefix + bare, text);
      headerFiles.set(bare, file);
      return file;
    },
    outlineOf(file) {
      let outline = outlines.get(file);
      const text = outline === undefined ? data.outlines?.[file.path.slice(bundledPrefix.length)] : undefined;
      if (text !== undefined) outlines.set(file, (outline = outlineFrom(text)));
      return outline;
    },
    libraryFile(name) {
      const text = data.library?.[name];
      if (text === undefined) return undefined;
      const file = libraryFiles.get(name) ?? sourceFile(bundledPrefix + name, text);
      libraryFiles.set(name, file);
      return file;
    },
    pageUrl: (facts) => (facts.page === undefined ? undefined : pageUrl(facts.page)),
    valuesOf: (facts, parameterName) => parameterFact(facts, parameterName)?.values ?? [],
  };
}

function factTables(all: readonly ApiFacts[]): FactTables {
  const byName = new Map<string, ApiFacts[]>();
  const byTypeName = new Map<string, ApiFacts>();
  for (const facts of all) {
    const sameName = byName.get(facts.name);
    if (sameName) sameName.push(facts);
    else byName.set(facts.name, [facts]);
    for (const typeName of typeNames(facts)) if (!byTypeName.has(typeName)) byTypeName.set(typeName, facts);
  }
  return { byName, byTypeName };
}

export function parameterFact(facts: ApiFacts, parameterName: string): ParameterFact | undefined {
  return facts.parameters?.find((p) => p.name === parameterName);
}

/** The Level that goes with a socket option: as its facts say, or that of the protocol with which its name begins. */
export function optionLevel({ name, kind, control }: ApiFacts): string | undefined {
  if (control?.level !== undefined || kind !== 'socket-option') return control?.level;
  return protocolLevels.find(([prefix]) => name.startsWith(prefix))?.[1];
}

const protocolLevels: readonly (readonly [string, string])[] = [
  ['TCP_', 'IPPROTO_TCP'],
  ['IPV6_', 'IPPROTO_IPV6'],
  ['UDP_', 'IPPROTO_UDP'],
  ['IP_', 'IPPROTO_IP'],
  ['SO_', 'SOL_SOCKET'],
];

/** A sentence for the lifetime of what a parameter points to; empty where the facts say nothing. */
export function lifetimeText(lifetime: Lifetime | undefined): string {
  switch (lifetime) {
    case undefined:
      return '';
    case 'call':
      return 'Only used during the call.';
    case 'request':
      return 'It must stay until the IRP has completed.';
    case 'callback':
      return 'Valid only during the callback.';
    case 'retained':
      return 'Valid during the callback, and until WskRelease if it is kept with STATUS_PENDING.';
    case 'socket':
      return 'It must stay until the socket has been closed.';
    case 'attachment':
      return 'It must stay as long as client and provider are attached.';
    case 'registration':
      return 'It must stay until the registration has been taken down.';
    case 'ended':
      return 'Gone after the call.';
  }
}

/** The C types that stand for an API: the one that the facts name, and for what is a type itself its pointer type. */
function typeNames(facts: ApiFacts): readonly string[] {
  const named = facts.typeName === undefined ? [] : [facts.typeName];
  switch (facts.kind) {
    case 'structure':
    case 'enumeration':
      return [...named, facts.name, `P${facts.name}`];
    case 'callback':
      return [...named, ...named.map((n) => (n.startsWith('EVT_') ? n.replace('EVT_', 'PFN_') : `P${n}`))];
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
