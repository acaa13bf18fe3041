/** Every successful WskCaptureProviderNPI has its WskReleaseProviderNPI, before WskDeregister. */
import { memo } from '../../../../base/memo.ts';
import type { CallExpression, DeclarationNode, Statement } from '../../../../cfront/parse/ast.ts';
import { someNode, stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledFunction, calledName } from '../../driver/callee.ts';
import { functionsNamed } from '../../driver/named.ts';
import { isCalled, isCleanedUp, leadsOutside, mayCall } from '../../driver/reach.ts';
import { callsOf, isHandedOn, roleOf } from '../../driver/roles.ts';
import type { RegistrationEvent } from '../../flow/facts/wsk.ts';
import type { Exit, FunctionInfo, Session } from '../../flow/run/session.ts';
import { hasFailed, outcomeOf } from '../../flow/state/outcome.ts';
import { rangeOf } from '../../flow/state/state.ts';
import { pathTo, siteKey, type Where, whereOf } from '../../flow/state/where.ts';
import type { CheckContext, Rule } from '../../rule.ts';

export const npiLeak: Rule = {
  id: 'npi-leak',
  severity: 'error',
  docRules: ['R02'],
  also: [],
  summary: 'WskReleaseProviderNPI comes before WskDeregister wherever the NPI was captured.',
  events: ['registration'],
  event: (event, { state, fn, session, report }) => {
    if (event.kind !== 'registration') return;
    checkOrder(event, { state, fn, session, report });
    if (event.what !== 'deregister') return;
    const captured = state.wsk.registrations.get(event.block.key)?.captured;
    if (captured === undefined || outcomeOf(state, captured) === 'failed') return;
    // Where nobody looked at the result it may have failed; what is sure is told.
    if (outcomeOf(state, captured) !== 'made') return;
    report({
      where: event.where,
      // What the driver remembers elsewhere may tell that it is captured, and this way was one that is never taken.
      when: () => !isReleasedIfRemembered(session, fn, event.where),
      message:
        'WskDeregister waits until the provider NPI is released, and nobody releases it any more: the call never returns.',
      path: [
        ...pathTo(captured.where, 'The NPI is captured here'),
        ...pathTo(event.where, 'The driver deregisters here, without WskReleaseProviderNPI'),
      ],
      once: siteKey(event.where),
    });
    report({ where: captured.where, message: NEVER, path: [], when: () => isNeverReleased(session) });
  },
  exit: (exit, { state, fn, session, report }) => {
    if (fn.definition.symbol.name === 'DriverEntry') checkStart(exit, { state, session, report });
    if (!hasFailed(exit, state) || state.isVague) return;
    for (const { captured, registered } of state.wsk.registrations.values()) {
      // With the registration it is lost as a whole, and told so.
      if (captured === undefined || registered !== undefined || outcomeOf(state, captured) !== 'made') continue;
      report({
        where: exit.where,
        message:
          'The function fails and keeps the provider NPI that it has captured: nobody releases it any more, and WskDeregister waits for that and never returns.',
        path: [
          ...pathTo(captured.where, 'The NPI is captured here'),
          ...pathTo(exit.where, 'The function returns an error here, without WskReleaseProviderNPI'),
        ],
        once: siteKey(exit.where),
        // On its other ways it does release what it captured; what it leaves to its callers, they are asked about.
        when: () =>
          (!isCalled(session, fn) || releasesAlone(session, fn)) &&
          mayCall(session, fn, RELEASE) &&
          !isCleanedUp(session, RELEASE),
      });
    }
  },
  finish: ({ session, report }) => {
    const [call] = callsOf(session, 'WskCaptureProviderNPI');
    if (call !== undefined && isNeverReleased(session) && deregistersAnyhow(session))
      report({ where: whereOf(call), message: NEVER, path: [] });
  },
};

const NEVER =
  'The provider NPI is captured here and nothing in these files calls WskReleaseProviderNPI: WskDeregister waits for that and never returns.';

/** No caller can release what this function keeps: it has every call of the driver's that does. */
function releasesAlone(session: Session, { definition }: FunctionInfo): boolean {
  const own = nodesIn(definition, 'call');
  return callsOf(session, 'WskReleaseProviderNPI').every((call) => own.includes(call));
}

/** The driver has started and keeps the NPI; only its start, where that fails, releases one. */
function checkStart(exit: Exit, { state, session, report }: Pick<CheckContext, 'state' | 'session' | 'report'>): void {
  const { min } = exit.value === undefined ? {} : rangeOf(state, exit.value);
  if (min === undefined || min < 0n) return;
  for (const { captured } of state.wsk.registrations.values())
    if (captured !== undefined && outcomeOf(state, captured) === 'made')
      report({
        where: captured.where,
        message:
          'The provider NPI is captured here, and nothing that the unload routine leads to calls WskReleaseProviderNPI: its WskDeregister waits for that and never returns.',
        path: pathTo(exit.where, 'The driver has started here, and keeps the NPI'),
        once: siteKey(captured.where),
        when: () => unloadsWithout(session),
      });
}

