/**
 * The typed syntax tree: what the parser gives to lint, the editor and the emulator's compiler.
 *
 * Every node keeps its first and last token, so that places survive macros (`nodePlace`). Expressions carry their C
 * type after the usual conversions; each implicit conversion stands in the tree as a `convert` or `decay` node, so a
 * reader never works out promotions again. A part that could not be read is an `error` node with type `error`.
 */
import type { Token } from '../tokenize/token.ts';
import type { CType, EnumDefinition, Field, FunctionType, RecordDefinition } from '../types/types.ts';

export interface NodeBase {
  readonly first: Token;
  readonly last: Token;
}

/** A SAL word or another annotation with its arguments: `_In_reads_bytes_(n)`, `_IRQL_requires_max_(DISPATCH_LEVEL)`. */
export interface Annotation extends NodeBase {
  readonly name: string;
  /** The tokens of each argument between the parentheses; empty where there are none. */
  readonly arguments: readonly (readonly Token[])[];
}

// ---- symbols: one per entity, shared by all its declarations and uses ----

interface SymbolBase {
  readonly name: string;
  /** Every declaration, in order; the first is never missing, but for built-ins. */
  readonly declarations: DeclarationNode[];
}

export interface VariableSymbol extends SymbolBase {
  readonly kind: 'variable';
  /** Refined when `int a[];` is completed later. */
  type: CType;
  linkage: 'external' | 'internal' | 'none';
  /** Static lives as long as the driver (globals and `static` locals); automatic lives in a frame. */
  readonly duration: 'static' | 'automatic';
  readonly isParameter: boolean;
  /** The declaration that has an initializer, or a tentative definition; undefined for `extern` only. */
  definition: VariableDeclaration | undefined;
  /** `&x` is taken, or it is an array, record or otherwise needs memory. */
  isAddressTaken: boolean;
  /** Bytes, where `__declspec(align)` at the variable asks for more than its type needs. */
  alignment?: number;
  /** `__declspec(selectany)`: every file may define it, and the linker keeps one. */
  isSelectAny?: boolean;
  /** `register`: it has no address. */
  isRegister?: boolean;
  /** `__declspec(thread)`: one object for each thread. */
  isThreadLocal?: boolean;
  /** Section from `__declspec(allocate)`. */
  section?: string;
  /** What `__declspec(deprecated)` says; empty where it gives no text. */
  deprecated?: string;
  readonly annotations: readonly Annotation[];
}

export interface FunctionSymbol extends SymbolBase {
  readonly kind: 'function';
  type: FunctionType;
  linkage: 'external' | 'internal';
  definition: FunctionDefinition | undefined;
  /** Of all declarations together, role type included. */
  annotations: readonly Annotation[];
  /** The function typedef by which it was declared (`IO_COMPLETION_ROUTINE Done;`). */
  roleType: string | undefined;
  isInline: boolean;
  isNoReturn: boolean;
  /** What `__declspec(deprecated)` says; empty where it gives no text. */
  deprecated?: string;
  /** Its head is broken, so that its type says nothing to those who call it. */
  isHeadBroken?: boolean;
}

export interface EnumConstantSymbol extends SymbolBase {
  readonly kind: 'enum-constant';
  readonly value: bigint;
  readonly type: CType;
}

export interface TypedefSymbol extends SymbolBase {
  readonly kind: 'typedef';
  readonly type: CType;
  readonly annotations: readonly Annotation[];
}

export type CSymbol = VariableSymbol | FunctionSymbol | EnumConstantSymbol | TypedefSymbol;

// ---- declarations ----

export interface VariableDeclaration extends NodeBase {
  readonly kind: 'variable-declaration';
  readonly symbol: VariableSymbol;
  readonly nameToken: Token;
  readonly initializer: Initializer | undefined;
}

export interface FunctionDeclaration extends NodeBase {
  readonly kind: 'function-declaration';
  readonly symbol: FunctionSymbol;
  readonly nameToken: Token;
  readonly annotations: readonly Annotation[];
}

