/** The value of a name that translation units define as a constant; it ends because macros are followed to a depth only. */
import type { TranslationUnit } from '../../cfront/unit.ts';
import { type NameMeaning, tokenExpressionValue } from './token-expression.ts';

const expansionsMax = 32;
/** Keywords that begin the type of a cast. */
const basicTypes = new Set(['int', 'unsigned', 'signed', 'char', 'short', 'long', '__int64']);

/** Value of an enumeration constant or of a macro whose body is an integer expression. */
export function constantValue(units: readonly TranslationUnit[], name: string): bigint | undefined {
  const meaning =
    (depth: number) =>
    (word: string): NameMeaning => {
      if (depth > expansionsMax) return undefined;
      if (basicTypes.has(word)) return 'type';
      for (const unit of units) {
        const symbol = unit.symbols.get(word);
        if (symbol?.kind === 'enum-constant') return symbol.value;
        const macro = unit.macros.get(word);
        if (macro !== undefined && macro.parameters === undefined)
          return tokenExpressionValue(macro.body, meaning(depth + 1));
        if (symbol?.kind === 'typedef') return 'type';
      }
      return undefined;
    };
  const value = meaning(0)(name);
  return typeof value === 'bigint' ? value : undefined;
}
