/** What rules about sockets share: the socket that a call works on, as far as this way shows where it came from. */
import type { PathStep } from '../../../base/finding.ts';
import type { CallExpression, NodeBase } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import { isRecord, memberRecord } from '../body/record-type.ts';
import { type FlowEvent, type SendEvent, socketOf } from '../flow/facts/events.ts';
import { categoryOf, type SocketCategory, type SocketFact } from '../flow/facts/sockets.ts';
import { resolve, type State } from '../flow/state/state.ts';
import { pathTo } from '../flow/state/where.ts';

export interface SocketCall {
  readonly send: SendEvent;
  readonly socket: SocketFact;
  readonly category: SocketCategory | undefined;
}

/** Undefined for other events, and for sockets of which nothing is known. */
export function socketCall(event: FlowEvent, state: State): SocketCall | undefined {
  if (event.kind !== 'send') return undefined;
  const value = socketOf(event);
  const socket = value === undefined ? undefined : state.wsk.sockets.get(value.key);
  return socket === undefined ? undefined : { send: event, socket, category: categoryOf(resolve(state, socket.flags)) };
}

/**
 * A call through the table of datagram sockets is meant for one. The other tables say nothing: all begin with what a basic
 * socket has, and many drivers ask any socket through that of connections.
 */
export function isThroughDatagramTable(node: NodeBase): boolean {
  const { kind, callee } = node as Partial<CallExpression>;
  const e = kind !== 'call' || callee === undefined ? undefined : stripConversions(callee, { casts: true });
  return e?.kind === 'member' && isRecord(memberRecord(e), '_WSK_PROVIDER_DATAGRAM_DISPATCH');
}

export function storyOfSocket({ api, where, isGiven }: SocketFact): readonly PathStep[] {
  return isGiven ? [] : pathTo(where, `${api} makes the socket here`);
}

/** "a listening socket". */
export function categoryName(category: SocketCategory): string {
  switch (category) {
    case 'basic':
      return 'a basic socket';
    case 'listen':
      return 'a listening socket';
    case 'datagram':
      return 'a datagram socket';
    case 'connection':
      return 'a connection-oriented socket';
    case 'stream':
      return 'a stream socket';
  }
}
