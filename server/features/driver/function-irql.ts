/**
 * The IRQL at which a function of the driver runs, as its annotations or the callback that it implements say; and the
 * IRQL at a place in it, where a call before that place has surely raised it.
 */
import type { IrqlFact } from '../../../catalog/model.ts';
import type { FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { nodePlace } from '../../../cfront/parse/walk.ts';
import type { Token } from '../../../cfront/tokenize/token.ts';
import type { Analysis } from '../analysis.ts';
import { irqlText } from '../markdown/api-markdown.ts';
import { functionAt } from '../places/scope.ts';
import { raisesAt } from './raised-level.ts';
import { majorsOf, roleOf } from './roles.ts';

export interface RunLevel {
  /** `IRQL ≤ DISPATCH_LEVEL`. */
  readonly text: string;
  /** The only level, where there is one. */
  readonly only?: string;
}

/** Undefined where nothing says it. */
export function functionIrql(analysis: Analysis, symbol: FunctionDefinition['symbol']): RunLevel | undefined {
  const irql = roleOf(analysis, symbol)?.irql;
  // No annotation stands for DIRQL: the headers' say HIGH_LEVEL.
  const ofRole = irql === undefined ? undefined : roleIrql(irql);
  if (irql?.min === 'DIRQL') return ofRole;
  return dispatchIrql(analysis, symbol) ?? annotatedIrql(symbol.annotations) ?? ofRole;
}

/** Requests that nobody sends above PASSIVE_LEVEL; reads, writes, controls and power come higher too. */
const passiveRequests: ReadonlyMap<string, bigint> = new Map([
  ['IRP_MJ_CREATE', 0x00n],
  ['IRP_MJ_CLOSE', 0x02n],
  ['IRP_MJ_SHUTDOWN', 0x10n],
  ['IRP_MJ_CLEANUP', 0x12n],
  ['IRP_MJ_SYSTEM_CONTROL', 0x17n],
  ['IRP_MJ_PNP', 0x1bn],
]);
const passiveMajors: ReadonlySet<bigint> = new Set(passiveRequests.values());

/** `_Dispatch_type_(IRP_MJ_PNP)` and `MajorFunction[IRP_MJ_PNP]` say more than DRIVER_DISPATCH, which stands for all. */
function dispatchIrql(analysis: Analysis, symbol: FunctionDefinition['symbol']): RunLevel | undefined {
  const passive = always('PASSIVE_LEVEL');
  const requests = symbol.annotations.filter(({ name }) => name === '_Dispatch_type_');
  if (requests.length > 0) {
    const isPassive = requests.every(({ arguments: [of] }) => passiveRequests.has(of?.map(written).join('') ?? ''));
    return symbol.roleType === 'DRIVER_DISPATCH' && isPassive ? passive : undefined;
  }
  const majors = majorsOf(analysis, symbol);
  return majors !== 'any' && [...majors].every((major) => passiveMajors.has(major)) ? passive : undefined;
}

function always(level: string): RunLevel {
  return { text: `IRQL = ${level}`, only: level };
}

/** What to tell beside the highest IRQL of something that is called at the offset; '' where nothing is known. */
export function irqlHere(analysis: Analysis, offset: number): string {
  const around = functionAt(analysis, offset);
  if (around === undefined || offset < nodePlace(around.body).start) return '';
  const raised = raisesAt(around.body, offset);
  if (raised === undefined) return '';
  const last = raised.at(-1);
  if (last !== undefined) return `here ${last.level}, since \`${last.name}\``;
  const own = functionIrql(analysis, around.symbol);
  return own === undefined ? '' : `here ${own.text.replace(/^IRQL (?:= )?/, '')}, by \`${around.symbol.name}\``;
}

/** Its condition is left to the role's own facts: a head and a line of a call have room for the levels only. */
function roleIrql(irql: IrqlFact): RunLevel {
  const { unless: _, remark: __, ...levels } = irql;
  const text = irqlText(levels);
  return /^[A-Z_]+$/.test(text) ? always(text) : { text: `IRQL ${text}` };
}

/** A level is a macro, of which people read the name. */
function written({ text, expansion }: Token): string {
  let outermost = expansion;
  while (outermost?.outer !== undefined) outermost = outermost.outer;
  return outermost?.macro ?? text;
}

/** SAL at the function, or at the role by which it is declared. */
function annotatedIrql(annotations: FunctionDefinition['annotations']): RunLevel | undefined {
  const level = (name: string): string | undefined => {
    const found = annotations.find((annotation) => annotation.name === name);
    return found?.arguments[0]?.map(written).join('');
  };
  const same = level('_IRQL_requires_');
  if (same !== undefined) return always(same);
  const min = level('_IRQL_requires_min_');
  const max = level('_IRQL_requires_max_');
  if (min !== undefined && min === max) return always(min);
  if (max === 'PASSIVE_LEVEL') return always(max);
  if (max === undefined) return min === undefined ? undefined : { text: `IRQL ≥ ${min}` };
  return { text: min === undefined ? `IRQL ≤ ${max}` : `${min} ≤ IRQL ≤ ${max}` };
}
