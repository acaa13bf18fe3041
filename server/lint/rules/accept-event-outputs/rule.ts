/** An accept event that takes the connection says what context and table its socket has. */
import { roleOf } from '../../driver/roles.ts';
import { isGivenAway } from '../../flow/state/memory.ts';
import { isInRegion } from '../../flow/state/regions.ts';
import { isNull } from '../../flow/state/state.ts';
import { siteKey } from '../../flow/state/where.ts';
import { parameterValue, placeAt } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

const ACCEPT_SOCKET = 4;
const outputs = [
  { index: 5, name: 'AcceptSocketContext' },
  { index: 6, name: 'AcceptSocketDispatch' },
];

export const acceptEventOutputs: Rule = {
  id: 'accept-event-outputs',
  severity: 'error',
  docRules: ['R87'],
  also: ['C6101'],
  summary: 'WskAcceptEvent sets *AcceptSocketContext and *AcceptSocketDispatch where it returns STATUS_SUCCESS.',
  exit: (exit, { state, fn, session, report }) => {
    if (roleOf(session, fn) !== 'WSK_ACCEPT_EVENT' || state.isVague) return;
    if (exit.value?.kind !== 'integer' || exit.value.value !== 0n) return;
    // Without a socket the listening socket is gone, and nobody reads them.
    if (isNull(state, parameterValue(ACCEPT_SOCKET))) return;
    const missing = outputs.filter(({ index }) => {
      const output = parameterValue(index);
      const place = placeAt(output);
      if (place === undefined || state.cells.has(place.key) || isInRegion(state, place)) return false;
      if (state.changedShared !== 'no' && isGivenAway(state, output)) return false;
      // Who asks whether there is a place for it has nothing to set where there is none.
      return !isNull(state, output);
    });
    if (missing.length === 0) return;
    report({
      where: exit.where,
      message: `The connection is taken, but ${missing.map(({ name }) => `*${name}`).join(' and ')} ${missing.length === 1 ? 'is' : 'are'} never set: WSK uses whatever lies there as the new socket's context or callback table.`,
      path: [],
      once: siteKey(exit.where),
    });
  },
};
