/**
 * What package.json promises is there: its files exist, and its launch.json attributes and settings are those that the
 * debug adapter and the language server read.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = process.env.WSK_ROOT ?? '.';
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json'));
const { contributes } = manifest;

/** Every string in a JSON value. */
const texts = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(texts)
      : [];

test('every picture and grammar of the manifest exists', () => {
  const paths = texts(manifest).filter((text) => /^(media|syntaxes)\/\S+$/.test(text));
  assert.ok(paths.length >= 7, paths.join(' '));
  assert.deepEqual(
    paths.filter((path) => !existsSync(join(root, path))),
    [],
  );
});

test('launch.json has the attributes of LaunchConfiguration', () => {
  const declared = /interface LaunchConfiguration \{(.*?)\n\}/s.exec(read('debugger/protocol.ts'))?.[1] ?? '';
  const expected = [...declared.matchAll(/readonly (\w+)\??:/g)].map((match) => match[1] ?? '').sort();
  assert.ok(expected.length > 5);
  const { properties } = contributes.debuggers[0].configurationAttributes.launch;
  assert.deepEqual(Object.keys(properties).sort(), expected);
});

test('every setting of the manifest is read by the language server', () => {
  const server = read('server/lsp/settings/settings.ts');
  for (const name of Object.keys(contributes.configuration.properties)) {
    const path = name.replace(/^wsk\./, '').split('.');
    assert.ok(
      path.every((part) => server.includes(`.${part}`)),
      `${name} is not read`,
    );
  }
});

test('every command of the manifest is registered, and menus name no other', () => {
  const files = readdirSync(join(root, 'client'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  const source = files.map((name) => read(join('client', name))).join('\n');
  const commands: string[] = contributes.commands.map(({ command }: { command: string }) => command);
  for (const command of commands) assert.ok(source.includes(`'${command}'`), command);
  const used = texts([contributes.menus, contributes.keybindings]).filter((text) => /^wsk\.\w+$/.test(text));
  assert.deepEqual(
    used.filter((command) => !commands.includes(command)),
    [],
  );
});
