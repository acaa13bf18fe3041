/**
 * Random statements, one a line, blocks opened and closed on lines of their own, so that a shrinker can take lines
 * away. Every loop counts to a constant; what a function with effects returns goes straight into a variable, because
 * the order of two effects in one expression is the compiler's choice.
 */
import type { Random } from '../random.ts';
import { expressionOf, floating, integer, type Scope } from './expressions.ts';
import type { RandomRecord } from './records.ts';
import { type ArrayShape, isFloat, type Place, type Scalar } from './types.ts';

/** A function that may change globals and print. */
export interface EffectFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly parameterTypes: readonly (Scalar | RandomRecord)[];
  readonly result: Scalar | RandomRecord;
}

/** What a body may use, and what it counts. */
export interface Body {
  readonly random: Random;
  readonly scope: Scope;
  readonly callable: readonly EffectFunction[];
  readonly objects: readonly { readonly text: string; readonly record: RandomRecord }[];
  readonly pointers: readonly { readonly name: string; readonly array: ArrayShape }[];
  readonly isInLoop: boolean;
  readonly fresh: (stem: string) => string;
}

export function block(body: Body, depth: number, count: number): string[] {
  return Array.from({ length: count }, () => statement(body, depth))
    .flat()
    .map((line) => `  ${line}`);
}

function statement(body: Body, depth: number): string[] {
  const { random } = body;
  return depth > 0 && random.oneIn(2) ? compound(body, depth) : simple(body);
}

function simple(body: Body): string[] {
  const { random, scope } = body;
  switch (random.below(14)) {
    case 0:
    case 1:
    case 2:
      return assignment(body);
    case 3: {
      const { text, type } = target(body);
      if (isFloat(type)) return [`${text} = ${text} ${random.pick(['+', '-'])} ${floating(random, scope, 1)};`];
      return [`${text} ${random.pick(['+=', '-=', '*=', '&=', '|=', '^='])} ${integer(random, scope, 2)};`];
    }
    case 4: {
      const { text, type } = target(body);
      const form = random.pick([`${text}++`, `${text}--`, `++${text}`, `--${text}`]);
      // Two decrements of a _Bool are one thing to one compiler and another to the next; once is the same to all.
      return [type === 'bool' ? `${text} = !${text};` : `${form};`];
    }
    case 5: {
      const { text, type, isBitField = false } = target(body, (one) => !isFloat(one));
      const bits = type.endsWith('64') && !isBitField ? 63 : 31;
      if (type === 'bool') return [`${text} ^= 1;`];
      return [`${text} ${random.pick(['<<=', '>>='])} (${integer(random, scope, 1)} & ${bits});`];
    }
    case 6: {
      const { text } = target(body, (one) => !isFloat(one));
      return [`${text} ${random.pick(['/=', '%='])} ${random.pick(['3', '7u', '10', '1000ll', '-5', '255'])};`];
    }
    case 7:
      return pointerStep(body);
    case 8:
    case 9:
      return callStatement(body);
    case 10:
      return recordAssignment(body);
    case 11: {
      const place = target(body);
      return [mark(body, place)];
    }
    case 12: {
      // Three effects in order, in one expression.
      const [a, b] = [target(body, (type) => !isFloat(type)), target(body, (type) => !isFloat(type))];
      return [`${a.text} = (${integer(random, scope, 1)}, ${b.text} = ${integer(random, scope, 1)}, ${b.text} + 1);`];
    }
    default: {
      const [a, b] = [target(body), target(body, (type) => !isFloat(type))];
      return [`${a.text} = ${b.text} ${random.pick(['=', '+=', '^='])} ${integer(random, scope, 1)};`].map((line) =>
        isFloat(a.type) || a.text !== b.text ? line : `${a.text} = ${integer(random, scope, 2)};`,
      );
    }
  }
}

