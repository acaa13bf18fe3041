/** A WSK_REGISTRATION belongs to WSK, and to one registration at a time; what failed is not given back. */
import { memo } from '../../../../base/memo.ts';
import type { Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { isRecord, memberRecord } from '../../body/record-type.ts';
import { calledName } from '../../driver/callee.ts';
import { callsOf } from '../../driver/roles.ts';
import { touchesMemory } from '../../flow/calls/apis.ts';
import type { RegistrationEvent } from '../../flow/facts/wsk.ts';
import { outcomeOf } from '../../flow/state/outcome.ts';
import { rangeOf, resolve, type State } from '../../flow/state/state.ts';
import { pathTo, siteKey, type Where, whereOf } from '../../flow/state/where.ts';
import { contains, single } from '../../flow/values/ranges.ts';
import { type Place, placeAt, type Value } from '../../flow/values/values.ts';
import type { CheckContext, Rule } from '../../rule.ts';

export const registrationBlockReused: Rule = {
  id: 'registration-block-reused',
  severity: 'error',
  docRules: ['R01', 'R02', 'R09', 'R12'],
  also: [],
  summary: 'A WSK_REGISTRATION is used for one WskRegister at a time, and its members are left alone.',
  events: ['registration'],
  event: (event, context) => {
    if (event.kind !== 'registration') return;
    if (event.what !== 'register') {
      checkGivenBack(event, context);
      return;
    }
    const { state, report } = context;
    const registered = state.wsk.registrations.get(event.block.key)?.registered;
    if (registered === undefined || outcomeOf(state, registered) !== 'made') return;
    report({
      where: event.where,
      message:
        'The block is registered already: WskRegister overwrites what WSK keeps of the first registration, which can then never be deregistered.',
      path: [
        ...pathTo(registered.where, 'It is registered here'),
        ...pathTo(event.where, 'It is registered again here, without WskDeregister'),
      ],
      docRules: ['R12'],
    });
  },
  seesThroughHelpers: true,
  call: ({ api, arguments: values, where }, context) => {
    if (!touchesMemory(api) || context.state.wsk.registrations.size === 0) return;
    const [to, from] = values.map((value) => resolve(context.state, value));
    const bytes = values.map((value) => resolve(context.state, value)).at(-1);
    if (to !== undefined && !/cmp|Compare/.test(api))
      checkOverwritten({ at: to, bytes: bytes?.kind === 'integer' ? Number(bytes.value) : 0 }, api, where, context);
    if (/cpy|move|Copy|Move/.test(api) && to !== undefined && from !== undefined) checkCopied(from, where, context);
  },
  acts: ['copy'],
  act: (action, context) => {
    if (action.kind !== 'copy') return;
    checkOverwritten({ at: action.to, bytes: action.bytes }, 'The assignment', action.where, context);
    checkCopied(action.from, action.where, context);
  },
  finish: ({ session, report }) => {
    // One that provides WSK itself may well write there.
    if (callsOf(session, 'WskRegister').length === 0) return;
    for (const fn of session.functions) {
      if (!fn.isUsers) continue;
      for (const { node, member } of writtenMembers(fn.definition))
        report({
          where: whereOf(node),
          span: nodePlace(node),
          message: `${member} belongs to WSK: what is written there is lost, or takes away what WskDeregister needs.`,
          path: [],
          docRules: ['R09'],
        });
    }
  },
};

/** What was never got is not given back. */
function checkGivenBack({ what, block, where }: RegistrationEvent, { state, report }: CheckContext): void {
  const fact = state.wsk.registrations.get(block.key);
  const made = what === 'deregister' ? fact?.registered : what === 'release' ? fact?.captured : undefined;
  if (made === undefined || outcomeOf(state, made) !== 'failed') return;
  // Who asks for one status has one in mind that comes from elsewhere.
  if (single(rangeOf(state, made.result)) !== undefined || hasSeenFlag(state)) return;
  const [getter, giver] =
    what === 'deregister' ? ['WskRegister', 'WskDeregister'] : ['WskCaptureProviderNPI', 'WskReleaseProviderNPI'];
  report({
    where,
    message: `${giver} gets a block for which ${getter} has failed: there is nothing to give back, and it waits for, or counts down, what lies there by chance.`,
    path: [
      ...pathTo(made.where, `${getter} has failed here`),
      ...pathTo(where, `${giver} is called all the same here`),
    ],
    docRules: [what === 'deregister' ? 'R01' : 'R02'],
    once: siteKey(where),
  });
}

/** Something that lasts was found set on this way, which may be what tells that the block is registered. */
function hasSeenFlag(state: State): boolean {
  return [...state.ranges.values()].some(({ value, range }) => {
    if (value.kind !== 'symbol' || value.source.kind !== 'initial' || contains(range, 0n)) return false;
    return value.source.place.root.kind !== 'local';
  });
}

interface Bytes {
  readonly at: Value;
  readonly bytes: number;
}

/** Where a block that lies in these bytes, or begins with them, was registered on this way, and is so still. */
function registeredIn({ state }: CheckContext, { at, bytes }: Bytes): Where | undefined {
  const from = placeAt(at);
  for (const { block, registered } of state.wsk.registrations.values()) {
    const place = placeAt(block);
    if (registered === undefined || place === undefined || place.root.key !== from?.root.key) continue;
    const distance = offsetIn(place) - offsetIn(from);
    const isIn = block.key === at.key || (distance >= 0 && distance < bytes);
    if (isIn && outcomeOf(state, registered) === 'made') return registered.where;
  }
  return undefined;
}

/** Not a number where an index is on the way. */
function offsetIn({ steps: [step, more] }: Place): number {
  if (step === undefined) return 0;
  return step.kind === 'offset' && more === undefined ? step.bytes : Number.NaN;
}

function checkOverwritten(block: Bytes, by: string, where: Where, context: CheckContext): void {
  const registered = registeredIn(context, block);
  if (registered === undefined) return;
  context.report({
    where,
    message: `${by} overwrites a block that is registered: what WSK keeps there is gone, and WskDeregister then works with nothing.`,
    path: [
      ...pathTo(registered, 'It is registered here'),
      ...pathTo(where, 'It is overwritten here, without WskDeregister'),
    ],
    docRules: ['R09'],
  });
}

/** A copy does no harm by itself: it does where the driver has nothing but the copy to deregister. */
function checkCopied(block: Value, where: Where, context: CheckContext): void {
  const registered = registeredIn(context, { at: block, bytes: 1 });
  if (registered === undefined || block.kind !== 'address') return;
  const { session, report } = context;
  const { root } = block.place;
  const name = root.kind === 'global' || root.kind === 'local' ? root.variable : undefined;
  if (name === undefined) return;
  report({
    where,
    message: `A registered block is copied, and ${name.name} itself is never given to WskDeregister: what WSK keeps is known by its address, and the copy is no registration.`,
    path: [...pathTo(registered, 'It is registered here'), ...pathTo(where, 'It is copied here')],
    docRules: ['R09'],
    once: siteKey(where),
    when: () => {
      const ends = callsOf(session, 'WskDeregister');
      return ends.length > 0 && ends.every(({ arguments: [given] }) => given !== undefined && isOther(given, name));
    },
  });
}

/** The address of another variable, and surely so. */
function isOther(given: Expression, variable: VariableSymbol): boolean {
  const e = stripConversions(given, { casts: true });
  const to = e.kind === 'address-of' ? stripConversions(e.operand, { casts: true }) : e;
  return e.kind === 'address-of' && to.kind === 'name' && to.symbol.name !== variable.name;
}

interface WrittenMember {
  readonly node: Expression;
  readonly member: string;
}

/** Members that a function assigns, counts, or has another function write by their addresses. */
const writtenMembers = memo((definition: FunctionDefinition): readonly WrittenMember[] => {
  const members = new Set<Expression>(
    nodesIn(definition, 'member').filter((node) => isRecord(memberRecord(node), '_WSK_REGISTRATION')),
  );
  const found: WrittenMember[] = [];
  const add = (node: Expression, target: Expression): void => {
    const e = stripConversions(target, { casts: true });
    if (e.kind === 'member' && members.has(e)) found.push({ node, member: e.name });
  };
  if (members.size === 0) return found;
  walk(definition.body, (node) => {
    if (node.kind === 'assign') add(node, node.target);
    else if (node.kind === 'increment') add(node, node.operand);
    else if (node.kind === 'call' && writers.test(calledName(node) ?? '')) {
      const [target] = node.arguments;
      const e = target === undefined ? undefined : stripConversions(target, { casts: true });
      if (e?.kind === 'address-of') add(node, e.operand);
    }
  });
  return found;
});

/** They write what their first argument leads to. */
const writers =
  /^(?:_?Interlocked\w+|Ke(?:Initialize|Acquire|Release)\w+|Rtl(?:Zero|Fill|Copy|Move|SecureZero)Memory|mem(?:set|cpy|move))$/;
