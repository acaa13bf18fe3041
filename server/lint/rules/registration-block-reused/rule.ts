/** R09, R12: a WSK_REGISTRATION belongs to WSK, and to one registration at a time. */
import { memo } from '../../../../base/memo.ts';
import type { Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import { calledName } from '../../callee.ts';
import { touchesMemory } from '../../flow/calls/apis.ts';
import { outcomeOf } from '../../flow/state/outcome.ts';
import { resolve } from '../../flow/state/state.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import { nodesIn } from '../../nodes.ts';
import { isRecord, memberRecord } from '../../record-type.ts';
import { callsOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const registrationBlockReused: Rule = {
  id: 'registration-block-reused',
  severity: 'error',
  docRules: ['R09', 'R12'],
  also: [],
  summary: 'A WSK_REGISTRATION is used for one WskRegister at a time, and its members are left alone.',
  event: (event, { state, report }) => {
    if (event.kind !== 'registration' || event.what !== 'register') return;
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
      once: siteKey(event.where),
    });
  },
  call: ({ api, arguments: values, where }, { state, report }) => {
    const [block] = values;
    if (block === undefined || !touchesMemory(api)) return;
    const fact = state.wsk.registrations.get(resolve(state, block).key);
    if (fact?.registered === undefined || outcomeOf(state, fact.registered) !== 'made') return;
    report({
      where,
      message: `${api} wipes a block that is registered: what WSK keeps there is gone, and WskDeregister then works with nothing.`,
      path: [
        ...pathTo(fact.registered.where, 'It is registered here'),
        ...pathTo(where, 'It is overwritten here, without WskDeregister'),
      ],
      docRules: ['R09'],
      once: siteKey(where),
    });
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
