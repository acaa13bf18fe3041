/**
 * Expressions to instructions: `lowerValue` gives the temporary with an expression's value, `lowerAddress` that with its
 * place, `branchOn` goes to one of two blocks by its truth without ever making the 0 or 1.
 *
 * The tree has every conversion in it, so nothing is worked out here twice. Operands are lowered from left to right.
 */
import type {
  Expression,
  IndexExpression,
  Initializer,
  MemberExpression,
  NodeBase,
  VariableSymbol,
} from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import { INT } from '../../../../cfront/types/make.ts';
import type { CType } from '../../../../cfront/types/types.ts';
import { irpField, touchedIn } from '../../body/irp-type.ts';
import { memberName } from '../../body/record-type.ts';
import { asSigned } from '../state/conditions.ts';
import {
  ABNORMAL_TERMINATION,
  type Builder,
  EXCEPTION_CODE,
  emit,
  endBlock,
  jumpTo,
  make,
  newBlock,
  newTemporary,
} from './builder.ts';
import type { Block, Temporary } from './ir.ts';

export function lowerValue(b: Builder, e: Expression): Temporary {
  switch (e.kind) {
    case 'integer':
    case 'sizeof':
      return integer(b, e, asSigned(e.value, e.type));
    case 'enum-constant':
      return integer(b, e, asSigned(e.symbol.value, e.type));
    case 'string':
      return make(b, (to) => ({ op: 'literal', to, node: e }));
    case 'name': {
      const { symbol } = e;
      if (symbol.kind === 'function') return make(b, (to) => ({ op: 'function', to, symbol, node: e }));
      return load(b, e);
    }
    case 'dereference':
    case 'member':
    case 'index':
    case 'compound-literal':
      return load(b, e);
    case 'unary':
      return unary(b, e.operator, e.operand, e);
    case 'address-of': {
      const field = irpField(e.operand);
      if (field !== undefined) b.exposedFields.add(field);
      // One behind the last has an address, and is nothing.
      return e.operand.kind === 'index'
        ? elementAddress(b, e.operand, { isReached: false })
        : lowerAddress(b, e.operand);
    }
    case 'decay':
      return e.operand.type.kind === 'function' ? functionPointer(b, e.operand) : lowerAddress(b, e.operand);
    case 'increment': {
      const address = lowerAddress(b, e.operand);
      const before = make(b, (to) => ({ op: 'load', to, from: address, type: e.operand.type, node: e }));
      const one = integer(b, e, 1n);
      const after = combine(b, e.operator === '++' ? '+' : '-', before, one, e.operand.type, e);
      emit(b, { op: 'store', address, value: after, type: e.operand.type, node: e });
      return e.isPrefix ? after : before;
    }
    case 'binary':
      return binary(b, e);
    case 'logical':
      return truthValue(b, e);
    case 'assign':
      return assign(b, e);
    case 'conditional':
      return conditional(b, e);
    case 'call':
      return b.lower.call(b, e);
    case 'cast':
    case 'convert': {
      const from = lowerValue(b, e.operand);
      // Nobody reads what is cast to void; a pointer stays one where its new type is not known.
      if (e.type.kind === 'void' || (e.type.kind === 'error' && e.operand.type.kind === 'pointer')) return from;
      return make(b, (to) => ({ op: 'convert', to, from, fromType: e.operand.type, type: e.type, node: e }));
    }
    case 'comma':
      lowerValue(b, e.left);
      return lowerValue(b, e.right);
    case 'statement-expression':
      return b.lower.items(b, e.body) ?? unknown(b, e);
    case 'builtin':
      return builtin(b, e);
    case 'va-arg':
    case 'float':
      return unknown(b, e);
    case 'error':
      // Both have a value, and change nothing; but a name may be a macro of a missing header.
      if (e.isUnknownSize === true || (e.isUnknownName === true && !b.lacksHeaders)) return unknown(b, e);
      for (const part of e.parts) lowerValue(b, part);
      emit(b, { op: 'anything', node: e });
      return unknown(b, e);
  }
}

