/** A checkpoint of one run: which of the objects that it leads to are never changed by it. */
import { type Checkpoint, takeCheckpoint } from './checkpoint.ts';
import type { RunContext } from './context.ts';

/** `before` is an earlier checkpoint of the same run. */
export function saveRun(context: RunContext, before?: Checkpoint): Checkpoint {
  return takeCheckpoint([context], fixedParts(context), before);
}

/** What is the same in all runs of a plan, or only remembers what would be found out again. */
function fixedParts({ plan, units, kernel }: RunContext): ReadonlySet<object> {
  const { machine, catalog, types, parts } = kernel;
  return new Set([plan, plan.scenario, units, catalog, types, machine.program, parts.tables]);
}