export interface FunctionDefinition extends NodeBase {
  readonly kind: 'function-definition';
  readonly symbol: FunctionSymbol;
  readonly nameToken: Token;
  readonly parameters: readonly VariableSymbol[];
  /** Every automatic and static local, nested blocks included, in order of declaration. */
  readonly locals: readonly VariableSymbol[];
  readonly body: CompoundStatement;
  readonly annotations: readonly Annotation[];
  /** Section from `#pragma alloc_text` or code_seg, where one was given: "PAGE", "INIT". */
  section?: string;
}

export interface TypedefDeclaration extends NodeBase {
  readonly kind: 'typedef-declaration';
  readonly symbol: TypedefSymbol;
  readonly nameToken: Token;
}

/** A struct, union or enum whose body or tag is declared here. */
export interface TagDeclaration extends NodeBase {
  readonly kind: 'tag-declaration';
  readonly definition:
    | { readonly kind: 'record'; readonly record: RecordDefinition }
    | { readonly kind: 'enum'; readonly enumeration: EnumDefinition };
  readonly nameToken: Token | undefined;
}

export interface EnumConstantDeclaration extends NodeBase {
  readonly kind: 'enum-constant-declaration';
  /** Filled once its last constant is read. */
  readonly enumeration: EnumDefinition;
  readonly symbol: EnumConstantSymbol;
  readonly nameToken: Token;
}

export interface StaticAssertDeclaration extends NodeBase {
  readonly kind: 'static-assert';
}

/** Text at file scope or in a block that could not be read as a declaration. */
export interface ErrorDeclaration extends NodeBase {
  readonly kind: 'error-declaration';
  /** A statement that stands outside of a function. */
  readonly isStatement?: boolean;
}

export type DeclarationNode =
  | VariableDeclaration
  | FunctionDeclaration
  | FunctionDefinition
  | TypedefDeclaration
  | TagDeclaration
  | EnumConstantDeclaration
  | StaticAssertDeclaration
  | ErrorDeclaration;

/** What an object is set to: one expression, or a list resolved to (offset, type, value) in order of writing. */
export type Initializer = { readonly kind: 'expression'; readonly value: Expression } | InitializerList;

export interface InitializerList extends NodeBase {
  readonly kind: 'list';
  /** Flattened: nested braces, designators and brace elision are resolved. What is not named is zero. */
  readonly entries: readonly InitializerEntry[];
}

export interface InitializerEntry {
  /** Bytes from the start of the initialised object. */
  readonly offset: number;
  readonly type: CType;
  readonly bits?: Field['bits'];
  readonly value: Expression;
}

// ---- expressions ----

interface ExpressionBase extends NodeBase {
  readonly type: CType;
}

export interface IntegerLiteral extends ExpressionBase {
  readonly kind: 'integer';
  /** The value in its type's range; character constants too. */
  readonly value: bigint;
}

export interface FloatLiteral extends ExpressionBase {
  readonly kind: 'float';
  readonly value: number;
}

export interface StringLiteral extends ExpressionBase {
  readonly kind: 'string';
  /** Code units of `type`'s element (1, 2 or 4 bytes each), with the terminating zero. */
  readonly units: readonly number[];
}

export interface NameExpression extends ExpressionBase {
  readonly kind: 'name';
  readonly symbol: VariableSymbol | FunctionSymbol;
}

/** An enumeration constant by name: its value is `symbol.value`. */
export interface EnumConstantExpression extends ExpressionBase {
  readonly kind: 'enum-constant';
  readonly symbol: EnumConstantSymbol;
}

export type UnaryOperator = '+' | '-' | '~' | '!';

