/** What an assignment writes, by a name that is the same wherever it is written. */
import type { Expression } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';

/** The member's name, whichever record it is of, or that of a variable that lasts; of an array, its own. Undefined for all else. */
export function storedName(target: Expression): string | undefined {
  const e = stripConversions(target, { casts: true });
  if (e.kind === 'index') return storedName(e.base);
  if (e.kind === 'member') return `.${e.name}`;
  if (e.kind !== 'name' || e.symbol.kind !== 'variable' || e.symbol.duration !== 'static') return undefined;
  return e.symbol.name;
}
