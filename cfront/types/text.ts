/**
 * Types and declarations as C text, for messages and hovers: a typedef's name where the source used one, spelled out
 * otherwise. C declarators read inside out, so the text is built around the name.
 */
import type { CType, FunctionType, RecordDefinition } from './types.ts';

/** `PIRP`, `const char *`, `NTSTATUS (*)(PIRP, PVOID)`. */
export function typeText(type: CType): string {
  return declarationText(type, '');
}

/** `PIRP Irp`, `int (*handlers[4])(void)`: the declaration of `name`. */
export function declarationText(type: CType, name: string): string {
  return type.alias !== undefined ? join(qualifiers(type) + type.alias, name) : spelledOut(type, name);
}

/** The type with its outermost typedef name resolved once: `struct _IRP *` for `PIRP`. */
export function expandedTypeText(type: CType): string {
  return spelledOut(type, '');
}

/** `NTSTATUS WskSocket(PWSK_CLIENT Client, …)` in one line. */
export function functionText(type: FunctionType, name: string): string {
  return spelledOut(type, name);
}

/** `struct _IRP`; an untagged one by its typedef's name. */
export function recordText(record: RecordDefinition): string {
  const keyword = record.isUnion ? 'union' : 'struct';
  if (record.tag !== undefined) return `${keyword} ${record.tag}`;
  return record.typedefName ?? `${keyword} <unnamed>`;
}

/** The declaration of `inner` without the type's own typedef name. */
function spelledOut(type: CType, inner: string): string {
  switch (type.kind) {
    case 'void':
      return join(`${qualifiers(type)}void`, inner);
    case 'integer':
      // As <stdbool.h>, C++ and Microsoft's compiler call it.
      return join(qualifiers(type) + type.name.replace('_Bool', 'bool'), inner);
    case 'float':
      return join(qualifiers(type) + type.name, inner);
    case 'enum': {
      const { tag, typedefName } = type.definition;
      return join(qualifiers(type) + (tag !== undefined ? `enum ${tag}` : (typedefName ?? 'enum <unnamed>')), inner);
    }
    case 'record':
      return join(qualifiers(type) + recordText(type.definition), inner);
    case 'error':
      return join('<unknown type>', inner);
    case 'pointer': {
      const own = `*${type.is32 === true ? ' __ptr32 ' : ''}${qualifiers(type)}`.trimEnd();
      const pointer = own.length > 1 && inner !== '' ? `${own} ${inner}` : own + inner;
      const target = type.target;
      const needsParens = target.alias === undefined && (target.kind === 'array' || target.kind === 'function');
      return declarationText(target, needsParens ? `(${pointer})` : pointer);
    }
    case 'array':
      return declarationText(type.element, `${inner}[${type.length ?? ''}]`);
    case 'function':
      return declarationText(type.result, `${inner}(${parametersText(type)})`);
  }
}

function parametersText(type: FunctionType): string {
  if (!type.hasPrototype) return '';
  const texts = type.parameters.map((parameter) => declarationText(parameter.type, parameter.name ?? ''));
  if (type.isVariadic) texts.push('...');
  return texts.length === 0 ? 'void' : texts.join(', ');
}

function qualifiers(type: CType): string {
  return (type.isConst ? 'const ' : '') + (type.isVolatile ? 'volatile ' : '');
}

/** The base and the declarator with one space between, none before a bare `[` or `(` of an abstract declarator. */
function join(base: string, declarator: string): string {
  if (declarator === '') return base;
  return declarator.startsWith('[') ? base + declarator : `${base} ${declarator}`;
}
