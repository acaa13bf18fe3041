/** One call of a function under analysis: where it stands, and what it is given. */
import type { CallExpression } from '../../../../cfront/parse/ast.ts';
import type { Run } from '../run/run.ts';
import type { Site } from '../state/forget.ts';
import type { Where } from '../state/where.ts';
import type { Value } from '../values/values.ts';

export interface Call {
  readonly run: Run;
  readonly expression: CallExpression;
  readonly values: readonly Value[];
  readonly site: Site;
  readonly where: Where;
  /** Somebody looks at what it returns. */
  readonly isResultRead: boolean;
}