/** The unload routine deregisters, and releases nothing; nor does anything else that the system calls. */
function unloadsWithout(session: Session): boolean {
  if (callsOf(session, 'WskReleaseProviderNPI').length === 0) return false;
  const called = session.functions.filter((fn) => fn.isUsers && isHandedOn(session, fn));
  const unload = called.find((fn) => roleOf(session, fn) === 'DRIVER_UNLOAD');
  if (unload === undefined || !mayCall(session, unload, ['WskDeregister']) || leadsOutside(session, unload))
    return false;
  return !called.some((fn) => mayCall(session, fn, RELEASE));
}

/** No function names what releases it, and those that deregister give the work to nobody who is not here. */
function isNeverReleased(session: Session): boolean {
  if (callsOf(session, 'WskReleaseProviderNPI').length > 0) return false;
  const users = session.functions.filter(({ isUsers }) => isUsers);
  const units = new Set(users.map(({ unit }) => unit));
  if ([...units].some(({ declarations }) => declarations.some(namesRelease))) return false;
  return users.every((fn) => !mayCall(session, fn, ['WskDeregister']) || !leadsOutside(session, fn));
}

const namesRelease = memo((declaration: DeclarationNode): boolean =>
  someNode(declaration, (node) => node.kind === 'name' && node.symbol.name === 'WskReleaseProviderNPI'),
);

/** Some way to WskDeregister begins without the capture, as an unload routine does; on the others the path tells. */
function deregistersAnyhow(session: Session): boolean {
  return session.functions.some(
    (fn) =>
      fn.isUsers &&
      (fn.heardBy === 0 || isHandedOn(session, fn)) &&
      mayCall(session, fn, ['WskDeregister']) &&
      !mayCall(session, fn, ['WskCaptureProviderNPI']),
  );
}

/** Who deregisters, or leads to it, releases the NPI before where memory that is not its own says so. */
function isReleasedIfRemembered(session: Session, fn: FunctionInfo, { node, inside }: Where): boolean {
  const isSo = nodesIn(fn.analysed, 'if').some(
    ({ condition, then, otherwise }) =>
      someNode(condition, isRemembered) &&
      [then, otherwise].some((branch) => branch !== undefined && releasesIn(session, branch)) &&
      ![then, otherwise].some((branch) => branch !== undefined && someNode(branch, (one) => one === node)),
  );
  if (isSo || inside === undefined) return isSo;
  const { helper, where } = inside;
  return functionsNamed(session, helper).some((holder) => isReleasedIfRemembered(session, holder, where));
}

/** A member, or a variable that outlives the call. */
function isRemembered(node: TreeNode): boolean {
  if (node.kind === 'member') return true;
  return node.kind === 'name' && node.symbol.kind === 'variable' && node.symbol.duration !== 'automatic';
}

function releasesIn(session: Session, branch: Statement): boolean {
  return someNode(branch, (node) => {
    const name = node.kind === 'call' ? calledName(node) : undefined;
    if (name === undefined) return false;
    return RELEASE.includes(name) || functionsNamed(session, name).some((fn) => mayCall(session, fn, RELEASE));
  });
}

/** Whoever releases the NPI after WskDeregister had it captured until then; who asks before, may know better. */
function checkOrder(
  { what, block, where }: RegistrationEvent,
  { state, fn, session, report }: Pick<CheckContext, 'state' | 'fn' | 'session' | 'report'>,
): void {
  const mark = `deregistered@${block.key}`;
  if (what === 'deregister') state.marks.add(mark);
  else if (what === 'release' && state.marks.has(mark) && isInOneList(session, fn, where))
    report({
      where,
      message:
        'The provider NPI is released after WskDeregister, which waits until it is released: it never returns, and this is never reached.',
      path: pathTo(where, 'The NPI is released here'),
      once: siteKey(where),
    });
  else state.marks.delete(mark);
}

/** The call and one of WskDeregister before it are statements of one block, each by itself or by a helper. */
function isInOneList(session: Session, { definition }: FunctionInfo, { node }: Where): boolean {
  return nodesIn(definition, 'compound').some(({ items }) => {
    const at = items.findIndex((item) => callIn(item) === node);
    const [release] = items.slice(at, at + 1);
    if (at < 0 || release === undefined || !calls(session, release, 'WskReleaseProviderNPI')) return false;
    return items.slice(0, at).some((item) => calls(session, item, 'WskDeregister'));
  });
}

/** The statement is a call of the function, or of a helper of which such a call is a statement. */
function calls(session: Session, item: Statement, name: string): boolean {
  const call = callIn(item);
  if (call === undefined || calledName(call) === name) return call !== undefined;
  const helper = calledFunction(session, call)?.definition;
  return helper?.body.items.some((inner) => isCallOf(inner, name)) === true;
}

function isCallOf(item: Statement, name: string): boolean {
  const call = callIn(item);
  return call !== undefined && calledName(call) === name;
}

/** The call that a statement is. */
function callIn(item: Statement): CallExpression | undefined {
  const e = item.kind === 'expression' ? stripConversions(item.expression, { casts: true }) : undefined;
  return e?.kind === 'call' ? e : undefined;
}

const RELEASE = ['WskReleaseProviderNPI'];
