/**
 * Declarations of a bundled header that a parser has left unread, and what is known once somebody has asked for them.
 *
 * A part is read at most once, by a parser of its own that sees the names of the headers around it and no others
 * (read-part.ts). What comes out is what reading it in its place would have given, because the part neither depends on
 * what is declared behind it nor changes what is declared before it: the outline lists no other declarations.
 */
import { Deferred, LayeredMap } from '../../layers.ts';
import type { UnreadPart } from '../../preprocess/parts.ts';
import type { EnumDefinition, RecordDefinition } from '../../types/types.ts';
import type { CSymbol, DeclarationNode, FunctionDefinition, FunctionSymbol, VariableSymbol } from '../ast.ts';
import type { PragmaState } from '../pragmas.ts';
import type { Tag } from '../scopes.ts';

/** What a part declares. */
export interface PartContents {
  readonly declarations: readonly DeclarationNode[];
  readonly functions: readonly FunctionDefinition[];
  readonly names: ReadonlyMap<string, CSymbol>;
  readonly tags: ReadonlyMap<string, Tag>;
  /** Functions and variables that its trees mention. */
  readonly mentioned: readonly CSymbol[];
}

/** A declaration, or some that have not been read where the list was made. */
export type DeclarationItem = DeclarationNode | DeferredPart;
export type FunctionItem = FunctionDefinition | DeferredPart;

/** Records and enums that later text might complete or name, with the number of segments that declare them. */
export type LateDefinitions = Map<RecordDefinition | EnumDefinition, number>;

const partOfSymbol = new WeakMap<CSymbol, DeferredPart>();

/** The part that has declared a symbol; undefined for symbols that were read in their place, and for copies. */
export function partOf(symbol: CSymbol): DeferredPart | undefined {
  return partOfSymbol.get(symbol);
}

export class DeferredPart {
  readonly unread: UnreadPart;
  /** The pragmas in force where it stands. */
  readonly pragma: PragmaState;
  private readonly reader: (part: DeferredPart) => PartContents;
  /** Parts that complete a record of this one, by its tag. */
  private completions: Map<string, DeferredPart> | undefined;
  private isReading = false;
  private known: PartContents | undefined;

  constructor(unread: UnreadPart, pragma: PragmaState, reader: (part: DeferredPart) => PartContents) {
    this.unread = unread;
    this.pragma = pragma;
    this.reader = reader;
  }

  /** What has been read; undefined where nobody has asked yet. */
  contents(): PartContents | undefined {
    return this.known;
  }

  /** Another part completes a record that this one, which has not been read, declares. */
  completedBy(tag: string, part: DeferredPart): void {
    this.completions ??= new Map();
    this.completions.set(tag, part);
  }

  isCompleted(tag: string): boolean {
    return this.completions?.has(tag) === true;
  }

  /** Reads it unless that has been done; undefined while that is being done. */
  read(): PartContents | undefined {
    if (this.known !== undefined || this.isReading) return this.known;
    this.isReading = true;
    try {
      this.known = this.reader(this);
      for (const symbol of this.known.names.values()) partOfSymbol.set(symbol, this);
      for (const [tag, part] of this.completions ?? []) {
        const completed = this.known.tags.get(tag);
        if (completed?.kind === 'record') deferCompletion(completed.record, part);
      }
    } finally {
      this.isReading = false;
    }
    return this.known;
  }
}

/** Records that a part completes which has not been read: whoever looks at one finds it complete. */
const incomplete = new WeakSet<RecordDefinition>();

export function isToBeCompleted(record: RecordDefinition): boolean {
  return incomplete.has(record);
}

/** Lets a part complete a record when somebody looks at more of it than its tag. */
export function deferCompletion(record: RecordDefinition, part: DeferredPart): void {
  incomplete.add(record);
  const before = completed.map((key) => Object.getOwnPropertyDescriptor(record, key));
  const complete = (): void => {
    if (!incomplete.delete(record)) return;
    completed.forEach((key, i) => {
      const descriptor = before[i];
      if (descriptor === undefined) delete (record as Partial<RecordDefinition>)[key];
      else Object.defineProperty(record, key, descriptor);
    });
    part.read();
  };
  for (const key of completed) {
    Object.defineProperty(record, key, {
      configurable: true,
      enumerable: true,
      get() {
        complete();
        return record[key];
      },
    });
  }
}

/** What a record has when it is complete. */
const completed = ['fields', 'size', 'alignment', 'requiredAlignment', 'isGuess', 'span', 'typedefName'] as const;

/** Stands in a scope for what a part declares, and picks it from the part's contents when somebody asks. */
export class PartEntry<V> extends Deferred<V> {
  readonly part: DeferredPart;
  private readonly pick: (contents: PartContents, name: string) => V | undefined;

  constructor(part: DeferredPart, pick: (contents: PartContents, name: string) => V | undefined) {
    super();
    this.part = part;
    this.pick = pick;
  }

  override valueOf(name: string): V | undefined {
    const contents = this.part.read();
    return contents === undefined ? undefined : this.pick(contents, name);
  }

  override isKnown(): boolean {
    return this.part.contents() !== undefined;
  }
}

export function nameIn({ names }: PartContents, name: string): CSymbol | undefined {
  return names.get(name);
}

/** Among names with linkage. */
export function linkedIn({ names }: PartContents, name: string): VariableSymbol | FunctionSymbol | undefined {
  const symbol = names.get(name);
  return symbol?.kind === 'function' || symbol?.kind === 'variable' ? symbol : undefined;
}

export function tagIn({ tags }: PartContents, name: string): Tag | undefined {
  return tags.get(name);
}

/** What the outline says of a name whose declaration nobody has asked for yet; undefined for all other names. */
export function unreadKind(symbols: ReadonlyMap<string, CSymbol>, name: string): CSymbol['kind'] | undefined {
  const entry = symbols instanceof LayeredMap ? symbols.unread(name) : undefined;
  if (!(entry instanceof PartEntry)) return undefined;
  const { names, kinds, isLinked } = entry.part.unread.part;
  return kinds?.[names.indexOf(name)] ?? (isLinked ? 'function' : 'typedef');
}

/** The nodes of a list, and of those parts in it that have been read. */
export function readSoFar(items: readonly DeclarationItem[]): readonly DeclarationNode[] {
  return items.flatMap((item) => (item instanceof DeferredPart ? (item.contents()?.declarations ?? []) : [item]));
}
