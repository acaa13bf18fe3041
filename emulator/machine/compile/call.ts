/**
 * Calls. The arguments are computed straight into consecutive registers, which are the callee's first registers: its
 * window begins where the arguments are. The result comes back in the first of them.
 *
 * Records of 1, 2, 4 or 8 bytes travel in a register, others by the address of their bytes (the callee copies them);
 * a record that is returned is written where a hidden first argument points. So does the x64 convention.
 */

import type { Expression, FunctionSymbol } from '../../../cfront/parse/ast.ts';
import { alignOf, sizeOf } from '../../../cfront/types/layout.ts';
import { VOID } from '../../../cfront/types/make.ts';
import { calledFunction } from '../../../cfront/types/predicates.ts';
import type { CType } from '../../../cfront/types/types.ts';
import type { OpName } from '../opcodes.ts';
import type { Signature } from '../program.ts';
import { emit } from './assembly.ts';
import { exceptionValue } from './builtin.ts';
import { classOf, fitsRegister, isOneValue, passingClass, passingText, signatureOf } from './classes.ts';
import { allocateSlot, type FunctionContext, type Register, temporary, type ValueWanted } from './context.ts';
import { move } from './convert.ts';
import { assigns } from './hold-place.ts';
import { spanOf, textOf } from './spans.ts';
import { formOf } from './value-form.ts';
import { someBelow } from './walk.ts';

export function call(
  c: FunctionContext,
  e: Expression & { kind: 'call' },
  { wantsValue, target }: ValueWanted,
): Register {
  const direct = directCallee(e.callee);
  if (direct !== undefined && direct.definition === undefined && e.arguments.length === 0) {
    const known = exceptionValue(c, direct.name, target);
    if (known !== undefined) return known;
  }
  const mark = c.nextTemporary;
  const index = direct === undefined ? -1 : c.link.codeIndex(direct, spanOf(e.callee));
  const signature = callSignature(e);
  const definedAs = index >= 0 ? c.link.definedAs(index) : undefined;
  // A call that does not fit the function's definition is checked, and fails, when it is executed.
  const isChecked = direct === undefined || (definedAs !== undefined && !agrees(signature, definedAs));
  let callee = -1;
  if (isChecked) {
    callee = temporary(c);
    c.parts.value(c, e.callee, callee);
  }
  const base = passArguments(c, e);
  const count = c.nextTemporary - base;
  if (direct !== undefined && !isChecked) tellOf(c, e, direct, base);
  c.code.node = e;
  const site = c.link.addCall({
    span: spanOf(e),
    functionName: c.functionName,
    arguments: e.arguments.map((argument) => passingClass(argument.type)),
    signature,
    resultType: e.type,
    resultForm: formOf(e.type),
    pointee: c.pointees.get(e),
    isResultUsed: wantsValue && classOf(e.type) !== 'void',
    calleeType: calledFunction(e.callee.type) ?? e.callee.type,
    calleeText: direct?.name ?? textOf(e.callee),
  });
  if (isChecked) emit(c.code, 'CALLI', base, callee, count, site);
  else emit(c.code, c.link.isGuest(index) ? 'CALL' : 'CALLN', base, index, count, site);
  // The window has at least the register of the result.
  c.nextTemporary = base;
  temporary(c);
  const result = move(c, base, classOf(e.type), target);
  c.nextTemporary = target === undefined ? base + 1 : mark;
  return result;
}

/** Some functions of the headers are told of before they are called: the native gets a copy of the first argument. */
function tellOf(c: FunctionContext, e: Expression & { kind: 'call' }, callee: FunctionSymbol, base: Register): void {
  const native = c.link.toldOf(callee, spanOf(e.callee));
  const [first] = e.arguments;
  if (native < 0 || first === undefined) return;
  const copy = temporary(c);
  emit(c.code, 'MOV8', copy, base);
  c.code.node = e;
  const site = c.link.addCall({
    span: spanOf(e),
    functionName: c.functionName,
    arguments: [passingClass(first.type)],
    signature: { parameters: [passingText(first.type)], result: '', isVariadic: false, hasPrototype: true },
    resultType: VOID,
    resultForm: formOf(VOID),
    pointee: undefined,
    isResultUsed: false,
    calleeType: calledFunction(e.callee.type) ?? e.callee.type,
    calleeText: callee.name,
  });
  emit(c.code, 'CALLN', copy, native, 1, site);
  c.nextTemporary = copy;
}

