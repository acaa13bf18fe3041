/**
 * The instructions of the virtual machine: five words each, an opcode and four operands.
 *
 * Registers are 8-byte slots of the running frame. An instruction on 32-bit values reads and writes the low word and
 * leaves the high word undefined; names that end in 8 work on all 64 bits, names with F on a double. Values narrower
 * than 32 bits are kept sign- or zero-extended to 32. The position of a line in the table is its opcode: `vm.ts`
 * repeats the numbers in its cases, and a test compares them.
 *
 * A shape has one letter per operand: w register written, r register read, m register read and written,
 * i number, j jump target, b first register of a call's window.
 */
export const INSTRUCTIONS = [
  // statements, moves, constants
  ['STMT', 'i'],
  ['MOV4', 'wr'],
  ['MOV8', 'wr'],
  ['LDI', 'wi'],
  ['LDI8', 'wii'],
  ['LEA', 'wi'],
  // 32-bit arithmetic
  ['ADD', 'wrr'],
  ['SUB', 'wrr'],
  ['MUL', 'wrr'],
  ['DIV', 'wrr'],
  ['UDIV', 'wrr'],
  ['MOD', 'wrr'],
  ['UMOD', 'wrr'],
  ['AND', 'wrr'],
  ['OR', 'wrr'],
  ['XOR', 'wrr'],
  ['SHL', 'wrr'],
  ['SHR', 'wrr'],
  ['USHR', 'wrr'],
  ['ADDI', 'wri'],
  ['MULI', 'wri'],
  ['ANDI', 'wri'],
  ['ORI', 'wri'],
  ['XORI', 'wri'],
  ['SHLI', 'wri'],
  ['SHRI', 'wri'],
  ['USHRI', 'wri'],
  ['NEG', 'wr'],
  ['NOT', 'wr'],
  // 32-bit comparisons, result 0 or 1
  ['EQ', 'wrr'],
  ['NE', 'wrr'],
  ['LT', 'wrr'],
  ['LE', 'wrr'],
  ['ULT', 'wrr'],
  ['ULE', 'wrr'],
  // 64-bit arithmetic
  ['ADD8', 'wrr'],
  ['SUB8', 'wrr'],
  ['MUL8', 'wrr'],
  ['DIV8', 'wrr'],
  ['UDIV8', 'wrr'],
  ['MOD8', 'wrr'],
  ['UMOD8', 'wrr'],
  ['AND8', 'wrr'],
  ['OR8', 'wrr'],
  ['XOR8', 'wrr'],
  ['SHL8', 'wrr'],
  ['SHR8', 'wrr'],
  ['USHR8', 'wrr'],
  ['ADDI8', 'wri'],
  ['NEG8', 'wr'],
  ['NOT8', 'wr'],
  // 64-bit comparisons
  ['EQ8', 'wrr'],
  ['NE8', 'wrr'],
  ['LT8', 'wrr'],
  ['LE8', 'wrr'],
  ['ULT8', 'wrr'],
  ['ULE8', 'wrr'],
  // floating point
  ['ADDF', 'wrr'],
  ['SUBF', 'wrr'],
  ['MULF', 'wrr'],
  ['DIVF', 'wrr'],
  ['NEGF', 'wr'],
  ['ROUNDF', 'wr'],
  ['EQF', 'wrr'],
  ['NEF', 'wrr'],
  ['LTF', 'wrr'],
  ['LEF', 'wrr'],
  // conversions; S and U say how the source is read, the number its bytes
  ['S1TO4', 'wr'],
  ['U1TO4', 'wr'],
  ['S2TO4', 'wr'],
  ['U2TO4', 'wr'],
  ['S4TO8', 'wr'],
  ['U4TO8', 'wr'],
  ['S4TOF', 'wr'],
  ['U4TOF', 'wr'],
  ['S8TOF', 'wr'],
  ['U8TOF', 'wr'],
  ['S8TOF4', 'wr'],
  ['U8TOF4', 'wr'],
  ['FTOS4', 'wr'],
  ['FTOS8', 'wr'],
  ['FTOU8', 'wr'],
  ['BOOL', 'wr'],
  ['BOOL8', 'wr'],
  ['BOOLF', 'wr'],
  ['ZERO', 'wr'],
  ['ZERO8', 'wr'],
  ['ZEROF', 'wr'],
  // pointer arithmetic: pointer, index, element size
  ['INDEX', 'wrri'],
  ['UINDEX', 'wrri'],
  ['INDEX8', 'wrri'],
  ['DISTANCE', 'wrri'],
  // Element of an array in the frame or among the globals: index, offset of the array, element size.
  ['INDEXL', 'wrii'],
  ['UINDEXL', 'wrii'],
  ['INDEXG', 'wrii'],
  ['UINDEXG', 'wrii'],
  // loads: address register and offset
  ['LDS1', 'wri'],
  ['LDU1', 'wri'],
  ['LDS2', 'wri'],
  ['LDU2', 'wri'],
  ['LD4', 'wri'],
  ['LD8', 'wri'],
  ['LDF4', 'wri'],
  ['LDRAW', 'wrii'],
  // stores: address register, value, offset
  ['ST1', 'rri'],
  ['ST2', 'rri'],
  ['ST4', 'rri'],
  ['ST8', 'rri'],
  ['STF4', 'rri'],
  // memory of the frame, by offset in it
  ['LDL4', 'wi'],
  ['LDL8', 'wi'],
  ['STL4', 'ri'],
  ['STL8', 'ri'],
  // globals, by offset in memory
  ['LDG4', 'wi'],
  ['LDG8', 'wi'],
  ['STG4', 'ri'],
  ['STG8', 'ri'],
  // blocks of memory
  ['COPY', 'rri'],
  ['CLEAR', 'ri'],
  // Part of the frame gets a shadow state: offset, size, state.
  ['MARK', 'iii'],
  // bit-fields: first bit and width
  ['BITSS', 'wrii'],
  ['BITSU', 'wrii'],
  ['BITSS8', 'wrii'],
  ['BITSU8', 'wrii'],
  ['PUTBITS', 'mrii'],
  ['PUTBITS8', 'mrii'],
  // jumps
  ['JMP', 'j'],
  ['JZ', 'rj'],
  ['JNZ', 'rj'],
  ['JZ8', 'rj'],
  ['JNZ8', 'rj'],
  ['JZF', 'rj'],
  ['JNZF', 'rj'],
  ['JEQ', 'rrj'],
  ['JNE', 'rrj'],
  ['JLT', 'rrj'],
  ['JGE', 'rrj'],
  ['JULT', 'rrj'],
  ['JUGE', 'rrj'],
  ['JEQ8', 'rrj'],
  ['JNE8', 'rrj'],
  ['JLT8', 'rrj'],
  ['JGE8', 'rrj'],
  ['JULT8', 'rrj'],
  ['JUGE8', 'rrj'],
  ['JEQI', 'rij'],
  ['JNEI', 'rij'],
  ['JLTI', 'rij'],
  ['JGEI', 'rij'],
  ['JGTI', 'rij'],
  ['JLEI', 'rij'],
  ['JULTI', 'rij'],
  ['JUGEI', 'rij'],
  ['SWITCH', 'riii'],
  // calls: window, function or native, number of arguments, call site
  ['CALL', 'biii'],
  ['CALLI', 'brii'],
  ['CALLN', 'biii'],
  ['RET', 'r'],
  ['RETV', ''],
  ['RETNONE', ''],
  // checks and the rest
  ['CHECK', 'ri'],
  ['TRAP', 'i'],
  ['GOSUB', 'wj'],
  ['ENDSUB', 'r'],
  ['ENDFILTER', 'r'],
  ['ALLOCA', 'wr'],
  // memory to memory with the state of the bytes: target, source, offset in each
  ['CPY1', 'rrii'],
  ['CPY2', 'rrii'],
  ['CPY4', 'rrii'],
  ['CPY8', 'rrii'],
  // An index and the length of the member array that it is for.
  ['BOUND', 'ri'],
  ['BOUND8', 'ri'],
  // The caller's place: its code address (0), or where on the stack that would be kept (1).
  ['RETADDR', 'wi'],
  // The next variadic argument: address of its slot, the class that is wanted (see `vm/host.ts`).
  ['VAARG', 'ri'],
  // What compilers know as functions: result, first of its operands' registers, which one (see `vm/host.ts`).
  ['BUILTIN', 'wri'],
  // An object of the frame begins its life: offset, size, index of the function whose first states it takes.
  ['BEGIN', 'iii'],
  // A record in a register, with the state of its bytes: register, its address, size; and to the callee's frame:
  // offset, register, size.
  ['PASS', 'wri'],
  ['RECEIVE', 'iri'],
  // 64-bit arithmetic with a constant: both its words, or a count below 64
  ['ANDI8', 'wrii'],
  ['MULI8', 'wrii'],
  ['SHLI8', 'wri'],
  ['SHRI8', 'wri'],
  ['USHRI8', 'wri'],
  // 32-bit division by a constant that is neither 0 nor -1
  ['DIVI', 'wri'],
  ['UDIVI', 'wri'],
  ['MODI', 'wri'],
  ['UMODI', 'wri'],
  // 64-bit comparisons with a constant: both its words
  ['JEQI8', 'riij'],
  ['JNEI8', 'riij'],
  ['JLTI8', 'riij'],
  ['JGEI8', 'riij'],
  ['JULTI8', 'riij'],
  ['JUGEI8', 'riij'],
  // The old value of what steps on, which has a value: the definite assignment analysis sees the first register only.
  ['STEP8', 'wmi'],
  // CPY of what two pointers point to, which then step on: target, source, step of each. Both have a value.
  ['CPYSTEP1', 'mmii'],
  ['CPYSTEP8', 'mmii'],
  // The beginning of a statement together with the instruction that follows, which stays where it is.
  ['STMT_MOV4', 'i'],
  ['STMT_MOV8', 'i'],
  ['STMT_LDI', 'i'],
  ['STMT_ADD', 'i'],
  ['STMT_SUB', 'i'],
  ['STMT_ADDI', 'i'],
  ['STMT_ANDI', 'i'],
  ['STMT_ADDI8', 'i'],
  ['STMT_STEP8', 'i'],
  ['STMT_LDU1', 'i'],
  ['STMT_LD4', 'i'],
  ['STMT_LD8', 'i'],
  ['STMT_ST4', 'i'],
  ['STMT_ST8', 'i'],
  ['STMT_LDL8', 'i'],
  ['STMT_LDG4', 'i'],
  ['STMT_CPY1', 'i'],
  ['STMT_CPYSTEP1', 'i'],
  ['STMT_CPYSTEP8', 'i'],
  ['STMT_JZ', 'i'],
  ['STMT_JNZ', 'i'],
  ['STMT_JZ8', 'i'],
  ['STMT_JNZ8', 'i'],
  ['STMT_JLT', 'i'],
  ['STMT_JULT', 'i'],
  ['STMT_JLTI', 'i'],
  ['STMT_JGTI', 'i'],
  ['STMT_JEQI', 'i'],
  ['STMT_JNEI', 'i'],
  ['STMT_JULTI', 'i'],
  ['STMT_JUGEI', 'i'],
  ['STMT_CALL', 'i'],
  ['STMT_RET', 'i'],
  ['STMT_RETV', 'i'],
  // Several instructions in a row, which stay where they are.
  ['STMT_ADDI+STMT_JLT', 'i'],
  ['STMT_ADDI+STMT_JLTI', 'i'],
  ['STMT_ADDI+STMT_JGTI', 'i'],
  ['STMT_ADDI+STMT_JULT', 'i'],
  ['STMT_ADDI+STMT_JULTI', 'i'],
  ['STMT_ADDI+STMT_JUGEI', 'i'],
  ['STMT_ADDI8+STMT_ADDI', 'i'],
  ['STMT_ADDI8+STMT_ADDI8', 'i'],
  ['STMT_MOV8+CALL', 'i'],
  ['STMT_LDU1+SHLI', 'i'],
  ['LDU1+OR', ''],
  ['STMT_LD8+STMT_ST8', 'i'],
  ['STMT_ST8+STMT_ST8', 'i'],
  ['STMT_LDU1+SHLI+LDU1+OR', 'i'],
  ['MOV8+CALL', ''],
  ['STMT_CPY1+STMT_ADDI8+STMT_ADDI8', 'i'],
  // Never executed: a local's life begins again without a value. `compile/assigned.ts` removes it.
  ['FORGET', 'i'],
] as const satisfies readonly (readonly [string, string])[];

export type OpName = (typeof INSTRUCTIONS)[number][0];

/** By opcode: true where a statement begins, alone or together with the instruction that follows. */
/** Which operand is a jump's target; -1 for none. */
export const JUMP_OPERAND: readonly number[] = INSTRUCTIONS.map(([, shape]) => shape.indexOf('j'));
export const BEGINS_STATEMENT: readonly boolean[] = INSTRUCTIONS.map(([name]) => name.startsWith('STMT'));

/** The instructions that one stands for: STMT_ADDI+STMT_JLT is STMT, ADDI, STMT, JLT in a row. */
export function partsOf(name: OpName): readonly number[] {
  return name
    .replace(/STMT_/g, 'STMT+')
    .split('+')
    .map((part) => Op[part as OpName]);
}

/** Words of an instruction. */
export const WORDS = 5;

/** Number of an opcode by name. */
export const Op = Object.fromEntries(INSTRUCTIONS.map(([name], index) => [name, index])) as Readonly<
  Record<OpName, number>
>;
