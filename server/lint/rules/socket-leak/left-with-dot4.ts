/**
 * What a driver has the Dot4 driver make and never has it end: sockets and channels. In: a control code. Out: the request
 * that ends what this one makes, where nothing in a whole driver names it.
 */
import { constantValue, someNode, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { ownDeclarations } from '../../body/own-declarations.ts';
import { isWholeDriver } from '../../driver/reach.ts';
import type { Session } from '../../flow/run/session.ts';

export interface Made {
  readonly what: string;
  readonly end: string;
  readonly code: bigint;
}

const made: Readonly<Record<string, Made>> = {
  [0x3a2006]: { what: 'channel', end: 'IOCTL_DOT4_CLOSE_CHANNEL', code: 0x3a2008n },
  [0x3a2022]: { what: 'socket', end: 'IOCTL_DOT4_DESTROY_SOCKET', code: 0x3a202an },
};

export function madeWithDot4(code: bigint): Made | undefined {
  return made[String(code)];
}

export function isNeverEnded(session: Session, { code }: Made): boolean {
  const isIt = (node: TreeNode): boolean =>
    (node.kind === 'binary' || node.kind === 'integer') && constantValue(node) === code;
  return (
    isWholeDriver(session) &&
    !session.functions.some(({ isUsers, definition }) => isUsers && someNode(definition.body, isIt)) &&
    !session.units.flatMap(ownDeclarations).some((one) => one.kind === 'variable-declaration' && someNode(one, isIt))
  );
}