/** Puts hidden and visible arguments into consecutive registers; returns the first. */
function passArguments(c: FunctionContext, e: Expression & { kind: 'call' }): Register {
  const base = c.nextTemporary;
  if (classOf(e.type) === 'record') {
    const offset = allocateSlot(c, sizeOf(e.type), alignOf(e.type));
    emit(c.code, 'LEA', temporary(c), offset);
  }
  const named = calledFunction(e.callee.type)?.parameters.length ?? 0;
  for (const [i, argument] of e.arguments.entries()) {
    const slot = temporary(c);
    if (classOf(argument.type) === 'record' && fitsRegister(argument.type)) {
      const address = c.parts.value(c, argument);
      const size = sizeOf(argument.type);
      // A member may never have been written, which the callee finds out; a LARGE_INTEGER must have been.
      if (isOneValue(argument.type)) emit(c.code, WHOLE_LOADS[size] ?? 'LD8', slot, address, 0);
      else emit(c.code, 'PASS', slot, address, size);
    } else if (classOf(argument.type) === 'record' && (i >= named || e.arguments.slice(i + 1).some(mayWrite))) {
      // The callee copies what it has a name for, but later arguments may change the original before that.
      const address = c.parts.value(c, argument);
      emit(c.code, 'LEA', slot, allocateSlot(c, sizeOf(argument.type), alignOf(argument.type)));
      emit(c.code, 'COPY', slot, address, sizeOf(argument.type));
    } else {
      c.parts.value(c, argument, slot);
    }
    c.nextTemporary = slot + 1;
  }
  return base;
}

/** Whether computing an expression may write to memory. */
function mayWrite(e: Expression): boolean {
  return assigns(e) || someBelow(e, (part) => part.kind === 'call');
}

/** Loads of a record that travels in a register, by its size. */
const WHOLE_LOADS: Readonly<Record<number, OpName>> = { 1: 'LDU1', 2: 'LDU2', 4: 'LD4', 8: 'LD8' };

/** The function that a callee names, through parentheses, `&` and `*`. */
function directCallee(e: Expression): FunctionSymbol | undefined {
  switch (e.kind) {
    case 'name':
      return e.symbol.kind === 'function' ? e.symbol : undefined;
    case 'decay':
    case 'address-of':
    case 'dereference':
      return e.type.kind === 'function' || e.operand.type.kind === 'function' ? directCallee(e.operand) : undefined;
    default:
      return undefined;
  }
}

function callSignature(e: Expression & { kind: 'call' }): Signature {
  return {
    parameters: e.arguments.map((argument) => passingText(argument.type)),
    result: passingText(e.type),
    isVariadic: calledFunction(e.callee.type)?.isVariadic === true,
    hasPrototype: true,
  };
}

function agrees(call: Signature, definition: CType): boolean {
  if (definition.kind !== 'function') return true;
  return signaturesAgree(call, signatureOf(definition));
}

/**
 * Whether a call of this shape may enter a function of that one. More is forgiven than C forgives where every x64
 * machine does the right thing: a 64-bit value for a 32-bit parameter, a result that nobody looks at.
 */
export function signaturesAgree(call: Signature, callee: Signature): boolean {
  if (callee.result.startsWith('{') || call.result.startsWith('{')) {
    if (call.result !== callee.result) return false;
  } else if (call.result !== '' && call.result !== callee.result && !(call.result === 'i' && callee.result === 'q')) {
    return false;
  }
  // An old-style definition takes what it is given.
  if (!callee.hasPrototype) return true;
  const expected = callee.parameters.length;
  if (callee.isVariadic ? call.parameters.length < expected : call.parameters.length !== expected) return false;
  return callee.parameters.every((parameter, i) => fitsParameter(call.parameters[i] ?? '', parameter));
}

/** Whether a parameter takes what is passed as it is: an int, or of a wider value its lower half. */
export function fitsParameter(argument: string, parameter: string): boolean {
  return argument === parameter || (argument === 'q' && parameter === 'i');
}
