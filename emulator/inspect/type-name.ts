/** Type names in casts and sizeof: `PIRP`, `struct _IRP *`, `unsigned long`. */

import * as basic from '../../cfront/types/make.ts';
import { enumType, pointerTo, qualified, recordType, withAlias } from '../../cfront/types/make.ts';
import type { CType } from '../../cfront/types/types.ts';
import { accept, type ExpressionReader, peek } from './expression-reader.ts';
import { unitsFor } from './names.ts';

/** The type at the reader's position; undefined where none begins (the caller goes back then). */
export function readTypeName(reader: ExpressionReader): CType | undefined {
  let isConst = false;
  while (peek(reader) === 'const' || peek(reader) === 'volatile') {
    isConst ||= peek(reader) === 'const';
    reader.position++;
  }
  let type = specifier(reader);
  if (type === undefined) return undefined;
  if (isConst) type = qualified(type, { isConst: true, isVolatile: false });
  for (;;) {
    if (accept(reader, '*')) type = pointerTo(type);
    else if (!accept(reader, 'const') && !accept(reader, 'volatile')) return type;
  }
}

const words = ['void', 'char', 'short', 'int', 'long', 'signed', 'unsigned', 'float', 'double', '_Bool', '__int64'];

function specifier(reader: ExpressionReader): CType | undefined {
  const word = peek(reader);
  if (word === undefined) return undefined;
  if (word === 'struct' || word === 'union' || word === 'enum') {
    reader.position++;
    const tag = peek(reader) ?? '';
    reader.position++;
    return tagged(reader, word, tag);
  }
  if (words.includes(word)) return basicType(reader);
  for (const unit of [...unitsFor(reader), reader.context.kernel.parts.tables.headers()]) {
    const symbol = unit.symbols.get(word);
    if (symbol?.kind === 'typedef') {
      reader.position++;
      return withAlias(symbol.type, word);
    }
    if (symbol !== undefined) return undefined;
  }
  // Types are shown with it, whether or not the driver includes <stdbool.h>.
  if (word !== 'bool') return undefined;
  reader.position++;
  return basic.BOOL;
}

function tagged(reader: ExpressionReader, keyword: 'struct' | 'union' | 'enum', tag: string): CType | undefined {
  for (const unit of [...unitsFor(reader), reader.context.kernel.parts.tables.headers()]) {
    if (keyword === 'enum') {
      const definition = unit.enums.get(tag);
      if (definition !== undefined) return enumType(definition);
    } else {
      const definition = unit.records.get(tag);
      if (definition !== undefined) return recordType(definition);
    }
  }
  return undefined;
}

function basicType(reader: ExpressionReader): CType {
  const given: string[] = [];
  for (let word = peek(reader); word !== undefined && words.includes(word); word = peek(reader)) {
    given.push(word);
    reader.position++;
  }
  const has = (word: string): boolean => given.includes(word);
  const isUnsigned = has('unsigned');
  if (has('void')) return basic.VOID;
  if (has('_Bool')) return basic.BOOL;
  if (has('float')) return basic.FLOAT;
  if (has('double')) return basic.DOUBLE;
  if (has('char')) return isUnsigned ? basic.UNSIGNED_CHAR : has('signed') ? basic.SIGNED_CHAR : basic.CHAR;
  if (has('short')) return isUnsigned ? basic.UNSIGNED_SHORT : basic.SHORT;
  if (has('__int64') || given.filter((word) => word === 'long').length > 1) {
    return isUnsigned ? basic.UNSIGNED_LONG_LONG : basic.LONG_LONG;
  }
  if (has('long')) return isUnsigned ? basic.UNSIGNED_LONG : basic.LONG;
  return isUnsigned ? basic.UNSIGNED_INT : basic.INT;
}