export interface UnaryExpression extends ExpressionBase {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

export interface AddressOfExpression extends ExpressionBase {
  readonly kind: 'address-of';
  readonly operand: Expression;
}

/** `*p`; `a[i]` is kept as `index`, `p->m` as `member` with `isArrow`. */
export interface DereferenceExpression extends ExpressionBase {
  readonly kind: 'dereference';
  readonly operand: Expression;
}

export interface IncrementExpression extends ExpressionBase {
  readonly kind: 'increment';
  readonly operator: '++' | '--';
  readonly isPrefix: boolean;
  readonly operand: Expression;
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '<<'
  | '>>'
  | '&'
  | '|'
  | '^'
  | '=='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>=';

/** Arithmetic operands have been converted to their common type; `+`/`-` with a pointer keep the integer unscaled. */
export interface BinaryExpression extends ExpressionBase {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface LogicalExpression extends ExpressionBase {
  readonly kind: 'logical';
  readonly operator: '&&' | '||';
  readonly left: Expression;
  readonly right: Expression;
}

export interface AssignExpression extends ExpressionBase {
  readonly kind: 'assign';
  /** Undefined for plain `=`. */
  readonly operator: Exclude<BinaryOperator, '==' | '!=' | '<' | '>' | '<=' | '>='> | undefined;
  readonly target: Expression;
  /** For `=` converted to the target's type; for `op=` converted to `computation`. */
  readonly value: Expression;
  /** `op=` only: the type in which the operation is done before the result is converted to the target's type. */
  readonly computation: CType | undefined;
}

export interface ConditionalExpression extends ExpressionBase {
  readonly kind: 'conditional';
  readonly condition: Expression;
  /** Undefined for GNU `a ?: b`: the condition's own value. */
  readonly then: Expression | undefined;
  readonly otherwise: Expression;
}

export interface CallExpression extends ExpressionBase {
  readonly kind: 'call';
  /** Of pointer-to-function type (a named function stands inside a `decay` node). */
  readonly callee: Expression;
  /** Converted to the parameters' types, or promoted where variadic or unprototyped. */
  readonly arguments: readonly Expression[];
  /** Token of the closing parenthesis; missing while it is being typed. */
  readonly closed: boolean;
}

/** `object.name` or `pointer->name`; a path through unnamed members is already summed up in `offset`. */
export interface MemberExpression extends ExpressionBase {
  readonly kind: 'member';
  readonly object: Expression;
  readonly isArrow: boolean;
  /** Missing right after `->`: an empty name with type `error`. */
  readonly nameToken: Token | undefined;
  readonly name: string;
  readonly field: Field | undefined;
  /** Bytes from the start of the object. */
  readonly offset: number;
}

export interface IndexExpression extends ExpressionBase {
  readonly kind: 'index';
  /** Of pointer type (arrays decayed), whichever side it was written on. */
  readonly base: Expression;
  readonly index: Expression;
}

/** A cast as written. */
export interface CastExpression extends ExpressionBase {
  readonly kind: 'cast';
  readonly operand: Expression;
}

/** A conversion that C inserts. */
export interface ConvertExpression extends ExpressionBase {
  readonly kind: 'convert';
  readonly operand: Expression;
}

/** An array or function that becomes a pointer. */
export interface DecayExpression extends ExpressionBase {
  readonly kind: 'decay';
  readonly operand: Expression;
}

/** sizeof, _Alignof, offsetof, FIELD_OFFSET's built-in form: a constant whose operand is kept for the editor. */
export interface SizeofExpression extends ExpressionBase {
  readonly kind: 'sizeof';
  readonly operator: 'sizeof' | '_Alignof' | 'offsetof';
  readonly ofType: CType;
  readonly operand: Expression | undefined;
  readonly value: bigint;
}

export interface CompoundLiteralExpression extends ExpressionBase {
  readonly kind: 'compound-literal';
  readonly initializer: Initializer;
  /** The unnamed object that it makes, listed among the function's locals (or static at file scope). */
  readonly symbol: VariableSymbol;
}

export interface CommaExpression extends ExpressionBase {
  readonly kind: 'comma';
  readonly left: Expression;
  readonly right: Expression;
}

/** GNU `({ … })`: value of the last expression statement. */
export interface StatementExpression extends ExpressionBase {
  readonly kind: 'statement-expression';
  readonly body: CompoundStatement;
}

/** `va_arg(list, type)`: the list is an lvalue of type va_list. */
export interface VaArgExpression extends ExpressionBase {
  readonly kind: 'va-arg';
  readonly list: Expression;
}

/** What the front end knows itself: va_start, va_end, va_copy, __debugbreak, _ReturnAddress, __builtin_… */
export interface BuiltinExpression extends ExpressionBase {
  readonly kind: 'builtin';
  readonly name: string;
  readonly arguments: readonly Expression[];
}

/** What could not be read. Sub-expressions that could be read are kept for the editor. */
export interface ErrorExpression extends ExpressionBase {
  readonly kind: 'error';
  readonly parts: readonly Expression[];
  /** A name alone that nothing declares. */
  readonly isUnknownName?: boolean;
  /** What it is the size of is not known, and is not computed. */
  readonly isUnknownSize?: boolean;
}

export type Expression =
  | IntegerLiteral
  | FloatLiteral
  | StringLiteral
  | NameExpression
  | EnumConstantExpression
  | UnaryExpression
  | AddressOfExpression
  | DereferenceExpression
  | IncrementExpression
  | BinaryExpression
  | LogicalExpression
  | AssignExpression
  | ConditionalExpression
  | CallExpression
  | MemberExpression
  | IndexExpression
  | CastExpression
  | ConvertExpression
  | DecayExpression
  | SizeofExpression
  | CompoundLiteralExpression
  | CommaExpression
  | StatementExpression
  | VaArgExpression
  | BuiltinExpression
  | ErrorExpression;

// ---- statements ----

export interface CompoundStatement extends NodeBase {
  readonly kind: 'compound';
  readonly items: readonly Statement[];
  /** A function's own, in which a '}' is missing: what belongs to which block is a guess. */
  readonly isUnclosed?: true;
}

export interface ExpressionStatement extends NodeBase {
  readonly kind: 'expression';
  readonly expression: Expression;
}

export interface DeclarationStatement extends NodeBase {
  readonly kind: 'declaration';
  readonly declarations: readonly DeclarationNode[];
}

export interface IfStatement extends NodeBase {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly then: Statement;
  readonly otherwise: Statement | undefined;
}

export interface WhileStatement extends NodeBase {
  readonly kind: 'while';
  readonly condition: Expression;
  readonly body: Statement;
}

export interface DoStatement extends NodeBase {
  readonly kind: 'do';
  readonly body: Statement;
  readonly condition: Expression;
}

export interface ForStatement extends NodeBase {
  readonly kind: 'for';
  readonly initial: Statement | undefined;
  readonly condition: Expression | undefined;
  readonly step: Expression | undefined;
  readonly body: Statement;
}

export interface SwitchStatement extends NodeBase {
  readonly kind: 'switch';
  /** Promoted. */
  readonly condition: Expression;
  readonly body: Statement;
  /** Every `case` and `default` that belongs to it, in order. */
  readonly cases: readonly CaseStatement[];
}

export interface CaseStatement extends NodeBase {
  readonly kind: 'case';
  /** Undefined for `default`. `high` for GNU ranges `1 ... 5`. */
  readonly value: { readonly low: bigint; readonly high: bigint } | undefined;
  readonly body: Statement;
}

export interface LabelStatement extends NodeBase {
  readonly kind: 'label';
  readonly name: string;
  readonly body: Statement;
}

export interface GotoStatement extends NodeBase {
  readonly kind: 'goto';
  readonly label: string;
}

/** `__leave` too: it leaves the innermost __try. */
export interface JumpStatement extends NodeBase {
  readonly kind: 'break' | 'continue' | 'leave';
}

export interface ReturnStatement extends NodeBase {
  readonly kind: 'return';
  /** Converted to the function's result type. */
  readonly value: Expression | undefined;
}

export interface TryExceptStatement extends NodeBase {
  readonly kind: 'try-except';
  readonly body: CompoundStatement;
  readonly filter: Expression;
  readonly handler: CompoundStatement;
}

export interface TryFinallyStatement extends NodeBase {
  readonly kind: 'try-finally';
  readonly body: CompoundStatement;
  readonly handler: CompoundStatement;
}

export interface EmptyStatement extends NodeBase {
  readonly kind: 'empty';
}

/** A statement that could not be read; it costs only itself. `...` as the docs' samples write it is one too. */
export interface ErrorStatement extends NodeBase {
  readonly kind: 'error';
}

export type Statement =
  | CompoundStatement
  | ExpressionStatement
  | DeclarationStatement
  | IfStatement
  | WhileStatement
  | DoStatement
  | ForStatement
  | SwitchStatement
  | CaseStatement
  | LabelStatement
  | GotoStatement
  | JumpStatement
  | ReturnStatement
  | TryExceptStatement
  | TryFinallyStatement
  | EmptyStatement
  | ErrorStatement;
