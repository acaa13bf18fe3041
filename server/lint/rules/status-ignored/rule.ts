/** Whether a registration, a capture or a request succeeded has to be asked. */
import { memo } from '../../../../base/memo.ts';
import type { CallExpression, CSymbol, Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { nodePlace, someNode, stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledFunction, calledName } from '../../driver/callee.ts';
import type { Session } from '../../flow/run/session.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { checkReturn, noteWait } from './stale-pending.ts';
import { unreadBlocks } from './unread-blocks.ts';

const told: Readonly<Record<string, string>> = {
  WskRegister: 'the driver then captures and deregisters what was never registered',
  WskCaptureProviderNPI: 'the provider table is not there then, and the first call through it stops the machine',
  WskQueryProviderCharacteristics: 'the versions are not there then',
  IoSetCompletionRoutineEx: 'the request then goes on without its completion routine',
  ExAcquireRundownProtection:
    'what it protects may be gone then, and the release that follows ends the use of somebody else',
  ExTryToAcquireFastMutex: 'others are in there then, and the release that follows lets one more in',
  WdfDeviceCreate: 'there is no device then, and what is done with its handle stops the machine',
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
  calls: ['KeWaitForSingleObject'],
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
      for (const { call, how, isUnasked } of callsLeft(fn.definition)) {
        const asked = toldCall(session, call);
        if (asked !== undefined && isUnasked()) tell(asked, how);
      }
      for (const { call, name, effect } of unreadBlocks(session, fn))
        report({
          where: whereOf(call),
          span: nodePlace(call),
          message: `Nobody reads ${name}.Status: the function waits for the request, and still ${effect}, whatever has become of it.`,
          path: [],
          docRules: ['R117'],
        });
    }
  },
};

/** A call whose status nobody may look at. */
interface LeftCall {
  readonly call: CallExpression;
  /** The end of "it can fail, and". */
  readonly how: string;
  /** Nobody does; most calls are none that this has to be asked of. */
  readonly isUnasked: () => boolean;
}

const UNREAD = 'nobody looks at its status';
const OVERWRITTEN = 'its status is overwritten before anybody looks at it';

const callsLeft = memo((definition: FunctionDefinition): readonly LeftCall[] => {
  const left: LeftCall[] = [];
  const add = (value: Expression, how: string, isUnasked: () => boolean): void => {
    const call = stripConversions(value);
    if (call.kind === 'call') left.push({ call, how, isUnasked });
  };
  for (const node of nodesIn(definition, 'expression')) {
    // (VOID) before it says that somebody has thought of it.
    const e = stripConversions(node.expression);
    if (e.kind === 'assign') add(e.value, UNREAD, () => isNeverRead(definition, e.target));
    else add(e, UNREAD, () => true);
  }
  for (const { symbol, initializer } of nodesIn(definition, 'variable-declaration'))
    if (initializer?.kind === 'expression') add(initializer.value, UNREAD, () => isUnread(definition, symbol));
  for (const { items } of nodesIn(definition, 'compound')) {
    for (const [index, item] of items.entries()) {
      const first = assignment(item);
      if (first === undefined) continue;
      add(first.value, OVERWRITTEN, () => {
        const after = items.slice(index + 1);
        const next = assignment(after.find((later) => !isPassed(later, first.symbol)));
        return next?.symbol === first.symbol && !reads(next.value, first.symbol);
      });
    }
  }
  return left;
});

interface ToldCall {
  readonly call: Expression;
  readonly name: string;
  /** The driver's own function that is called, and returns what that one said. */
  readonly helper?: string;
  /** What happens to those who do not ask. */
  readonly effect: string;
}

/** Undefined for most calls. */
function toldCall(session: Session, call: CallExpression): ToldCall | undefined {
  const name = calledName(call);
  if (name === undefined) return undefined;
  const effect = told[name];
  if (effect !== undefined) return { call, name, effect };
  const info = calledFunction(session, call);
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

/** Whatever it does, what comes next is the statement behind it, and it has nothing to do with the variable. */
function isPassed(item: TreeNode, symbol: CSymbol): boolean {
  return /^(?:expression|declaration|empty)$/.test(item.kind) && !reads(item, symbol);
}

function reads(tree: TreeNode, symbol: CSymbol): boolean {
  return someNode(tree, (node) => node.kind === 'name' && node.symbol === symbol);
}

function isNeverRead(definition: FunctionDefinition, target: Expression): boolean {
  return target.kind === 'name' && isUnread(definition, target.symbol);
}

/** A local variable that is given values, and is looked at nowhere. */
function isUnread(definition: FunctionDefinition, symbol: CSymbol): boolean {
  if (symbol.kind !== 'variable' || symbol.duration !== 'automatic') return false;
  const given = nodesIn(definition, 'assign').filter(
    ({ target, operator }) => operator === undefined && target.kind === 'name' && target.symbol === symbol,
  );
  const names = nodesIn(definition, 'name').filter((node) => node.symbol === symbol);
  return names.length === given.length;
}
