/**
 * Completions in the debug console: commands, variables of the chosen frame, and after `.` or `->` the members of what
 * stands before it.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Run, Value } from '../../emulator/index.ts';
import { consoleCommands } from './console-commands.ts';

/** `offset` counts UTF-16 units from 0 and is where the cursor stands; so do the places of what comes out. */
export function completionsAt(
  run: Run,
  text: string,
  offset: number,
  frameId: number | undefined,
): DebugProtocol.CompletionItem[] {
  const before = text.slice(0, offset);
  const command = /^\s*(!\w*)$/.exec(before)?.[1];
  if (command !== undefined) {
    return consoleCommands
      .filter(({ name }) => name.startsWith(command))
      .map(({ name, help }) => ({
        label: name,
        type: 'function',
        detail: help,
        start: offset - command.length,
        length: command.length,
      }));
  }
  const [, owner, typed = ''] = /([\w.>\-[\]]*?)(?:\.|->)(\w*)$/.exec(before) ?? [];
  if (owner !== undefined && owner !== '') return items(membersOf(run, owner, frameId), typed, 'field', offset);
  const word = /\w*$/.exec(before)?.[0] ?? '';
  return frameId === undefined
    ? []
    : items(
        run.scopes(frameId).flatMap(({ values }) => values()),
        word,
        'variable',
        offset,
      );
}

function membersOf(run: Run, owner: string, frameId: number | undefined): readonly Value[] {
  const result = run.evaluate(owner, frameId);
  return 'error' in result ? [] : result.value.children().filter(({ name }) => /^\w+$/.test(name));
}

function items(
  values: readonly Value[],
  typed: string,
  type: DebugProtocol.CompletionItemType,
  offset: number,
): DebugProtocol.CompletionItem[] {
  return values
    .filter(({ name }) => name.toLowerCase().startsWith(typed.toLowerCase()))
    .map(({ name, typeText }) => ({
      label: name,
      type,
      detail: typeText,
      start: offset - typed.length,
      length: typed.length,
    }));
}
