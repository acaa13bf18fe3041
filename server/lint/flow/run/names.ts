/** How the variables of a run's files are named in values, and which file a name of file scope belongs to. */
import { partsOf } from '../../../../cfront/layer-views.ts';
import { Deferred } from '../../../../cfront/layers.ts';
import type { CSymbol, FunctionDefinition, FunctionSymbol, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import type { TranslationUnit } from '../../../../cfront/unit.ts';
import { makePlace, type Place } from '../values/values.ts';

/** How symbols are named in values. The same symbol has the same name in every run that is given these. */
export interface SymbolNames {
  /** The variable as a root: the same name in all files given together. */
  readonly variable: (symbol: VariableSymbol) => string;
  /** The variable in memory. */
  readonly placeOf: (symbol: VariableSymbol) => Place;
  /** Position of the file that declares a name at file scope; undefined for what no file's text leads to. */
  readonly unitOf: (symbol: FunctionSymbol | VariableSymbol) => number | undefined;
  /** One object for a function in all runs: a tree that was read anew has other definitions, and analyses speak of both. */
  readonly identityOf: (definition: FunctionDefinition) => object;
  /** To be told that a later text's definition is that of a function which an earlier one had. */
  readonly follows: (now: FunctionDefinition, before: FunctionDefinition) => void;
}

export function createNames(units: readonly TranslationUnit[]): SymbolNames {
  const unitOf = unitsOf(units);
  const known = new WeakMap<VariableSymbol, string>();
  let count = 0;
  const variable = (symbol: VariableSymbol): string => {
    let name = known.get(symbol);
    if (name === undefined) {
      const unit = symbol.linkage === 'internal' ? unitOf(symbol) : undefined;
      // Closed by a mark that no name contains, so that one key is never the beginning of another.
      if (symbol.linkage === 'external') name = `g:${symbol.name};`;
      else name = unit === undefined ? `v${count++}:${symbol.name};` : `s${unit}:${symbol.name};`;
      known.set(symbol, name);
    }
    return name;
  };
  const places = new WeakMap<VariableSymbol, Place>();
  const placeOf = (symbol: VariableSymbol): Place => {
    let place = places.get(symbol);
    if (place === undefined) {
      const kind = symbol.duration === 'automatic' ? 'local' : 'global';
      place = makePlace({ kind, key: variable(symbol), scan: undefined, variable: symbol }, []);
      places.set(symbol, place);
    }
    return place;
  };
  const identities = new WeakMap<FunctionDefinition, object>();
  const identityOf = (definition: FunctionDefinition): object => {
    const identity = identities.get(definition) ?? {};
    identities.set(definition, identity);
    return identity;
  };
  const follows = (now: FunctionDefinition, before: FunctionDefinition): void => {
    identities.set(now, identityOf(before));
  };
  return { unitOf, variable, placeOf, identityOf, follows };
}

/**
 * Which file each name of file scope belongs to. One file has them all, whatever its text is later; of several, what they
 * share of headers is looked through once, however many of them there are.
 */
function unitsOf(units: readonly TranslationUnit[]): SymbolNames['unitOf'] {
  if (units.length === 1) return () => 0;
  const known = new Map<CSymbol, number>();
  const seen = new Set<object>();
  for (const [index, { functions, symbols }] of units.entries()) {
    for (const part of partsOf(symbols) as readonly SymbolPart[]) {
      if (seen.has(part)) continue;
      seen.add(part);
      for (const [name, stored] of part) {
        const symbol = stored instanceof Deferred ? (stored.isKnown() ? stored.valueOf(name) : undefined) : stored;
        if (symbol !== undefined && !known.has(symbol)) known.set(symbol, index);
      }
    }
    for (const { symbol } of functions) if (!known.has(symbol)) known.set(symbol, index);
  }
  return (symbol) => known.get(symbol);
}

/** A unit's symbols are kept as they are, not seen through a function. */
type SymbolPart = ReadonlyMap<string, CSymbol | Deferred<CSymbol>>;