/** The place of an lvalue; for what has none (a call that returns a record) a temporary with an unknown value. */
export function lowerAddress(b: Builder, e: Expression): Temporary {
  switch (e.kind) {
    case 'name': {
      const { symbol } = e;
      return symbol.kind === 'function'
        ? make(b, (to) => ({ op: 'function', to, symbol, node: e }))
        : variable(b, symbol, e);
    }
    case 'dereference': {
      const pointer = lowerValue(b, e.operand);
      touch(b, e.type, pointer, e);
      return pointer;
    }
    case 'member':
      return member(b, e);
    case 'index':
      return elementAddress(b, e, { isReached: true });
    case 'compound-literal':
      initialise(b, e.symbol, e.initializer, e);
      return variable(b, e.symbol, e);
    case 'string':
      return make(b, (to) => ({ op: 'literal', to, node: e }));
    case 'cast':
    case 'convert':
    case 'decay':
      return lowerAddress(b, e.operand);
    case 'comma':
      lowerValue(b, e.left);
      return lowerAddress(b, e.right);
    default:
      lowerValue(b, e);
      return unknown(b, e);
  }
}

/** An array of one at the end of a record may stand for many. */
function elementAddress(b: Builder, e: IndexExpression, { isReached }: { readonly isReached: boolean }): Temporary {
  const base = lowerValue(b, e.base);
  const index = lowerValue(b, e.index);
  if (e.type.kind === 'error') return unknown(b, e);
  const array = e.base.kind === 'decay' ? e.base.operand.type : undefined;
  const known = array?.kind === 'array' && array.isGuess !== true ? (array.length ?? 0) : 0;
  const length = known > 1 ? known : undefined;
  return make(b, (to) => ({ op: 'element', to, base, index, size: sizeOf(e.type), length, isReached, node: e }));
}

/** Ends the open block with a jump to one of two; the caller opens the next. */
export function branchOn(b: Builder, e: Expression, then: Block, otherwise: Block): void {
  if (e.kind === 'logical') {
    const right = newBlock(b);
    if (e.operator === '&&') branchOn(b, e.left, right, otherwise);
    else branchOn(b, e.left, then, right);
    b.open = right;
    branchOn(b, e.right, then, otherwise);
    return;
  }
  if (e.kind === 'unary' && e.operator === '!') {
    branchOn(b, e.operand, otherwise, then);
    return;
  }
  if (e.kind === 'comma') {
    lowerValue(b, e.left);
    branchOn(b, e.right, then, otherwise);
    return;
  }
  const inner = truthOperand(e);
  if (inner !== undefined) {
    branchOn(b, inner, then, otherwise);
    return;
  }
  if (e.kind === 'builtin' && e.name === '__builtin_expect' && e.arguments[0] !== undefined) {
    branchOn(b, e.arguments[0], then, otherwise);
    return;
  }
  const condition = lowerValue(b, e);
  b.open.end = { kind: 'branch', condition, then, otherwise };
}

/** Writes an initializer into a variable. */
export function initialise(b: Builder, symbol: VariableSymbol, initializer: Initializer, node: NodeBase): void {
  if (initializer.kind === 'expression') {
    emit(b, { op: 'declare', symbol, isZeroed: false, node });
    storeInto(b, variable(b, symbol, node), initializer.value, symbol.type, node);
    return;
  }
  emit(b, { op: 'declare', symbol, isZeroed: true, node });
  for (const entry of initializer.entries) {
    if (entry.bits !== undefined) continue;
    const base = variable(b, symbol, node);
    const address = make(b, (to) => ({ op: 'shift', to, base, bytes: entry.offset, node }));
    storeInto(b, address, entry.value, entry.type, entry.value);
  }
}

function variable(b: Builder, symbol: VariableSymbol, node: NodeBase): Temporary {
  const to = make(b, (to) => ({ op: 'variable', to, symbol, node }));
  b.variableOf.set(to, symbol);
  return to;
}

function integer(b: Builder, node: NodeBase, value: bigint): Temporary {
  return make(b, (to) => ({ op: 'integer', to, value, node }));
}

function unknown(b: Builder, node: NodeBase): Temporary {
  return make(b, (to) => ({ op: 'unknown', to, node }));
}

function load(b: Builder, e: Expression): Temporary {
  if (e.kind === 'member' && e.field?.bits !== undefined) {
    lowerAddress(b, e);
    return unknown(b, e);
  }
  const from = lowerAddress(b, e);
  const isFixed =
    e.kind === 'member' && e.name === 'DeviceExtension' && memberName(e) === '_DEVICE_OBJECT.DeviceExtension';
  return make(b, (to) => ({ op: 'load', to, from, type: e.type, field: irpField(e), isFixed, node: e }));
}

