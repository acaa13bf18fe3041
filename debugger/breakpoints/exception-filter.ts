/** At which findings the run stops: the filter may be off, on, or on for some rules. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { RunFinding } from '../../emulator/index.ts';
import { findingsFilter } from '../capabilities.ts';

export type FindingFilter = (finding: Pick<RunFinding, 'rule'>) => boolean;

export function readFindingFilter(args: DebugProtocol.SetExceptionBreakpointsArguments): FindingFilter {
  if (args.filters.includes(findingsFilter)) return () => true;
  const chosen = (args.filterOptions ?? []).filter(({ filterId }) => filterId === findingsFilter);
  const rules = chosen.map(({ condition }) => (condition ?? '').split(/[\s,]+/).filter((rule) => rule !== ''));
  return ({ rule }) => rules.some((wanted) => wanted.length === 0 || wanted.includes(rule));
}
