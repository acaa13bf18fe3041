/**
 * The interpreter: one loop over one switch.
 *
 * In: a thread that stands at an instruction. Out: why it stopped; the thread stands where it goes on. An exception
 * leaves the thread standing at the instruction that raised it, with nothing changed. The loop ends because every
 * loop of the guest contains a STMT, and each STMT uses up the budget.
 *
 * This file is longer than others may be: it is a flat list of cases, one per instruction, under the headings that
 * `opcodes.ts` has, where operands are explained. The numbers are those of
 * `opcodes.ts` (a test compares them); they are written out because only literals make the engine compile the switch
 * to a jump table. Memory is touched in line where one compare of shadow bytes shows that nothing is special there,
 * else by way of the host.
 *
 * A STMT that is fused with the instruction after it (STMT_LD8) falls through to that instruction's case, with the thread
 * standing there: what faults in it, and who resumes there, finds everything as without the fusion.
 *
 * Other instructions in a row are fused too (STMT_ADDI+STMT_JLT): each part is as its own case has it (a test compares
 * the texts), and `pc` goes on before it, so that whoever stops or faults in one stands at that part. V8 optimises no
 * function of more than 61,440 bytes of its bytecode; this one has 55,603 (`node --print-bytecode
 * --print-bytecode-filter=execute`), so that a fused case must be worth its place. V8 throws its code away at a branch
 * that it had not seen: `run/warm-up.ts` shows it all of them first, and a test wants each to be reached from there.
 *
 * An address is in range when both its base and its sum with the offset are, under the kernel's high word: then nothing was
 * carried, and the high word of the sum is only computed where the host looks closer.
 *
 * The `| 0` at the loop's variables tell the engine that they are 32-bit integers: without them it keeps them as objects
 * in memory and checks each use.
 */
// biome-ignore-all lint/suspicious/noFallthroughSwitchClause: a fused instruction goes on with the case below it.
import { EXIT, type Exit, type MemoryViews, type VmHost, type VmProgram, type VmThread } from './host.ts';
import {
  distance,
  divideSigned,
  divideUnsigned,
  doubleToSigned,
  doubleToUnsigned,
  extractSigned,
  extractUnsigned,
  indexFar,
  indexWide,
  insertBits,
  multiplyHigh,
  wideToFloat,
} from './wide.ts';

/** Positions in a row of the routine table. */
const ROW = 8;
const KERNEL_HIGH = -32768;
const RED_ZONE = 0x10;

