/** A socket that accepts conditionally has WskInspectEvent and WskAbortEvent. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { inspectCallbacks, lacks } from '../../driver/client-tables.ts';
import { heldBehind } from '../../flow/calls/behind.ts';
import { categoryOf } from '../../flow/facts/sockets.ts';
import { resolve } from '../../flow/state/state.ts';
import { siteKey } from '../../flow/state/where.ts';
import { ANYTHING } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { controlAt, numberOf, requestOf } from '../../ways/socket-controls.ts';

export const inspectEventMissing: Rule = {
  id: 'inspect-event-missing',
  severity: 'error',
  docRules: ['R78'],
  also: [],
  summary: 'A listening socket with SO_CONDITIONAL_ACCEPT has WskInspectEvent and WskAbortEvent in its table.',
  seesThroughHelpers: true,
  calls: ['WskControlSocket'],
  call: (call, { state, session, report }) => {
    const { parameters, where } = call;
    const number = (name: string): bigint | undefined =>
      numberOf(state, call.arguments[parameters.indexOf(name)] ?? ANYTHING);
    const request = requestOf(number('RequestType'));
    const control = controlAt(request, number('Level'), number('ControlCode'));
    const input = parameters.indexOf('InputBuffer');
    const isOn = numberOf(state, heldBehind(state, call, { index: input, offset: 0, size: 4 }));
    if (control?.name !== 'SO_CONDITIONAL_ACCEPT' || request !== 'set' || isOn === undefined || isOn === 0n) return;
    const socket = state.wsk.sockets.get(call.arguments[0]?.key ?? '');
    const category = socket === undefined ? undefined : categoryOf(resolve(state, socket.flags));
    const argument = where.inside === undefined ? where.arguments[parameters.indexOf('ControlCode')] : undefined;
    for (const callback of inspectCallbacks) {
      report({
        where,
        span: argument === undefined ? undefined : nodePlace(argument),
        message: `SO_CONDITIONAL_ACCEPT asks ${callback.member} about every connection, and the dispatch table has none: no connection is ever accepted, or WSK calls address 0 for the first.`,
        path: [],
        once: `${siteKey(where)} ${callback.member}`,
        when: () => lacks(session, category === 'listen' ? socket?.dispatch : undefined, callback),
      });
    }
  },
};
