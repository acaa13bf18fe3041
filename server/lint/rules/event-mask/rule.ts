/** R53, R54, R55: what a WSK_EVENT_CALLBACK_CONTROL may say. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { categoryOf, type SocketCategory } from '../../flow/facts/sockets.ts';
import { resolve } from '../../flow/state/state.ts';
import type { Rule } from '../../rule.ts';
import { eventMaskAt } from '../../socket-controls.ts';
import { categoryName } from '../../sockets.ts';

const WSK_EVENT_DISABLE = 0x80000000n;
const ACCEPT = 0x200n;
const OF_CONNECTION = 0xd0n;
const RECEIVE_FROM = 0x100n;

/** What a listening socket has for connections is for the sockets that it accepts. */
const allowed: Readonly<Record<SocketCategory, bigint>> = {
  basic: 0n,
  listen: ACCEPT | OF_CONNECTION,
  datagram: RECEIVE_FROM,
  connection: OF_CONNECTION,
  stream: ACCEPT | OF_CONNECTION,
};

export const eventMask: Rule = {
  id: 'event-mask',
  severity: 'error',
  docRules: ['R53', 'R54', 'R55'],
  also: [],
  summary: 'WSK_EVENT_CALLBACK_CONTROL names events that the socket has, one at a time where they are disabled.',
  call: (call, { state, report }) => {
    const control = eventMaskAt(call, state);
    if (control === undefined) return;
    const { mask, npi, input, isStatic } = control;
    const { where } = call;
    const [socket] = call.arguments;
    const fact = socket === undefined || isStatic ? undefined : state.wsk.sockets.get(socket.key);
    const category = fact === undefined ? undefined : categoryOf(resolve(state, fact.flags));
    const problem = wrong(mask, npi, category);
    if (problem === undefined) return;
    const argument = where.arguments[input];
    report({
      where,
      span: argument === undefined ? undefined : nodePlace(argument),
      message: `${problem.words}: the call fails with STATUS_INVALID_PARAMETER and changes nothing.`,
      path: [],
      docRules: [problem.docRule],
    });
  },
};

interface Problem {
  readonly words: string;
  readonly docRule: string;
}

function wrong(
  mask: bigint | undefined,
  npi: bigint | undefined,
  category: SocketCategory | undefined,
): Problem | undefined {
  if (npi === 0n) return { words: 'NpiId is NULL, and events are those of NPI_WSK_INTERFACE_ID alone', docRule: 'R55' };
  if (mask === undefined) return undefined;
  const events = mask & ~WSK_EVENT_DISABLE;
  if (category !== undefined && (events & ~allowed[category]) !== 0n)
    return {
      words: `EventMask 0x${mask.toString(16)} has events that ${categoryName(category)} does not have`,
      docRule: 'R54',
    };
  const isDisable = events !== mask;
  return isDisable && (events === 0n || (events & (events - 1n)) !== 0n)
    ? { words: 'WSK_EVENT_DISABLE goes with exactly one event', docRule: 'R53' }
    : undefined;
}
