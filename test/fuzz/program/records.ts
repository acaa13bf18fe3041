/**
 * Random structures: integers, bit-fields, arrays, nested structures, unions with and without a name, and constant
 * initialisers for them, in order or designated.
 */
import type { Random } from '../random.ts';
import { constantFor, type Place, type RecordShape, type Scalar } from './types.ts';

export interface RandomRecord extends RecordShape {
  readonly declaration: readonly string[];
  /** Makes an initialiser, braces and all. */
  readonly initializer: (random: Random) => string;
}

interface Member {
  readonly text: string;
  readonly places: readonly Place[];
  readonly name: string;
  readonly initial: (random: Random) => string;
}

const types: readonly Scalar[] = [
  'i8',
  'u8',
  'i16',
  'u16',
  'i32',
  'u32',
  'i64',
  'u64',
  'bool',
  'float',
  'double',
  'i32',
  'u64',
];

export function randomRecord(random: Random, name: string, before: readonly RandomRecord[]): RandomRecord {
  const members = Array.from({ length: 2 + random.below(6) }, (_, i) => randomMember(random, `f${i}`, before));
  return {
    name: `struct ${name}`,
    members: members.flatMap((member) => member.places),
    declaration: [`struct ${name} {`, ...members.map((member) => `  ${member.text}`), '};'],
    initializer: (source) => initializerOf(source, members),
  };
}

function initializerOf(random: Random, members: readonly Member[]): string {
  if (random.oneIn(2)) {
    const some = members.slice(0, 1 + random.below(members.length));
    return `{${some.map((member) => member.initial(random)).join(', ')}}`;
  }
  const chosen = members.filter((member) => member.name !== '' && !random.oneIn(3));
  const order = random.oneIn(2) ? chosen : [...chosen].reverse();
  if (order.length === 0) return '{0}';
  return `{${order.map((member) => `.${member.name} = ${member.initial(random)}`).join(', ')}}`;
}

function randomMember(random: Random, name: string, before: readonly RandomRecord[]): Member {
  const type = random.pick(types);
  const nested = before.length > 0 ? random.pick(before) : undefined;
  switch (random.below(10)) {
    case 0:
    case 1:
    case 2:
      return bitField(random, name);
    case 3: {
      const length = 1 + random.below(4);
      const places = Array.from({ length }, (_, i) => ({ text: `.${name}[${i}]`, type }));
      const initial = (source: Random): string => `{${places.map(() => constantFor(source, type)).join(', ')}}`;
      return { text: `${type} ${name}[${length}];`, places, name, initial };
    }
    case 4:
      if (nested === undefined) break;
      return {
        text: `${nested.name} ${name};`,
        places: nested.members.map((place) => ({ ...place, text: `.${name}${place.text}` })),
        name,
        initial: nested.initializer,
      };
    case 5:
      return {
        // The views have one size, so that all of what one writes another reads.
        text: `union { u64 w; i64 s; u32 h[2]; u8 b[8]; } ${name};`,
        places: ['.w', '.s', '.h[1]', '.b[3]', '.b[7]'].map((text, i) => ({
          text: `.${name}${text}`,
          type: (['u64', 'i64', 'u32', 'u8', 'u8'] as const)[i] ?? 'u8',
        })),
        name,
        initial: (source) => source.pick([`{${constantFor(source, 'u64')}}`, '{.h = {1, 2}}', '{.b[5] = 9}']),
      };
    case 6:
      return {
        text: `struct { ${type} ${name}_x; union { u32 ${name}_y; i16 ${name}_z[2]; }; };`,
        places: [
          { text: `.${name}_x`, type },
          { text: `.${name}_y`, type: 'u32' },
          { text: `.${name}_z[1]`, type: 'i16' },
        ],
        name: '',
        initial: (source) => `{${constantFor(source, type)}, {${constantFor(source, 'u32')}}}`,
      };
    default:
      break;
  }
  return {
    text: `${type} ${name};`,
    places: [{ text: `.${name}`, type }],
    name,
    initial: (source) => constantFor(source, type),
  };
}

function bitField(random: Random, name: string): Member {
  const type = random.pick(['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'bool'] as const);
  const most = { i8: 8, u8: 8, i16: 16, u16: 16, i32: 31, u32: 31, i64: 31, u64: 31, bool: 1 }[type];
  const width = 1 + random.below(most);
  const gap = random.oneIn(5) ? ` ${type} : ${random.below(Math.max(1, most - 1))};` : '';
  return {
    text: `${type} ${name} : ${width};${gap}`,
    places: [{ text: `.${name}`, type, isBitField: true }],
    name,
    initial: (source) => constantFor(source, type),
  };
}
