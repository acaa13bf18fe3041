/**
 * One function definition to one routine: registers and frame for its variables, the prologue, the body.
 *
 * A scalar whose address is never taken lives in a register; everything else lives in the frame, in stack memory, with
 * red zones on both sides. Parameters arrive in the first registers.
 */
import type { FunctionDefinition, Statement, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { alignOf, sizeOf } from '../../../cfront/types/layout.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { RED_ZONE, UNINITIALISED } from '../memory/shadow.ts';
import { forgivePadding } from '../padding.ts';
import type { CodeSymbol, DebugVariable, Routine, TryRange, VariablePlace } from '../program.ts';
import { storeOp } from './access-ops.ts';
import { createAssembly, emit, newLabel, placeLabel } from './assembly.ts';
import { call } from './call.ts';
import { carriers } from './carriers.ts';
import { classOf, fitsRegister, signatureOf } from './classes.ts';
import { branch } from './condition.ts';
import { allocateSlot, type FunctionContext, type LinkServices, type Register, temporary } from './context.ts';
import { move, narrowing } from './convert.ts';
import { effect, value } from './expression.ts';
import { type CodeBuffer, finishFunction } from './finish.ts';
import { initialize } from './initializer.ts';
import { placeOf } from './place.ts';
import { block, statement } from './statement.ts';
import { formOf } from './value-form.ts';
import { forEachStatement } from './walk.ts';

const PARTS: FunctionContext['parts'] = {
  value,
  effect,
  branch,
  call,
  statement,
  initialize,
  place: placeOf,
  block: (c, s, last) => block(c, s, last),
};

/** What a frame costs beside its registers and objects: return address and the callee's home area, as on x64. */
const FRAME_OVERHEAD = 40;
/** Bytes of objects beyond which a frame fits no thread's stack, not even a program's. */
const FRAME_MAX = 16 * 1024 * 1024;

export function compileFunction(
  link: LinkServices,
  buffer: CodeBuffer,
  { name, index }: { readonly name: string; readonly index: number },
  definition: FunctionDefinition,
): NonNullable<CodeSymbol['routine']> {
  const c = createContext(link, { name, index }, definition);
  const functionStart = newLabel(c.code);
  placeLabel(c.code, functionStart);
  for (const symbol of definition.parameters) c.variables.push({ symbol, start: functionStart, end: -1, depth: 0 });
  receiveParameters(c, definition);
  statement(c, definition.body);
  finishBody(c, definition);
  const functionEnd = newLabel(c.code);
  placeLabel(c.code, functionEnd);
  const tracked = [...c.homes.values()].flatMap((home) =>
    home.kind === 'register' && home.isChecked ? [home.register] : [],
  );
  const finished = finishFunction(buffer, c.code, { tries: c.tries, tracked, firstTemporary: c.firstTemporary });
  const { positionOf } = finished;
  const frame = frameShadow(c);
  return {
    name,
    symbol: definition.symbol,
    signature: signatureOf(definition.symbol.type),
    parameterForms: definition.parameters.map(({ type }) => formOf(type)),
    resultForm: formOf(definition.symbol.type.result),
    entry: finished.entry,
    end: finished.end,
    registers: c.registerCount + finished.flags.size,
    firstTemporary: c.firstTemporary + finished.flags.size,
    frameSize: frame.length * 4,
    frameShadow: frame,
    frameAlignment: Math.max(16, ...c.slots.map((slot) => slot.alignment)),
    charge: FRAME_OVERHEAD + c.frameBytes,
    fixedParameters: (classOf(c.resultType) === 'record' ? 1 : 0) + definition.parameters.length,
    variables: c.variables.map((variable): DebugVariable => {
      const { symbol, depth } = variable;
      const end = variable.end < 0 ? functionEnd : variable.end;
      return {
        symbol,
        depth,
        place: variablePlace(c, symbol, finished.flags),
        start: positionOf(variable.start),
        end: positionOf(end),
      };
    }),
    tries: c.tries.map(
      (item): TryRange => ({
        kind: item.kind,
        start: positionOf(item.start),
        end: positionOf(item.end),
        filter: item.filter === undefined ? -1 : positionOf(item.filter),
        handler: positionOf(item.handler),
        handlerEnd: positionOf(item.handlerEnd),
        register: item.register,
      }),
    ),
    assigned: finished.assigned,
    trackedRegisters: tracked,
  } satisfies Routine;
}

function createContext(
  link: LinkServices,
  { name, index }: { readonly name: string; readonly index: number },
  definition: FunctionDefinition,
): FunctionContext {
  const type = definition.symbol.type;
  const homes: FunctionContext['homes'] = new Map();
  const carried = carriers(definition);
  let next: Register = classOf(type.result) === 'record' ? 1 : 0;
  const parameterRegisters = definition.parameters.map((symbol) => {
    const register = next++;
    if (!needsMemory(symbol)) homes.set(symbol, { kind: 'register', register, isChecked: false });
    return register;
  });
  const variadicRegister = type.isVariadic ? next++ : undefined;
  const inMemory: VariableSymbol[] = definition.parameters.filter(needsMemory);
  for (const symbol of definition.locals) {
    if (symbol.duration === 'static' || symbol.linkage !== 'none' || homes.has(symbol) || symbol.isParameter) continue;
    if (needsMemory(symbol) || carried.has(symbol)) inMemory.push(symbol);
    else homes.set(symbol, { kind: 'register', register: next++, isChecked: true });
  }
  const resultRegister = next++;
  const tryRegisters: FunctionContext['tryRegisters'] = new Map();
  const labels: FunctionContext['labels'] = new Map();
  const code = createAssembly();
  const enteredBlocks = new Set<Statement>([definition.body]);
  forEachStatement(definition.body, (s, { tries, blocks }) => {
    if (s.kind === 'label') {
      labels.set(s.name, { label: newLabel(code), tries, blocks });
      for (const block of blocks) enteredBlocks.add(block);
    }
    if (s.kind === 'case') {
      const own = blocks.findLastIndex((block) => block.kind === 'switch');
      for (const block of blocks.slice(own + 1)) enteredBlocks.add(block);
    }
    if (s.kind !== 'try-except' && s.kind !== 'try-finally') return;
    tryRegisters.set(s, next);
    next += 2;
  });
  const c: FunctionContext = {
    link,
    code,
    functionName: name,
    ownIndex: index,
    resultType: type.result,
    isMain: name === 'main',
    homes,
    carriers: carried,
    resultRegister,
    firstTemporary: next,
    nextTemporary: next,
    registerCount: next,
    slots: [],
    frameEnd: 16,
    frameBytes: 0,
    scopes: [],
    labels,
    enteredBlocks,
    pointees: new Map(),
    tries: [],
    variables: [],
    depth: 0,
    tryRegisters,
    variadicRegister,
    parameterRegisters,
    parts: PARTS,
  };
  for (const symbol of inMemory) {
    const alignment = Math.min(4096, Math.max(alignOf(symbol.type), symbol.alignment ?? 1));
    homes.set(symbol, { kind: 'frame', offset: allocateSlot(c, sizeOf(symbol.type), alignment, symbol.type) });
  }
  return c;
}

function needsMemory(symbol: VariableSymbol): boolean {
  return symbol.isAddressTaken || symbol.type.kind === 'array' || symbol.type.kind === 'record';
}

/** Parameters that live in memory are copied there. Without a prototype they arrive promoted and are narrowed. */
function receiveParameters(c: FunctionContext, definition: FunctionDefinition): void {
  for (const [i, symbol] of definition.parameters.entries()) {
    const mark = c.nextTemporary;
    const register = c.parameterRegisters[i] ?? 0;
    const { type } = symbol;
    if (!definition.symbol.type.hasPrototype) narrowParameter(c, type, register);
    const home = c.homes.get(symbol);
    if (home?.kind === 'frame') {
      const address = temporary(c);
      emit(c.code, 'LEA', address, home.offset);
      if (classOf(type) !== 'record') emit(c.code, storeOp(type), address, register, 0);
      else if (fitsRegister(type)) emit(c.code, 'RECEIVE', home.offset, register, sizeOf(type));
      else emit(c.code, 'COPY', address, register, sizeOf(type));
    }
    c.nextTemporary = mark;
  }
}

function narrowParameter(c: FunctionContext, type: CType, register: Register): void {
  if (classOf(type) === 'float') emit(c.code, 'ROUNDF', register, register);
  const narrow = classOf(type) === 'int' ? narrowing(type) : undefined;
  if (narrow !== undefined) emit(c.code, narrow, register, register);
}

/** What happens when control reaches the closing brace. */
function finishBody(c: FunctionContext, definition: FunctionDefinition): void {
  c.code.node = { first: definition.last, last: definition.last };
  if (c.isMain) {
    const zero = temporary(c);
    emit(c.code, 'LDI', zero, 0);
    emit(c.code, 'RET', move(c, zero, 'int', undefined));
  } else {
    emit(c.code, classOf(c.resultType) === 'void' ? 'RETV' : 'RETNONE');
  }
}

/** Shadow words of a frame on entry: red zones, and objects without a value. */
function frameShadow(c: FunctionContext): Int32Array {
  // What no stack can hold is never entered.
  if (c.slots.length === 0 || c.frameBytes > FRAME_MAX) return new Int32Array(0);
  const bytes = new Uint8Array(Math.ceil(c.frameEnd / 16) * 16).fill(RED_ZONE);
  for (const { offset, size, type } of c.slots) {
    bytes.fill(UNINITIALISED, offset, offset + size);
    if (type !== undefined) forgivePadding(bytes, offset, type, size);
  }
  return new Int32Array(bytes.buffer);
}

function variablePlace(
  c: FunctionContext,
  symbol: VariableSymbol,
  flags: ReadonlyMap<Register, Register>,
): VariablePlace {
  const home = c.homes.get(symbol);
  if (home === undefined) return { kind: 'global', offset: c.link.globalOffset(symbol) };
  return home.kind === 'register'
    ? { kind: 'register', register: home.register, flag: flags.get(home.register) }
    : home;
}
