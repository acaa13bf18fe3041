/** R10: WSK_CLIENT_DISPATCH says its version by MAKE_WSK_VERSION, and its Reserved is 0. */
import type { DeclarationNode, Expression, VariableDeclaration } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace } from '../../../../cfront/parse/walk.ts';
import type { CType } from '../../../../cfront/types/types.ts';
import { whereOf } from '../../flow/state/where.ts';
import { nodesIn } from '../../nodes.ts';
import { isRecord } from '../../record-type.ts';
import type { Rule } from '../../rule.ts';

export const clientDispatchReserved: Rule = {
  id: 'client-dispatch-reserved',
  severity: 'warning',
  docRules: ['R10'],
  also: [],
  summary: 'WSK_CLIENT_DISPATCH has a version of MAKE_WSK_VERSION and Reserved 0.',
  finish: ({ session, report }) => {
    const check = (member: number, value: Expression): void => {
      const number = constantValue(value);
      if (number === undefined) return;
      const [message, newText] =
        member === VERSION ? wrongVersion(number) : member === RESERVED ? wrongReserved(number) : [];
      if (message === undefined || newText === undefined) return;
      const span = nodePlace(value);
      report({
        where: whereOf(value),
        span,
        message,
        path: [],
        fixes: [{ title: `Write ${newText}`, edits: [{ span, newText }] }],
      });
    };
    for (const unit of new Set(session.functions.flatMap((fn) => (fn.isUsers ? [fn.unit] : []))))
      for (const declaration of unit.declarations) {
        for (const { initializer, symbol } of variablesIn(declaration))
          if (initializer?.kind === 'list' && isDispatch(symbol.type))
            for (const { offset, value } of initializer.entries) check(offset, value);
        if (declaration.kind !== 'function-definition') continue;
        for (const { target, value, operator } of nodesIn(declaration, 'assign')) {
          if (operator !== undefined || target.kind !== 'member') continue;
          const { type } = target.object;
          if (isDispatch(type.kind === 'pointer' ? type.target : type)) check(target.offset, value);
        }
      }
  },
};

/** Offsets of the members. */
const VERSION = 0;
const RESERVED = 2;

function isDispatch(type: CType): boolean {
  return isRecord(type, '_WSK_CLIENT_DISPATCH');
}

function wrongVersion(number: bigint): readonly string[] {
  if (number >= 0x100n) return [];
  return [
    `Version ${number} is none of WSK's: the major version is the high byte, and WskRegister fails with STATUS_NOINTERFACE.`,
    'MAKE_WSK_VERSION(1, 0)',
  ];
}

function wrongReserved(number: bigint): readonly string[] {
  return number === 0n ? [] : ['Reserved is not 0: a later WSK may take it for something else.', '0'];
}

function variablesIn(declaration: DeclarationNode): readonly VariableDeclaration[] {
  if (declaration.kind === 'function-definition') return nodesIn(declaration, 'variable-declaration');
  return declaration.kind === 'variable-declaration' ? [declaration] : [];
}
