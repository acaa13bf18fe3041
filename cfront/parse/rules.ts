/**
 * The grammar rules that refer to each other in circles: an expression may hold a type name, a type name a struct, a
 * struct an array length, and that is an expression. Files import downwards; upwards they call through this table,
 * which translation-unit.ts fills.
 */
import type { CType } from '../types/types.ts';
import type { CompoundStatement, DeclarationNode, Expression, Initializer, Statement } from './ast.ts';
import type { Attributes } from './declarations/attributes.ts';
import type { ParameterList } from './declarations/declarators.ts';
import type { Parser } from './state.ts';

export interface Rules {
  /** Every declaration up to the last token. */
  readonly declarations: (p: Parser) => readonly DeclarationNode[];
  readonly expression: (p: Parser) => Expression;
  readonly assignmentExpression: (p: Parser) => Expression;
  readonly constantExpression: (p: Parser) => Expression;
  readonly typeName: (p: Parser) => CType;
  readonly structOrUnionSpecifier: (p: Parser, attributes: Attributes) => CType;
  readonly enumSpecifier: (p: Parser) => CType;
  readonly parameterTypeList: (p: Parser) => ParameterList;
  readonly statement: (p: Parser) => Statement;
  readonly compoundStatement: (p: Parser) => CompoundStatement;
  /** Of an object of this type; an array without length gets its length from what is read. */
  readonly initializer: (p: Parser, type: CType) => { readonly initializer: Initializer; readonly type: CType };
  readonly staticAssert: (p: Parser) => void;
}
