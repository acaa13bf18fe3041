/** An IRP for WSK has at least one stack location, into which WSK writes the completion routine's turn. */
import { memo } from '../../../../base/memo.ts';
import type { CallExpression, Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { holdersOf } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { callsOf } from '../../driver/roles.ts';
import { resolve, type State } from '../../flow/state/state.ts';
import { pathTo, whereOf } from '../../flow/state/where.ts';
import type { Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { isWrittenAlike } from '../../ways/lock-pairs.ts';

export const irpStackSize: Rule = {
  id: 'irp-stack-size',
  severity: 'error',
  docRules: ['R13'],
  also: ['Driver Verifier C9/0x208', 'bug check 0x35'],
  summary: 'An IRP needs at least one stack location.',
  calls: ['IoInitializeIrp'],
  call: ({ arguments: values, where }, { state, report }) => {
    const count = values[2];
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
  events: ['allocate'],
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
  finish: ({ session, report }) => {
    if (callsOf(session, 'IoAllocateIrp').length === 0) return;
    for (const { isUsers, definition } of session.functions) {
      if (!isUsers) continue;
      for (const { call, size } of tooFewLocations(definition))
        report({
          where: whereOf(call, call.arguments),
          span: nodePlace(size),
          message:
            'The IRP has fewer stack locations than the device that it is sent to asks for: the last driver below has none left, and the machine stops (NO_MORE_IRP_STACK_LOCATIONS).',
          path: [],
        });
    }
  },
};

interface TooFew {
  readonly call: CallExpression;
  readonly size: Expression;
}

/** IRPs for `device->StackSize - 1` that the same function sends to that very device. */
const tooFewLocations = memo((definition: FunctionDefinition): readonly TooFew[] => {
  const calls = nodesIn(definition, 'call');
  return calls.flatMap((call) => {
    const [size] = call.arguments;
    const device = size === undefined || calledName(call) !== 'IoAllocateIrp' ? undefined : lessThanStackOf(size);
    if (size === undefined || device === undefined) return [];
    const irps = holdersOf(definition, (value) => stripConversions(value, { casts: true }) === call);
    const isSent = calls.some((send) => {
      const [to, given] = send.arguments.map((e) => stripConversions(e, { casts: true }));
      if (to === undefined || given === undefined || !/^Iof?CallDriver$/.test(calledName(send) ?? '')) return false;
      return isWrittenAlike(to, device) && given.kind === 'name' && irps.has(given.symbol);
    });
    return isSent ? [{ call, size }] : [];
  });
});

/** The device in `device->StackSize - 1`. */
function lessThanStackOf(size: Expression): Expression | undefined {
  const e = stripConversions(size, { casts: true });
  if (e.kind !== 'binary' || e.operator !== '-') return undefined;
  const from = stripConversions(e.left, { casts: true });
  return from.kind === 'member' && from.name === 'StackSize'
    ? stripConversions(from.object, { casts: true })
    : undefined;
}

function isZero(state: State, value: Value): boolean {
  const known = resolve(state, value);
  return known.kind === 'integer' && known.value === 0n;
}
