/**
 * NTSTATUS says success by 0 and above, BOOLEAN by anything but 0, Win32 by 0 alone: where one is taken for the other, what
 * is asked is not what is answered. The types' own names tell them apart; a cast says that somebody has thought of it.
 */
import { memo } from '../../../../base/memo.ts';
import type { Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace, stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { unaskedTimeouts } from './time-outs.ts';

export const statusConfused: Rule = {
  id: 'status-confused',
  severity: 'warning',
  docRules: [],
  also: ['C6214', 'C6215', 'C6217', 'CWE-253'],
  summary: 'An NTSTATUS is neither a BOOLEAN nor a Win32 error, and no test for one answers for the other.',
  finish: ({ session, report }) => {
    for (const { isUsers, definition } of session.functions) {
      if (!isUsers) continue;
      for (const { node, message } of confusionsIn(definition))
        report({ where: whereOf(node), span: nodePlace(node), message, path: [] });
      for (const node of unaskedTimeouts(definition))
        report({
          where: whereOf(node),
          span: nodePlace(node),
          message:
            'The wait before this ends with STATUS_SUCCESS or STATUS_TIMEOUT, and NT_SUCCESS takes both for a success: what was waited for need not have happened.',
          path: [],
        });
    }
  },
};

interface Confusion {
  readonly node: Expression;
  readonly message: string;
}

const confusionsIn = memo(({ body, symbol }: FunctionDefinition): readonly Confusion[] => {
  const all: Confusion[] = [];
  const add = (node: Expression, message: string | undefined): void => {
    if (message !== undefined) all.push({ node, message });
  };
  // A number that is a LONG already is converted by nobody.
  const given = (value: Expression | undefined, to: string | undefined): void => {
    if (value?.kind === 'integer') add(value, converted(value, to));
  };
  walk(body, (node) => {
    if (node.kind === 'convert') add(node, converted(node.operand, node.type.alias));
    else if (node.kind === 'binary') add(node, compared(node.operator, node.left, node.right));
    else if (node.kind === 'return') given(node.value, symbol.type.result.alias);
    else if (node.kind === 'assign' && node.operator === undefined) given(node.value, node.target.type.alias);
    else if (node.kind === 'variable-declaration' && node.initializer?.kind === 'expression')
      given(node.initializer.value, node.symbol.type.alias);
  });
  return all;
});

/** What C makes of an expression, silently. */
function converted(operand: Expression, to: string | undefined): string | undefined {
  if (to === 'BOOLEAN' && isStatus(operand))
    return 'An NTSTATUS becomes a BOOLEAN: STATUS_SUCCESS is FALSE, and of a failure only the last byte is left. NT_SUCCESS is what asks.';
  if (to !== 'NTSTATUS') return undefined;
  if (isBoolean(operand))
    return 'A BOOLEAN becomes an NTSTATUS: TRUE and FALSE are both successes, and NT_SUCCESS never sees the failure.';
  const name = foreignName(operand);
  return name === undefined
    ? undefined
    : `${name} is no NTSTATUS: as one it is ${constantValue(operand)}, which NT_SUCCESS takes for a success.`;
}

function compared(operator: string, left: Expression, right: Expression): string | undefined {
  // What NT_SUCCESS expands to.
  const asked = operator === '>=' && left.kind === 'cast' && left.type.alias === 'NTSTATUS' ? left.operand : undefined;
  if (asked !== undefined && isBoolean(asked) && constantValue(right) === 0n)
    return 'NT_SUCCESS is asked of a BOOLEAN: TRUE and FALSE are both successes, and the answer is always yes.';
  if (operator !== '==' && operator !== '!=') return undefined;
  const other = isStatus(left) ? right : isStatus(right) ? left : undefined;
  const name = other === undefined ? undefined : foreignName(other);
  return name === undefined
    ? undefined
    : `An NTSTATUS is compared with ${name}, which is no NTSTATUS: no function that gives one means this by it.`;
}

function isStatus(e: Expression): boolean {
  return e.type.alias === 'NTSTATUS' || stripConversions(e).type.alias === 'NTSTATUS';
}

function isBoolean(e: Expression): boolean {
  return stripConversions(e).type.alias === 'BOOLEAN';
}

/** TRUE, FALSE, or a Win32 error, as they are written; undefined for all else. */
function foreignName(e: Expression): string | undefined {
  const inner = stripConversions(e);
  if (inner.kind !== 'integer') return undefined;
  for (let from = inner.first.expansion; from !== undefined; from = from.outer)
    if (/^(?:TRUE|FALSE)$/.test(from.macro) || (/^ERROR_[A-Z]/.test(from.macro) && inner.value > 0n)) return from.macro;
  return undefined;
}
