/** R13: an IRP for WSK has at least one stack location, into which WSK writes the completion routine's turn. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { resolve, type State } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const irpStackSize: Rule = {
  id: 'irp-stack-size',
  severity: 'error',
  docRules: ['R13'],
  also: ['Driver Verifier C9/0x208', 'bug check 0x35'],
  summary: 'An IRP needs at least one stack location.',
  call: ({ api, arguments: values, where }, { state, report }) => {
    const count = api === 'IoInitializeIrp' ? values[2] : undefined;
    if (count === undefined || !isZero(state, count)) return;
    const argument = where.arguments[2];
    report({
      where,
      span: argument === undefined ? undefined : nodePlace(argument),
      message:
        'IoInitializeIrp makes an IRP without a stack location; the first driver or WSK function that takes it has nowhere to write and stops the machine (NO_MORE_IRP_STACK_LOCATIONS).',
      path: [],
    });
  },
  event: (event, { state, report }) => {
    if (event.kind !== 'allocate') return;
    if (!isZero(state, event.stackSize)) return;
    const argument = event.where.arguments[event.api === 'IoAllocateIrpEx' ? 1 : 0];
    const span = argument === undefined ? undefined : nodePlace(argument);
    report({
      where: event.where,
      ...(span === undefined
        ? {}
        : { span, fixes: [{ title: 'Ask for one stack location', edits: [{ span, newText: '1' }] }] }),
      message: `${event.api} makes an IRP without a stack location; the first driver or WSK function that takes it has nowhere to write and stops the machine (NO_MORE_IRP_STACK_LOCATIONS).`,
      path: event.where.inside === undefined ? [] : pathTo(event.where, 'The IRP is allocated here'),
    });
  },
};

function isZero(state: State, value: Value): boolean {
  const known = resolve(state, value);
  return known.kind === 'integer' && known.value === 0n;
}