export function execute(program: VmProgram, thread: VmThread, host: VmHost): Exit {
  // The loop's own copies: those of the file are variables of the bundle, which the engine would read and check each time.
  const ROW = 8;
  const KERNEL_HIGH = -32768;
  const TWO_32 = 4294967296;
  const DISPATCH_LEVEL = 2;
  // What a frame may take beside its size: it is aligned, to a page at most, and has red zones.
  const FRAME_MARGIN = 4096 + 64;
  // Shadow bits that do not matter to a read: read-only; and pageable, below DISPATCH_LEVEL.
  const READ_MASK = ~0x02020202;
  const READ_MASK_LOW_IRQL = ~0x06060606;
  const WRITE_MASK_LOW_IRQL = ~0x04040404;
  const DEAD_STACK = 0x40404040;
  // Positions in code and registers are cut to 30 bits: so the engine knows that adding to them overflows nothing.
  const AT = 0x3fffffff;
  const EVERY = 0x7fffffff;
  const C = program.code;
  const table = program.routineTable;
  const R = thread.words;
  const F = thread.doubles;
  const control = thread.control;
  let memory = host.memory;
  let u8 = memory.u8;
  let shadow8 = memory.shadow8;
  let i32 = memory.i32;
  let shadow32 = memory.shadow32;
  let outside = ~(memory.size - 1);
  let readMask = memory.irql < DISPATCH_LEVEL ? READ_MASK_LOW_IRQL : READ_MASK;
  let writeMask = memory.irql < DISPATCH_LEVEL ? WRITE_MASK_LOW_IRQL : -1;
  let marks = host.marks();
  // A statement with no more than this many left looks closer: the last one, or each while any is marked.
  let floor = host.isWatched() ? EVERY : 0;
  let left = host.left | 0;
  let pc = thread.pc & AT;
  let fp = thread.fp & AT;
  let frame = thread.frame | 0;
  let top = thread.top | 0;
  let used = thread.used | 0;
  let controlTop = thread.controlTop | 0;
  // All ways out lead to one place behind the loop, which V8 has then seen before it compiles the loop alone: it would go
  // on using code that does not know how to leave.
  let exit: Exit = EXIT.attention;
  try {
    running: for (;;) {
      switch (C[pc]) {
        // ---- statements, moves, constants ----
        case 0: // STMT
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          break;
        case 196: // STMT_MOV4
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 1: // MOV4
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])];
          break;
        case 197: // STMT_MOV8
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 2: // MOV8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            R[a] = R[b];
            R[a + 1] = R[b + 1];
            break;
          }
        case 198: // STMT_LDI
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 3: // LDI
          R[AT & (fp + C[pc + 1])] = C[pc + 2];
          break;
        case 4: // LDI8
          {
            const a = AT & (fp + C[pc + 1]);
            R[a] = C[pc + 2];
            R[a + 1] = C[pc + 3];
            break;
          }
        case 5: // LEA
          {
            const a = AT & (fp + C[pc + 1]);
            R[a] = frame + C[pc + 2];
            R[a + 1] = KERNEL_HIGH;
            break;
          }
        // ---- 32-bit arithmetic ----
        case 199: // STMT_ADD
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 6: // ADD
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] + R[AT & (fp + C[pc + 3])];
          break;
        case 200: // STMT_SUB
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 7: // SUB
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] - R[AT & (fp + C[pc + 3])];
          break;
        case 13: // AND
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] & R[AT & (fp + C[pc + 3])];
          break;
        case 14: // OR
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] | R[AT & (fp + C[pc + 3])];
          break;
        case 15: // XOR
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] ^ R[AT & (fp + C[pc + 3])];
          break;
        case 16: // SHL
          {
            const n = R[AT & (fp + C[pc + 3])];
            if (n >>> 0 > 31) host.shift(pc, n, 32);
            R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] << n;
            break;
          }
        case 17: // SHR
          {
            const n = R[AT & (fp + C[pc + 3])];
            if (n >>> 0 > 31) host.shift(pc, n, 32);
            R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] >> n;
            break;
          }
        case 18: // USHR
          {
            const n = R[AT & (fp + C[pc + 3])];
            if (n >>> 0 > 31) host.shift(pc, n, 32);
            R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] >>> n;
            break;
          }
        case 8: // MUL
          R[AT & (fp + C[pc + 1])] = Math.imul(R[AT & (fp + C[pc + 2])], R[AT & (fp + C[pc + 3])]);
          break;
        case 9: // DIV
          {
            const x = R[AT & (fp + C[pc + 2])];
            const y = R[AT & (fp + C[pc + 3])];
            if (y === 0) host.fail('division-by-zero', 0);
            if (y === -1 && x === -0x80000000) host.fail('division-overflow', 0);
            R[AT & (fp + C[pc + 1])] = x / y;
            break;
          }
        case 10: // UDIV
          {
            const y = R[AT & (fp + C[pc + 3])] >>> 0;
            if (y === 0) host.fail('division-by-zero', 0);
            R[AT & (fp + C[pc + 1])] = (R[AT & (fp + C[pc + 2])] >>> 0) / y;
            break;
          }
        case 11: // MOD
          {
            const x = R[AT & (fp + C[pc + 2])];
            const y = R[AT & (fp + C[pc + 3])];
            if (y === 0) host.fail('division-by-zero', 0);
            if (y === -1 && x === -0x80000000) host.fail('division-overflow', 0);
            R[AT & (fp + C[pc + 1])] = x % y;
            break;
          }
        case 12: // UMOD
          {
            const y = R[AT & (fp + C[pc + 3])] >>> 0;
            if (y === 0) host.fail('division-by-zero', 0);
            R[AT & (fp + C[pc + 1])] = (R[AT & (fp + C[pc + 2])] >>> 0) % y;
            break;
          }
        case 201: // STMT_ADDI
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 19: // ADDI
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] + C[pc + 3];
          break;
        case 202: // STMT_ANDI
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 21: // ANDI
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] & C[pc + 3];
          break;
        case 22: // ORI
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] | C[pc + 3];
          break;
        case 23: // XORI
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] ^ C[pc + 3];
          break;
        case 24: // SHLI
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] << C[pc + 3];
          break;
        case 25: // SHRI
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] >> C[pc + 3];
          break;
        case 26: // USHRI
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] >>> C[pc + 3];
          break;
        case 20: // MULI
          R[AT & (fp + C[pc + 1])] = Math.imul(R[AT & (fp + C[pc + 2])], C[pc + 3]);
          break;
        case 27: // NEG
          R[AT & (fp + C[pc + 1])] = -R[AT & (fp + C[pc + 2])];
          break;
        case 28: // NOT
          R[AT & (fp + C[pc + 1])] = ~R[AT & (fp + C[pc + 2])];
          break;
        // ---- 32-bit comparisons ----
        case 29: // EQ
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] === R[AT & (fp + C[pc + 3])] ? 1 : 0;
          break;
        case 30: // NE
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] !== R[AT & (fp + C[pc + 3])] ? 1 : 0;
          break;
        case 31: // LT
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] < R[AT & (fp + C[pc + 3])] ? 1 : 0;
          break;
        case 32: // LE
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] <= R[AT & (fp + C[pc + 3])] ? 1 : 0;
          break;
        case 33: // ULT
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] >>> 0 < R[AT & (fp + C[pc + 3])] >>> 0 ? 1 : 0;
          break;
        case 34: // ULE
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] >>> 0 <= R[AT & (fp + C[pc + 3])] >>> 0 ? 1 : 0;
          break;
        // ---- 64-bit arithmetic ----
        case 35: // ADD8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            const x = R[b];
            const low = (x + R[c]) | 0;
            R[a + 1] = R[b + 1] + R[c + 1] + (low >>> 0 < x >>> 0 ? 1 : 0);
            R[a] = low;
            break;
          }
        case 36: // SUB8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            const x = R[b];
            const y = R[c];
            R[a + 1] = R[b + 1] - R[c + 1] - (x >>> 0 < y >>> 0 ? 1 : 0);
            R[a] = x - y;
            break;
          }
        case 37: // MUL8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            const x = R[b];
            const y = R[c];
            R[a + 1] = multiplyHigh(x, y) + Math.imul(x, R[c + 1]) + Math.imul(R[b + 1], y);
            R[a] = Math.imul(x, y);
            break;
          }
        case 38: // DIV8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            if ((R[c] | R[c + 1]) === 0) host.fail('division-by-zero', 0);
            if ((R[c] & R[c + 1]) === -1 && R[b] === 0 && R[b + 1] === -0x80000000) host.fail('division-overflow', 0);
            divideSigned(thread, a, b, c, 'quotient');
            break;
          }
        case 40: // MOD8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            if ((R[c] | R[c + 1]) === 0) host.fail('division-by-zero', 0);
            if ((R[c] & R[c + 1]) === -1 && R[b] === 0 && R[b + 1] === -0x80000000) host.fail('division-overflow', 0);
            divideSigned(thread, a, b, c, 'remainder');
            break;
          }
        case 39: // UDIV8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            if ((R[c] | R[c + 1]) === 0) host.fail('division-by-zero', 0);
            divideUnsigned(thread, a, b, c, 'quotient');
            break;
          }
        case 41: // UMOD8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            if ((R[c] | R[c + 1]) === 0) host.fail('division-by-zero', 0);
            divideUnsigned(thread, a, b, c, 'remainder');
            break;
          }
        case 42: // AND8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            R[a + 1] = R[b + 1] & R[c + 1];
            R[a] = R[b] & R[c];
            break;
          }
        case 43: // OR8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            R[a + 1] = R[b + 1] | R[c + 1];
            R[a] = R[b] | R[c];
            break;
          }
        case 44: // XOR8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            R[a + 1] = R[b + 1] ^ R[c + 1];
            R[a] = R[b] ^ R[c];
            break;
          }
        case 45: // SHL8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const wanted = R[AT & (fp + C[pc + 3])];
            if (wanted >>> 0 > 63) host.shift(pc, wanted, 64);
            const n = wanted & 63;
            const x = R[b];
            const y = R[b + 1];
            if (n >= 32) {
              R[a] = 0;
              R[a + 1] = x << (n - 32);
            } else if (n > 0) {
              R[a] = x << n;
              R[a + 1] = (y << n) | (x >>> (32 - n));
            } else {
              R[a] = x;
              R[a + 1] = y;
            }
            break;
          }
        case 46: // SHR8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const wanted = R[AT & (fp + C[pc + 3])];
            if (wanted >>> 0 > 63) host.shift(pc, wanted, 64);
            const n = wanted & 63;
            const x = R[b];
            const y = R[b + 1];
            if (n >= 32) {
              R[a] = y >> (n - 32);
              R[a + 1] = y >> 31;
            } else if (n > 0) {
              R[a] = (x >>> n) | (y << (32 - n));
              R[a + 1] = y >> n;
            } else {
              R[a] = x;
              R[a + 1] = y;
            }
            break;
          }
        case 47: // USHR8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const wanted = R[AT & (fp + C[pc + 3])];
            if (wanted >>> 0 > 63) host.shift(pc, wanted, 64);
            const n = wanted & 63;
            const x = R[b];
            const y = R[b + 1];
            if (n >= 32) {
              R[a] = y >>> (n - 32);
              R[a + 1] = 0;
            } else if (n > 0) {
              R[a] = (x >>> n) | (y << (32 - n));
              R[a + 1] = y >>> n;
            } else {
              R[a] = x;
              R[a + 1] = y;
            }
            break;
          }
        case 203: // STMT_ADDI8
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 48: // ADDI8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const x = R[b];
            const low = (x + n) | 0;
            R[a + 1] = R[b + 1] + (n >> 31) + (low >>> 0 < x >>> 0 ? 1 : 0);
            R[a] = low;
            break;
          }
        case 49: // NEG8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const x = R[b];
            R[a + 1] = -R[b + 1] - (x !== 0 ? 1 : 0);
            R[a] = -x;
            break;
          }
        case 50: // NOT8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            R[a] = ~R[b];
            R[a + 1] = ~R[b + 1];
            break;
          }
        // ---- 64-bit comparisons ----
        case 51: // EQ8
          {
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            R[AT & (fp + C[pc + 1])] = R[b] === R[c] && R[b + 1] === R[c + 1] ? 1 : 0;
            break;
          }
        case 52: // NE8
          {
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            R[AT & (fp + C[pc + 1])] = R[b] !== R[c] || R[b + 1] !== R[c + 1] ? 1 : 0;
            break;
          }
        case 53: // LT8
          {
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            R[AT & (fp + C[pc + 1])] =
              R[b + 1] < R[c + 1] || (R[b + 1] === R[c + 1] && R[b] >>> 0 < R[c] >>> 0) ? 1 : 0;
            break;
          }
        case 54: // LE8
          {
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            R[AT & (fp + C[pc + 1])] =
              R[b + 1] < R[c + 1] || (R[b + 1] === R[c + 1] && R[b] >>> 0 <= R[c] >>> 0) ? 1 : 0;
            break;
          }
        case 55: // ULT8
          {
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            R[AT & (fp + C[pc + 1])] =
              R[b + 1] >>> 0 < R[c + 1] >>> 0 || (R[b + 1] === R[c + 1] && R[b] >>> 0 < R[c] >>> 0) ? 1 : 0;
            break;
          }
        case 56: // ULE8
          {
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            R[AT & (fp + C[pc + 1])] =
              R[b + 1] >>> 0 < R[c + 1] >>> 0 || (R[b + 1] === R[c + 1] && R[b] >>> 0 <= R[c] >>> 0) ? 1 : 0;
            break;
          }
        // ---- floating point ----
        case 57: // ADDF
          F[(AT & (fp + C[pc + 1])) >> 1] = F[(AT & (fp + C[pc + 2])) >> 1] + F[(AT & (fp + C[pc + 3])) >> 1];
          break;
        case 58: // SUBF
          F[(AT & (fp + C[pc + 1])) >> 1] = F[(AT & (fp + C[pc + 2])) >> 1] - F[(AT & (fp + C[pc + 3])) >> 1];
          break;
        case 59: // MULF
          F[(AT & (fp + C[pc + 1])) >> 1] = F[(AT & (fp + C[pc + 2])) >> 1] * F[(AT & (fp + C[pc + 3])) >> 1];
          break;
        case 60: // DIVF
          F[(AT & (fp + C[pc + 1])) >> 1] = F[(AT & (fp + C[pc + 2])) >> 1] / F[(AT & (fp + C[pc + 3])) >> 1];
          break;
        case 61: // NEGF
          F[(AT & (fp + C[pc + 1])) >> 1] = -F[(AT & (fp + C[pc + 2])) >> 1];
          break;
        case 62: // ROUNDF
          F[(AT & (fp + C[pc + 1])) >> 1] = Math.fround(F[(AT & (fp + C[pc + 2])) >> 1]);
          break;
        case 63: // EQF
          R[AT & (fp + C[pc + 1])] = F[(AT & (fp + C[pc + 2])) >> 1] === F[(AT & (fp + C[pc + 3])) >> 1] ? 1 : 0;
          break;
        case 64: // NEF
          R[AT & (fp + C[pc + 1])] = F[(AT & (fp + C[pc + 2])) >> 1] !== F[(AT & (fp + C[pc + 3])) >> 1] ? 1 : 0;
          break;
        case 65: // LTF
          R[AT & (fp + C[pc + 1])] = F[(AT & (fp + C[pc + 2])) >> 1] < F[(AT & (fp + C[pc + 3])) >> 1] ? 1 : 0;
          break;
        case 66: // LEF
          R[AT & (fp + C[pc + 1])] = F[(AT & (fp + C[pc + 2])) >> 1] <= F[(AT & (fp + C[pc + 3])) >> 1] ? 1 : 0;
          break;
        // ---- conversions ----
        case 67: // S1TO4
          R[AT & (fp + C[pc + 1])] = (R[AT & (fp + C[pc + 2])] << 24) >> 24;
          break;
        case 68: // U1TO4
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] & 0xff;
          break;
        case 69: // S2TO4
          R[AT & (fp + C[pc + 1])] = (R[AT & (fp + C[pc + 2])] << 16) >> 16;
          break;
        case 70: // U2TO4
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] & 0xffff;
          break;
        case 71: // S4TO8
          {
            const a = AT & (fp + C[pc + 1]);
            const x = R[AT & (fp + C[pc + 2])];
            R[a] = x;
            R[a + 1] = x >> 31;
            break;
          }
        case 72: // U4TO8
          {
            const a = AT & (fp + C[pc + 1]);
            R[a] = R[AT & (fp + C[pc + 2])];
            R[a + 1] = 0;
            break;
          }
        case 73: // S4TOF
          F[(AT & (fp + C[pc + 1])) >> 1] = R[AT & (fp + C[pc + 2])];
          break;
        case 74: // U4TOF
          F[(AT & (fp + C[pc + 1])) >> 1] = R[AT & (fp + C[pc + 2])] >>> 0;
          break;
        case 75: // S8TOF
          {
            const b = AT & (fp + C[pc + 2]);
            F[(AT & (fp + C[pc + 1])) >> 1] = R[b + 1] * TWO_32 + (R[b] >>> 0);
            break;
          }
        case 76: // U8TOF
          {
            const b = AT & (fp + C[pc + 2]);
            F[(AT & (fp + C[pc + 1])) >> 1] = (R[b + 1] >>> 0) * TWO_32 + (R[b] >>> 0);
            break;
          }
        case 77: // S8TOF4
          F[(AT & (fp + C[pc + 1])) >> 1] = wideToFloat(thread.longs[(AT & (fp + C[pc + 2])) >> 1]);
          break;
        case 78: // U8TOF4
          F[(AT & (fp + C[pc + 1])) >> 1] = wideToFloat(BigInt.asUintN(64, thread.longs[(AT & (fp + C[pc + 2])) >> 1]));
          break;
        case 79: // FTOS4
          {
            const x = F[(AT & (fp + C[pc + 2])) >> 1];
            R[AT & (fp + C[pc + 1])] = x > -2147483649 && x < 2147483648 ? x : -0x80000000;
            break;
          }
        case 80: // FTOS8
          doubleToSigned(R, AT & (fp + C[pc + 1]), F[(AT & (fp + C[pc + 2])) >> 1]);
          break;
        case 81: // FTOU8
          doubleToUnsigned(R, AT & (fp + C[pc + 1]), F[(AT & (fp + C[pc + 2])) >> 1]);
          break;
        case 82: // BOOL
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] !== 0 ? 1 : 0;
          break;
        case 83: // BOOL8
          {
            const b = AT & (fp + C[pc + 2]);
            R[AT & (fp + C[pc + 1])] = (R[b] | R[b + 1]) !== 0 ? 1 : 0;
            break;
          }
        case 84: // BOOLF
          R[AT & (fp + C[pc + 1])] = F[(AT & (fp + C[pc + 2])) >> 1] !== 0 ? 1 : 0;
          break;
        case 85: // ZERO
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] === 0 ? 1 : 0;
          break;
        case 86: // ZERO8
          {
            const b = AT & (fp + C[pc + 2]);
            R[AT & (fp + C[pc + 1])] = (R[b] | R[b + 1]) === 0 ? 1 : 0;
            break;
          }
        case 87: // ZEROF
          R[AT & (fp + C[pc + 1])] = F[(AT & (fp + C[pc + 2])) >> 1] === 0 ? 1 : 0;
          break;
        // ---- pointer arithmetic ----
        case 88: // INDEX
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const i = R[AT & (fp + C[pc + 3])];
            const size = C[pc + 4];
            if (((i >>> 20) | (size >>> 11)) === 0) {
              const x = R[b];
              const low = (x + Math.imul(i, size)) | 0;
              R[a + 1] = R[b + 1] + (low >>> 0 < x >>> 0 ? 1 : 0);
              R[a] = low;
            } else indexFar(thread, a, b, i, size);
            break;
          }
        case 89: // UINDEX
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const i = R[AT & (fp + C[pc + 3])];
            const size = C[pc + 4];
            if (((i >>> 20) | (size >>> 11)) === 0) {
              const x = R[b];
              const low = (x + Math.imul(i, size)) | 0;
              R[a + 1] = R[b + 1] + (low >>> 0 < x >>> 0 ? 1 : 0);
              R[a] = low;
            } else indexFar(thread, a, b, i >>> 0, size);
            break;
          }
        case 90: // INDEX8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const c = AT & (fp + C[pc + 3]);
            const i = R[c];
            const size = C[pc + 4];
            if (R[c + 1] !== i >> 31) indexWide(thread, a, b, thread.longs[c >> 1], size);
            else if (((i >>> 20) | (size >>> 11)) === 0) {
              const x = R[b];
              const low = (x + Math.imul(i, size)) | 0;
              R[a + 1] = R[b + 1] + (low >>> 0 < x >>> 0 ? 1 : 0);
              R[a] = low;
            } else indexFar(thread, a, b, i, size);
            break;
          }
        case 92: // INDEXL
          {
            const a = AT & (fp + C[pc + 1]);
            const i = R[AT & (fp + C[pc + 2])];
            const size = C[pc + 4];
            const start = frame + C[pc + 3];
            if (((i >>> 20) | (size >>> 11)) === 0) {
              R[a] = start + Math.imul(i, size);
              R[a + 1] = KERNEL_HIGH;
            } else {
              const value = i;
              R[a] = start;
              R[a + 1] = KERNEL_HIGH;
              indexFar(thread, a, a, value, size);
            }
            break;
          }
        case 93: // UINDEXL
          {
            const a = AT & (fp + C[pc + 1]);
            const i = R[AT & (fp + C[pc + 2])];
            const size = C[pc + 4];
            const start = frame + C[pc + 3];
            if (((i >>> 20) | (size >>> 11)) === 0) {
              R[a] = start + Math.imul(i, size);
              R[a + 1] = KERNEL_HIGH;
            } else {
              const value = i >>> 0;
              R[a] = start;
              R[a + 1] = KERNEL_HIGH;
              indexFar(thread, a, a, value, size);
            }
            break;
          }
        case 94: // INDEXG
          {
            const a = AT & (fp + C[pc + 1]);
            const i = R[AT & (fp + C[pc + 2])];
            const size = C[pc + 4];
            const start = C[pc + 3];
            if (((i >>> 20) | (size >>> 11)) === 0) {
              R[a] = start + Math.imul(i, size);
              R[a + 1] = KERNEL_HIGH;
            } else {
              const value = i;
              R[a] = start;
              R[a + 1] = KERNEL_HIGH;
              indexFar(thread, a, a, value, size);
            }
            break;
          }
        case 95: // UINDEXG
          {
            const a = AT & (fp + C[pc + 1]);
            const i = R[AT & (fp + C[pc + 2])];
            const size = C[pc + 4];
            const start = C[pc + 3];
            if (((i >>> 20) | (size >>> 11)) === 0) {
              R[a] = start + Math.imul(i, size);
              R[a + 1] = KERNEL_HIGH;
            } else {
              const value = i >>> 0;
              R[a] = start;
              R[a + 1] = KERNEL_HIGH;
              indexFar(thread, a, a, value, size);
            }
            break;
          }
        case 91: // DISTANCE
          distance(thread, AT & (fp + C[pc + 1]), AT & (fp + C[pc + 2]), AT & (fp + C[pc + 3]), C[pc + 4]);
          break;
        // ---- loads ----
        case 96: // LDS1
          {
            const b = AT & (fp + C[pc + 2]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (((low & outside) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 && (shadow8[low] & readMask) === 0) {
              R[AT & (fp + C[pc + 1])] = (u8[low] << 24) >> 24;
            } else {
              const at = host.read(low, carried(R[b + 1], x, n), 1);
              R[AT & (fp + C[pc + 1])] = memory.view.getInt8(at);
            }
            break;
          }
        case 205: // STMT_LDU1
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 97: // LDU1
          {
            const b = AT & (fp + C[pc + 2]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (((low & outside) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 && (shadow8[low] & readMask) === 0) {
              R[AT & (fp + C[pc + 1])] = u8[low];
            } else {
              const at = host.read(low, carried(R[b + 1], x, n), 1);
              R[AT & (fp + C[pc + 1])] = memory.view.getUint8(at);
            }
            break;
          }
        case 98: // LDS2
          {
            const b = AT & (fp + C[pc + 2]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (
              ((low & (outside | 1)) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 &&
              (memory.shadow16[low >>> 1] & readMask) === 0
            ) {
              R[AT & (fp + C[pc + 1])] = memory.i16[low >>> 1];
            } else {
              const at = host.read(low, carried(R[b + 1], x, n), 2);
              R[AT & (fp + C[pc + 1])] = memory.view.getInt16(at, true);
            }
            break;
          }
        case 99: // LDU2
          {
            const b = AT & (fp + C[pc + 2]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (
              ((low & (outside | 1)) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 &&
              (memory.shadow16[low >>> 1] & readMask) === 0
            ) {
              R[AT & (fp + C[pc + 1])] = memory.i16[low >>> 1] & 0xffff;
            } else {
              const at = host.read(low, carried(R[b + 1], x, n), 2);
              R[AT & (fp + C[pc + 1])] = memory.view.getUint16(at, true);
            }
            break;
          }
        case 206: // STMT_LD4
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 100: // LD4
          {
            const b = AT & (fp + C[pc + 2]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (
              ((low & (outside | 3)) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 &&
              (shadow32[low >>> 2] & readMask) === 0
            ) {
              R[AT & (fp + C[pc + 1])] = i32[low >>> 2];
            } else {
              const at = host.read(low, carried(R[b + 1], x, n), 4);
              R[AT & (fp + C[pc + 1])] = memory.view.getInt32(at, true);
            }
            break;
          }
        case 207: // STMT_LD8
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 101: // LD8
          {
            const b = AT & (fp + C[pc + 2]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (
              ((low & (outside | 3)) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 &&
              (shadow32[low >>> 2] & readMask) === 0 &&
              (shadow32[(low >>> 2) + 1] & readMask) === 0
            ) {
              const a = AT & (fp + C[pc + 1]);
              R[a] = i32[low >>> 2];
              R[a + 1] = i32[(low >>> 2) + 1];
            } else {
              const at = host.read(low, carried(R[b + 1], x, n), 8);
              const a = AT & (fp + C[pc + 1]);
              R[a] = memory.view.getInt32(at, true);
              R[a + 1] = memory.view.getInt32(at + 4, true);
            }
            break;
          }
        case 102: // LDF4
          {
            const b = AT & (fp + C[pc + 2]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            F[(AT & (fp + C[pc + 1])) >> 1] = memory.view.getFloat32(host.read(low, carried(R[b + 1], x, n), 4), true);
            break;
          }
        case 103: // LDRAW
          {
            const b = AT & (fp + C[pc + 2]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            loadRaw(memory, host.raw(low, carried(R[b + 1], x, n), C[pc + 4]), C[pc + 4], R, AT & (fp + C[pc + 1]));
            break;
          }
        // ---- stores ----
        case 104: // ST1
          {
            const b = AT & (fp + C[pc + 1]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (
              ((low & outside) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 &&
              (shadow8[low] & writeMask) === 0
            ) {
              u8[low] = R[AT & (fp + C[pc + 2])];
            } else {
              const at = host.write(low, carried(R[b + 1], x, n), 1);
              memory.view.setUint8(at, R[AT & (fp + C[pc + 2])]);
            }
            break;
          }
        case 105: // ST2
          {
            const b = AT & (fp + C[pc + 1]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (
              ((low & (outside | 1)) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 &&
              (memory.shadow16[low >>> 1] & writeMask) === 0
            ) {
              memory.i16[low >>> 1] = R[AT & (fp + C[pc + 2])];
            } else {
              const at = host.write(low, carried(R[b + 1], x, n), 2);
              memory.view.setInt16(at, R[AT & (fp + C[pc + 2])], true);
            }
            break;
          }
        case 208: // STMT_ST4
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 106: // ST4
          {
            const b = AT & (fp + C[pc + 1]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (
              ((low & (outside | 3)) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 &&
              (shadow32[low >>> 2] & writeMask) === 0
            ) {
              i32[low >>> 2] = R[AT & (fp + C[pc + 2])];
            } else {
              const at = host.write(low, carried(R[b + 1], x, n), 4);
              memory.view.setInt32(at, R[AT & (fp + C[pc + 2])], true);
            }
            break;
          }
        case 209: // STMT_ST8
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 107: // ST8
          {
            const b = AT & (fp + C[pc + 1]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (
              ((low & (outside | 3)) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 &&
              (shadow32[low >>> 2] & writeMask) === 0 &&
              (shadow32[(low >>> 2) + 1] & writeMask) === 0
            ) {
              const v = AT & (fp + C[pc + 2]);
              i32[low >>> 2] = R[v];
              i32[(low >>> 2) + 1] = R[v + 1];
            } else {
              const at = host.write(low, carried(R[b + 1], x, n), 8);
              const v = AT & (fp + C[pc + 2]);
              memory.view.setInt32(at, R[v], true);
              memory.view.setInt32(at + 4, R[v + 1], true);
            }
            break;
          }
        case 108: // STF4
          {
            const b = AT & (fp + C[pc + 1]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            memory.view.setFloat32(host.write(low, carried(R[b + 1], x, n), 4), F[(AT & (fp + C[pc + 2])) >> 1], true);
            break;
          }
        // ---- memory of the frame ----
        case 109: // LDL4
          {
            const low = frame + C[pc + 2];
            if ((low & 3) === 0 && (shadow32[low >> 2] & readMask) === 0) R[AT & (fp + C[pc + 1])] = i32[low >> 2];
            else R[AT & (fp + C[pc + 1])] = memory.view.getInt32(host.read(low, KERNEL_HIGH, 4), true);
            break;
          }
        case 210: // STMT_LDL8
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 110: // LDL8
          {
            const low = frame + C[pc + 2];
            const a = AT & (fp + C[pc + 1]);
            if (
              (low & 3) === 0 &&
              (shadow32[low >> 2] & readMask) === 0 &&
              (shadow32[(low >> 2) + 1] & readMask) === 0
            ) {
              R[a] = i32[low >> 2];
              R[a + 1] = i32[(low >> 2) + 1];
            } else {
              const at = host.read(low, KERNEL_HIGH, 8);
              R[a] = memory.view.getInt32(at, true);
              R[a + 1] = memory.view.getInt32(at + 4, true);
            }
            break;
          }
        case 111: // STL4
          {
            const low = frame + C[pc + 2];
            if ((low & 3) === 0 && (shadow32[low >> 2] & writeMask) === 0) i32[low >> 2] = R[AT & (fp + C[pc + 1])];
            else memory.view.setInt32(host.write(low, KERNEL_HIGH, 4), R[AT & (fp + C[pc + 1])], true);
            break;
          }
        case 112: // STL8
          {
            const low = frame + C[pc + 2];
            const a = AT & (fp + C[pc + 1]);
            if (
              (low & 3) === 0 &&
              (shadow32[low >> 2] & writeMask) === 0 &&
              (shadow32[(low >> 2) + 1] & writeMask) === 0
            ) {
              i32[low >> 2] = R[a];
              i32[(low >> 2) + 1] = R[a + 1];
            } else {
              const at = host.write(low, KERNEL_HIGH, 8);
              memory.view.setInt32(at, R[a], true);
              memory.view.setInt32(at + 4, R[a + 1], true);
            }
            break;
          }
        // ---- globals ----
        case 211: // STMT_LDG4
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 113: // LDG4
          {
            const low = C[pc + 2];
            if ((low & 3) === 0 && (shadow32[low >> 2] & readMask) === 0) R[AT & (fp + C[pc + 1])] = i32[low >> 2];
            else R[AT & (fp + C[pc + 1])] = memory.view.getInt32(host.read(low, KERNEL_HIGH, 4), true);
            break;
          }
        case 114: // LDG8
          {
            const low = C[pc + 2];
            const a = AT & (fp + C[pc + 1]);
            if (
              (low & 3) === 0 &&
              (shadow32[low >> 2] & readMask) === 0 &&
              (shadow32[(low >> 2) + 1] & readMask) === 0
            ) {
              R[a] = i32[low >> 2];
              R[a + 1] = i32[(low >> 2) + 1];
            } else {
              const at = host.read(low, KERNEL_HIGH, 8);
              R[a] = memory.view.getInt32(at, true);
              R[a + 1] = memory.view.getInt32(at + 4, true);
            }
            break;
          }
        case 115: // STG4
          {
            const low = C[pc + 2];
            if ((low & 3) === 0 && (shadow32[low >> 2] & writeMask) === 0) i32[low >> 2] = R[AT & (fp + C[pc + 1])];
            else memory.view.setInt32(host.write(low, KERNEL_HIGH, 4), R[AT & (fp + C[pc + 1])], true);
            break;
          }
        case 116: // STG8
          {
            const low = C[pc + 2];
            const a = AT & (fp + C[pc + 1]);
            if (
              (low & 3) === 0 &&
              (shadow32[low >> 2] & writeMask) === 0 &&
              (shadow32[(low >> 2) + 1] & writeMask) === 0
            ) {
              i32[low >> 2] = R[a];
              i32[(low >> 2) + 1] = R[a + 1];
            } else {
              const at = host.write(low, KERNEL_HIGH, 8);
              memory.view.setInt32(at, R[a], true);
              memory.view.setInt32(at + 4, R[a + 1], true);
            }
            break;
          }
        // ---- blocks of memory ----
        case 117: // COPY
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            host.copy(R[a], R[a + 1], R[b], R[b + 1], C[pc + 3]);
            break;
          }
        case 118: // CLEAR
          {
            const a = AT & (fp + C[pc + 1]);
            const at = host.write(R[a], R[a + 1], C[pc + 2]);
            memory.u8.fill(0, at, at + C[pc + 2]);
            break;
          }
        case 119: // MARK
          {
            const start = frame + C[pc + 1];
            memory.shadow8.fill(C[pc + 3], start, start + C[pc + 2]);
            break;
          }
        // ---- bit-fields ----
        case 120: // BITSS
          R[AT & (fp + C[pc + 1])] = (R[AT & (fp + C[pc + 2])] << (32 - C[pc + 3] - C[pc + 4])) >> (32 - C[pc + 4]);
          break;
        case 121: // BITSU
          R[AT & (fp + C[pc + 1])] = (R[AT & (fp + C[pc + 2])] << (32 - C[pc + 3] - C[pc + 4])) >>> (32 - C[pc + 4]);
          break;
        case 122: // BITSS8
          extractSigned(thread, AT & (fp + C[pc + 1]), AT & (fp + C[pc + 2]), C[pc + 3], C[pc + 4]);
          break;
        case 123: // BITSU8
          extractUnsigned(thread, AT & (fp + C[pc + 1]), AT & (fp + C[pc + 2]), C[pc + 3], C[pc + 4]);
          break;
        case 124: // PUTBITS
          {
            const a = AT & (fp + C[pc + 1]);
            const mask = C[pc + 4] === 32 ? -1 : ((1 << C[pc + 4]) - 1) << C[pc + 3];
            R[a] = (R[a] & ~mask) | ((R[AT & (fp + C[pc + 2])] << C[pc + 3]) & mask);
            break;
          }
        case 125: // PUTBITS8
          insertBits(thread, AT & (fp + C[pc + 1]), AT & (fp + C[pc + 2]), C[pc + 3], C[pc + 4]);
          break;
        // ---- jumps ----
        case 126: // JMP
          pc = AT & C[pc + 1];
          continue;
        case 215: // STMT_JZ
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 127: // JZ
          if (R[AT & (fp + C[pc + 1])] === 0) {
            pc = AT & C[pc + 2];
            continue;
          }
          break;
        case 216: // STMT_JNZ
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 128: // JNZ
          if (R[AT & (fp + C[pc + 1])] !== 0) {
            pc = AT & C[pc + 2];
            continue;
          }
          break;
        case 217: // STMT_JZ8
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 129: // JZ8
          {
            const a = AT & (fp + C[pc + 1]);
            if ((R[a] | R[a + 1]) === 0) {
              pc = AT & C[pc + 2];
              continue;
            }
            break;
          }
        case 218: // STMT_JNZ8
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 130: // JNZ8
          {
            const a = AT & (fp + C[pc + 1]);
            if ((R[a] | R[a + 1]) !== 0) {
              pc = AT & C[pc + 2];
              continue;
            }
            break;
          }
        case 131: // JZF
          if (F[(AT & (fp + C[pc + 1])) >> 1] === 0) {
            pc = AT & C[pc + 2];
            continue;
          }
          break;
        case 132: // JNZF
          if (F[(AT & (fp + C[pc + 1])) >> 1] !== 0) {
            pc = AT & C[pc + 2];
            continue;
          }
          break;
        case 133: // JEQ
          if (R[AT & (fp + C[pc + 1])] === R[AT & (fp + C[pc + 2])]) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 134: // JNE
          if (R[AT & (fp + C[pc + 1])] !== R[AT & (fp + C[pc + 2])]) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 219: // STMT_JLT
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 135: // JLT
          if (R[AT & (fp + C[pc + 1])] < R[AT & (fp + C[pc + 2])]) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 136: // JGE
          if (R[AT & (fp + C[pc + 1])] >= R[AT & (fp + C[pc + 2])]) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 220: // STMT_JULT
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 137: // JULT
          if (R[AT & (fp + C[pc + 1])] >>> 0 < R[AT & (fp + C[pc + 2])] >>> 0) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 138: // JUGE
          if (R[AT & (fp + C[pc + 1])] >>> 0 >= R[AT & (fp + C[pc + 2])] >>> 0) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 139: // JEQ8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            if (R[a] === R[b] && R[a + 1] === R[b + 1]) {
              pc = AT & C[pc + 3];
              continue;
            }
            break;
          }
        case 140: // JNE8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            if (R[a] !== R[b] || R[a + 1] !== R[b + 1]) {
              pc = AT & C[pc + 3];
              continue;
            }
            break;
          }
        case 141: // JLT8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            if (R[a + 1] < R[b + 1] || (R[a + 1] === R[b + 1] && R[a] >>> 0 < R[b] >>> 0)) {
              pc = AT & C[pc + 3];
              continue;
            }
            break;
          }
        case 142: // JGE8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            if (!(R[a + 1] < R[b + 1] || (R[a + 1] === R[b + 1] && R[a] >>> 0 < R[b] >>> 0))) {
              pc = AT & C[pc + 3];
              continue;
            }
            break;
          }
        case 143: // JULT8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            if (R[a + 1] >>> 0 < R[b + 1] >>> 0 || (R[a + 1] === R[b + 1] && R[a] >>> 0 < R[b] >>> 0)) {
              pc = AT & C[pc + 3];
              continue;
            }
            break;
          }
        case 144: // JUGE8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            if (!(R[a + 1] >>> 0 < R[b + 1] >>> 0 || (R[a + 1] === R[b + 1] && R[a] >>> 0 < R[b] >>> 0))) {
              pc = AT & C[pc + 3];
              continue;
            }
            break;
          }
        case 223: // STMT_JEQI
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 145: // JEQI
          if (R[AT & (fp + C[pc + 1])] === C[pc + 2]) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 224: // STMT_JNEI
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 146: // JNEI
          if (R[AT & (fp + C[pc + 1])] !== C[pc + 2]) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 221: // STMT_JLTI
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 147: // JLTI
          if (R[AT & (fp + C[pc + 1])] < C[pc + 2]) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 148: // JGEI
          if (R[AT & (fp + C[pc + 1])] >= C[pc + 2]) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 222: // STMT_JGTI
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 149: // JGTI
          if (R[AT & (fp + C[pc + 1])] > C[pc + 2]) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 150: // JLEI
          if (R[AT & (fp + C[pc + 1])] <= C[pc + 2]) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 225: // STMT_JULTI
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 151: // JULTI
          if (R[AT & (fp + C[pc + 1])] >>> 0 < C[pc + 2] >>> 0) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 226: // STMT_JUGEI
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 152: // JUGEI
          if (R[AT & (fp + C[pc + 1])] >>> 0 >= C[pc + 2] >>> 0) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 153: // SWITCH
          {
            const v = (R[AT & (fp + C[pc + 1])] - C[pc + 2]) >>> 0;
            if (v < C[pc + 3]) {
              pc = AT & program.jumpTables[C[pc + 4]][v];
              continue;
            }
            break;
          }
        // ---- calls ----
        case 227: // STMT_CALL
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 154: // CALL
          {
            const index = C[pc + 2];
            const row = index * ROW;
            const window = AT & (fp + C[pc + 1]);
            const need = (used + table[row + 2]) | 0;
            const below = top - table[row + 3] - C[pc + 3] * 8 - FRAME_MARGIN;
            if (window * 4 + table[row + 1] * 8 + need > thread.stackSize || below < thread.stackStart)
              host.fail('stack-overflow', index);
            control[controlTop] = pc + 5;
            control[controlTop + 1] = fp;
            control[controlTop + 2] = frame;
            control[controlTop + 3] = top;
            control[controlTop + 4] = used;
            controlTop = (controlTop + 5) | 0;
            used = need;
            fp = window;
            if (table[row + 3] !== 0 || table[row + 4] >= 0)
              top = enterFrame(program, memory, R, { index, window, count: C[pc + 3], top }) | 0;
            frame = top;
            pc = AT & table[row];
            continue;
          }
        case 155: // CALLI
          {
            const b = AT & (fp + C[pc + 2]);
            const index = host.target(R[b], R[b + 1], C[pc + 4]);
            if (host.isGuest(index)) {
              const row = index * ROW;
              const window = AT & (fp + C[pc + 1]);
              const need = (used + table[row + 2]) | 0;
              const below = top - table[row + 3] - C[pc + 3] * 8 - FRAME_MARGIN;
              if (window * 4 + table[row + 1] * 8 + need > thread.stackSize || below < thread.stackStart)
                host.fail('stack-overflow', index);
              control[controlTop] = pc + 5;
              control[controlTop + 1] = fp;
              control[controlTop + 2] = frame;
              control[controlTop + 3] = top;
              control[controlTop + 4] = used;
              controlTop = (controlTop + 5) | 0;
              used = need;
              fp = window;
              if (table[row + 3] !== 0 || table[row + 4] >= 0)
                top = enterFrame(program, memory, R, { index, window, count: C[pc + 3], top }) | 0;
              frame = top;
              pc = AT & table[row];
              continue;
            }
            stand(thread, host, pc, fp, frame, top, used, controlTop, left);
            if (!host.native(index, AT & (fp + C[pc + 1]), C[pc + 3], C[pc + 4])) return EXIT.native;
            // A native may have let memory grow, raised the IRQL, or set marks.
            memory = host.memory;
            u8 = memory.u8;
            shadow8 = memory.shadow8;
            i32 = memory.i32;
            shadow32 = memory.shadow32;
            outside = ~(memory.size - 1);
            readMask = memory.irql < DISPATCH_LEVEL ? READ_MASK_LOW_IRQL : READ_MASK;
            writeMask = memory.irql < DISPATCH_LEVEL ? WRITE_MASK_LOW_IRQL : -1;
            marks = host.marks();
            floor = host.isWatched() ? EVERY : 0;
            left = host.left | 0;
            break;
          }
        case 156: // CALLN
          {
            const index = C[pc + 2];
            stand(thread, host, pc, fp, frame, top, used, controlTop, left);
            if (!host.native(index, AT & (fp + C[pc + 1]), C[pc + 3], C[pc + 4])) return EXIT.native;
            // A native may have let memory grow, raised the IRQL, or set marks.
            memory = host.memory;
            u8 = memory.u8;
            shadow8 = memory.shadow8;
            i32 = memory.i32;
            shadow32 = memory.shadow32;
            outside = ~(memory.size - 1);
            readMask = memory.irql < DISPATCH_LEVEL ? READ_MASK_LOW_IRQL : READ_MASK;
            writeMask = memory.irql < DISPATCH_LEVEL ? WRITE_MASK_LOW_IRQL : -1;
            marks = host.marks();
            floor = host.isWatched() ? EVERY : 0;
            left = host.left | 0;
            break;
          }
        case 228: // STMT_RET
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 157: // RET
          {
            const a = AT & (fp + C[pc + 1]);
            R[fp] = R[a];
            R[fp + 1] = R[a + 1];
            controlTop = (controlTop - 5) | 0;
            const back = control[controlTop];
            const callerTop = control[controlTop + 3];
            if (top !== callerTop) shadow32.fill(DEAD_STACK, top >> 2, callerTop >> 2);
            frame = control[controlTop + 2];
            top = callerTop;
            used = control[controlTop + 4];
            if (back < 0) {
              host.returnedAt = pc;
              pc = back;
              exit = EXIT.returned;
              break running;
            }
            pc = AT & back;
            fp = AT & control[controlTop + 1];
            continue;
          }
        case 229: // STMT_RETV
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 158: // RETV
          {
            controlTop = (controlTop - 5) | 0;
            const back = control[controlTop];
            const callerTop = control[controlTop + 3];
            if (top !== callerTop) shadow32.fill(DEAD_STACK, top >> 2, callerTop >> 2);
            frame = control[controlTop + 2];
            top = callerTop;
            used = control[controlTop + 4];
            if (back < 0) {
              host.returnedAt = pc;
              pc = back;
              exit = EXIT.returned;
              break running;
            }
            pc = AT & back;
            fp = AT & control[controlTop + 1];
            continue;
          }
        case 159: // RETNONE
          {
            // Whoever called looks at a value that was never made.
            const site = control[controlTop - 5];
            if (site < 0 || program.usedResults[C[site - 1]] !== 0) host.fail('no-return-value', 0);
            controlTop = (controlTop - 5) | 0;
            const back = control[controlTop];
            const callerTop = control[controlTop + 3];
            if (top !== callerTop) shadow32.fill(DEAD_STACK, top >> 2, callerTop >> 2);
            frame = control[controlTop + 2];
            top = callerTop;
            used = control[controlTop + 4];
            pc = AT & back;
            fp = AT & control[controlTop + 1];
            continue;
          }
        // ---- checks and the rest ----
        case 160: // CHECK
          if (R[AT & (fp + C[pc + 1])] === 0) host.uninitialised(C[pc + 2]);
          break;
        case 161: // TRAP
          host.trap(C[pc + 1]);
          break;
        case 162: // GOSUB
          R[AT & (fp + C[pc + 1])] = pc + 5;
          pc = AT & C[pc + 2];
          continue;
        case 163: // ENDSUB
          {
            const back = R[AT & (fp + C[pc + 1])];
            if (back < 0) {
              exit = EXIT.unwind;
              break running;
            }
            pc = AT & back;
            continue;
          }
        case 164: // ENDFILTER
          exit = EXIT.filter;
          break running;
        case 165: // ALLOCA
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            top = host.reserve(top, R[b], R[b + 1]) | 0;
            R[a] = top + 16;
            R[a + 1] = KERNEL_HIGH;
            break;
          }
        // ---- memory to memory, with the state of the bytes ----
        case 212: // STMT_CPY1
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 166: // CPY1
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const m = C[pc + 4];
            const x = R[a];
            const y = R[b];
            const low = (x + n) | 0;
            const from = (y + m) | 0;
            if (
              (((low | from) & outside) | ((x | y) & outside) | (R[a + 1] ^ KERNEL_HIGH) | (R[b + 1] ^ KERNEL_HIGH)) ===
                0 &&
              (shadow8[from] & readMask) === 0 &&
              (shadow8[low] & writeMask) === 0
            ) {
              u8[low] = u8[from];
            } else host.copy(low, carried(R[a + 1], x, n), from, carried(R[b + 1], y, m), 1);
            break;
          }
        case 167: // CPY2
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const m = C[pc + 4];
            const x = R[a];
            const y = R[b];
            const low = (x + n) | 0;
            const from = (y + m) | 0;
            if (
              (((low | from) & (outside | 1)) |
                ((x | y) & outside) |
                (R[a + 1] ^ KERNEL_HIGH) |
                (R[b + 1] ^ KERNEL_HIGH)) ===
                0 &&
              (memory.shadow16[from >>> 1] & readMask) === 0 &&
              (memory.shadow16[low >>> 1] & writeMask) === 0
            ) {
              memory.i16[low >>> 1] = memory.i16[from >>> 1];
            } else host.copy(low, carried(R[a + 1], x, n), from, carried(R[b + 1], y, m), 2);
            break;
          }
        case 168: // CPY4
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const m = C[pc + 4];
            const x = R[a];
            const y = R[b];
            const low = (x + n) | 0;
            const from = (y + m) | 0;
            if (
              (((low | from) & (outside | 3)) |
                ((x | y) & outside) |
                (R[a + 1] ^ KERNEL_HIGH) |
                (R[b + 1] ^ KERNEL_HIGH)) ===
                0 &&
              (shadow32[from >>> 2] & readMask) === 0 &&
              (shadow32[low >>> 2] & writeMask) === 0
            ) {
              i32[low >>> 2] = i32[from >>> 2];
            } else host.copy(low, carried(R[a + 1], x, n), from, carried(R[b + 1], y, m), 4);
            break;
          }
        case 169: // CPY8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const m = C[pc + 4];
            const x = R[a];
            const y = R[b];
            const low = (x + n) | 0;
            const from = (y + m) | 0;
            if (
              (((low | from) & (outside | 3)) |
                ((x | y) & outside) |
                (R[a + 1] ^ KERNEL_HIGH) |
                (R[b + 1] ^ KERNEL_HIGH)) ===
                0 &&
              ((shadow32[from >>> 2] | shadow32[(from >>> 2) + 1]) & readMask) === 0 &&
              ((shadow32[low >>> 2] | shadow32[(low >>> 2) + 1]) & writeMask) === 0
            ) {
              const first = i32[from >>> 2];
              const second = i32[(from >>> 2) + 1];
              i32[low >>> 2] = first;
              i32[(low >>> 2) + 1] = second;
            } else host.copy(low, carried(R[a + 1], x, n), from, carried(R[b + 1], y, m), 8);
            break;
          }
        case 170: // BOUND
          if (R[AT & (fp + C[pc + 1])] >>> 0 >= C[pc + 2])
            host.bound(R[AT & (fp + C[pc + 1])], R[AT & (fp + C[pc + 1])] >> 31, C[pc + 2]);
          break;
        case 171: // BOUND8
          {
            const a = AT & (fp + C[pc + 1]);
            if (R[a + 1] !== 0 || R[a] >>> 0 >= C[pc + 2]) host.bound(R[a], R[a + 1], C[pc + 2]);
            break;
          }
        case 172: // RETADDR
          host.caller(fp + C[pc + 1], controlTop, C[pc + 2]);
          break;
        case 173: // VAARG
          {
            const a = AT & (fp + C[pc + 1]);
            stand(thread, host, pc, fp, frame, top, used, controlTop, left);
            host.variadic(R[a], R[a + 1], C[pc + 2]);
            break;
          }
        case 174: // BUILTIN
          R[AT & (fp + C[pc + 1])] = host.builtin(fp + C[pc + 2], C[pc + 3]);
          break;
        case 175: // BEGIN
          {
            // Objects of the frame lie at multiples of 4; what follows one up to the next is its red zone.
            const from = C[pc + 1] >> 2;
            const shadow = program.frameShadows[C[pc + 3]].subarray(from, from + ((C[pc + 2] + 3) >> 2));
            shadow32.set(shadow, (frame >> 2) + from);
            break;
          }
        case 176: // PASS
          host.pass(fp + C[pc + 1], AT & (fp + C[pc + 2]), C[pc + 3]);
          break;
        case 177: // RECEIVE
          host.receive(frame + C[pc + 1], AT & (fp + C[pc + 2]), C[pc + 3]);
          break;
        // ---- 64-bit arithmetic with a constant ----
        case 178: // ANDI8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            R[a + 1] = R[b + 1] & C[pc + 4];
            R[a] = R[b] & C[pc + 3];
            break;
          }
        case 179: // MULI8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const x = R[b];
            const y = C[pc + 3];
            R[a + 1] = multiplyHigh(x, y) + Math.imul(x, C[pc + 4]) + Math.imul(R[b + 1], y);
            R[a] = Math.imul(x, y);
            break;
          }
        case 180: // SHLI8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const x = R[b];
            const y = R[b + 1];
            if (n >= 32) {
              R[a] = 0;
              R[a + 1] = x << (n - 32);
            } else if (n > 0) {
              R[a] = x << n;
              R[a + 1] = (y << n) | (x >>> (32 - n));
            } else {
              R[a] = x;
              R[a + 1] = y;
            }
            break;
          }
        case 181: // SHRI8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const x = R[b];
            const y = R[b + 1];
            if (n >= 32) {
              R[a] = y >> (n - 32);
              R[a + 1] = y >> 31;
            } else if (n > 0) {
              R[a] = (x >>> n) | (y << (32 - n));
              R[a + 1] = y >> n;
            } else {
              R[a] = x;
              R[a + 1] = y;
            }
            break;
          }
        case 182: // USHRI8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const x = R[b];
            const y = R[b + 1];
            if (n >= 32) {
              R[a] = y >>> (n - 32);
              R[a + 1] = 0;
            } else if (n > 0) {
              R[a] = (x >>> n) | (y << (32 - n));
              R[a + 1] = y >>> n;
            } else {
              R[a] = x;
              R[a + 1] = y;
            }
            break;
          }
        // ---- 32-bit division by a constant ----
        case 183: // DIVI
          R[AT & (fp + C[pc + 1])] = (R[AT & (fp + C[pc + 2])] / C[pc + 3]) | 0;
          break;
        case 184: // UDIVI
          R[AT & (fp + C[pc + 1])] = ((R[AT & (fp + C[pc + 2])] >>> 0) / (C[pc + 3] >>> 0)) >>> 0;
          break;
        case 185: // MODI
          R[AT & (fp + C[pc + 1])] = (R[AT & (fp + C[pc + 2])] % C[pc + 3]) | 0;
          break;
        case 186: // UMODI
          R[AT & (fp + C[pc + 1])] = ((R[AT & (fp + C[pc + 2])] >>> 0) % (C[pc + 3] >>> 0)) >>> 0;
          break;
        // ---- 64-bit comparisons with a constant ----
        case 187: // JEQI8
          {
            const a = AT & (fp + C[pc + 1]);
            if (R[a] === C[pc + 2] && R[a + 1] === C[pc + 3]) {
              pc = AT & C[pc + 4];
              continue;
            }
            break;
          }
        case 188: // JNEI8
          {
            const a = AT & (fp + C[pc + 1]);
            if (R[a] !== C[pc + 2] || R[a + 1] !== C[pc + 3]) {
              pc = AT & C[pc + 4];
              continue;
            }
            break;
          }
        case 189: // JLTI8
          {
            const a = AT & (fp + C[pc + 1]);
            if (R[a + 1] < C[pc + 3] || (R[a + 1] === C[pc + 3] && R[a] >>> 0 < C[pc + 2] >>> 0)) {
              pc = AT & C[pc + 4];
              continue;
            }
            break;
          }
        case 190: // JGEI8
          {
            const a = AT & (fp + C[pc + 1]);
            if (R[a + 1] > C[pc + 3] || (R[a + 1] === C[pc + 3] && R[a] >>> 0 >= C[pc + 2] >>> 0)) {
              pc = AT & C[pc + 4];
              continue;
            }
            break;
          }
        case 191: // JULTI8
          {
            const a = AT & (fp + C[pc + 1]);
            if (R[a + 1] >>> 0 < C[pc + 3] >>> 0 || (R[a + 1] === C[pc + 3] && R[a] >>> 0 < C[pc + 2] >>> 0)) {
              pc = AT & C[pc + 4];
              continue;
            }
            break;
          }
        case 192: // JUGEI8
          {
            const a = AT & (fp + C[pc + 1]);
            if (R[a + 1] >>> 0 > C[pc + 3] >>> 0 || (R[a + 1] === C[pc + 3] && R[a] >>> 0 >= C[pc + 2] >>> 0)) {
              pc = AT & C[pc + 4];
              continue;
            }
            break;
          }
        // ---- what steps on ----
        case 204: // STMT_STEP8
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 193: // STEP8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const x = R[b];
            const y = R[b + 1];
            const low = (x + n) | 0;
            R[a] = x;
            R[a + 1] = y;
            R[b] = low;
            R[b + 1] = y + (n >> 31) + (low >>> 0 < x >>> 0 ? 1 : 0);
            break;
          }
        case 213: // STMT_CPYSTEP1
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 194: // CPYSTEP1
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const m = C[pc + 4];
            const x = R[a];
            const y = R[b];
            const xHigh = R[a + 1];
            const yHigh = R[b + 1];
            if (
              (((x | y) & outside) | (xHigh ^ KERNEL_HIGH) | (yHigh ^ KERNEL_HIGH)) === 0 &&
              (shadow8[y] & readMask) === 0 &&
              (shadow8[x] & writeMask) === 0
            ) {
              u8[x] = u8[y];
            } else host.copy(x, xHigh, y, yHigh, 1);
            const low = (x + n) | 0;
            R[a] = low;
            R[a + 1] = xHigh + (n >> 31) + (low >>> 0 < x >>> 0 ? 1 : 0);
            const from = (y + m) | 0;
            R[b] = from;
            R[b + 1] = yHigh + (m >> 31) + (from >>> 0 < y >>> 0 ? 1 : 0);
            break;
          }
        case 214: // STMT_CPYSTEP8
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
        case 195: // CPYSTEP8
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const m = C[pc + 4];
            const x = R[a];
            const y = R[b];
            const xHigh = R[a + 1];
            const yHigh = R[b + 1];
            if (
              (((x | y) & (outside | 3)) | (xHigh ^ KERNEL_HIGH) | (yHigh ^ KERNEL_HIGH)) === 0 &&
              ((shadow32[y >>> 2] | shadow32[(y >>> 2) + 1]) & readMask) === 0 &&
              ((shadow32[x >>> 2] | shadow32[(x >>> 2) + 1]) & writeMask) === 0
            ) {
              const first = i32[y >>> 2];
              const second = i32[(y >>> 2) + 1];
              i32[x >>> 2] = first;
              i32[(x >>> 2) + 1] = second;
            } else host.copy(x, xHigh, y, yHigh, 8);
            const low = (x + n) | 0;
            R[a] = low;
            R[a + 1] = xHigh + (n >> 31) + (low >>> 0 < x >>> 0 ? 1 : 0);
            const from = (y + m) | 0;
            R[b] = from;
            R[b + 1] = yHigh + (m >> 31) + (from >>> 0 < y >>> 0 ? 1 : 0);
            break;
          }
        // ---- several instructions in a row ----
        case 230: // STMT_ADDI+STMT_JLT
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] + C[pc + 3];
          pc = AT & (pc + 5);
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          if (R[AT & (fp + C[pc + 1])] < R[AT & (fp + C[pc + 2])]) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 231: // STMT_ADDI+STMT_JLTI
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] + C[pc + 3];
          pc = AT & (pc + 5);
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          if (R[AT & (fp + C[pc + 1])] < C[pc + 2]) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 232: // STMT_ADDI+STMT_JGTI
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] + C[pc + 3];
          pc = AT & (pc + 5);
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          if (R[AT & (fp + C[pc + 1])] > C[pc + 2]) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 233: // STMT_ADDI+STMT_JULT
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] + C[pc + 3];
          pc = AT & (pc + 5);
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          if (R[AT & (fp + C[pc + 1])] >>> 0 < R[AT & (fp + C[pc + 2])] >>> 0) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 234: // STMT_ADDI+STMT_JULTI
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] + C[pc + 3];
          pc = AT & (pc + 5);
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          if (R[AT & (fp + C[pc + 1])] >>> 0 < C[pc + 2] >>> 0) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 235: // STMT_ADDI+STMT_JUGEI
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] + C[pc + 3];
          pc = AT & (pc + 5);
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          if (R[AT & (fp + C[pc + 1])] >>> 0 >= C[pc + 2] >>> 0) {
            pc = AT & C[pc + 3];
            continue;
          }
          break;
        case 236: // STMT_ADDI8+STMT_ADDI
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const x = R[b];
            const low = (x + n) | 0;
            R[a + 1] = R[b + 1] + (n >> 31) + (low >>> 0 < x >>> 0 ? 1 : 0);
            R[a] = low;
          }
          pc = AT & (pc + 5);
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] + C[pc + 3];
          break;
        case 237: // STMT_ADDI8+STMT_ADDI8
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const x = R[b];
            const low = (x + n) | 0;
            R[a + 1] = R[b + 1] + (n >> 31) + (low >>> 0 < x >>> 0 ? 1 : 0);
            R[a] = low;
          }
          pc = AT & (pc + 5);
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const x = R[b];
            const low = (x + n) | 0;
            R[a + 1] = R[b + 1] + (n >> 31) + (low >>> 0 < x >>> 0 ? 1 : 0);
            R[a] = low;
            break;
          }
        case 238: // STMT_MOV8+CALL
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            R[a] = R[b];
            R[a + 1] = R[b + 1];
          }
          pc = AT & (pc + 5);
          {
            const index = C[pc + 2];
            const row = index * ROW;
            const window = AT & (fp + C[pc + 1]);
            const need = (used + table[row + 2]) | 0;
            const below = top - table[row + 3] - C[pc + 3] * 8 - FRAME_MARGIN;
            if (window * 4 + table[row + 1] * 8 + need > thread.stackSize || below < thread.stackStart)
              host.fail('stack-overflow', index);
            control[controlTop] = pc + 5;
            control[controlTop + 1] = fp;
            control[controlTop + 2] = frame;
            control[controlTop + 3] = top;
            control[controlTop + 4] = used;
            controlTop = (controlTop + 5) | 0;
            used = need;
            fp = window;
            if (table[row + 3] !== 0 || table[row + 4] >= 0)
              top = enterFrame(program, memory, R, { index, window, count: C[pc + 3], top }) | 0;
            frame = top;
            pc = AT & table[row];
            continue;
          }
        case 239: // STMT_LDU1+SHLI
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          {
            const b = AT & (fp + C[pc + 2]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (((low & outside) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 && (shadow8[low] & readMask) === 0) {
              R[AT & (fp + C[pc + 1])] = u8[low];
            } else {
              const at = host.read(low, carried(R[b + 1], x, n), 1);
              R[AT & (fp + C[pc + 1])] = memory.view.getUint8(at);
            }
          }
          pc = AT & (pc + 5);
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] << C[pc + 3];
          break;
        case 240: // LDU1+OR
          {
            const b = AT & (fp + C[pc + 2]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (((low & outside) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 && (shadow8[low] & readMask) === 0) {
              R[AT & (fp + C[pc + 1])] = u8[low];
            } else {
              const at = host.read(low, carried(R[b + 1], x, n), 1);
              R[AT & (fp + C[pc + 1])] = memory.view.getUint8(at);
            }
          }
          pc = AT & (pc + 5);
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] | R[AT & (fp + C[pc + 3])];
          break;
        case 241: // STMT_LD8+STMT_ST8
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          {
            const b = AT & (fp + C[pc + 2]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (
              ((low & (outside | 3)) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 &&
              (shadow32[low >>> 2] & readMask) === 0 &&
              (shadow32[(low >>> 2) + 1] & readMask) === 0
            ) {
              const a = AT & (fp + C[pc + 1]);
              R[a] = i32[low >>> 2];
              R[a + 1] = i32[(low >>> 2) + 1];
            } else {
              const at = host.read(low, carried(R[b + 1], x, n), 8);
              const a = AT & (fp + C[pc + 1]);
              R[a] = memory.view.getInt32(at, true);
              R[a + 1] = memory.view.getInt32(at + 4, true);
            }
          }
          pc = AT & (pc + 5);
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          {
            const b = AT & (fp + C[pc + 1]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (
              ((low & (outside | 3)) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 &&
              (shadow32[low >>> 2] & writeMask) === 0 &&
              (shadow32[(low >>> 2) + 1] & writeMask) === 0
            ) {
              const v = AT & (fp + C[pc + 2]);
              i32[low >>> 2] = R[v];
              i32[(low >>> 2) + 1] = R[v + 1];
            } else {
              const at = host.write(low, carried(R[b + 1], x, n), 8);
              const v = AT & (fp + C[pc + 2]);
              memory.view.setInt32(at, R[v], true);
              memory.view.setInt32(at + 4, R[v + 1], true);
            }
            break;
          }
        case 242: // STMT_ST8+STMT_ST8
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          {
            const b = AT & (fp + C[pc + 1]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (
              ((low & (outside | 3)) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 &&
              (shadow32[low >>> 2] & writeMask) === 0 &&
              (shadow32[(low >>> 2) + 1] & writeMask) === 0
            ) {
              const v = AT & (fp + C[pc + 2]);
              i32[low >>> 2] = R[v];
              i32[(low >>> 2) + 1] = R[v + 1];
            } else {
              const at = host.write(low, carried(R[b + 1], x, n), 8);
              const v = AT & (fp + C[pc + 2]);
              memory.view.setInt32(at, R[v], true);
              memory.view.setInt32(at + 4, R[v + 1], true);
            }
          }
          pc = AT & (pc + 5);
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          {
            const b = AT & (fp + C[pc + 1]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (
              ((low & (outside | 3)) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 &&
              (shadow32[low >>> 2] & writeMask) === 0 &&
              (shadow32[(low >>> 2) + 1] & writeMask) === 0
            ) {
              const v = AT & (fp + C[pc + 2]);
              i32[low >>> 2] = R[v];
              i32[(low >>> 2) + 1] = R[v + 1];
            } else {
              const at = host.write(low, carried(R[b + 1], x, n), 8);
              const v = AT & (fp + C[pc + 2]);
              memory.view.setInt32(at, R[v], true);
              memory.view.setInt32(at + 4, R[v + 1], true);
            }
            break;
          }
        case 243: // STMT_LDU1+SHLI+LDU1+OR
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          {
            const b = AT & (fp + C[pc + 2]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (((low & outside) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 && (shadow8[low] & readMask) === 0) {
              R[AT & (fp + C[pc + 1])] = u8[low];
            } else {
              const at = host.read(low, carried(R[b + 1], x, n), 1);
              R[AT & (fp + C[pc + 1])] = memory.view.getUint8(at);
            }
          }
          pc = AT & (pc + 5);
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] << C[pc + 3];
          pc = AT & (pc + 5);
          {
            const b = AT & (fp + C[pc + 2]);
            const x = R[b];
            const n = C[pc + 3];
            const low = (x + n) | 0;
            if (((low & outside) | (x & outside) | (R[b + 1] ^ KERNEL_HIGH)) === 0 && (shadow8[low] & readMask) === 0) {
              R[AT & (fp + C[pc + 1])] = u8[low];
            } else {
              const at = host.read(low, carried(R[b + 1], x, n), 1);
              R[AT & (fp + C[pc + 1])] = memory.view.getUint8(at);
            }
          }
          pc = AT & (pc + 5);
          R[AT & (fp + C[pc + 1])] = R[AT & (fp + C[pc + 2])] | R[AT & (fp + C[pc + 3])];
          break;
        case 244: // MOV8+CALL
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            R[a] = R[b];
            R[a + 1] = R[b + 1];
          }
          pc = AT & (pc + 5);
          {
            const index = C[pc + 2];
            const row = index * ROW;
            const window = AT & (fp + C[pc + 1]);
            const need = (used + table[row + 2]) | 0;
            const below = top - table[row + 3] - C[pc + 3] * 8 - FRAME_MARGIN;
            if (window * 4 + table[row + 1] * 8 + need > thread.stackSize || below < thread.stackStart)
              host.fail('stack-overflow', index);
            control[controlTop] = pc + 5;
            control[controlTop + 1] = fp;
            control[controlTop + 2] = frame;
            control[controlTop + 3] = top;
            control[controlTop + 4] = used;
            controlTop = (controlTop + 5) | 0;
            used = need;
            fp = window;
            if (table[row + 3] !== 0 || table[row + 4] >= 0)
              top = enterFrame(program, memory, R, { index, window, count: C[pc + 3], top }) | 0;
            frame = top;
            pc = AT & table[row];
            continue;
          }
        case 245: // STMT_CPY1+STMT_ADDI8+STMT_ADDI8
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const m = C[pc + 4];
            const x = R[a];
            const y = R[b];
            const low = (x + n) | 0;
            const from = (y + m) | 0;
            if (
              (((low | from) & outside) | ((x | y) & outside) | (R[a + 1] ^ KERNEL_HIGH) | (R[b + 1] ^ KERNEL_HIGH)) ===
                0 &&
              (shadow8[from] & readMask) === 0 &&
              (shadow8[low] & writeMask) === 0
            ) {
              u8[low] = u8[from];
            } else host.copy(low, carried(R[a + 1], x, n), from, carried(R[b + 1], y, m), 1);
          }
          pc = AT & (pc + 5);
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const x = R[b];
            const low = (x + n) | 0;
            R[a + 1] = R[b + 1] + (n >> 31) + (low >>> 0 < x >>> 0 ? 1 : 0);
            R[a] = low;
          }
          pc = AT & (pc + 5);
          if (left <= floor && (left === 0 || marks[C[pc + 1]] !== 0)) break running;
          left = (left - 1) | 0;
          pc = AT & (pc + 5);
          {
            const a = AT & (fp + C[pc + 1]);
            const b = AT & (fp + C[pc + 2]);
            const n = C[pc + 3];
            const x = R[b];
            const low = (x + n) | 0;
            R[a + 1] = R[b + 1] + (n >> 31) + (low >>> 0 < x >>> 0 ? 1 : 0);
            R[a] = low;
            break;
          }
      }
      pc = AT & (pc + 5);
    }
    stand(thread, host, pc, fp, frame, top, used, controlTop, left);
    return exit;
  } catch (error) {
    stand(thread, host, pc, fp, frame, top, used, controlTop, left);
    throw error;
  }
}

/** Saves where the thread stands. The loop's variables come as arguments: a closure over them would slow each use. */
function stand(
  thread: VmThread,
  host: VmHost,
  pc: number,
  fp: number,
  frame: number,
  top: number,
  used: number,
  controlTop: number,
  left: number,
): void {
  thread.pc = pc;
  thread.fp = fp;
  thread.frame = frame;
  thread.top = top;
  thread.used = used;
  thread.controlTop = controlTop;
  host.left = left;
}

/**
 * Makes a routine's frame in stack memory and returns the new top of the stack. The variadic arguments of a call go
 * into memory above it, where the callee's va_list points.
 */
export function enterFrame(
  program: VmProgram,
  memory: MemoryViews,
  R: Int32Array,
  o: { readonly index: number; readonly window: number; readonly count: number; readonly top: number },
): number {
  const row = o.index * ROW;
  const fixed = program.routineTable[row + 4];
  let { top } = o;
  if (fixed >= 0) {
    const count = Math.max(0, o.count - fixed);
    const end = top;
    top = (top - count * 8 - 16) & ~15;
    memory.shadow8.fill(0, top, top + count * 8);
    memory.shadow8.fill(RED_ZONE, top + count * 8, end);
    const from = o.window + fixed * 2;
    for (let i = 0; i < count * 2; i++) memory.i32[(top >> 2) + i] = R[from + i];
    R[from] = top;
    R[from + 1] = KERNEL_HIGH;
  }
  const size = program.routineTable[row + 3];
  if (size === 0) return top;
  top = (top - size) & -program.routineTable[row + 5];
  memory.shadow32.set(program.frameShadows[o.index], top >> 2);
  return top;
}

/** The high word of an address x, with this high word, plus n. */
function carried(high: number, x: number, n: number): number {
  return (high + (n >> 31) + ((x + n) >>> 0 < x >>> 0 ? 1 : 0)) | 0;
}

function loadRaw(memory: MemoryViews, at: number, size: number, R: Int32Array, a: number): void {
  const { view } = memory;
  R[a] = size === 1 ? view.getUint8(at) : size === 2 ? view.getUint16(at, true) : view.getInt32(at, true);
  R[a + 1] = size === 8 ? view.getInt32(at + 4, true) : 0;
}
