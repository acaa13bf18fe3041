/**
 * An event that is enabled has its callback in the table that the socket was made with. And the other way round, where
 * the whole driver is here: it has callbacks of events, and nothing in it enables any.
 */
import type { CallExpression, Expression } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { enabledEvents, eventCallbacks, givenCallbacks, lacks } from '../../driver/client-tables.ts';
import { isWholeDriver } from '../../driver/reach.ts';
import { categoryOf } from '../../flow/facts/sockets.ts';
import type { Session } from '../../flow/run/session.ts';
import { resolve } from '../../flow/state/state.ts';
import { siteKey, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { eventMaskAt } from '../../ways/socket-controls.ts';

export const eventCallbackMissing: Rule = {
  id: 'event-callback-missing',
  severity: 'error',
  docRules: ['R56'],
  also: [],
  summary: 'Events that are enabled have their callback in the dispatch table of the socket.',
  seesThroughHelpers: true,
  calls: 'wsk',
  call: (call, { state, session, report }) => {
    const control = eventMaskAt(call, state);
    if (control?.mask === undefined || (control.mask & WSK_EVENT_DISABLE) !== 0n) return;
    const { mask, input, isStatic } = control;
    const socket = isStatic ? undefined : state.wsk.sockets.get(call.arguments[0]?.key ?? '');
    const category = socket === undefined ? undefined : categoryOf(resolve(state, socket.flags));
    const wanted = eventCallbacks.filter(
      ({ bit, table }) =>
        (mask & bit) !== 0n &&
        // What a listening socket enables for connections is in the tables of those that it accepts.
        !(category === 'listen' && !table.includes('LISTEN')),
    );
    const dispatch = category === 'stream' ? undefined : socket?.dispatch;
    const argument = call.where.inside === undefined ? call.where.arguments[input] : undefined;
    for (const callback of wanted) {
      report({
        where: call.where,
        span: argument === undefined ? undefined : nodePlace(argument),
        message: `${callback.event} is enabled, but the dispatch table has no ${callback.member}: the request fails with STATUS_INVALID_PARAMETER, or WSK calls address 0 when the event comes.`,
        path: [],
        once: `${siteKey(call.where)} ${callback.event}`,
        when: () => lacks(session, dispatch, callback),
      });
    }
  },
  finish: ({ session, report }) => {
    const given = givenCallbacks(session);
    if (!eventCallbacks.some(({ member }) => given.has(member)) || !isWholeDriver(session)) return;
    const isEnabling = mayEnable(session);
    const mask = isEnabling ? enabledEvents(session) : 0n;
    const unused = eventCallbacks.filter(({ member, bit }) => given.has(member) && ((mask ?? bit) & bit) === 0n);
    for (const { event, member } of isEnabling ? unused : unused.slice(0, 1)) {
      const value = given.get(member);
      if (value === undefined) continue;
      report({
        where: whereOf(value),
        span: nodePlace(value),
        message: `Nothing in the driver enables ${event}, neither SO_WSK_EVENT_CALLBACK nor WSK_SET_STATIC_EVENT_CALLBACKS: WSK never calls this.`,
        path: [],
        severity: 'warning',
        docRules: [],
      });
    }
  },
};

/** The calls that enable events: the position of their control code, and the code that does. */
const enabling: Readonly<Record<string, readonly [number, bigint]>> = {
  WskControlClient: [1, 7n],
  WskControlSocket: [2, 16386n],
};

/** Some function enables events, or makes a control request of which its text does not say what it asks for. */
function mayEnable(session: Session): boolean {
  return session.functions.some(({ isUsers, definition }) => {
    const others = isUsers
      ? nodesIn(definition, 'call')
          .filter(asksOther)
          .map(({ callee }) => strip(callee))
      : [];
    return (
      isUsers &&
      nodesIn(definition, 'member').some((node) => Object.hasOwn(enabling, node.name) && !others.includes(node))
    );
  });
}

function asksOther(call: CallExpression): boolean {
  const [index, code] = enabling[calledName(call) ?? ''] ?? [];
  const asked = index === undefined ? undefined : call.arguments[index];
  const number = asked === undefined ? undefined : constantValue(strip(asked));
  return number !== undefined && number !== code;
}

function strip(e: Expression): Expression {
  return stripConversions(e, { casts: true });
}

const WSK_EVENT_DISABLE = 0x80000000n;
