/** R10: WSK_CLIENT_DISPATCH says its version by MAKE_WSK_VERSION, and its Reserved is 0. */
import type { DeclarationNode, InitializerEntry, VariableDeclaration } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace } from '../../../../cfront/parse/walk.ts';
import { whereOf } from '../../flow/state/where.ts';
import { nodesIn } from '../../nodes.ts';
import type { Rule } from '../../rule.ts';

export const clientDispatchReserved: Rule = {
  id: 'client-dispatch-reserved',
  severity: 'warning',
  docRules: ['R10'],
  also: [],
  summary: 'WSK_CLIENT_DISPATCH has a version of MAKE_WSK_VERSION and Reserved 0.',
  finish: ({ session, report }) => {
    const tell = (entry: InitializerEntry, message: string, newText: string): void => {
      const span = nodePlace(entry.value);
      report({
        where: whereOf(entry.value),
        span,
        message,
        path: [],
        fixes: [{ title: `Write ${newText}`, edits: [{ span, newText }] }],
      });
    };
    for (const unit of new Set(session.functions.flatMap((fn) => (fn.isUsers ? [fn.unit] : []))))
      for (const declaration of unit.declarations)
        for (const node of variablesIn(declaration)) {
          if (node.initializer?.kind !== 'list') continue;
          const { type } = node.symbol;
          if (type.kind !== 'record' || type.definition.tag !== '_WSK_CLIENT_DISPATCH') continue;
          const [version, reserved] = [0, 2].map((offset) =>
            node.initializer?.kind === 'list' ? node.initializer.entries.find((e) => e.offset === offset) : undefined,
          );
          const number = version === undefined ? undefined : constantValue(version.value);
          if (version !== undefined && number !== undefined && number < 0x100n)
            tell(
              version,
              `Version ${number} is none of WSK's: the major version is the high byte, and WskRegister fails with STATUS_NOINTERFACE.`,
              'MAKE_WSK_VERSION(1, 0)',
            );
          const value = reserved === undefined ? undefined : constantValue(reserved.value);
          if (reserved !== undefined && value !== undefined && value !== 0n)
            tell(reserved, 'Reserved is not 0: a later WSK may take it for something else.', '0');
        }
  },
};

function variablesIn(declaration: DeclarationNode): readonly VariableDeclaration[] {
  if (declaration.kind === 'function-definition') return nodesIn(declaration, 'variable-declaration');
  return declaration.kind === 'variable-declaration' ? [declaration] : [];
}