function touch(b: Builder, type: CType, pointer: Temporary, node: Expression): void {
  const what = touchedIn(type);
  if (what !== undefined) emit(b, { op: 'touch', what, pointer, node });
}

function functionPointer(b: Builder, e: Expression): Temporary {
  // `*f` is the function that f points to, which becomes that pointer again.
  return e.kind === 'dereference' ? lowerValue(b, e.operand) : lowerAddress(b, e);
}

function member(b: Builder, e: MemberExpression): Temporary {
  const base = e.isArrow ? lowerValue(b, e.object) : lowerAddress(b, e.object);
  const { type } = e.object;
  if (e.isArrow && type.kind === 'pointer') touch(b, type.target, base, e);
  // Nobody knows where it lies, and it is not where another such member is.
  if (e.field === undefined) return unknown(b, e);
  return make(b, (to) => ({ op: 'shift', to, base, bytes: e.offset, node: e }));
}

function unary(b: Builder, operator: '+' | '-' | '~' | '!', operand: Expression, node: Expression): Temporary {
  if (operator === '!') {
    if (truthOperand(operand) !== undefined || operand.kind === 'logical') return truthValue(b, node);
    const left = lowerValue(b, operand);
    const right = integer(b, node, 0n);
    return make(b, (to) => ({ op: 'binary', to, operator: '==', left, right, type: operand.type, node }));
  }
  const value = lowerValue(b, operand);
  if (operator === '+') return value;
  const zero = integer(b, node, operator === '-' ? 0n : -1n);
  return make(b, (to) => ({ op: 'binary', to, operator: '-', left: zero, right: value, type: operand.type, node }));
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=']);

function isUnknownName(e: Expression): boolean {
  const inner = stripConversions(e, { casts: true });
  return inner.kind === 'error' && inner.isUnknownName === true;
}

function binary(b: Builder, e: Extract<Expression, { kind: 'binary' }>): Temporary {
  const left = lowerValue(b, e.left);
  const right = lowerValue(b, e.right);
  // It may be NULL or STATUS_PENDING that is misspelt, or whose header is not included.
  if (comparisons.has(e.operator) && (isUnknownName(e.left) || isUnknownName(e.right))) {
    emit(b, { op: 'anything', node: e });
  }
  if (e.operator === '+' && e.right.type.kind === 'pointer') return combine(b, '+', right, left, e.right.type, e);
  return combine(b, e.operator, left, right, e.left.type, e);
}

/** An operation whose left operand may be a pointer: then integers count elements. */
function combine(
  b: Builder,
  operator: Extract<Expression, { kind: 'binary' }>['operator'],
  left: Temporary,
  right: Temporary,
  type: CType,
  node: Expression,
): Temporary {
  const isDifference =
    node.kind === 'binary' && node.right.type.kind === 'pointer' && node.left.type.kind === 'pointer';
  if (type.kind === 'pointer' && (operator === '+' || operator === '-') && !isDifference) {
    const size = Math.max(1, sizeOf(type.target)) * (operator === '-' ? -1 : 1);
    return make(b, (to) => ({ op: 'element', to, base: left, index: right, size, node }));
  }
  return make(b, (to) => ({ op: 'binary', to, operator, left, right, type, node }));
}

function assign(b: Builder, e: Extract<Expression, { kind: 'assign' }>): Temporary {
  if (e.target.kind === 'member' && e.target.field?.bits !== undefined) {
    lowerAddress(b, e.target);
    return lowerValue(b, e.value);
  }
  const address = lowerAddress(b, e.target);
  if (e.operator === undefined) return storeInto(b, address, e.value, e.target.type, e, e.target);
  const before = make(b, (to) => ({ op: 'load', to, from: address, type: e.target.type, node: e }));
  const operand = lowerValue(b, e.value);
  const type = e.target.type.kind === 'pointer' ? e.target.type : (e.computation ?? e.target.type);
  const result = combine(b, e.operator, before, operand, type, e);
  const value = make(b, (to) => ({ op: 'convert', to, from: result, fromType: type, type: e.target.type, node: e }));
  emit(b, { op: 'store', address, value, type: e.target.type, node: e });
  return value;
}

function storeInto(
  b: Builder,
  address: Temporary,
  value: Expression,
  type: CType,
  node: NodeBase,
  target?: Expression,
): Temporary {
  if (type.kind === 'record' || type.kind === 'array') {
    const from = lowerAddress(b, value);
    emit(b, { op: 'copy', address, from, size: sizeOf(type), node });
    return from;
  }
  const result = lowerValue(b, value);
  // What is computed from a pointer of unknown type leads there too, and nothing shows it.
  if (type.kind === 'error' && stripConversions(value, { casts: true }).type.kind === 'pointer') {
    emit(b, { op: 'anything', node });
    return unknown(b, node);
  }
  const field = target === undefined ? undefined : irpField(target);
  emit(b, { op: 'store', address, value: result, type, field, target, node });
  return result;
}

function conditional(b: Builder, e: Extract<Expression, { kind: 'conditional' }>): Temporary {
  const to = newTemporary(b);
  const [then, otherwise, after] = [newBlock(b), newBlock(b), newBlock(b)];
  if (e.then === undefined) {
    const condition = lowerValue(b, e.condition);
    emit(b, { op: 'move', to, from: condition, node: e });
    endBlock(b, { kind: 'branch', condition, then: after, otherwise }, otherwise);
  } else {
    branchOn(b, e.condition, then, otherwise);
    b.open = then;
    const from = arm(b, e.then);
    emit(b, { op: 'move', to, from, node: e });
    jumpTo(b, after, otherwise);
  }
  const from = arm(b, e.otherwise);
  emit(b, { op: 'move', to, from, node: e });
  jumpTo(b, after, after);
  return to;
}

/** One side of `?:`; records are handled by their address, as everywhere. */
function arm(b: Builder, e: Expression): Temporary {
  return e.type.kind === 'record' ? lowerAddress(b, e) : lowerValue(b, e);
}

/** `&&`, `||` and `!` of those as 0 or 1. */
function truthValue(b: Builder, e: Expression): Temporary {
  const to = newTemporary(b);
  const [then, otherwise, after] = [newBlock(b), newBlock(b), newBlock(b)];
  branchOn(b, e, then, otherwise);
  b.open = then;
  emit(b, { op: 'integer', to, value: 1n, node: e });
  jumpTo(b, after, otherwise);
  emit(b, { op: 'integer', to, value: 0n, node: e });
  jumpTo(b, after, after);
  return to;
}

function builtin(b: Builder, e: Extract<Expression, { kind: 'builtin' }>): Temporary {
  const values = e.arguments.map((argument) => lowerValue(b, argument));
  const [first] = values;
  // What an assertion that is compiled away says for the compiler's analysis holds for ours.
  if (/^(?:__assume|__analysis_assume|_Analysis_assume_)$/.test(e.name) && first !== undefined)
    emit(b, { op: 'assume', condition: first, node: e });
  if (e.name === '__builtin_expect' && first !== undefined) return first;
  const { isAbnormal } = b;
  // A `__finally` is lowered for each way that runs it, so the answer is known.
  if (e.name === ABNORMAL_TERMINATION && isAbnormal !== undefined)
    return make(b, (to) => ({ op: 'integer', to, value: isAbnormal ? 1n : 0n, node: e }));
  if (e.name === '__builtin_trap' || e.name === '__builtin_unreachable') {
    endBlock(b, { kind: 'stop' }, newBlock(b));
  }
  const result = unknown(b, e);
  if (e.name === EXCEPTION_CODE) {
    // What is raised is an error or a warning, never a success.
    const zero = make(b, (to) => ({ op: 'integer', to, value: 0n, node: e }));
    const condition = make(b, (to) => ({
      op: 'binary',
      to,
      operator: '<',
      left: result,
      right: zero,
      type: INT,
      node: e,
    }));
    emit(b, { op: 'assume', condition, node: e });
  }
  return result;
}

/** What an expression that is tested for truth really tests: inside conversions that lose nothing, and `x != 0`. */
function truthOperand(e: Expression): Expression | undefined {
  if ((e.kind === 'convert' || e.kind === 'cast') && isTruth(e.operand)) return e.operand;
  if (e.kind !== 'binary' || e.operator !== '!=' || !isTruth(e.left)) return undefined;
  return e.right.kind === 'integer' && e.right.value === 0n ? e.left : undefined;
}

/** The value is 0 or 1 whatever it is converted to. */
function isTruth(e: Expression): boolean {
  if (e.kind === 'convert' || e.kind === 'cast') return isTruth(e.operand);
  return e.kind === 'logical' || (e.kind === 'unary' && e.operator === '!');
}
