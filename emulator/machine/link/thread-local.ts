/**
 * `__declspec(thread)`: the kernel loads drivers without thread-local storage, so a driver with such a variable is
 * refused. A program with a main function has one thread, for which static storage is the same.
 */
import { place } from '../../../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import type { LinkProblem } from '../machine-types.ts';

export function threadLocalProblems(units: readonly TranslationUnit[]): LinkProblem[] {
  const isDriver = units.some((unit) => unit.functions.some(({ symbol }) => symbol.name === 'DriverEntry'));
  if (!isDriver) return [];
  return units.flatMap((unit) =>
    unit.declarations.flatMap((declaration): LinkProblem[] =>
      declaration.kind !== 'variable-declaration' || declaration.symbol.isThreadLocal !== true
        ? []
        : [
            {
              code: 'unsupported',
              severity: 'error',
              message: `\`${declaration.symbol.name}\` is thread-local, and Windows has no thread-local storage for drivers.`,
              span: place(declaration.nameToken),
            },
          ],
    ),
  );
}