function compound(body: Body, depth: number): string[] {
  const { random, scope } = body;
  const inner = (changes: Partial<Body> = {}): string[] =>
    block({ ...body, ...changes }, depth - 1, 1 + random.below(3));
  const condition = (): string => (random.oneIn(6) ? floating(random, scope, 1) : integer(random, scope, 2));
  switch (random.below(10)) {
    case 0:
    case 1:
      return [`if (${condition()}) {`, ...inner(), ...(random.oneIn(2) ? ['} else {', ...inner()] : []), '}'];
    case 2:
    case 3: {
      const i = body.fresh('at');
      const head = random.pick([
        `for (i32 ${i} = 0; ${i} < ${1 + random.below(5)}; ${i}++) {`,
        `for (u8 ${i} = ${1 + random.below(5)}; ${i} != 0; --${i}) {`,
        `for (i64 ${i} = -${1 + random.below(4)}; ${i} <= 0; ${i} += 1) {`,
      ]);
      const types = { f: 'i32' } as const;
      const place: Place = { text: i, type: types.f };
      return [head, ...inLoop(body, depth, place), '}'];
    }
    case 4: {
      const n = body.fresh('left');
      return [`{`, `  u32 ${n} = ${random.below(5)};`, `  while (${n}-- > 0) {`, ...inLoop(body, depth), '  }', '}'];
    }
    case 5: {
      const n = body.fresh('left');
      return [
        '{',
        `  i16 ${n} = ${random.below(4)};`,
        '  do {',
        ...inLoop(body, depth),
        `  } while (--${n} > 0);`,
        '}',
      ];
    }
    case 6: {
      const cases = ['case 0:', 'case 1:', 'case 2:', 'case 3 ... 5:', 'default:', "case 'b':"].filter(
        () => !random.oneIn(3),
      );
      if (cases.length === 0) cases.push('default:');
      const lines = cases.flatMap((label) => [
        label,
        ...block({ ...body, isInLoop: false }, depth - 1, 1),
        ...(random.oneIn(3) ? [] : ['  break;']),
      ]);
      return [`switch (${integer(random, scope, 2)} & ${random.pick(['3', '7', '127', '1ull'])}) {`, ...lines, '}'];
    }
    case 7: {
      const label = body.fresh('skip');
      return [`if (${condition()}) goto ${label};`, '{', ...inner(), '}', `${label}:;`];
    }
    case 8: {
      const [label, n] = [body.fresh('again'), body.fresh('left')];
      return [
        '{',
        `  i32 ${n} = 0;`,
        `  ${label}:;`,
        '  {',
        ...inner({ isInLoop: false }),
        '  }',
        `  if (++${n} < 3) goto ${label};`,
        '}',
      ];
    }
    default: {
      const name = body.fresh('t');
      const type = random.pick(['i32', 'u64', 'i16', 'double', 'u8'] as const);
      const isStatic = random.oneIn(4) && !isFloat(type);
      const line = isStatic
        ? `static ${type} ${name} = 5;`
        : `${type} ${name} = ${expressionOf(random, scope, type, 2)};`;
      const places = [...scope.places, { text: name, type }];
      return [
        '{',
        `  ${line}`,
        ...inner({ scope: { ...scope, places } }),
        `  ${mark(body, { text: name, type })}`,
        '}',
      ];
    }
  }
}

function inLoop(body: Body, depth: number, counter?: Place): string[] {
  const { random, scope } = body;
  // The counter is read, never written: that is why the loop ends.
  const reading = counter === undefined ? scope : { ...scope, places: [...scope.places, counter] };
  const lines = block({ ...body, isInLoop: true }, depth - 1, 1 + random.below(2));
  const jump = random.oneIn(3) ? [`  if (${integer(random, reading, 1)}) ${random.pick(['break', 'continue'])};`] : [];
  const use =
    counter === undefined
      ? []
      : [`  ${assignment({ ...body, scope: { ...reading, places: reading.places } }, counter)[0]}`];
  return random.oneIn(2) ? [...jump, ...lines, ...use] : [...lines, ...jump, ...use];
}

