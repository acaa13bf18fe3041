/**
 * Levels that declarations speak of: the highest at which a function may be called, and those at which one runs.
 *
 * They come from the annotations of all declarations together: of the bundled headers for kernel functions, of role
 * types (KDEFERRED_ROUTINE) for the driver's own, of the driver's own prototypes. A level that depends on an argument
 * (inside `_When_`) says nothing here, but that the level or a lock may change does there too, and at a parameter.
 */
import { memo } from '../../../../base/memo.ts';
import type { FunctionSymbol } from '../../../../cfront/parse/ast.ts';
import type { Token } from '../../../../cfront/tokenize/token.ts';
import { APC_LEVEL, DISPATCH_LEVEL, HIGH_LEVEL, PASSIVE_LEVEL } from '../facts/kernel.ts';

export interface Levels {
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** It says itself that it changes the level, or takes or releases a lock, for its caller. */
  readonly changes: boolean;
}

const names: Readonly<Record<string, number>> = {
  PASSIVE_LEVEL,
  LOW_LEVEL: PASSIVE_LEVEL,
  APC_LEVEL,
  DISPATCH_LEVEL,
  HIGH_LEVEL,
};

export const levelsOf = memo((symbol: FunctionSymbol): Levels => {
  let min: number | undefined;
  let max: number | undefined;
  let changes = false;
  for (const { name, arguments: given } of symbol.annotations) {
    const [only] = given;
    const word0 = only?.length === 1 ? (only[0]?.text ?? '') : '';
    const level = /^\d+$/.test(word0) ? Number(word0) : names[word0];
    const word = name
      .replace(/^__drv_(m(?:ax|in))IRQL$/, '_IRQL_requires_$1_')
      .replace('__drv_requiresIRQL', '_IRQL_requires_');
    if (word === '_IRQL_requires_max_' || word === '_IRQL_requires_')
      max = level === undefined ? max : Math.min(max ?? HIGH_LEVEL, level);
    if (word === '_IRQL_requires_min_' || word === '_IRQL_requires_')
      min = level === undefined ? min : Math.max(min ?? PASSIVE_LEVEL, level);
    changes ||= isChange(name, given);
  }
  for (const { annotations } of symbol.type.parameters)
    for (const { name, arguments: given } of annotations) changes ||= isChange(name, given);
  return { min, max, changes };
});

function isChange(name: string, given: readonly (readonly Token[])[]): boolean {
  if (name === '_When_' || name === '_At_' || name === '_Success_')
    return given.some((tokens) => tokens.some(({ text }) => isChange(text, [])));
  return /^_IRQL_(?:raises|saves|restores)|^_(?:Acquires|Releases)_|^_Requires_lock_held_|^__drv_(?:raisesIRQL|savesIRQL|restoresIRQL|acquires|releases)/.test(
    name,
  );
}

/** A level that is asked where an argument is, or is not, a number: `_When_(Wait != 0, _IRQL_requires_max_(0))`. */
export interface LevelOfArgument {
  /** Position of the argument. */
  readonly index: number;
  readonly isAsked: (value: bigint) => boolean;
  readonly max: number;
}

/** All of those whose condition is about one argument alone. */
export const levelsOfArguments = memo((symbol: FunctionSymbol): readonly LevelOfArgument[] =>
  symbol.annotations.flatMap(({ name, arguments: [condition, asked] }) => {
    if (name !== '_When_' || condition === undefined) return [];
    const word = asked?.map(({ text }) => text).join(' ') ?? '';
    const max = /^_IRQL_requires(?:_max)?_ \( (\d+) \)$/.exec(word)?.[1];
    if (max === undefined) return [];
    const text = condition.map((token) => token.text).join(' ');
    const [, parameter, operator, number] = /^\(? ?(\w+) ([!=]=) (\d+) ?\)?$/.exec(text) ?? [];
    const index = symbol.type.parameters.findIndex((one) => one.name === parameter);
    if (index < 0 || number === undefined) return [];
    const isAsked = (value: bigint): boolean => (value === BigInt(number)) === (operator === '==');
    return [{ index, isAsked, max: Number(max) }];
  }),
);
