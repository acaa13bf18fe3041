/**
 * Expressions to instructions. Operands are evaluated from left to right, always.
 *
 * `value` gives the register that holds the result. Without a target it may be the register of a variable, so who
 * computes more before using it asks for `heldValue`. Instructions write their result last: passing a variable as the
 * target is safe although the expression reads that variable.
 */
import type { Expression } from '../../../cfront/parse/ast.ts';
import { alignOf, sizeOf } from '../../../cfront/types/layout.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { codeAddress, highWord, lowWord } from '../memory/layout.ts';
import { VARIADIC } from '../vm/host.ts';
import { binaryValue } from './arithmetic.ts';
import { emit, newLabel, placeLabel } from './assembly.ts';
import { assign, increment } from './assign.ts';
import { builtinValue } from './builtin.ts';
import { classOf, fitsRegister, isFloating } from './classes.ts';
import { branch } from './condition.ts';
import { type Constant, constantOf } from './constants.ts';
import { allocateSlot, type FunctionContext, type Register, resultRegister, temporary } from './context.ts';
import { convert, move } from './convert.ts';
import { floatWords } from './literals.ts';
import { addressOf, indexPlace, load, placeOf } from './place.ts';
import { fitsNarrow } from './significant-bits.ts';
import { spanOf } from './spans.ts';

export function value(c: FunctionContext, e: Expression, target?: Register): Register {
  const outer = c.code.node;
  c.code.node = e;
  const result = computed(c, e, target);
  c.code.node = outer;
  return result;
}

function computed(c: FunctionContext, e: Expression, target: Register | undefined): Register {
  switch (e.kind) {
    case 'integer':
    case 'float':
    case 'enum-constant':
    case 'sizeof':
      return constantValue(c, e, constantOf(c.link, e) ?? 0n, target);
    case 'string':
    case 'name':
    case 'dereference':
    case 'index':
    case 'member':
    case 'compound-literal':
      return objectValue(c, e, target);
    case 'address-of':
    case 'decay':
      return pointerTo(c, e, target);
    case 'unary':
    case 'binary':
    case 'convert':
    case 'cast':
      return operatorValue(c, e, target);
    case 'logical':
      return logicalValue(c, e, target);
    case 'conditional':
      return conditionalValue(c, e, target);
    case 'assign':
      return assign(c, e, { wantsValue: true, target });
    case 'increment':
      return increment(c, e, { wantsValue: true, target });
    case 'call':
      return c.parts.call(c, e, { wantsValue: true, target });
    case 'comma':
      effect(c, e.left);
      return value(c, e.right, target);
    case 'statement-expression':
      return statementValue(c, e, target);
    case 'va-arg':
      return variadicValue(c, e, target);
    case 'builtin':
      return builtinValue(c, e, target);
    case 'error':
      emit(c.code, 'TRAP', c.link.addTrap('unsupported', 'an expression with a syntax error'));
      return target ?? temporary(c);
  }
}

/** Computes an expression for its effects alone. */
export function effect(c: FunctionContext, e: Expression): void {
  const mark = c.nextTemporary;
  const outer = c.code.node;
  c.code.node = e;
  switch (e.kind) {
    case 'assign':
      assign(c, e, { wantsValue: false, target: undefined });
      break;
    case 'increment':
      increment(c, e, { wantsValue: false, target: undefined });
      break;
    case 'call':
      c.parts.call(c, e, { wantsValue: false, target: undefined });
      break;
    case 'comma':
      effect(c, e.left);
      effect(c, e.right);
      break;
    case 'cast':
    case 'convert':
      if (classOf(e.type) === 'void') effect(c, e.operand);
      else value(c, e);
      break;
    case 'conditional':
    case 'logical':
      branchEffect(c, e);
      break;
    case 'name':
      // `UNREFERENCED_PARAMETER(x)` and `(void)x` read nothing, unless x is volatile: x may have no value yet.
      if (e.type.isVolatile) value(c, e);
      break;
    default:
      if (constantOf(c.link, e) === undefined) value(c, e);
  }
  c.code.node = outer;
  c.nextTemporary = mark;
}

