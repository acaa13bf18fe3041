/** typedef declarations, and the annotations that a type hands on: role types of drivers are typedefs of function types. */
import { place, type Token } from '../../tokenize/token.ts';
import { sameUnqualified } from '../../types/compatible.ts';
import { alignOf } from '../../types/layout.ts';
import { INT, withAlias } from '../../types/make.ts';
import { calledFunction } from '../../types/predicates.ts';
import { expandedTypeText, typeText } from '../../types/text.ts';
import type { CType, FunctionType } from '../../types/types.ts';
import type { Annotation, DeclarationNode, TypedefSymbol } from '../ast.ts';
import { report, syntaxError } from '../mistakes/problems.ts';
import { declareName } from '../scopes.ts';
import { isToBeNamed, mayChange } from '../sharing/shared.ts';
import { accept, type Parser } from '../state.ts';
import { noteChange } from '../trail.ts';
import type { Declarator } from './declarators.ts';
import { reportRedefinition } from './entities.ts';
import { initializer } from './initializers.ts';
import type { Specifiers } from './specifiers.ts';

export function typedefName(
  p: Parser,
  specifiers: Specifiers,
  d: Declarator,
  nameToken: Token,
  annotations: readonly Annotation[],
): void {
  const name = nameToken.text;
  const previous = p.scope.names?.get(name);
  const symbol: TypedefSymbol =
    previous?.kind === 'typedef' && (sameUnqualified(previous.type, d.type) || previous.type.kind === 'error')
      ? previous
      : {
          kind: 'typedef',
          name,
          declarations: [],
          type: typedefType(p, d.type, specifiers, annotations, nameToken),
          annotations,
        };
  if (previous !== undefined && previous !== symbol && d.type.kind !== 'error') {
    if (previous.kind === 'typedef' && haveSameBits(previous.type, d.type)) {
      const text = `'${name}' is '${typeText(d.type)}' here and '${expandedTypeText(previous.type)}' before.`;
      report(p, 'warning', 'benign-redefinition', text, place(nameToken));
    } else {
      const old = previous.kind === 'typedef' ? ` as '${expandedTypeText(previous.type)}'` : '';
      reportRedefinition(p, nameToken, previous.declarations[0], `'${name}' is declared already${old}.`);
    }
  }
  if (accept(p, '=')) {
    syntaxError(p, 'bad-initializer', 'A typedef cannot be initialised.');
    initializer(p, INT);
  }
  const node: DeclarationNode = {
    kind: 'typedef-declaration',
    first: specifiers.first,
    last: p.previous,
    symbol,
    nameToken,
  };
  if (symbol === previous) noteChange(p, symbol);
  symbol.declarations.push(node);
  p.sink.push(node);
  declareName(p.scope, symbol);
}

/** int and long, an enum and ULONG: Microsoft's compiler takes one for the other where a typedef is repeated. */
function haveSameBits(a: CType, b: CType): boolean {
  if (b.kind === 'enum') return a.kind === 'integer' && a.size === 4;
  if (a.kind !== 'integer' || b.kind !== 'integer' || a.isConst !== b.isConst) return false;
  return a.size === b.size && a.isSigned === b.isSigned && a.isVolatile === b.isVolatile;
}

/**
 * The type by the name that it is given here, with the annotations and the alignment that stand at it. A record or enum
 * with a tag that another file declares keeps to that: it is shared by all who include it, and needs no other name.
 */
function typedefType(
  p: Parser,
  type: CType,
  specifiers: Specifiers,
  annotations: readonly Annotation[],
  nameToken: Token,
): CType {
  const own = annotated(type, annotations);
  const name = nameToken.text;
  const unnamed = (type.kind === 'record' || type.kind === 'enum') && isToBeNamed(type.definition, nameToken);
  if (unnamed && !specifiers.definesTag) noteChange(p, type.definition);
  const named = !unnamed ? { ...own, alias: name } : mayChange(p, type.definition) ? withAlias(own, name) : own;
  const { alignment } = specifiers;
  return alignment > alignOf(type) ? { ...named, alignment } : named;
}

/** A function type, or a pointer to one, keeps the annotations of its declaration: role types hand them on so. */
export function annotated(type: CType, annotations: readonly Annotation[]): CType {
  if (annotations.length === 0) return type;
  const called = calledFunction(type);
  if (called === undefined) return type;
  const target = annotatedFunction(called, annotations);
  return type.kind === 'pointer' ? { ...type, target } : target;
}

export function annotatedFunction(type: FunctionType, annotations: readonly Annotation[]): FunctionType {
  return annotations.length === 0 ? type : { ...type, annotations: joinAnnotations(type.annotations, annotations) };
}

export function joinAnnotations(a: readonly Annotation[], b: readonly Annotation[]): readonly Annotation[] {
  return a.length === 0 ? b : b.length === 0 ? a : [...a, ...b];
}
