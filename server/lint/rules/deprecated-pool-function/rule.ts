/** The functions that allocated pool before ExAllocatePool2 leave in it what was there. */
import type { Fix } from '../../../../base/finding.ts';
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { place } from '../../../../cfront/tokenize/token.ts';
import { wantsAdvice } from '../../body/advice.ts';
import type { Where } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

/** What ExAllocatePool2 is asked for instead. */
const flagsOf: Readonly<Record<string, string>> = {
  NonPagedPoolNx: 'POOL_FLAG_NON_PAGED',
  PagedPool: 'POOL_FLAG_PAGED',
};

/** Those that this rule tells of. */
export const deprecatedPoolFunctions: ReadonlySet<string> = new Set([
  'ExAllocatePool',
  'ExAllocatePoolWithTag',
  'ExAllocatePoolWithQuota',
  'ExAllocatePoolWithQuotaTag',
]);

export const deprecatedPoolFunction: Rule = {
  id: 'deprecated-pool-function',
  severity: 'hint',
  tag: 'deprecated',
  docRules: ['R100'],
  also: [],
  summary: 'New drivers allocate pool with ExAllocatePool2.',
  calls: [...deprecatedPoolFunctions],
  call: ({ api, where }, { fn, report }) => {
    if (!wantsAdvice(fn.unit)) return;
    const { first, last } = where.node;
    const isWritten = first.expansion === undefined && last.expansion === undefined;
    report({
      where,
      span: isWritten && place(first).file.text.startsWith(api, place(first).start) ? place(first) : undefined,
      message: `${api} is deprecated: what it gives still holds what somebody else left there, and goes out with whatever the driver does not write. Since Windows 10, version 2004, ExAllocatePool2 zeroes it.`,
      path: [],
      fixes: isWritten ? fixesOf(api, where) : [],
    });
  },
};

/** Where name and type stand there, the other function does the same and fails in the same way. */
function fixesOf(api: string, { node, arguments: values }: Where): readonly Fix[] {
  const [type] = values;
  if (api !== 'ExAllocatePoolWithTag' || type === undefined || type.first !== type.last) return [];
  const flags = flagsOf[type.first.text];
  if (flags === undefined || type.first.expansion !== undefined || node.first.text !== api) return [];
  return [
    {
      title: 'Call ExAllocatePool2 (Windows 10, version 2004, and later)',
      edits: [
        { span: place(node.first), newText: 'ExAllocatePool2' },
        { span: nodePlace(type), newText: flags },
      ],
    },
  ];
}