function assignment(body: Body, isNot?: Place): string[] {
  const { random, scope } = body;
  const { text, type } = target(body, (_type, place) => place.text !== isNot?.text);
  return [`${text} = ${expressionOf(random, scope, type, 3)};`];
}

/** Something to assign. Arrays and what pointers point at count as places too. */
function target(body: Body, fits: (type: Scalar, place: Place) => boolean = () => true): Place {
  const { random, scope } = body;
  if (random.oneIn(5)) {
    const arrays = scope.arrays.filter(
      (array) => !array.isConstant && fits(array.type, { text: '', type: array.type }),
    );
    if (arrays.length > 0) {
      const { name, type, length } = random.pick(arrays);
      return { text: `${name}[${random.below(length)}]`, type };
    }
  }
  if (random.oneIn(5)) {
    const pointers = body.pointers.filter(({ array }) => fits(array.type, { text: '', type: array.type }));
    if (pointers.length > 0) {
      const { name, array } = random.pick(pointers);
      return { text: random.pick([`(*${name})`, `${name}[${random.below(array.length / 2)}]`]), type: array.type };
    }
  }
  const places = scope.places.filter((place) => fits(place.type, place) && !counters.test(place.text));
  return random.pick(places);
}

/** Names of loop counters, which only the loop changes. */
const counters = /^(at|left)\d+$/;

function mark(body: Body, { text, type }: Place): string {
  return isFloat(type) ? `mark(bits(${text}));` : `mark((u64)${text});${body.random.oneIn(9) ? ' /* step */' : ''}`;
}

/** A pointer stays in the lower half of its array, so that it may be indexed up to half the length. */
function pointerStep(body: Body): string[] {
  const { random, scope, pointers } = body;
  if (pointers.length === 0) return assignment(body);
  const { name, array } = random.pick(pointers);
  const half = array.length / 2;
  const index = `(${integer(random, scope, 1)} & ${half - 1})`;
  switch (random.below(4)) {
    case 0:
      return [`${name} = &${array.name}[${index}];`];
    case 1:
      return [`${name} = ${array.name} + ${index};`];
    case 2:
      return [`if (${name} < ${array.name} + ${half - 1}) ${name}++;`];
    default:
      return [`mark((u64)(${name} - ${array.name}) + (u64)(${name} >= &${array.name}[${half >> 1}]));`];
  }
}

function callStatement(body: Body): string[] {
  const { random, scope, callable, objects } = body;
  if (callable.length === 0) return assignment(body);
  const one = random.pick(callable);
  const list = one.parameterTypes.map((type) => {
    if (typeof type === 'string') return expressionOf(random, scope, type, 2);
    const fitting = objects.filter((object) => object.record === type);
    return fitting.length > 0 ? random.pick(fitting).text : `(${type.name})${type.initializer(random)}`;
  });
  const call = `${one.name}(${list.join(', ')})`;
  const { result } = one;
  if (typeof result !== 'string') {
    const fitting = objects.filter((object) => object.record === result);
    if (fitting.length > 0) return [`${random.pick(fitting).text} = ${call};`];
    const member = random.pick(result.members);
    return [isFloat(member.type) ? `mark(bits(${call}${member.text}));` : `mark((u64)${call}${member.text});`];
  }
  return [isFloat(result) ? `mark(bits(${call}));` : `mark((u64)${call});`];
}

function recordAssignment(body: Body): string[] {
  const { random, objects } = body;
  if (objects.length === 0) return assignment(body);
  const { text, record } = random.pick(objects);
  const others = objects.filter((object) => object.record === record && object.text !== text);
  if (others.length > 0 && !random.oneIn(3)) return [`${text} = ${random.pick(others).text};`];
  return [`${text} = (${record.name})${record.initializer(random)};`];
}
