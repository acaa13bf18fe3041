/** DriverEntry does not wait for the WSK subsystem to come up. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { resolve } from '../../flow/state/state.ts';
import { innermost, pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

const LONG = 1000n;

export const captureWaitsInDriverEntry: Rule = {
  id: 'capture-waits-in-driver-entry',
  severity: 'warning',
  docRules: ['R04'],
  also: [],
  summary: 'WskCaptureProviderNPI waits for no long time in DriverEntry.',
  events: ['registration'],
  event: (event, { state, fn, report }) => {
    if (event.kind !== 'registration' || event.what !== 'capture' || fn.definition.symbol.name !== 'DriverEntry')
      return;
    const given = resolve(state, event.timeout);
    if (given.kind !== 'integer') return;
    const timeout = BigInt.asUintN(32, given.value);
    if (timeout < LONG) return;
    const argument = innermost(event.where).arguments[1];
    report({
      where: event.where,
      span: argument === undefined ? undefined : nodePlace(argument),
      message: `DriverEntry waits ${timeout === 0xffffffffn ? 'for ever' : `${timeout} ms`} for the WSK subsystem: where that starts after this driver, the machine does not finish its start. A thread of the driver may wait.`,
      path: pathTo(event.where, 'WskCaptureProviderNPI waits here'),
      once: siteKey(event.where),
    });
  },
};
