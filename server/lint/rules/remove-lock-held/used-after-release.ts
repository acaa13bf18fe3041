/**
 * A routine that gives the remove lock back has nothing any more that keeps the device: its extension may be gone with the
 * next instruction. In: a function. Out: reports for what it does with the extension in the statements behind.
 *
 * Sure where a dispatch routine, or a completion routine, gives back what it holds for a request, and nobody in the function
 * takes the lock again. Of requests of PnP and power the system waits for one before it sends the next, which may be the one
 * that removes the device.
 */
import type {
  CallExpression,
  Expression,
  FunctionDefinition,
  Statement,
  VariableSymbol,
} from '../../../../cfront/parse/ast.ts';
import { nodePlace, someNode, stripConversions } from '../../../../cfront/parse/walk.ts';
import { givenIn } from '../../body/given-values.ts';
import { isIrpPointer } from '../../body/irp-type.ts';
import { localVariable, nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { majorsOf, roleOf } from '../../driver/roles.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { pathTo, whereOf } from '../../flow/state/where.ts';
import type { FinishContext } from '../../rule.ts';

export function checkUses({ session, report }: FinishContext): void {
  for (const fn of session.functions) {
    if (!fn.isUsers || !servesRequests(session, fn) || takesTwice(fn.definition)) continue;
    for (const { items } of nodesIn(fn.definition, 'compound')) {
      const at = items.findLastIndex((item) => releaseIn(item) !== undefined);
      const call = at < 0 ? undefined : releaseIn(items[at]);
      const extension = call === undefined ? undefined : extensionOf(call);
      if (call === undefined || extension === undefined || isGivenTwice(fn.definition, extension)) continue;
      const use = firstUse(items.slice(at + 1), extension);
      if (use === undefined) continue;
      report({
        where: whereOf(use),
        span: nodePlace(use),
        message: `${calledName(call)} gave back what kept the device, and ${extension.name} is looked into after it: the device may have been removed by then, and its extension is freed with it.`,
        path: [
          ...pathTo(whereOf(call), 'The remove lock is given back here'),
          ...pathTo(whereOf(use), 'The extension is used here'),
        ],
        severity: 'warning',
      });
    }
  }
}

const IRP_MJ_POWER = 0x16n;
const IRP_MJ_PNP = 0x1bn;

function servesRequests(session: Session, fn: FunctionInfo): boolean {
  const role = roleOf(session, fn);
  if (role === 'IO_COMPLETION_ROUTINE') return true;
  const majors = role === 'DRIVER_DISPATCH' ? majorsOf(session, fn) : undefined;
  return majors !== undefined && majors.size > 0 && !majors.has(IRP_MJ_POWER) && !majors.has(IRP_MJ_PNP);
}

/** What is held once more keeps the device. */
function takesTwice(definition: FunctionDefinition): boolean {
  return nodesIn(definition, 'call').filter((call) => calledName(call)?.startsWith('IoAcquireRemoveLock')).length > 1;
}

/** The statement gives back what was taken for a request. */
function releaseIn(item: Statement | undefined): CallExpression | undefined {
  const e = item?.kind === 'expression' ? stripConversions(item.expression, { casts: true }) : undefined;
  if (e?.kind !== 'call' || !/^IoReleaseRemoveLock(?:Ex)?$/.test(calledName(e) ?? '')) return undefined;
  const tag = e.arguments[1];
  return tag !== undefined && isIrpPointer(stripConversions(tag, { casts: true }).type) ? e : undefined;
}

/** The local pointer in whose record the lock lies. */
function extensionOf({ arguments: [lock] }: CallExpression): VariableSymbol | undefined {
  const e = lock === undefined ? undefined : stripConversions(lock, { casts: true });
  const member = e?.kind === 'address-of' ? e.operand : undefined;
  if (member?.kind !== 'member' || !member.isArrow) return undefined;
  return localVariable(stripConversions(member.object, { casts: true }));
}

function isGivenTwice(definition: FunctionDefinition, variable: VariableSymbol): boolean {
  return givenIn(definition).filter((given) => given.variable === variable).length > 1;
}

/** A member that is read or written there, and not only led to. */
function firstUse(items: readonly Statement[], extension: VariableSymbol): Expression | undefined {
  let found: Expression | undefined;
  for (const item of items)
    someNode(item, (node) => {
      if (node.kind !== 'member' || !node.isArrow) return false;
      const base = stripConversions(node.object, { casts: true });
      if (base.kind !== 'name' || base.symbol !== extension) return false;
      found ??= node;
      return true;
    });
  return found;
}
