/** A wait on an object that lies on the stack is a KernelMode wait. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import type { ApiCall } from '../../flow/facts/events.ts';
import { resolve, type State } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import { ANYTHING, placeAt, type Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

const modeOf: Readonly<Record<string, number>> = {
  KeWaitForSingleObject: 2,
  KeWaitForMutexObject: 2,
  KeWaitForMultipleObjects: 4,
};

export const userModeWaitOnStackObject: Rule = {
  id: 'user-mode-wait-on-stack-object',
  severity: 'error',
  docRules: ['R92'],
  also: ['C28135'],
  summary: 'A wait on an object on the stack is made in KernelMode.',
  seesThroughHelpers: true,
  calls: Object.keys(modeOf),
  call: (call, { state, report }) => {
    const at = modeOf[call.api];
    if (at === undefined) return;
    const mode = call.arguments[at] === undefined ? undefined : resolve(state, call.arguments[at]);
    if (mode?.kind !== 'integer' || mode.value !== 1n) return;
    const name = waitedLocal(call, state);
    if (name === undefined) return;
    const argument = call.where.inside === undefined ? call.where.arguments[at] : undefined;
    const span = argument === undefined ? undefined : nodePlace(argument);
    report({
      where: call.where,
      ...(span === undefined
        ? {}
        : {
            span,
            fixes: [{ title: 'Wait in KernelMode', isCertain: true, edits: [{ span, newText: 'KernelMode' }] }],
          }),
      message: `${name} lies on the kernel stack, and a UserMode wait lets that be paged out: whoever signals it at DISPATCH_LEVEL then takes a page fault, and the machine stops.`,
      path: pathTo(call.where, 'The wait is made here'),
    });
  },
};

/** The local that is waited for: by its address, or by an array that holds it. */
function waitedLocal({ api, arguments: values }: ApiCall, state: State): string | undefined {
  if (api !== 'KeWaitForMultipleObjects') return localAt(values[0] ?? ANYTHING);
  const array = placeAt(values[1] ?? ANYTHING)?.root.key;
  for (const { place, value } of state.cells.values())
    if (place.root.key === array && localAt(value) !== undefined) return localAt(value);
  return undefined;
}

function localAt(value: Value): string | undefined {
  return value.kind === 'address' && value.place.root.kind === 'local' ? value.place.root.variable.name : undefined;
}
