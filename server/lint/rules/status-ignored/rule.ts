/** R08, R27, R117: whether a registration, a capture or a request succeeded has to be asked. */
import { memo } from '../../../../base/memo.ts';
import type { CSymbol, Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { nodePlace, someNode, stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { calledName } from '../../callee.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { whereOf } from '../../flow/state/where.ts';
import { nodesIn } from '../../nodes.ts';
import { functionNamed } from '../../roles.ts';
import type { Rule } from '../../rule.ts';
import { checkReturn, noteWait } from './stale-pending.ts';
import { unreadBlocks } from './unread-blocks.ts';

const told: Readonly<Record<string, string>> = {
  WskRegister: 'the driver then captures and deregisters what was never registered',
  WskCaptureProviderNPI: 'the provider table is not there then, and the first call through it stops the machine',
  WskQueryProviderCharacteristics: 'the versions are not there then',
  IoSetCompletionRoutineEx: 'the request then goes on without its completion routine',
  IoCreateDevice: 'there is no device then, and the first use of it stops the machine',
};

export const statusIgnored: Rule = {
  id: 'status-ignored',
  severity: 'warning',
  docRules: ['R08', 'R27', 'R117'],
  also: ['C6031', 'C28193', 'SDV IoSetCompletionExCompleteIrp', 'Driver Verifier C4/0x4100F'],
  summary:
    'The status of WskRegister, WskCaptureProviderNPI and IoSetCompletionRoutineEx is looked at, and that of a request.',
  seesThroughHelpers: true,
  call: noteWait,
  exit: checkReturn,
  finish: ({ session, report }) => {
    for (const fn of session.functions) {
      if (!fn.isUsers) continue;
      const tell = ({ call, name, helper, effect }: ToldCall, how: string): void =>
        report({
          where: whereOf(call),
          span: nodePlace(call),
          message: `${name}${helper === undefined ? '' : `, whose status ${helper} returns,`} can fail, and ${how}: ${effect}.`,
          path: [],
          docRules: ['R08'],
        });
      for (const node of nodesIn(fn.definition, 'expression')) {
        // (VOID) before it says that somebody has thought of it.
        const e = stripConversions(node.expression);
        const asked = toldCall(session, e.kind === 'assign' ? e.value : e);
        if (asked !== undefined && (e.kind !== 'assign' || isNeverRead(fn, e.target)))
          tell(asked, 'nobody looks at its status');
      }
      for (const { symbol, initializer } of nodesIn(fn.definition, 'variable-declaration')) {
        const asked = initializer?.kind === 'expression' ? toldCall(session, initializer.value) : undefined;
        if (asked !== undefined && isUnread(fn, symbol)) tell(asked, 'nobody looks at its status');
      }
      for (const { call, name, effect } of unreadBlocks(session, fn))
        report({
          where: whereOf(call),
          span: nodePlace(call),
          message: `Nobody reads ${name}.Status: the function waits for the request, and still ${effect}, whatever has become of it.`,
          path: [],
          docRules: ['R117'],
        });
      for (const { items } of nodesIn(fn.definition, 'compound')) {
        for (const [index, item] of items.entries()) {
          const first = assignment(item);
          const asked = first === undefined ? undefined : toldCall(session, first.value);
          if (first === undefined || asked === undefined) continue;
          const next = assignment(items[index + 1]);
          if (next?.symbol === first.symbol && !reads(next.value, first.symbol))
            tell(asked, 'its status is overwritten before anybody looks at it');
        }
      }
    }
  },
};

interface ToldCall {
  readonly call: Expression;
  readonly name: string;
  /** The driver's own function that is called, and returns what that one said. */
  readonly helper?: string;
  /** What happens to those who do not ask. */
  readonly effect: string;
}

/** Asked first of all: most values are no such call. */
function toldCall(session: Session, value: Expression): ToldCall | undefined {
  const call = stripConversions(value);
  const name = call.kind === 'call' ? calledName(call) : undefined;
  if (call.kind !== 'call' || name === undefined) return undefined;
  const effect = told[name];
  if (effect !== undefined) return { call, name, effect };
  const symbol = functionNamed(call.callee);
  const info = symbol === undefined ? undefined : session.functionOf(symbol);
  const api = info?.isUsers === true ? passedOn(info.definition) : undefined;
  return api === undefined ? undefined : { call, name: api, helper: name, effect: told[api] ?? '' };
}

/** A helper that does nothing with a status but return it: its caller is the only one who can ask. */
const passedOn = memo((definition: FunctionDefinition): string | undefined => {
  const [first, ...others] = nodesIn(definition, 'return');
  const call = first?.value === undefined ? undefined : stripConversions(first.value);
  const name = call?.kind === 'call' && others.length === 0 ? calledName(call) : undefined;
  return name !== undefined && Object.hasOwn(told, name) ? name : undefined;
});

/** `variable = value;`, or the last variable of a declaration with its value. */
function assignment(item: TreeNode | undefined): { symbol: CSymbol; value: Expression } | undefined {
  if (item?.kind === 'declaration') {
    const last = item.declarations.at(-1);
    return last?.kind === 'variable-declaration' && last.initializer?.kind === 'expression'
      ? { symbol: last.symbol, value: last.initializer.value }
      : undefined;
  }
  const e = item?.kind === 'expression' ? stripConversions(item.expression) : undefined;
  return e?.kind === 'assign' && e.operator === undefined && e.target.kind === 'name'
    ? { symbol: e.target.symbol, value: e.value }
    : undefined;
}

function reads(tree: TreeNode, symbol: CSymbol): boolean {
  return someNode(tree, (node) => node.kind === 'name' && node.symbol === symbol);
}

function isNeverRead(fn: FunctionInfo, target: Expression): boolean {
  return target.kind === 'name' && isUnread(fn, target.symbol);
}

/** A local variable that is given values, and is looked at nowhere. */
function isUnread({ definition }: FunctionInfo, symbol: CSymbol): boolean {
  if (symbol.kind !== 'variable' || symbol.duration !== 'automatic') return false;
  const given = nodesIn(definition, 'assign').filter(
    ({ target, operator }) => operator === undefined && target.kind === 'name' && target.symbol === symbol,
  );
  const names = nodesIn(definition, 'name').filter((node) => node.symbol === symbol);
  return names.length === given.length;
}
