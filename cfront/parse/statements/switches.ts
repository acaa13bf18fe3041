/** switch, case and default. The switch lists its cases; each is the node that stands in the tree. */
import { place, type Token } from '../../tokenize/token.ts';
import { wrap } from '../../types/arithmetic.ts';
import { VOID } from '../../types/make.ts';
import { isInteger } from '../../types/predicates.ts';
import { typeText } from '../../types/text.ts';
import type { CaseStatement, Statement } from '../ast.ts';
import { constantValue, whyNotConstant } from '../expressions/constants.ts';
import { promote } from '../expressions/conversions.ts';
import { conditionalExpression } from '../expressions/expressions.ts';
import { errorExpression } from '../mistakes/error-nodes.ts';
import { errorAt, expect, report } from '../mistakes/problems.ts';
import { accept, advance, at, currentFunction, type Parser, type SwitchContext } from '../state.ts';
import { hasError } from '../walk.ts';
import { controlExpression, substatement } from './control.ts';
import { labelled } from './jumps.ts';

/** "switch" "(" expression ")" statement */
export function switchStatement(p: Parser): Statement {
  const first = advance(p);
  const f = currentFunction(p);
  let test = promote(controlExpression(p, first));
  if (!isInteger(test.type) && test.type.kind !== 'error') {
    errorAt(p, 'bad-operands', `'switch' needs an integer; this is '${typeText(test.type)}'.`, test);
    test = errorExpression(test.first, test.last, [test]);
  }
  const cases: CaseStatement[] = [];
  f.switches.push({ type: test.type, cases, places: new Map() });
  f.breakables++;
  const body = substatement(p);
  f.breakables--;
  f.switches.pop();
  return { kind: 'switch', first, last: body.last, condition: test, body, cases };
}

/** A case whose body is not read yet; the switch lists the node itself. */
type CaseDraft = { -readonly [K in keyof CaseStatement]: CaseStatement[K] };

/** { ( "case" constant [ "..." constant ] | "default" ) ":" } statement; stacked cases are read in a loop. */
export function caseStatement(p: Parser): Statement {
  const drafts: CaseDraft[] = [];
  while (at(p, 'case') || at(p, 'default')) {
    const draft = caseHead(p);
    if (draft !== undefined) drafts.push(draft);
  }
  let node = labelled(p);
  for (let i = drafts.length - 1; i >= 0; i--) {
    const draft = drafts[i] as CaseDraft;
    draft.body = node;
    draft.last = node.last;
    node = draft;
  }
  return node;
}

/** One label; undefined where its value could not be read. */
function caseHead(p: Parser): CaseDraft | undefined {
  const first = advance(p);
  const { switches } = currentFunction(p);
  const inner = switches[switches.length - 1];
  if (inner === undefined) {
    report(p, 'error', 'misplaced-case', `'${first.text}' stands outside of any switch.`, place(first));
  }
  let value: CaseStatement['value'];
  if (first.text === 'case') {
    const low = caseValue(p);
    const high = accept(p, '...') ? caseValue(p) : low;
    if (low !== undefined && high !== undefined) {
      const type = inner?.type ?? VOID;
      value = { low: wrap(low, type), high: wrap(high, type) };
      if (value.low > value.high) report(p, 'warning', 'empty-range', 'No value lies in this range.', place(first));
    }
  }
  if (!accept(p, ':')) expect(p, ':', `after '${first.text}'`);
  if (inner === undefined || (first.text === 'case' && value === undefined)) return undefined;
  const draft: CaseDraft = {
    kind: 'case',
    first,
    last: p.previous,
    value,
    body: { kind: 'empty', first, last: first },
  };
  const key = value === undefined ? 'default' : value.low;
  const earlier = inner.places.get(key) ?? overlapping(inner, draft);
  inner.places.set(key, earlier ?? first);
  inner.cases.push(draft);
  if (earlier === undefined) return draft;
  const related = [{ span: place(earlier), message: 'The first one stands here.' }];
  const text =
    key === 'default' ? "There are two 'default's in this switch." : `There are two cases for ${key} in this switch.`;
  report(p, 'error', 'duplicate-case', text, place(first), { related });
  return draft;
}

function caseValue(p: Parser): bigint | undefined {
  const e = conditionalExpression(p);
  const value = constantValue(e);
  if (value === undefined && !hasError(e)) {
    errorAt(p, 'not-constant', whyNotConstant(e) ?? "The value of 'case' must be an integer constant.", e);
  }
  return value;
}

/** The first token of an earlier case that has a value in common with this one, where either is a range. */
function overlapping(inner: SwitchContext, { value }: CaseDraft): Token | undefined {
  if (value === undefined) return undefined;
  const { low, high } = value;
  return inner.cases.find((other) => {
    if (other.value === undefined || (low === high && other.value.low === other.value.high)) return false;
    return other.value.low <= high && low <= other.value.high;
  })?.first;
}
