/** Flags of different functions share their numbers, and some exclude each other. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { writtenFor } from '../../driver/written.ts';
import { resolve } from '../../flow/state/state.ts';
import type { Rule } from '../../rule.ts';
import { bitsText } from '../../ways/wording.ts';

/** The flags of each function by name: what is written tells what was meant, the number does not. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  WskSend: ['WSK_FLAG_NODELAY', 'WSK_FLAG_OOB'],
  WskSendEx: ['WSK_FLAG_NODELAY', 'WSK_FLAG_OOB'],
  WskReceive: ['WSK_FLAG_WAITALL', 'WSK_FLAG_DRAIN', 'WSK_FLAG_OOB'],
  WskReceiveEx: ['WSK_FLAG_WAITALL', 'WSK_FLAG_DRAIN', 'WSK_FLAG_OOB'],
  WskDisconnect: ['WSK_FLAG_ABORTIVE'],
};
const WAITALL_AND_DRAIN = 6n;

/** All bits that are flags of a function. */
const bits: Readonly<Record<string, bigint>> = {
  WskSend: 3n,
  WskSendEx: 3n,
  WskReceive: 7n,
  WskReceiveEx: 7n,
  WskDisconnect: 1n,
};

export const receiveFlags: Rule = {
  id: 'receive-flags',
  severity: 'error',
  docRules: ['R35', 'R37'],
  also: [],
  summary: 'The flags of a call are its own, and do not exclude each other.',
  seesThroughHelpers: true,
  calls: 'wsk',
  call: ({ api, isWsk, arguments: values, parameters, where }, { state, fn, session, report }) => {
    const own = isWsk ? allowed[api] : undefined;
    const index = parameters.indexOf('Flags');
    // In a helper the argument is not written here, but what it is given may be known.
    const argument = where.inside === undefined ? where.arguments[index] : undefined;
    if (own === undefined || index < 0) return;
    const span = argument === undefined ? undefined : nodePlace(argument);
    const flags = resolve(state, values[index] ?? { kind: 'anything', key: '?' });
    if (
      api.startsWith('WskReceive') &&
      flags.kind === 'integer' &&
      (flags.value & WAITALL_AND_DRAIN) === WAITALL_AND_DRAIN
    ) {
      report({
        where,
        span,
        message: `${api} is asked to fill the buffer and to throw data away at once: WSK_FLAG_WAITALL and WSK_FLAG_DRAIN exclude each other, and the call fails.`,
        path: [],
        docRules: ['R35'],
      });
      return;
    }
    const written = writtenFor(session, fn, where, { index, pattern: /\bWSK_FLAG_[A-Z_]+\b/g });
    // Elsewhere than at the call it may have been meant for another one, too.
    const isMeant = written?.isDirect === true || written?.names.every((name) => !own.includes(name)) === true;
    const foreign = isMeant ? written?.names.find((name) => !own.includes(name)) : undefined;
    const rest = flags.kind === 'integer' ? flags.value & ~(bits[api] ?? -1n) : 0n;
    if (foreign === undefined && rest === 0n) return;
    report({
      where,
      span,
      message:
        foreign === undefined
          ? `${api} is given Flags with the bit ${bitsText(rest)}, which is no flag of it: the call fails with STATUS_INVALID_PARAMETER.`
          : `${foreign} is no flag of ${api}: its number means something else there, or makes the call fail.`,
      path: [],
      docRules: ['R37'],
    });
  },
};
