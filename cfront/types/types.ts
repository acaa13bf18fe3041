/**
 * C types with the LLP64 data model of Windows x64: int and long 4 bytes, long long and pointers 8, wchar_t 2.
 *
 * Types are immutable values, but for `RecordDefinition` and `EnumDefinition`, which have identity and are filled in
 * when their body is read. `alias` keeps the typedef name that the source used (PIRP), for display only: two types
 * that differ in `alias` alone are the same type.
 */
import type { Span } from '../../base/source.ts';
import type { Annotation } from '../parse/ast.ts';

interface TypeBase {
  readonly isConst: boolean;
  readonly isVolatile: boolean;
  /** Name of the typedef through which the source named this type. */
  readonly alias?: string;
  /** Bytes, where a typedef was declared with `__declspec(align)`: objects of it are aligned so at least. */
  readonly alignment?: number;
}

export interface VoidType extends TypeBase {
  readonly kind: 'void';
}

export type IntegerName =
  | '_Bool'
  | 'char'
  | 'signed char'
  | 'unsigned char'
  | 'short'
  | 'unsigned short'
  | 'int'
  | 'unsigned int'
  | 'long'
  | 'unsigned long'
  | 'long long'
  | 'unsigned long long';

export interface IntegerType extends TypeBase {
  readonly kind: 'integer';
  readonly name: IntegerName;
  readonly size: 1 | 2 | 4 | 8;
  readonly isSigned: boolean;
}

export interface FloatType extends TypeBase {
  readonly kind: 'float';
  /** long double is 8 bytes, as with Microsoft's compiler. */
  readonly name: 'float' | 'double' | 'long double';
  readonly size: 4 | 8;
}

export interface EnumType extends TypeBase {
  readonly kind: 'enum';
  readonly definition: EnumDefinition;
}

export interface PointerType extends TypeBase {
  readonly kind: 'pointer';
  readonly target: CType;
  /** `T * __ptr32`: four bytes in memory, extended by its sign where it becomes an address. */
  readonly is32?: true;
}

export interface ArrayType extends TypeBase {
  readonly kind: 'array';
  readonly element: CType;
  /** Number of elements; undefined for `[]` (incomplete or flexible). */
  readonly length: number | undefined;
  /** The length could not be read; what follows from it is no second mistake. */
  readonly isGuess?: true;
}

export interface FunctionParameter {
  readonly name: string | undefined;
  /** After adjustment: arrays and functions have become pointers. */
  readonly type: CType;
  readonly annotations: readonly Annotation[];
  readonly span: Span;
}

export interface FunctionType extends TypeBase {
  readonly kind: 'function';
  readonly result: CType;
  readonly parameters: readonly FunctionParameter[];
  readonly isVariadic: boolean;
  /** False for `f()`: nothing is known of the parameters. */
  readonly hasPrototype: boolean;
  /** Annotations of a function typedef (role types such as IO_COMPLETION_ROUTINE carry their IRQL so). */
  readonly annotations: readonly Annotation[];
}

export interface RecordType extends TypeBase {
  readonly kind: 'record';
  readonly definition: RecordDefinition;
}

/** What stands in for a type that could not be read. It is compatible with everything and reports nothing more. */
export interface ErrorType extends TypeBase {
  readonly kind: 'error';
}

export type CType =
  | VoidType
  | IntegerType
  | FloatType
  | EnumType
  | PointerType
  | ArrayType
  | FunctionType
  | RecordType
  | ErrorType;

export interface Field {
  /** Undefined for an unnamed struct or union member (C11 or Microsoft's typedef'd form) and unnamed bit-fields. */
  readonly name: string | undefined;
  readonly type: CType;
  /** Bytes from the start of the record that declares it. */
  readonly offset: number;
  /** Bit-fields only: first bit and number of bits within the storage unit of `type` at `offset`. */
  readonly bits?: { readonly offset: number; readonly width: number };
  readonly annotations: readonly Annotation[];
  readonly span: Span;
}

/** A struct or union. Incomplete until `fields` is set. */
export interface RecordDefinition {
  readonly tag: string | undefined;
  readonly isUnion: boolean;
  fields: readonly Field[] | undefined;
  /** Bytes; 0 while incomplete. */
  size: number;
  alignment: number;
  /** The part of `alignment` that `__declspec(align)` asked for here or in a member: packing never lowers it. */
  requiredAlignment?: number;
  /** A member could not be read, so the size is a guess. */
  isGuess?: true;
  span: Span;
  /** First typedef name given to it, for display of untagged records. */
  typedefName?: string;
}

export interface EnumDefinition {
  readonly tag: string | undefined;
  constants: readonly { readonly name: string; readonly value: number; readonly span: Span }[] | undefined;
  span: Span;
  typedefName?: string;
}
