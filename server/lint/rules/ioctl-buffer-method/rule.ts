/**
 * A control code says by its last two bits where its buffers are, and the driver looks for them there. Each case of a
 * `switch` over the code, and what an `if` does for one, is held against the members that stand in it.
 */
import { memo } from '../../../../base/memo.ts';
import type { Expression, FunctionDefinition, Statement } from '../../../../cfront/parse/ast.ts';
import { nodePlace, someNode, type TreeNode, walk } from '../../../../cfront/parse/walk.ts';
import { casesAt } from '../../body/control-codes.ts';
import { onlyValueOf } from '../../body/given-values.ts';
import { isIrpPointer } from '../../body/irp-type.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { touchesMemory } from '../../flow/calls/apis.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

type Member = Extract<Expression, { kind: 'member' }>;

export const ioctlBufferMethod: Rule = {
  id: 'ioctl-buffer-method',
  severity: 'error',
  docRules: ['R110'],
  also: ['bug check 0x3B', 'CWE-476'],
  summary: 'A control code has its buffers where its method says.',
  finish: ({ session, report }) => {
    for (const { isUsers, definition } of session.functions) {
      if (!isUsers) continue;
      for (const { node, message } of wrongBuffers(definition))
        report({ where: whereOf(node), span: nodePlace(node), message, path: [] });
    }
  },
};

interface WrongBuffer {
  readonly node: Member;
  readonly message: string;
}

const wrongBuffers = memo((definition: FunctionDefinition): readonly WrongBuffer[] => {
  const found: WrongBuffer[] = [];
  if (!nodesIn(definition, 'member').some(({ name }) => name === 'IoControlCode')) return found;
  walk(definition.body, (node) => {
    for (const { code, statements } of casesAt(definition, node))
      for (const member of statements.flatMap(buffersIn)) {
        const isLost =
          Number(code & 3n) === METHOD_OUT_DIRECT && statements.some((one) => isWritten(definition, one, member));
        const message = isLost ? LOST : wrong(Number(code & 3n), member);
        if (message !== undefined) found.push({ node: member, message });
      }
  });
  return found;
});

/** What happens to a driver that looks for a buffer of that method there. */
function wrong(method: number, { name }: Member): string | undefined {
  if (method === METHOD_NEITHER && name === 'SystemBuffer')
    return 'The code is one of METHOD_NEITHER, for which there is no SystemBuffer: it is NULL, and the machine stops. The buffers are Type3InputBuffer and UserBuffer, in the memory of the program.';
  if (method === METHOD_NEITHER && name === 'MdlAddress')
    return 'The code is one of METHOD_NEITHER, for which nobody makes an MDL: MdlAddress is NULL. The buffers are Type3InputBuffer and UserBuffer, in the memory of the program.';
  if (method === METHOD_BUFFERED && name === 'MdlAddress')
    return 'The code is one of METHOD_BUFFERED, for which nobody makes an MDL: MdlAddress is NULL. Input and output are in SystemBuffer.';
  if (method !== METHOD_NEITHER && name === 'Type3InputBuffer')
    return `The code is one of METHOD_${methods[method]}, whose input is in SystemBuffer: Type3InputBuffer leads into the memory of a program, that nobody has looked at.`;
  return undefined;
}

const LOST =
  'The code is one of METHOD_OUT_DIRECT, whose output is behind MdlAddress: what is written to SystemBuffer, which has the input, never comes to the caller.';

const METHOD_BUFFERED = 0;
const METHOD_OUT_DIRECT = 2;
const METHOD_NEITHER = 3;
const methods = ['BUFFERED', 'IN_DIRECT', 'OUT_DIRECT', 'NEITHER'];

/** The members that a case reads: not those that it asks for first. */
function buffersIn(statement: Statement): readonly Member[] {
  const found: Member[] = [];
  walk(statement, (node) => {
    // It is asked whether it is there.
    if (node.kind === 'if' || node.kind === 'conditional') return false;
    if (node.kind === 'member' && /^(?:SystemBuffer|MdlAddress|Type3InputBuffer)$/.test(node.name)) found.push(node);
    return undefined;
  });
  return found;
}

/** Memory behind the member, or the local that has it, is written: by an assignment, or by a function that copies there. */
function isWritten(definition: FunctionDefinition, statement: Statement, member: Member): boolean {
  if (member.name !== 'SystemBuffer') return false;
  const isIt = (node: TreeNode): boolean => node === member || isHolder(definition, node, member);
  return someNode(statement, (node) => {
    if (node.kind === 'assign')
      return node.target.kind !== 'name' && node.target !== member && someNode(node.target, isIt);
    const [to] = node.kind === 'call' && touchesMemory(calledName(node) ?? '') ? node.arguments : [];
    return to !== undefined && someNode(to, isIt);
  });
}

/** A local that is given this very member, and nothing else; who hands the request on may see to the output elsewhere. */
function isHolder(definition: FunctionDefinition, node: TreeNode, member: Member): boolean {
  return (
    node.kind === 'name' &&
    node.symbol.kind === 'variable' &&
    onlyValueOf(definition, node.symbol) === member &&
    !nodesIn(definition, 'member').some(({ name }) => name === 'MdlAddress') &&
    !nodesIn(definition, 'call').some(
      (call) => !/^Io[A-Z]/.test(calledName(call) ?? '') && call.arguments.some(({ type }) => isIrpPointer(type)),
    )
  );
}
