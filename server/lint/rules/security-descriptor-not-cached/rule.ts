/** WSK takes security descriptors that WSK_CACHE_SD has made, and no others. */
import { heldBehind } from '../../flow/calls/behind.ts';
import type { ApiCall } from '../../flow/facts/events.ts';
import { blockBehind } from '../../flow/facts/kernel.ts';
import { isNull, resolve, type State } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { controlAt, numberOf, requestOf } from '../../ways/socket-controls.ts';

export const securityDescriptorNotCached: Rule = {
  id: 'security-descriptor-not-cached',
  severity: 'error',
  docRules: ['R77'],
  also: [],
  summary: 'A security descriptor for a socket comes from WSK_CACHE_SD.',
  seesThroughHelpers: true,
  calls: 'wsk',
  call: (call, { state, report }) => {
    const given = call.isWsk ? descriptorOf(call, state) : undefined;
    if (given === undefined || !isOwn(state, given)) return;
    report({
      where: call.where,
      message: `${call.api} gets a security descriptor of the driver's own, and WSK takes only those that WSK_CACHE_SD has made: the call fails with STATUS_INVALID_PARAMETER, or uses memory that is gone.`,
      path: pathTo(call.where, 'It gets the descriptor here'),
    });
  },
};

/** What WskSocket and the like are given, or what SO_WSK_SECURITY's input holds. */
function descriptorOf(call: ApiCall, state: State): Value | undefined {
  const { arguments: values, parameters } = call;
  const at = parameters.indexOf('SecurityDescriptor');
  if (at >= 0) return values[at] === undefined ? undefined : resolve(state, values[at]);
  if (call.api !== 'WskControlSocket') return undefined;
  const number = (name: string): bigint | undefined => {
    const value = values[parameters.indexOf(name)];
    return value === undefined ? undefined : numberOf(state, value);
  };
  const control = controlAt(requestOf(number('RequestType')), number('Level'), number('ControlCode'));
  if (control?.name !== 'SO_WSK_SECURITY' || number('RequestType') !== WSK_SET_OPTION) return undefined;
  return resolve(state, heldBehind(state, call, { index: parameters.indexOf('InputBuffer'), offset: 0, size: 8 }));
}

const WSK_SET_OPTION = 0n;

/** A variable of the driver's, a part of a record, or memory that it has allocated: WSK_CACHE_SD gives another's. */
function isOwn(state: State, descriptor: Value): boolean {
  if (isNull(state, descriptor)) return false;
  if (descriptor.kind === 'address') return true;
  return blockBehind(state.kernel, descriptor)?.made !== undefined;
}
