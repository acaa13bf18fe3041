/** A handle that a program has sent is looked up with the program's rights. */
import { majorsOf, roleOf } from '../../driver/roles.ts';
import { resolve } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { ANYTHING } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { isGivenByProgram } from './given-by-program.ts';

const KERNEL_MODE = 0n;
const DEVICE_CONTROL = 14n;

export const handleAccessMode: Rule = {
  id: 'handle-access-mode',
  severity: 'warning',
  docRules: [],
  also: ['C28126', 'CWE-863'],
  summary: 'A handle of a program is looked up with UserMode, or with the RequestorMode of its request.',
  seesThroughHelpers: true,
  calls: ['ObReferenceObjectByHandle'],
  call: ({ arguments: [handle, , , mode], where }, { state, fn, session, report }) => {
    if (handle === undefined) return;
    const asked = resolve(state, mode ?? ANYTHING);
    if (asked.kind !== 'integer' || asked.value !== KERNEL_MODE) return;
    if (roleOf(session, fn) !== 'DRIVER_DISPATCH' || !isGivenByProgram(resolve(state, handle))) return;
    report({
      where,
      message:
        'The handle comes from the buffer of the request, and KernelMode looks it up without a question: a program reaches objects that it has no right to, or handles of the system.',
      path: pathTo(where, 'It is looked up here'),
      once: siteKey(where),
      when: () => majorsOf(session, fn)?.has(DEVICE_CONTROL) !== false,
    });
  },
};
