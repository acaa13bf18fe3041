/** Control information and its length come together, or neither comes. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { isNull, mayBeNull, resolve } from '../../flow/state/state.ts';
import type { Rule } from '../../rule.ts';

export const controlInfo: Rule = {
  id: 'control-info',
  severity: 'error',
  docRules: ['R44'],
  also: ['C6387'],
  summary: 'ControlInfo comes with its length, and a length with its ControlInfo.',
  seesThroughHelpers: true,
  calls: ['WskReceiveFrom', 'WskSendTo', 'WskSendMessages'],
  call: ({ api, isWsk, arguments: values, parameters, where }, { state, report }) => {
    if (!isWsk) return;
    const info = values[parameters.indexOf('ControlInfo')];
    const isReceive = api === 'WskReceiveFrom';
    if (info === undefined) return;
    const at = parameters.findIndex((name) => name === 'ControlInfoLength' || name === 'ControlLength');
    const given = values[at];
    if (given === undefined) return;
    const length = resolve(state, given);
    const hasInfo = info.kind !== 'anything' && !mayBeNull(state, info);
    const problem = isReceive
      ? isNull(state, length) && hasInfo
        ? 'ControlInfo is given without the length behind ControlInfoLength'
        : undefined
      : length.kind === 'integer' && length.value === 0n && hasInfo
        ? 'ControlInfo is given with a length of 0'
        : length.kind === 'integer' && length.value !== 0n && isNull(state, info)
          ? `the length says ${length.value} bytes, but ControlInfo is NULL`
          : undefined;
    if (problem === undefined) return;
    const argument = where.arguments[at];
    report({
      where,
      span: argument === undefined ? undefined : nodePlace(argument),
      message: `${api} refuses the call with STATUS_INVALID_PARAMETER: ${problem}.`,
      path: [],
    });
  },
};
