/**
 * What `this` points to: the class of the method around an offset, by the name before its `::`, or the one class that
 * declares a method of its name. Undefined where that is not known.
 */
import { nodePlace } from '../../../cfront/parse/walk.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import type { RecordDefinition } from '../../../cfront/types/types.ts';
import type { Analysis } from '../analysis.ts';
import { functionAt } from '../places/scope.ts';
import { isMadeUp, writtenName } from './made-up-names.ts';
import { isInPrelude } from './parse.ts';

export function thisClass(analysis: Analysis, offset: number): RecordDefinition | undefined {
  const around = functionAt(analysis, offset);
  if (around === undefined) return undefined;
  const { unit } = analysis;
  const head = unit.file.text.slice(nodePlace(around).start, nodePlace(around.body).start);
  const { name } = around.symbol;
  const own = isMadeUp(name) ? writtenName(place(around.nameToken)).replace('~', '') : name;
  const said = /(\w+)\s*(?:<[^<>]*>\s*)?::\s*~?\w+\s*\(/.exec(head)?.[1] ?? (isMadeUp(name) ? own : undefined);
  const candidates = [...unit.symbols.values()].flatMap((symbol) => {
    const declared = symbol.declarations[0]?.first;
    if (symbol.kind !== 'typedef' || symbol.type.kind !== 'record' || declared === undefined) return [];
    const { definition } = symbol.type;
    const isIt = said === undefined ? definition.fields?.some((field) => field.name === own) : symbol.name === said;
    return isIt === true && isInPrelude(declared) ? [definition] : [];
  });
  return candidates.length === 1 ? candidates[0] : undefined;
}
