/**
 * Memory given to a call that may pend lasts until the IRP has completed: no local, unless the function waits, and
 * nothing that is freed before.
 */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { lastingArguments } from '../../flow/facts/events.ts';
import { OFFSET } from '../../flow/facts/layout.ts';
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import { mayBePending } from '../../flow/facts/transition.ts';
import { isGivenIrp } from '../../flow/run/session.ts';
import { mayBeNull, rangeOf, type State } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { contains } from '../../flow/values/ranges.ts';
import { initialValue, placeAt, shift, type Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { checkContext } from './freed-context.ts';

export const stackBufferOutlivesCall: Rule = {
  id: 'stack-buffer-outlives-call',
  severity: 'error',
  docRules: ['R75', 'R76', 'R29', 'R101'],
  also: ['Driver Verifier C9/0x0C', 'Driver Verifier C9/0x0D', 'CWE-562'],
  summary: 'What a call that may pend goes on using outlives the function, or the function waits.',
  events: ['complete'],
  event: (event, { state, report }) => {
    if (event.kind !== 'complete' || event.irp.kind !== 'symbol') return;
    const own = memoryWith(state, event.irp);
    for (const { life } of state.facts.values()) {
      if (life.kind !== 'sent' || !mayBePending(state, life) || !life.memory.some((key) => own.has(key))) continue;
      report({
        where: event.where,
        message: `The request is completed while ${life.api} may still be using its buffer: that goes back to whoever sent the request, and the call reads or writes memory that is another's.`,
        path: [
          ...pathTo(life.where, `${life.api} takes it, and may return STATUS_PENDING`),
          ...pathTo(event.where, 'The request is completed here'),
        ],
        docRules: ['R76'],
        once: siteKey(event.where),
      });
    }
  },
  acts: ['free'],
  act: (action, context) => {
    if (action.kind !== 'free') return;
    const { state, report } = context;
    checkContext(action, context);
    for (const { life } of state.facts.values()) {
      if (life.kind !== 'sent' || !mayBePending(state, life) || !life.memory.includes(action.value.key)) continue;
      report({
        where: action.where,
        message: `${action.api} takes back what ${life.api} may still be using: nobody has waited for the request, and when it goes on, it reads or writes memory that is another's.`,
        path: [
          ...pathTo(life.where, `${life.api} takes it, and may return STATUS_PENDING`),
          ...pathTo(action.where, 'It is given back here'),
        ],
        docRules: ['R76'],
        once: siteKey(action.where),
      });
    }
  },
  exit: (exit, { state, fn, report }) => {
    for (const send of state.calls) {
      const { irp, isIrpOptional } = send;
      const isSure = !isIrpOptional || !mayBeNull(state, irp);
      const given = irp.kind === 'symbol' && irp.source.kind === 'parameter' ? irp.source.index : undefined;
      if (!contains(rangeOf(state, send.result), STATUS_PENDING)) continue;
      for (const thing of send.lasting ?? []) {
        const { value } = thing;
        if (value.kind !== 'address' || value.place.root.kind !== 'local') continue;
        const { name } = value.place.root.variable;
        const use = thing.kind === 'context' ? `${thing.user} is given` : 'the I/O manager writes to';
        report({
          where: send.where,
          message: `The function can return while ${send.api} is still pending, and ${use} the local ${name === '' ? 'object' : name} when the request completes: by then that stack belongs to somebody else.`,
          path: [
            ...pathTo(
              thing.where,
              thing.kind === 'context'
                ? `The completion routine gets the address of ${name} here`
                : `${thing.user} gets its address here`,
            ),
            ...pathTo(send.where, `${send.api} may return STATUS_PENDING here`),
            ...pathTo(exit.where, 'The function returns here without waiting for the completion'),
          ],
          docRules: [thing.kind === 'context' ? 'R29' : 'R101'],
          once: siteKey(send.where),
          when: () => isSure || (given !== undefined && isGivenIrp(fn, given)),
        });
        break;
      }
      for (const index of lastingArguments(send)) {
        const value = send.arguments[index];
        if (value?.kind !== 'address' || value.place.root.kind !== 'local') continue;
        const { name } = value.place.root.variable;
        const argument = send.where.arguments[index];
        report({
          where: send.where,
          span: argument === undefined ? undefined : nodePlace(argument),
          message: `${send.api} keeps the address of the local ${name === '' ? 'object' : name} until the IRP has completed, but the function can return before that: the call then reads or writes a stack that belongs to somebody else.`,
          path: [
            ...pathTo(send.where, `${send.api} is given the address and may return STATUS_PENDING`),
            ...pathTo(exit.where, 'The function returns here without waiting for the completion'),
          ],
          docRules: ['R75'],
          once: `${siteKey(send.where)}/${send.where.inside === undefined ? '' : nodePlace(send.where.node).start}/${index}`,
          // Without an IRP the call is done when it returns: whether there is one, the callers say.
          when: () => isSure || (given !== undefined && isGivenIrp(fn, given)),
        });
      }
    }
  },
};

/** What goes when the request is completed. */
const BUFFERS = [OFFSET['_IRP.MdlAddress'], OFFSET['_IRP.AssociatedIrp.SystemBuffer'], OFFSET['_IRP.UserBuffer']];

/** The names of the buffers that a request has had from its beginning. */
function memoryWith(state: State, irp: Value): ReadonlySet<string> {
  return new Set(
    BUFFERS.flatMap((offset) => {
      const place = placeAt(shift(irp, offset));
      if (place === undefined) return [];
      const initial = initialValue(place);
      const held = state.cells.get(place.key)?.value;
      return held === undefined || held.key === initial.key ? [initial.key] : [];
    }),
  );
}
