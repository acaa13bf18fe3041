/**
 * The IRQL at which a function of the driver runs, as its annotations or the callback that it implements say; and the
 * IRQL at a place in it, where a call before that place has surely raised it.
 */
import type { FunctionDefinition } from '../../cfront/parse/ast.ts';
import { nodePlace } from '../../cfront/parse/walk.ts';
import type { Token } from '../../cfront/tokenize/token.ts';
import type { Analysis } from './analysis.ts';
import { irqlText } from './api-markdown.ts';
import { functionAt } from './places/scope.ts';
import { raisesAt } from './raised-level.ts';
import { roleOf } from './roles.ts';

/** `IRQL ≤ DISPATCH_LEVEL`; undefined where nothing says it. */
export function functionIrql(analysis: Analysis, symbol: FunctionDefinition['symbol']): string | undefined {
  return dispatchIrql(symbol) ?? annotatedIrql(symbol.annotations) ?? roleIrql(analysis, symbol);
}

/** Requests that nobody sends above PASSIVE_LEVEL; reads, writes, controls and power come higher too. */
const passiveRequests = new Set([
  'IRP_MJ_CREATE',
  'IRP_MJ_CLEANUP',
  'IRP_MJ_CLOSE',
  'IRP_MJ_PNP',
  'IRP_MJ_SHUTDOWN',
  'IRP_MJ_SYSTEM_CONTROL',
]);

/** `_Dispatch_type_(IRP_MJ_PNP)` says more than DRIVER_DISPATCH, which stands for all requests. */
function dispatchIrql({ roleType, annotations }: FunctionDefinition['symbol']): string | undefined {
  const requests = annotations.filter(({ name }) => name === '_Dispatch_type_');
  const isPassive = requests.every(({ arguments: [of] }) => passiveRequests.has(of?.map(written).join('') ?? ''));
  return roleType === 'DRIVER_DISPATCH' && requests.length > 0 && isPassive ? 'IRQL = PASSIVE_LEVEL' : undefined;
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
  return own === undefined ? '' : `here ${own.replace(/^IRQL (?:= )?/, '')}, by \`${around.symbol.name}\``;
}

function roleIrql(analysis: Analysis, symbol: FunctionDefinition['symbol']): string | undefined {
  const irql = roleOf(analysis, symbol)?.irql;
  if (irql === undefined) return undefined;
  const text = irqlText(irql);
  return `IRQL ${/^[A-Z_]+(?:,|$)/.test(text) ? '= ' : ''}${text}`;
}

/** A level is a macro, of which people read the name. */
function written({ text, expansion }: Token): string {
  let outermost = expansion;
  while (outermost?.outer !== undefined) outermost = outermost.outer;
  return outermost?.macro ?? text;
}

/** SAL at the function, or at the role by which it is declared. */
function annotatedIrql(annotations: FunctionDefinition['annotations']): string | undefined {
  const level = (name: string): string | undefined => {
    const found = annotations.find((annotation) => annotation.name === name);
    return found?.arguments[0]?.map(written).join('');
  };
  const same = level('_IRQL_requires_');
  if (same !== undefined) return `IRQL = ${same}`;
  const min = level('_IRQL_requires_min_');
  const max = level('_IRQL_requires_max_');
  if (min !== undefined && min === max) return `IRQL = ${min}`;
  if (max === undefined) return min === undefined ? undefined : `IRQL ≥ ${min}`;
  return min === undefined ? `IRQL ≤ ${max}` : `${min} ≤ IRQL ≤ ${max}`;
}