function branchEffect(c: FunctionContext, e: Expression & { kind: 'conditional' | 'logical' }): void {
  const end = newLabel(c.code);
  if (e.kind === 'logical') {
    branch(c, e.left, end, e.operator === '||');
    effect(c, e.right);
  } else {
    const otherwise = newLabel(c.code);
    branch(c, e.condition, otherwise, false);
    if (e.then !== undefined) effect(c, e.then);
    emit(c.code, 'JMP', end);
    placeLabel(c.code, otherwise);
    effect(c, e.otherwise);
  }
  placeLabel(c.code, end);
}

function constantValue(c: FunctionContext, e: Expression, constant: Constant, target: Register | undefined): Register {
  const result = target ?? temporary(c);
  const valueClass = classOf(e.type);
  if (isFloating(valueClass)) {
    const { low, high } = floatWords(valueClass === 'float' ? Math.fround(Number(constant)) : Number(constant));
    emit(c.code, 'LDI8', result, low, high);
  } else {
    const bits = typeof constant === 'bigint' ? constant : 0n;
    if (valueClass === 'long') emit(c.code, 'LDI8', result, lowWord(bits), highWord(bits));
    else emit(c.code, 'LDI', result, lowWord(bits));
  }
  return result;
}

/** The content of an object; of a record its address. */
function objectValue(c: FunctionContext, e: Expression, target: Register | undefined): Register {
  if (e.type.kind === 'function') return pointerTo(c, { operand: e }, target);
  const mark = c.nextTemporary;
  const place = placeOf(c, e);
  if (target === undefined) return load(c, place, e.type);
  load(c, place, e.type, target);
  c.nextTemporary = mark;
  return target;
}

function pointerTo(c: FunctionContext, e: { readonly operand: Expression }, target: Register | undefined): Register {
  const { operand } = e;
  if (operand.type.kind === 'function') {
    if (operand.kind === 'name' && operand.symbol.kind === 'function') {
      const address = codeAddress(c.link.codeIndex(operand.symbol, spanOf(operand)));
      const result = target ?? temporary(c);
      emit(c.code, 'LDI8', result, lowWord(address), highWord(address));
      return result;
    }
    // `*f` of a function pointer is the function; as a value it is the pointer again.
    if (operand.kind === 'dereference' || operand.kind === 'decay' || operand.kind === 'address-of') {
      return value(c, operand.operand, target);
    }
    if (operand.kind === 'conditional' || operand.kind === 'comma') return value(c, operand, target);
  }
  // One past the end of a member array may be pointed to.
  return addressOf(c, operand.kind === 'index' ? indexPlace(c, operand, 'address') : placeOf(c, operand), target);
}

function operatorValue(
  c: FunctionContext,
  e: Expression & { kind: 'unary' | 'binary' | 'convert' | 'cast' },
  target: Register | undefined,
): Register {
  const constant = constantOf(c.link, e);
  if (constant !== undefined) return constantValue(c, e, constant, target);
  if (e.kind === 'binary') return binaryValue(c, e, target);
  const mark = c.nextTemporary;
  if (e.kind === 'unary') {
    const operand = value(c, e.operand);
    const valueClass = classOf(e.operand.type);
    if (e.operator === '+') return move(c, operand, valueClass, target);
    const result = resultRegister(c, mark, target);
    const suffix = valueClass === 'int' ? '' : valueClass === 'long' ? '8' : 'F';
    if (e.operator === '!') emit(c.code, `ZERO${suffix}`, result, operand);
    else if (e.operator === '-') emit(c.code, `NEG${suffix}`, result, operand);
    else emit(c.code, valueClass === 'long' ? 'NOT8' : 'NOT', result, operand);
    return result;
  }
  if (classOf(e.type) === 'void') {
    effect(c, e.operand);
    return target ?? temporary(c);
  }
  notePointee(c, e);
  if (fitsNarrow(c, e.operand, e.type)) return value(c, e.operand, target);
  return convert(c, value(c, e.operand), e.operand.type, e.type, target);
}

/** `p = (T *)allocate(n)`: the call is for memory of this type. */
function notePointee(c: FunctionContext, e: Expression & { kind: 'convert' | 'cast' }): void {
  let { operand } = e;
  while (operand.kind === 'cast' || operand.kind === 'convert') operand = operand.operand;
  if (operand.kind === 'call' && e.type.kind === 'pointer' && !c.pointees.has(operand)) {
    c.pointees.set(operand, e.type.target);
  }
}

