/**
 * What the interpreter needs of the machine around it: arrays to work on, and functions for what is rare.
 *
 * The interpreter knows words, nothing else. Functions of the host throw `GuestFault` where the guest is wrong; the
 * interpreter lets it pass after saving where it stands.
 */

/** The views of guest memory; replaced when memory grows. */
export interface MemoryViews {
  readonly size: number;
  readonly u8: Uint8Array;
  readonly i16: Int16Array;
  readonly i32: Int32Array;
  readonly view: DataView;
  readonly shadow8: Uint8Array;
  readonly shadow16: Int16Array;
  readonly shadow32: Int32Array;
  readonly irql: number;
}

/** An execution context. Register positions are in 32-bit words: twice the register's number. */
export interface VmThread {
  readonly words: Int32Array;
  readonly longs: BigInt64Array;
  readonly doubles: Float64Array;
  /** Five words a guest frame: the caller's position, registers, frame memory, stack top, stack use. */
  readonly control: Int32Array;
  controlTop: number;
  /** Word position of the next instruction. */
  pc: number;
  /** First register of the frame. */
  fp: number;
  /** Offset of the frame's memory. */
  frame: number;
  /** Offset of the lowest stack byte in use. */
  top: number;
  /** Bytes of stack that frames have used, registers apart. */
  used: number;
  /** Bytes of stack that the thread may use. */
  readonly stackSize: number;
  /** Offset of the lowest byte of the stack. */
  readonly stackStart: number;
}

export interface VmProgram {
  readonly code: Int32Array;
  readonly routineTable: Int32Array;
  readonly frameShadows: readonly Int32Array[];
  readonly jumpTables: readonly Int32Array[];
  /** By call site: 1 where the result is used. */
  readonly usedResults: Uint8Array;
}

export interface VmHost {
  readonly memory: MemoryViews;
  /** By statement: 1 asks to leave the interpreter before it. */
  marks(): Uint8Array;
  /** False while no statement is marked: the marks need not be looked at. */
  isWatched(): boolean;
  /** Statements that may still be executed: less than 2^31. */
  left: number;
  /** Position of the return instruction with which EXIT.returned was left last. */
  returnedAt: number;
  /** Offset of bytes that may be read, written, or read whether they were ever written or not. */
  read(low: number, high: number, size: number): number;
  write(low: number, high: number, size: number): number;
  raw(low: number, high: number, size: number): number;
  copy(toLow: number, toHigh: number, fromLow: number, fromHigh: number, size: number): void;
  /** A shift by `count` bits, which is not less than the operand's; the instruction uses the low bits of the count. */
  shift(pc: number, count: number, bits: number): void;
  /** An index that is not less than the length of the member array that it is for. */
  bound(low: number, high: number, length: number): never;
  /** Puts the caller's code address (`what` 0), or an address on its stack (1), into the register. */
  caller(register: number, controlTop: number, what: number): void;
  /** Checks the next variadic argument against what was passed: `VARIADIC` says what is wanted. */
  variadic(low: number, high: number, wanted: number): void;
  /** Makes room for `_alloca` below `top`; returns the new top, 16 bytes of red zone below the room. */
  reserve(top: number, low: number, high: number): number;
  /** Number of the function at an address, after a check that the call fits it. */
  target(low: number, high: number, site: number): number;
  /** True when a guest function stands behind the number. */
  isGuest(index: number): boolean;
  /** A record in memory to a register, and from a register to the callee's frame, with the state of its bytes. */
  pass(register: number, address: number, size: number): void;
  receive(offset: number, register: number, size: number): void;
  /** Calls a native; true when it has returned and its result is in the first register of the window. */
  native(index: number, window: number, count: number, site: number): boolean;
  /** Raises the fault of an instruction. */
  fail(kind: 'division-by-zero' | 'division-overflow' | 'stack-overflow' | 'no-return-value', operand: number): never;
  /** The result of a built-in function: 0 or 1, or a small number. `register` is the first operand's. */
  builtin(register: number, which: number): number;
  trap(index: number): never;
  uninitialised(name: number): void;
}

/**
 * Built-in functions by the low four bits of their number. Those of overflow take two integers of 64 bits and an address;
 * higher bits say what is signed, and the size of what lies at the address.
 */
export const BUILTIN = { add: 0, subtract: 1, multiply: 2, firstSet: 3, parity: 4 } as const;
export const BUILTIN_FLAGS = { isFirstSigned: 16, isSecondSigned: 32, isResultSigned: 64, sizeShift: 8 } as const;

/** What `va_arg` asks for: an integer of up to 32 bits, one of 64 or a pointer, a double, a record's address. */
export const VARIADIC = { int: 0, long: 1, double: 2, record: 3 } as const;

/** Why the interpreter came back. */
export const EXIT = {
  /** Before a statement that is marked, or with nothing left of the budget. */
  attention: 0,
  /** A function that the kernel called returned; its result is in the first register of the frame. */
  returned: 1,
  /** A native did something other than return. */
  native: 2,
  /** A `__finally` that ran for an exception has ended. */
  unwind: 3,
  /** An exception filter has its value, in the register that the instruction names. */
  filter: 4,
} as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];
