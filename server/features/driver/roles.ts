/**
 * Which callback a driver's function implements: told by the role type that declares it (`IO_COMPLETION_ROUTINE Done;`),
 * by where the driver puts its address (a member of a dispatch table, a parameter, a pointer variable), or by the name
 * DriverEntry. The answer is kept for as long as the unit lives, because one reading of the tree answers for all
 * functions.
 */
import { append } from '../../../base/append.ts';
import { memo } from '../../../base/memo.ts';
import { type Catalog, parameterFact } from '../../../catalog/catalog.ts';
import type { ApiFacts, ParameterFact } from '../../../catalog/model.ts';
import { knownValues } from '../../../cfront/layer-views.ts';
import type {
  AssignExpression,
  Expression,
  FunctionDefinition,
  FunctionSymbol,
  VariableSymbol,
} from '../../../cfront/parse/ast.ts';
import { children, type TreeNode } from '../../../cfront/parse/walk.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import type { CType } from '../../../cfront/types/types.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { functionNamed, innerValue, majorOf } from '../../lint/driver/roles.ts';
import type { Analysis } from '../analysis.ts';
import { functionTypeOf } from '../places/api-at.ts';

interface Roles {
  readonly roles: ReadonlyMap<FunctionSymbol, ApiFacts>;
  readonly majors: ReadonlyMap<FunctionSymbol, ReadonlySet<bigint> | 'any'>;
}

/** Facts of the callback that a function of the driver implements; undefined for its other functions. */
export function roleOf({ unit, catalog }: Analysis, symbol: FunctionSymbol): ApiFacts | undefined {
  return rolesOf(unit)(catalog).roles.get(symbol);
}

/** The codes under which a function is put into MajorFunction; `any` where one of them is not known, or none is. */
export function majorsOf({ unit, catalog }: Analysis, symbol: FunctionSymbol): ReadonlySet<bigint> | 'any' {
  return rolesOf(unit)(catalog).majors.get(symbol) ?? 'any';
}

/** What the callback that a function implements says of one of its parameters, which may have a name of its own. */
export function roleParameter(
  analysis: Analysis,
  around: FunctionDefinition,
  symbol: VariableSymbol,
): RoleParameter | undefined {
  const index = around.parameters.indexOf(symbol);
  const role = index < 0 ? undefined : roleOf(analysis, around.symbol);
  if (role === undefined) return undefined;
  const type = role.typeName === undefined ? undefined : analysis.unit.symbols.get(role.typeName)?.type;
  const declared = type === undefined ? undefined : functionTypeOf(type)?.parameters[index]?.name;
  const name = declared ?? role.parameters?.[index]?.name;
  const fact = name === undefined ? undefined : parameterFact(role, name);
  return fact === undefined ? undefined : { role, fact };
}

export interface RoleParameter {
  readonly role: ApiFacts;
  readonly fact: ParameterFact;
}

/** Facts of the callback that a type stands for (PFN_WSK_ACCEPT_EVENT, PIO_COMPLETION_ROUTINE). */
export function callbackOfType(catalog: Catalog, type: CType): ApiFacts | undefined {
  const facts = type.alias === undefined ? undefined : catalog.byTypeName(type.alias);
  return facts?.kind === 'callback' ? facts : undefined;
}

const rolesOf = memo((unit: TranslationUnit) => memo((catalog: Catalog) => readRoles(unit, catalog)));

function readRoles(unit: TranslationUnit, catalog: Catalog): Roles {
  const roles = new Map<FunctionSymbol, ApiFacts>();
  const majors = new Map<FunctionSymbol, Set<bigint> | 'any'>();
  const put = (value: Expression, type: CType): void => {
    const facts = callbackOfType(catalog, type);
    const target = facts === undefined ? undefined : functionNamed(value);
    if (facts !== undefined && target !== undefined && !roles.has(target)) roles.set(target, facts);
  };
  for (const symbol of knownValues(unit.symbols)) {
    if (symbol.kind !== 'function') continue;
    const role = symbol.roleType === undefined ? undefined : catalog.byTypeName(symbol.roleType);
    if (role !== undefined) roles.set(symbol, role);
  }
  // Windows finds it by its name.
  const entry = unit.symbols.get('DriverEntry');
  const initialize = catalog.byTypeName('DRIVER_INITIALIZE');
  if (entry?.kind === 'function' && initialize !== undefined && !roles.has(entry)) roles.set(entry, initialize);
  const pending: TreeNode[] = unit.declarations.filter((node) => !unit.isSystemFile(place(node.first).file));
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    switch (node.kind) {
      case 'list':
        for (const entry of node.entries) put(entry.value, entry.type);
        break;
      case 'assign':
        put(node.value, node.target.type);
        putMajor(majors, node);
        break;
      case 'variable-declaration':
        if (node.initializer?.kind === 'expression') put(node.initializer.value, node.symbol.type);
        break;
      case 'call': {
        const parameters = functionTypeOf(node.callee.type)?.parameters ?? [];
        node.arguments.forEach((argument, i) => {
          const type = parameters[i]?.type;
          if (type !== undefined) put(argument, type);
        });
        break;
      }
      default:
        break;
    }
    append(pending, children(node));
  }
  return { roles, majors };
}

function putMajor(majors: Map<FunctionSymbol, Set<bigint> | 'any'>, { target, value }: AssignExpression): void {
  const routine = target.type.alias === 'PDRIVER_DISPATCH' ? functionNamed(innerValue(value)) : undefined;
  if (routine === undefined) return;
  const major = majorOf(target);
  const known = majors.get(routine);
  majors.set(routine, known === 'any' || major === undefined ? 'any' : new Set(known).add(major));
}
