/**
 * KeWaitForMultipleObjects takes as many objects as a thread has wait blocks of its own, more with an array of the
 * caller's, and 64 at most. Sure where the number is known.
 */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { rangeOf } from '../../flow/state/state.ts';
import { single } from '../../flow/values/ranges.ts';
import { ANYTHING } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

/** THREAD_WAIT_OBJECTS and MAXIMUM_WAIT_OBJECTS. */
const WITHOUT_ARRAY = 3n;
const AT_MOST = 64n;
/** Position of WaitBlockArray. */
const ARRAY = 7;

export const tooManyWaitObjects: Rule = {
  id: 'too-many-wait-objects',
  severity: 'error',
  docRules: [],
  also: ['bug check 0xC'],
  summary:
    'KeWaitForMultipleObjects has room for all objects: in the thread for three, else in an array of the caller’s.',
  seesThroughHelpers: true,
  calls: ['KeWaitForMultipleObjects'],
  call: (call, { state, report }) => {
    const { where, arguments: values } = call;
    const count = rangeOf(state, values[0] ?? ANYTHING);
    const hasArray = single(rangeOf(state, values[ARRAY] ?? ANYTHING)) !== 0n;
    const most = hasArray ? AT_MOST : WITHOUT_ARRAY;
    // A number above all that a ULONG is seen as is one below 0.
    if (count.min === undefined || count.min <= most) return;
    const argument = where.inside === undefined ? where.arguments[hasArray ? 0 : ARRAY] : undefined;
    const many = single(count) ?? `at least ${count.min}`;
    report({
      where,
      span: argument === undefined ? undefined : nodePlace(argument),
      message: `KeWaitForMultipleObjects is given ${many} objects, and ${
        hasArray ? `takes ${most} at most` : `without a WaitBlockArray a thread can wait for ${most}`
      }: the machine stops (MAXIMUM_WAIT_OBJECTS_EXCEEDED).`,
      path: [],
    });
  },
};
