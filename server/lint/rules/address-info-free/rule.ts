/** The list of WskGetAddressInfo is WSK's own memory, which WskFreeAddressInfo gives back, and nobody else. */
import type { Fix } from '../../../../base/finding.ts';
import type { Span } from '../../../../base/source.ts';
import type { CallExpression, Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import type { CType } from '../../../../cfront/types/types.ts';
import { nodesIn } from '../../body/nodes.ts';
import { pointsTo } from '../../body/record-type.ts';
import { isWhole } from '../../body/whole.ts';
import { isWholeDriver } from '../../driver/reach.ts';
import { callsOf } from '../../driver/roles.ts';
import { isLocalAddress } from '../../flow/facts/transition.ts';
import type { Session } from '../../flow/run/session.ts';
import { mayBeNull } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { lostBlocks } from '../../ways/lost-blocks.ts';

/** Position of the Result parameter of WskGetAddressInfo. */
const RESULT = 6;

export const addressInfoFree: Rule = {
  id: 'address-info-free',
  severity: 'error',
  docRules: ['R59'],
  also: [],
  summary: 'The result of WskGetAddressInfo is freed with WskFreeAddressInfo.',
  exit: (exit, { state, fn, report }) => {
    for (const { value, made, base } of lostBlocks('address-list', exit, state, fn)) {
      // It is the caller's who gave the place for it, and nobody's where it never came.
      if (made === undefined || !isLocalAddress(base) || mayBeNull(state, value)) continue;
      report({
        where: made.where,
        message:
          'The list that WskGetAddressInfo makes is lost on a way on which nobody gives it to WskFreeAddressInfo: its memory is gone until the next start of the machine, a little more with each name that is looked up.',
        path: [
          ...pathTo(made.where, 'The list is asked for here'),
          ...pathTo(exit.where, 'The function returns here without WskFreeAddressInfo'),
        ],
        severity: 'warning',
        once: siteKey(made.where),
      });
    }
  },
  acts: ['free'],
  act: (action, { state, report }) => {
    // Freed through a pointer to anything, by a helper mostly; what the types tell is told below.
    if (action.kind !== 'free' || action.block !== 'pool' || !action.api.startsWith('ExFreePool')) return;
    const list = state.kernel.blocks.get(action.value.key);
    const [argument] = action.where.arguments;
    if (list?.kind !== 'address-list' || list.made === undefined || list.life !== 'live') return;
    if (action.where.inside === undefined && (argument === undefined || isAddressList(argument.type, argument))) return;
    report({
      where: action.where,
      message: `${action.api} is given a list of addresses${DAMAGED}`,
      path: [
        ...pathTo(list.made.where, 'WskGetAddressInfo makes the list here'),
        ...pathTo(action.where, `${action.api} frees it here`),
      ],
    });
  },
  calls: /^(?:WskGetAddressInfo$|ExFreePool)/,
  call: ({ api, where }, { session, fn, report }) => {
    if (api === 'WskGetAddressInfo') {
      const given = where.arguments[RESULT];
      const name = keptAt(given);
      if (name === undefined || !isWhole(fn)) return;
      report({
        where,
        message: `The list that WskGetAddressInfo puts into '${name}' is lost: nobody gives it to WskFreeAddressInfo, and its memory is gone until the next start of the machine, a little more with each name that is looked up.`,
        path: [],
        severity: 'warning',
        once: siteKey(where),
        when: () => freesNone(session),
      });
      return;
    }
    if (!api.startsWith('ExFreePool')) return;
    const [argument] = where.arguments;
    if (argument === undefined || !isAddressList(argument.type, argument)) return;
    // Drivers make such lists themselves, too: it must be where WskGetAddressInfo puts its result.
    const holder = holderOf(argument);
    const asked = callsOf(session, 'WskGetAddressInfo').filter(({ arguments: values }) => {
      const result = values[RESULT];
      return result !== undefined && holder !== undefined && holderOf(result) === holder;
    });
    const [first] = asked;
    if (first === undefined) return;
    report({
      where,
      span: nodePlace(argument),
      message: `${api} is given a list of addresses${DAMAGED}`,
      path: [],
      fixes: where.inside === undefined ? freed(nodePlace(where.node), argument, first, fn) : [],
    });
  },
};

const DAMAGED =
  ', which WskGetAddressInfo makes of several blocks of its own: the pool is damaged and the rest of the list is lost. WskFreeAddressInfo frees it.';

/** The same provider frees the list that was asked for it, where its names are known at the place of the free, too. */
function freed(
  free: Span,
  argument: Expression,
  asked: CallExpression,
  { definition }: { readonly definition: FunctionDefinition },
): readonly Fix[] {
  const callee = stripConversions(asked.callee);
  const [client] = asked.arguments;
  if (callee.kind !== 'member' || client === undefined) return [];
  const body = nodePlace(definition);
  const ask = nodePlace(asked);
  const isHere = ask.file === body.file && ask.start >= body.start && ask.end <= body.end;
  if (ask.file !== free.file || (!isHere && !(isFileScope(callee.object) && isFileScope(client)))) return [];
  const name = textOf(callee).replace(/\bWskGetAddressInfo$/, 'WskFreeAddressInfo');
  if (name === textOf(callee)) return [];
  const list = textOf(stripConversions(argument, { casts: true }));
  return [
    {
      title: 'Free it with WskFreeAddressInfo',
      edits: [{ span: free, newText: `${name}(${textOf(client)}, ${list})` }],
    },
  ];
}

function textOf(node: Expression): string {
  const { file, start, end } = nodePlace(node);
  return file.text.slice(start, end);
}

/** A variable outside of all functions, or a member of one. */
function isFileScope(expression: Expression): boolean {
  const e = stripConversions(expression, { casts: true });
  if (e.kind === 'member') return isFileScope(e.object);
  return e.kind === 'name' && e.symbol.kind === 'variable' && e.symbol.duration !== 'automatic';
}

/** A member or a variable of the driver's whose address it is: whoever frees the list is among the driver's functions. */
function keptAt(argument: Expression | undefined): string | undefined {
  const e = argument === undefined ? undefined : stripConversions(argument, { casts: true });
  const inner = e?.kind === 'address-of' ? stripConversions(e.operand) : undefined;
  if (inner?.kind === 'member') return inner.name;
  return inner?.kind === 'name' && inner.symbol.kind === 'variable' ? inner.symbol.name : undefined;
}

/** Nobody in the whole driver mentions WskFreeAddressInfo. */
function freesNone(session: Session): boolean {
  return (
    isWholeDriver(session) &&
    session.functions.every(
      ({ isUsers, definition }) =>
        !isUsers || nodesIn(definition, 'member').every(({ name }) => name !== 'WskFreeAddressInfo'),
    )
  );
}

function isAddressList(given: CType, argument: Expression): boolean {
  const { type } = stripConversions(argument, { casts: true });
  const list = type.kind === 'pointer' ? type : given;
  return pointsTo(list, 'addrinfoexW');
}

/** The variable or the member that holds the list: `x`, `*x`, `&x`, `p->x` all lead to x. */
function holderOf(expression: Expression): unknown {
  const e = stripConversions(expression, { casts: true });
  switch (e.kind) {
    case 'name':
      return e.symbol;
    case 'member':
      return e.field;
    case 'address-of':
    case 'dereference':
      return holderOf(e.operand);
    default:
      return undefined;
  }
}