function logicalValue(c: FunctionContext, e: Expression & { kind: 'logical' }, target: Register | undefined): Register {
  const mark = c.nextTemporary;
  const isFalse = newLabel(c.code);
  const end = newLabel(c.code);
  branch(c, e, isFalse, false);
  const result = resultRegister(c, mark, target);
  emit(c.code, 'LDI', result, 1);
  emit(c.code, 'JMP', end);
  placeLabel(c.code, isFalse);
  emit(c.code, 'LDI', result, 0);
  placeLabel(c.code, end);
  return result;
}

function conditionalValue(
  c: FunctionContext,
  e: Expression & { kind: 'conditional' },
  target: Register | undefined,
): Register {
  const end = newLabel(c.code);
  const result = target ?? temporary(c);
  const mark = c.nextTemporary;
  if (e.then === undefined) {
    const condition = value(c, e.condition);
    // The test needs the condition's own type, the result its converted value.
    const otherwise = newLabel(c.code);
    const valueClass = classOf(e.condition.type);
    const suffix = valueClass === 'int' ? '' : valueClass === 'long' ? '8' : 'F';
    emit(c.code, `JZ${suffix}`, condition, otherwise);
    convert(c, condition, e.condition.type, e.type, result);
    emit(c.code, 'JMP', end);
    placeLabel(c.code, otherwise);
  } else {
    const otherwise = newLabel(c.code);
    branch(c, e.condition, otherwise, false);
    value(c, e.then, result);
    c.nextTemporary = mark;
    emit(c.code, 'JMP', end);
    placeLabel(c.code, otherwise);
  }
  value(c, e.otherwise, result);
  c.nextTemporary = mark;
  placeLabel(c.code, end);
  return result;
}

/** GNU `({ … })`: the statements, and the value of the last one where it is an expression. */
function statementValue(
  c: FunctionContext,
  e: Expression & { kind: 'statement-expression' },
  target: Register | undefined,
): Register {
  const last = e.body.items.at(-1);
  const result = target ?? temporary(c);
  c.parts.block(c, e.body, () => {
    if (last?.kind === 'expression' && classOf(e.type) === 'record') copyOut(c, last.expression, result);
    else if (last?.kind === 'expression' && classOf(e.type) !== 'void') value(c, last.expression, result);
    else if (last !== undefined) c.parts.statement(c, last);
  });
  c.nextTemporary = Math.max(c.nextTemporary, result + 1);
  return result;
}

/** The record outlives the block that it is computed in: it moves to a place of its own. */
function copyOut(c: FunctionContext, e: Expression, result: Register): void {
  const from = value(c, e);
  emit(c.code, 'LEA', result, allocateSlot(c, sizeOf(e.type), alignOf(e.type)));
  emit(c.code, 'COPY', result, from, sizeOf(e.type));
}

/** Reads the next variadic argument: the list is a pointer to 8-byte slots. */
function variadicValue(c: FunctionContext, e: Expression & { kind: 'va-arg' }, target: Register | undefined): Register {
  const result = target ?? temporary(c);
  const mark = c.nextTemporary;
  const list = placeOf(c, e.list);
  const slot = load(c, list, e.list.type, temporary(c));
  emit(c.code, 'VAARG', slot, wantedClass(e.type));
  const next = temporary(c);
  emit(c.code, 'ADDI8', next, slot, 8);
  storePointer(c, e, list, next);
  const isByAddress = classOf(e.type) === 'record' && !fitsRegister(e.type);
  if (isByAddress) emit(c.code, 'LD8', result, slot, 0);
  else if (classOf(e.type) === 'record') emit(c.code, 'MOV8', result, slot);
  else load(c, { kind: 'pointer', base: slot, offset: 0 }, e.type, result);
  c.nextTemporary = mark;
  return result;
}

function wantedClass(type: CType): number {
  const valueClass = classOf(type);
  if (valueClass === 'record')
    return fitsRegister(type) ? (sizeOf(type) === 8 ? VARIADIC.long : VARIADIC.int) : VARIADIC.record;
  return isFloating(valueClass) ? VARIADIC.double : valueClass === 'long' ? VARIADIC.long : VARIADIC.int;
}

function storePointer(
  c: FunctionContext,
  e: Expression & { kind: 'va-arg' },
  list: ReturnType<typeof placeOf>,
  next: Register,
): void {
  if (list.kind === 'register') emit(c.code, 'MOV8', list.register, next);
  else if (sizeOf(e.list.type) === 8) emit(c.code, 'ST8', addressOf(c, list), next, 0);
}
