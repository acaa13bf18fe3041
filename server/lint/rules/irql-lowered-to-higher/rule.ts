/** KeLowerIrql goes down, or stays where it is; a level above the current one stops the machine. */
import { roleOf } from '../../driver/roles.ts';
import { currentLevel, isEntryLevel } from '../../flow/calls/demands.ts';
import { levelsOf } from '../../flow/calls/levels.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { rangeOf, resolve, type State } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { levelName } from '../../ways/levels.ts';

export const irqlLoweredToHigher: Rule = {
  id: 'irql-lowered-to-higher',
  severity: 'error',
  docRules: [],
  also: ['Driver Verifier C4/0x31', 'bug check 0xA'],
  summary: 'KeLowerIrql gets a level that is not above the current one.',
  calls: ['KeLowerIrql', 'KfLowerIrql'],
  call: ({ api, arguments: [given], where }, { state, fn, session, report }) => {
    if (given === undefined) return;
    const level = resolve(state, given);
    const highest = highestLevel(session, fn, state);
    if (level.kind !== 'integer' || highest === undefined || level.value <= highest) return;
    report({
      where,
      message: `${api} asks for ${levelName(Number(level.value))}, and the level is ${levelName(Number(highest))} here: the machine stops (IRQL_NOT_LESS_OR_EQUAL).`,
      path: pathTo(where, 'It is asked to go up here'),
    });
  },
};

/** Roles that the system calls at PASSIVE_LEVEL. */
const passive = /^(?:DRIVER_(?:INITIALIZE|UNLOAD|ADD_DEVICE)|KSTART_ROUTINE|IO_WORKITEM_ROUTINE(?:_EX)?)$/;

/** The highest level that the processor can have here; undefined where nothing is known of it. */
function highestLevel(session: Session, fn: FunctionInfo, state: State): bigint | undefined {
  const value = currentLevel(state);
  const { max } = rangeOf(state, value);
  if (max !== undefined || !isEntryLevel(value)) return max;
  if (fn.definition.symbol.name === 'DriverEntry' || passive.test(roleOf(session, fn) ?? '')) return 0n;
  const declared = levelsOf(fn.definition.symbol).max;
  return declared === undefined ? undefined : BigInt(declared);
}
