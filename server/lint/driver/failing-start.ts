/**
 * Whether calls are made only where DriverEntry fails, as it takes back there what it has begun. In: the calls, which may
 * stand in helpers. Out: true where DriverEntry is known to succeed at some of its returns, and comes to none of these from
 * a call that is one of them or leads to one.
 */
import type { CallExpression, NodeBase } from '../../../cfront/parse/ast.ts';
import { nodesIn } from '../body/nodes.ts';
import { buildGraph } from '../flow/lower/graph.ts';
import { type Block, successors } from '../flow/lower/ir.ts';
import { analysisOf } from '../flow/run/run.ts';
import type { FunctionInfo, Session } from '../flow/run/session.ts';
import { calledFunction } from './callee.ts';
import { ownLedTo } from './reach.ts';

export function isOfFailingStart(session: Session, isMeant: (call: CallExpression) => boolean): boolean {
  const entry = session.functions.find((fn) => fn.isUsers && fn.definition.symbol.name === 'DriverEntry');
  const exits = entry && analysisOf(session, entry)?.exits;
  if (entry === undefined || exits === undefined) return false;
  const known = exits.filter(({ value }) => value?.kind === 'integer' && value.value >= 0n);
  const returns = new Set<NodeBase>(known.map(({ where }) => where.node));
  if (returns.size === 0) return false;
  const leads = (call: CallExpression): boolean => {
    const helper = calledFunction(session, call);
    return isMeant(call) || (helper?.isUsers === true && ownLedTo(session, helper).some((fn) => calls(fn, isMeant)));
  };
  const { blocks } = buildGraph(entry.analysed, { mayRaise: () => false, lacksHeaders: false });
  const from = blocks.filter(({ instructions }) => instructions.some((one) => one.op === 'call' && leads(one.call)));
  return ![...behind(from)].some(({ end }) => end.kind === 'return' && returns.has(end.node));
}

function calls({ definition }: FunctionInfo, isMeant: (call: CallExpression) => boolean): boolean {
  return nodesIn(definition, 'call').some(isMeant);
}

function behind(start: readonly Block[]): ReadonlySet<Block> {
  const seen = new Set(start);
  for (const block of seen) for (const next of successors(block.end)) seen.add(next);
  return seen;
}
