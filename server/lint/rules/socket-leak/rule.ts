/**
 * A driver closes its sockets before it deregisters. Sure where it makes some, deregisters, and nowhere in its files
 * names WskCloseSocket; and where a way deregisters the driver's only registration and then closes a socket, which no
 * code that runs by itself can have closed meanwhile. Also where it closes others, but never those of one member or
 * variable.
 */
import type { CallExpression } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { isWhole } from '../../body/whole.ts';
import { calledName } from '../../driver/callee.ts';
import { isOfFailingStart } from '../../driver/failing-start.ts';
import { laterFunctions } from '../../driver/never-given-back.ts';
import { callableFunctions, isWholeDriver, liveFunctions, runsByItself } from '../../driver/reach.ts';
import { callsOf, roleOf } from '../../driver/roles.ts';
import { isSurelyMade } from '../../flow/calls/made-sockets.ts';
import { socketOf } from '../../flow/facts/events.ts';
import type { Block } from '../../flow/facts/kernel.ts';
import type { Exit } from '../../flow/run/session.ts';
import { isNull, resolve, type State } from '../../flow/state/state.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import { parameterValue } from '../../flow/values/values.ts';
import type { CheckContext, Rule } from '../../rule.ts';
import { lostBlocks, reportLost } from '../../ways/lost-blocks.ts';
import { holdersOf, isNobodyElses, lostHolders } from '../../ways/lost-holders.ts';
import { neverClosed } from './kept-sockets.ts';
import { isNeverEnded, madeWithDot4 } from './left-with-dot4.ts';

export const socketLeak: Rule = {
  id: 'socket-leak',
  severity: 'warning',
  docRules: ['R79'],
  also: [],
  summary: 'A driver that makes sockets closes them before it deregisters.',
  events: ['registration', 'send'],
  event: (event, { state, fn, session, report }) => {
    if (event.kind === 'registration') {
      if (event.what === 'deregister') state.marks.add(DEREGISTERED);
      else state.marks.delete(DEREGISTERED);
      return;
    }
    if (event.kind !== 'send' || event.api !== CLOSE || !state.marks.has(DEREGISTERED)) return;
    report({
      where: event.where,
      message:
        'A socket is closed after WskDeregister, which returns only when the last socket is closed: it never does, and this is never reached.',
      path: pathTo(event.where, 'The socket is closed here'),
      once: siteKey(event.where),
      when: () => callsOf(session, 'WskRegister').length <= 1 && !runsByItself(session, fn, [CLOSE]),
    });
  },
  exit: (exit, context) => {
    const { state, fn, session, report } = context;
    if (state.kernel.blocks.size === 0) return;
    if (isAcceptedLost(exit, context))
      report({
        where: exit.where,
        message:
          'The connection is taken, but AcceptSocket is kept nowhere: nobody can close it, and WskDeregister waits for it, for ever.',
        path: [],
        once: siteKey(exit.where),
      });
    for (const block of lostBlocks('socket', exit, state, fn))
      if (isSurelyMade(state, block) && !isHeld(state, block))
        reportLost(context, exit, block, {
          what: 'A socket',
          free: 'WskCloseSocket',
          effect: 'WskDeregister waits for it, for ever',
        });
    for (const lost of isWhole(fn) ? lostHolders('socket', exit, state) : []) {
      const { made } = lost.block;
      if (made === undefined || !isSurelyMade(state, lost.block)) continue;
      report({
        where: made.where,
        message: `Nothing leads to this socket any more but memory that ${lost.freedBy} gives back, and nobody has closed it: WskDeregister waits for it, for ever.`,
        path: [...pathTo(made.where, `${made.api} makes it here`), ...pathTo(exit.where, 'The function returns here')],
        once: siteKey(made.where),
        when: () => isNobodyElses(session, fn, lost),
      });
    }
  },
  seesThroughHelpers: true,
  calls: ['IoBuildDeviceIoControlRequest'],
  call: ({ arguments: [code], where }, { state, session, report }) => {
    const value = code && resolve(state, code);
    const made = value?.kind === 'integer' ? madeWithDot4(value.value) : undefined;
    if (made === undefined) return;
    report({
      where,
      message: `The request makes a ${made.what}, and nothing in the driver sends ${made.end}: it stays when the driver is done with it, and the Dot4 driver has few of them.`,
      path: [],
      docRules: [],
      once: made.end,
      when: () => isNeverEnded(session, made),
    });
  },
  finish: ({ session, report }) => {
    const [deregister] = callsOf(session, 'WskDeregister');
    if (deregister === undefined || !isWholeDriver(session)) return;
    const callable = callableFunctions(session);
    const calls = new Set(callable.flatMap(({ definition }) => nodesIn(definition, 'call')));
    const [made] = makers
      .flatMap((name) => callsOf(session, name))
      .filter((call) => calls.has(call) && isThroughTable(call));
    if (made === undefined) return;
    const closes = callable.some(
      ({ definition }) =>
        // By the table, or by a variable of that type, however it is called.
        nodesIn(definition, 'member').some(({ name }) => name === CLOSE) ||
        nodesIn(definition, 'call').some(({ callee }) => callee.type.alias === 'PFN_WSK_CLOSE_SOCKET'),
    );
    if (closes) {
      const later = new Set(laterFunctions(session));
      const start = liveFunctions(session).filter((fn) => !later.has(fn));
      const isAside = isOfFailingStart(session, (call) => calledName(call) === CLOSE);
      for (const kept of neverClosed(session, (fn) => isAside && start.includes(fn)))
        report({
          where: whereOf(kept),
          span: nodePlace(kept),
          message:
            'A socket is put here, and nothing in the driver closes what lies here, but for a start that fails: WskDeregister waits for it, for ever.',
          path: [],
        });
      return;
    }
    const where = whereOf(made);
    report({
      where,
      span: nodePlace(made),
      message: `${calledName(made)} makes a socket, and no function of the driver calls WskCloseSocket: WskDeregister waits for the last socket to be closed, for ever, and the driver never unloads.`,
      path: [],
    });
  },
};

/** WskAcceptEvent says that it takes the connection, and has neither put the socket anywhere nor asked anything of it. */
function isAcceptedLost(exit: Exit, { state, fn, session }: CheckContext): boolean {
  const block = state.kernel.blocks.get(parameterValue(ACCEPT_SOCKET).key);
  if (
    block?.kind !== 'argument' ||
    block.keptBy !== 'nobody' ||
    isNull(state, block.value) ||
    state.isVague ||
    !isWhole(fn)
  )
    return false;
  if (exit.value?.kind !== 'integer' || exit.value.value !== 0n || roleOf(session, fn) !== 'WSK_ACCEPT_EVENT')
    return false;
  return !state.events.some((event) => event.kind === 'send' && socketOf(event)?.key === block.value.key);
}

const ACCEPT_SOCKET = 4;

const CLOSE = 'WskCloseSocket';
/** The mark of a way on which the client has deregistered. */
const DEREGISTERED = 'deregistered';

const makers = ['WskSocket', 'WskSocketConnect', 'WskAccept'];

/** Not a helper that is called so. */
function isThroughTable({ callee }: CallExpression): boolean {
  return stripConversions(callee, { casts: true }).kind === 'member';
}

/** An IRP that is still there says which it is, or somebody has it by way of other memory. */
function isHeld(state: State, { value }: Block): boolean {
  return holdersOf(state, value).some(({ root }) => {
    if (root.kind !== 'pointee') return true;
    const { key } = root.pointer;
    return state.facts.get(key)?.life.kind !== 'freed' && state.kernel.blocks.get(key)?.life !== 'freed';
  });
}
