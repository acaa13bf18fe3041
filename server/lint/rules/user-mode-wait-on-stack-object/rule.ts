/** R92: a wait on an object that lies on the stack is a KernelMode wait. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { resolve } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

const modeOf: Readonly<Record<string, number>> = { KeWaitForSingleObject: 2, KeWaitForMutexObject: 2 };

export const userModeWaitOnStackObject: Rule = {
  id: 'user-mode-wait-on-stack-object',
  severity: 'error',
  docRules: ['R92'],
  also: ['C28135'],
  summary: 'A wait on an object on the stack is made in KernelMode.',
  call: (call, { state, report }) => {
    const at = modeOf[call.api];
    if (at === undefined) return;
    const object = call.arguments[0];
    const mode = call.arguments[at] === undefined ? undefined : resolve(state, call.arguments[at]);
    if (mode?.kind !== 'integer' || mode.value !== 1n) return;
    if (object?.kind !== 'address' || object.place.root.kind !== 'local') return;
    const { name } = object.place.root.variable;
    const argument = call.where.arguments[at];
    const span = argument === undefined ? undefined : nodePlace(argument);
    report({
      where: call.where,
      ...(span === undefined
        ? {}
        : { span, fixes: [{ title: 'Wait in KernelMode', edits: [{ span, newText: 'KernelMode' }] }] }),
      message: `${name} lies on the kernel stack, and a UserMode wait lets that be paged out: whoever signals it at DISPATCH_LEVEL then takes a page fault, and the machine stops.`,
      path: pathTo(call.where, 'The wait is made here'),
    });
  },
};
