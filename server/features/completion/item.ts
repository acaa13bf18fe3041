/** What completion offers, as plain data, and the text that is worked out only for the item that somebody looks at. */
import type { Catalog } from '../../../catalog/catalog.ts';
import type { ApiFacts } from '../../../catalog/model.ts';
import { typeText } from '../../../cfront/types/text.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { apiMarkdown, codeBlock, prototypeText } from '../markdown/api-markdown.ts';
import { functionTypeOf } from '../places/api-at.ts';
import type { Edit } from './include-edit.ts';

export interface CompletionItem {
  readonly label: string;
  readonly kind:
    | 'field'
    | 'method'
    | 'function'
    | 'constant'
    | 'type'
    | 'variable'
    | 'macro'
    | 'header'
    | 'directive'
    | 'pattern';
  /** One line beside the label; '' where `declared` stands for it. */
  readonly detail: string;
  /** The symbol whose declaration is the detail, which `symbolDetail` reads for the item that somebody looks at. */
  readonly declared?: string;
  /** Smaller comes first. */
  readonly rank: number;
  /** What the editor compares with the word that is typed, where that is not the label. */
  readonly filterText?: string;
  /** What is inserted, where that is not the label: text with placeholders as patterns/pattern.ts has them. */
  readonly insert?: string;
  /** What changes elsewhere in the file with it: an `#include`, the stub of a callback. */
  readonly edits?: readonly Edit[];
  /** A short text of the item's own. */
  readonly note?: string;
  /** The API whose facts `completionMarkdown` tells, or the driver's function whose prototype. */
  readonly api?: ApiKey;
  /** Microsoft advises against it. */
  readonly isDeprecated?: true;
}

/** Finds facts again: an editor sends it back with the item. */
export interface ApiKey {
  readonly name: string;
  readonly typeName?: string;
}

/**
 * Places in the list: what fits, then variables of the right type, then names from near to far and from much used to
 * little used, then what is unlikely.
 */
export const ranks = {
  fitting: 0,
  newCallback: 400,
  sameType: 500,
  local: 1000,
  inUse: 1500,
  own: 2000,
  common: 2500,
  catalog: 3000,
  header: 4000,
  /** As many have an order of their own behind `inUse` and `common`. */
  perOrder: 500,
  /** Is added. */
  unlikely: 5000,
} as const;

/** What an item has of the facts about its name, where there are any. */
export function ofFacts(facts: ApiFacts | undefined): Pick<CompletionItem, 'api' | 'isDeprecated'> {
  if (facts === undefined) return {};
  return { api: keyOf(facts), ...(facts.deprecated === undefined ? {} : { isDeprecated: true }) };
}

export function keyOf({ name, typeName }: ApiFacts): ApiKey {
  return typeName === undefined ? { name } : { name, typeName };
}

/**
 * One line about a symbol of the unit, as `detail` has it; undefined where it has none of that name. An editor cuts the
 * label short where the line is long, so that a function has its type there and its prototype in the text beside it.
 */
export function symbolDetail(unit: TranslationUnit, name: string): string | undefined {
  const symbol = unit.symbols.get(name);
  switch (symbol?.kind) {
    case undefined:
      return undefined;
    case 'function':
      return typeText(symbol.type.result);
    case 'enum-constant':
      return `${typeText(symbol.type)}: ${symbol.value}`;
    case 'typedef':
    case 'variable':
      return typeText(symbol.type);
  }
}

/** Everything that is known of an item's API, or the prototype of a function that is none; '' where the key names neither. */
export function completionMarkdown(key: ApiKey, catalog: Catalog, unit: TranslationUnit | undefined): string {
  const named = catalog.byName(key.name);
  const facts = named.find((f) => f.typeName === key.typeName) ?? named[0];
  const symbol = unit?.symbols.get(facts?.typeName ?? key.name);
  if (facts === undefined) return symbol?.kind === 'function' ? codeBlock(prototypeText(symbol.name, symbol.type)) : '';
  return apiMarkdown(facts, symbol === undefined ? undefined : functionTypeOf(symbol.type), catalog);
}
