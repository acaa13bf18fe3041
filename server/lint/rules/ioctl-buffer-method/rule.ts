/**
 * A control code says by its last two bits where its buffers are, and the driver looks for them there. Each case of a
 * `switch` over the code, and what an `if` does for one, is held against the members that stand in it.
 */
import { memo } from '../../../../base/memo.ts';
import type { Expression, FunctionDefinition, Statement, SwitchStatement } from '../../../../cfront/parse/ast.ts';
import {
  constantValue,
  nodePlace,
  someNode,
  stripConversions,
  type TreeNode,
  walk,
} from '../../../../cfront/parse/walk.ts';
import { onlyValueOf, valuesGiven } from '../../body/given-values.ts';
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

/** The cases of a switch over the code, or what is done where an `if` finds one. */
function casesAt(definition: FunctionDefinition, node: TreeNode): readonly Case[] {
  if (node.kind === 'switch') return isOverCode(definition, node.condition) ? casesOf(node) : [];
  const code = node.kind === 'if' ? codeAsked(definition, node.condition) : undefined;
  return node.kind === 'if' && code !== undefined ? [{ code, statements: [node.then] }] : [];
}

/** The code for which the condition asks, whatever else it asks for. */
function codeAsked(definition: FunctionDefinition, condition: Expression): bigint | undefined {
  const e = stripConversions(condition, { casts: true });
  if (e.kind === 'logical' && e.operator === '&&')
    return codeAsked(definition, e.left) ?? codeAsked(definition, e.right);
  if (e.kind !== 'binary' || e.operator !== '==') return undefined;
  if (isOverCode(definition, e.left)) return constantValue(e.right);
  return isOverCode(definition, e.right) ? constantValue(e.left) : undefined;
}

/** It is the IoControlCode itself, or a variable that it was put in. */
function isOverCode(definition: FunctionDefinition, condition: Expression): boolean {
  const e = stripConversions(condition, { casts: true });
  if (isCode(e)) return true;
  if (e.kind !== 'name') return false;
  const values = valuesGiven(definition, e.symbol);
  return values.length > 0 && values.every((value) => isCode(stripConversions(value, { casts: true })));
}

/** Of the stack location: a record of the driver's own may have such a member too. */
function isCode(e: Expression): boolean {
  if (e.kind !== 'member' || e.name !== 'IoControlCode') return false;
  const parameters = stripConversions(e.object);
  return parameters.kind === 'member' && parameters.name === 'DeviceIoControl';
}

interface Case {
  readonly code: bigint;
  readonly statements: readonly Statement[];
}

/** Cases that nothing falls into from above and that fall into nothing, with their statements. */
function casesOf({ body }: SwitchStatement): readonly Case[] {
  if (body.kind !== 'compound') return [];
  const cases: { codes: (bigint | undefined)[]; statements: Statement[] }[] = [];
  for (const item of body.items) {
    let inner = item;
    const codes: (bigint | undefined)[] = [];
    while (inner.kind === 'case') {
      codes.push(inner.value?.low === inner.value?.high ? inner.value?.low : undefined);
      inner = inner.body;
    }
    const isOpen = cases.at(-1)?.statements.some(leaves) === false;
    if (codes.length > 0) cases.push({ codes: isOpen ? [undefined] : codes, statements: [] });
    cases.at(-1)?.statements.push(inner);
  }
  return cases.flatMap(({ codes, statements }) => {
    const [code, ...more] = codes;
    return code === undefined || more.length > 0 ? [] : [{ code, statements }];
  });
}

function leaves(statement: Statement): boolean {
  return someNode(statement, ({ kind }) => kind === 'break' || kind === 'return' || kind === 'goto');
}

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
