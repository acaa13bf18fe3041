/**
 * Constructors of types. The basic types are shared constants; everything else is a fresh immutable value.
 *
 * Qualifiers of an array belong to its elements (C11 6.7.3p9), so `qualified` pushes them down.
 */
import type {
  ArrayType,
  CType,
  EnumDefinition,
  EnumType,
  ErrorType,
  FloatType,
  FunctionParameter,
  FunctionType,
  IntegerName,
  IntegerType,
  PointerType,
  RecordDefinition,
  RecordType,
  VoidType,
} from './types.ts';

const plain = { isConst: false, isVolatile: false } as const;

function signed(name: IntegerName, size: IntegerType['size']): IntegerType {
  return { kind: 'integer', name, size, isSigned: true, ...plain };
}

function unsigned(name: IntegerName, size: IntegerType['size']): IntegerType {
  return { kind: 'integer', name, size, isSigned: false, ...plain };
}

export const VOID: VoidType = { kind: 'void', ...plain };
export const ERROR: ErrorType = { kind: 'error', ...plain };
export const BOOL = unsigned('_Bool', 1);
export const CHAR = signed('char', 1);
export const SIGNED_CHAR = signed('signed char', 1);
export const UNSIGNED_CHAR = unsigned('unsigned char', 1);
export const SHORT = signed('short', 2);
export const UNSIGNED_SHORT = unsigned('unsigned short', 2);
export const INT = signed('int', 4);
export const UNSIGNED_INT = unsigned('unsigned int', 4);
export const LONG = signed('long', 4);
export const UNSIGNED_LONG = unsigned('unsigned long', 4);
export const LONG_LONG = signed('long long', 8);
export const UNSIGNED_LONG_LONG = unsigned('unsigned long long', 8);
export const FLOAT: FloatType = { kind: 'float', name: 'float', size: 4, ...plain };
export const DOUBLE: FloatType = { kind: 'float', name: 'double', size: 8, ...plain };
export const LONG_DOUBLE: FloatType = { kind: 'float', name: 'long double', size: 8, ...plain };
/** What sizeof gives. */
export const SIZE_T: IntegerType = UNSIGNED_LONG_LONG;
/** Element of L"…" and type of L'…'. */
export const WCHAR_T: IntegerType = { ...UNSIGNED_SHORT, alias: 'wchar_t' };
export const CHAR_POINTER: PointerType = pointerTo(CHAR);
export const VOID_POINTER: PointerType = pointerTo(VOID);
/** Microsoft's: a plain pointer into the variable arguments. */
export const VA_LIST: PointerType = { ...CHAR_POINTER, alias: 'va_list' };

export function pointerTo(target: CType): PointerType {
  return { kind: 'pointer', target, isConst: false, isVolatile: false };
}

/** `length` undefined: `[]`. */
export function arrayOf(element: CType, length: number | undefined): ArrayType {
  return { kind: 'array', element, length, isConst: false, isVolatile: false };
}

export function functionReturning(
  result: CType,
  parameters: readonly FunctionParameter[],
  options: { readonly isVariadic: boolean; readonly hasPrototype: boolean },
): FunctionType {
  const { isVariadic, hasPrototype } = options;
  return { kind: 'function', result, parameters, isVariadic, hasPrototype, annotations: [], ...plain };
}

export function recordType(definition: RecordDefinition): RecordType {
  return { kind: 'record', definition, isConst: false, isVolatile: false };
}

export function enumType(definition: EnumDefinition): EnumType {
  return { kind: 'enum', definition, isConst: false, isVolatile: false };
}

/** The type with qualifiers added to those it has. */
export function qualified(type: CType, { isConst, isVolatile }: Pick<CType, 'isConst' | 'isVolatile'>): CType {
  const wantsConst = type.isConst || isConst;
  const wantsVolatile = type.isVolatile || isVolatile;
  if (type.kind === 'array') {
    const element = qualified(type.element, { isConst, isVolatile });
    return element === type.element ? type : { ...type, element };
  }
  if (type.kind === 'function' || type.kind === 'error') return type;
  if (wantsConst === type.isConst && wantsVolatile === type.isVolatile) return type;
  return { ...type, isConst: wantsConst, isVolatile: wantsVolatile };
}

/** The type without its own qualifiers: what a value of it has. */
export function unqualified(type: CType): CType {
  if (!type.isConst && !type.isVolatile) return type;
  return { ...type, isConst: false, isVolatile: false };
}

/** The type as a typedef names it. Names it records and enums that have no name of their own, too. */
export function withAlias(type: CType, alias: string): CType {
  if (type.kind === 'record' || type.kind === 'enum') type.definition.typedefName ??= alias;
  return { ...type, alias };
}
