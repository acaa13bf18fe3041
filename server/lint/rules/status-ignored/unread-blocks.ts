/**
 * Requests of IoBuildDeviceIoControlRequest and its like whose IO_STATUS_BLOCK nobody reads. In: a function that waits
 * for such a request. Out: the call that built it, and what the function does as if it knew the outcome.
 *
 * A function that returns nothing and reads nothing may have asked for something that it can do without: that is left alone.
 */
import { memo } from '../../../../base/memo.ts';
import type { CallExpression, Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace, stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { givenIn } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { steadyPointers } from '../../body/pointers.ts';
import { memberName } from '../../body/record-type.ts';
import { calledName } from '../../driver/callee.ts';
import { mayCall } from '../../driver/reach.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';

export interface UnreadBlock {
  readonly call: CallExpression;
  /** The block. */
  readonly name: string;
  /** "returns …": the end of a sentence. */
  readonly effect: string;
}

/** Positions of the IO_STATUS_BLOCK, and of the buffer that the request fills. */
interface Builder {
  readonly block: number;
  readonly output: number;
}

const builders: Readonly<Record<string, Builder>> = {
  IoBuildDeviceIoControlRequest: { block: 8, output: 4 },
  IoBuildSynchronousFsdRequest: { block: 6, output: 2 },
};

interface Built {
  readonly call: CallExpression;
  readonly builder: Builder;
}

const builtIn = memo((definition: FunctionDefinition): readonly Built[] =>
  nodesIn(definition, 'call').flatMap((call): readonly Built[] => {
    const builder = builders[calledName(call) ?? ''];
    return builder === undefined ? [] : [{ call, builder }];
  }),
);

export function unreadBlocks(session: Session, fn: FunctionInfo): readonly UnreadBlock[] {
  const { definition } = fn;
  return builtIn(definition).flatMap(({ call, builder }) => {
    const block = blockIn(definition, call.arguments[builder.block]);
    const mentions = block === undefined ? undefined : mentionsOf(session, definition, block);
    if (block === undefined || mentions === undefined) return [];
    const members = mentions.filter((mention) => mention !== block).map((mention) => readMember(session, mention));
    if (members.some((name) => name !== 'Information')) return [];
    if (!mayCall(session, fn, ['KeWaitForSingleObject', 'KeWaitForMultipleObjects'])) return [];
    const output = call.arguments[builder.output];
    const isAnswered = output !== undefined && constantValue(output) !== 0n;
    const effect = members.length > 0 ? 'takes its Information' : returned(definition, call, isAnswered);
    const name = block.kind === 'name' ? block.symbol.name : block.kind === 'member' ? block.name : '';
    return effect === undefined ? [] : [{ call, name, effect }];
  });
}

/** The variable or member whose address an argument is, itself or by a pointer that serves nothing else. */
function blockIn(definition: FunctionDefinition, given: Expression | undefined): Expression | undefined {
  const e = given === undefined ? undefined : stripConversions(given, { casts: true });
  const pointer =
    e?.kind === 'name' && e.symbol.kind === 'variable' ? steadyPointers(definition).get(e.symbol) : undefined;
  const through = pointer?.mentions.length === 1 ? pointer.object : undefined;
  return e?.kind === 'address-of' ? stripConversions(e.operand) : through;
}

/** All that names the block: in the function, or for a member in all of them; undefined for blocks that others may have. */
function mentionsOf(
  session: Session,
  definition: FunctionDefinition,
  block: Expression,
): readonly Expression[] | undefined {
  if (block.kind === 'name') {
    const { symbol } = block;
    if (symbol.kind !== 'variable' || symbol.duration !== 'automatic') return undefined;
    return nodesIn(definition, 'name').filter((node) => node.symbol === symbol);
  }
  const name = block.kind === 'member' ? memberName(block) : undefined;
  if (name === undefined) return undefined;
  const users = session.functions.filter(({ isUsers }) => isUsers);
  return users.flatMap((fn) => nodesIn(fn.definition, 'member').filter((node) => memberName(node) === name));
}

/** The member of the block that is read there; undefined for any other mention. */
function readMember(session: Session, mention: Expression): string | undefined {
  for (const { isUsers, definition } of session.functions) {
    if (!isUsers) continue;
    const reader = nodesIn(definition, 'member').find((node) => stripConversions(node.object) === mention);
    if (reader !== undefined) return reader.name;
  }
  return undefined;
}

/** What a function of a status returns as if it were the request's; undefined where that is not known. */
function returned(definition: FunctionDefinition, call: CallExpression, isAnswered: boolean): string | undefined {
  if (definition.symbol.type.result.alias !== 'NTSTATUS') return undefined;
  for (const { value } of nodesIn(definition, 'return')) {
    const e = value === undefined ? undefined : stripConversions(value, { casts: true });
    if (e === undefined || isBefore(e, call)) continue;
    if (isAnswered && constantValue(e) === 0n) return SUCCESS;
    if (e.kind !== 'name') continue;
    const given = givenIn(definition).filter(({ variable }) => variable === e.symbol);
    const last = given.at(-1);
    if (last === undefined || isBefore(last.node, call)) continue;
    if (isCallOf(last.value, /^Iof?CallDriver$/)) return 'returns the STATUS_PENDING of IoCallDriver';
    if (isCallOf(last.value, /^KeWaitFor/)) return 'returns what the wait returned';
    if (isAnswered && constantValue(last.value) === 0n) return SUCCESS;
  }
  return undefined;
}

const SUCCESS = 'says that it has succeeded';

function isBefore(node: TreeNode, call: CallExpression): boolean {
  return nodePlace(node).start < nodePlace(call).start;
}

function isCallOf(value: Expression, pattern: RegExp): boolean {
  const e = stripConversions(value, { casts: true });
  return e.kind === 'call' && pattern.test(calledName(e) ?? '');
}
