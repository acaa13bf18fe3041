/** Projects as the language server reads them: what they change, when they are read again, and what broken ones show. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../support/program.ts';
import { messageOf, startSession } from './session.ts';

const project = (macros: string): string =>
  `<Project><ItemDefinitionGroup><ClCompile><PreprocessorDefinitions>${macros}</PreprocessorDefinitions></ClCompile></ItemDefinitionGroup><ItemGroup><ClCompile Include="main.c" /></ItemGroup></Project>`;

test('a project is read, read again when it changes, and told of', { timeout: 30_000 }, async (t) => {
  const folder = mkdtempSync(path.join(root, 'build/lsp-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const session = await startSession();
  t.after(() => session.stop());
  const uriOf = (name: string): string => pathToFileURL(path.join(folder, name)).href;
  const changed = async (text: string): Promise<void> => {
    writeFileSync(path.join(folder, 'drv.vcxproj'), text);
    await session.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: uriOf('drv.vcxproj'), type: 2 }],
    });
  };
  const text = '#ifdef MINE\nint a = ;\n#endif\n';
  writeFileSync(path.join(folder, 'main.c'), text);
  writeFileSync(path.join(folder, 'drv.vcxproj'), project('MINE;SECOND=2'));
  assert.equal((await session.open(uriOf('main.c'), text)).length, 1);

  const shown = async (): Promise<string> =>
    session.connection.sendRequest('wsk/configuration', { uri: uriOf('main.c') });
  assert.match(await shown(), /drv\.vcxproj \(Debug\|x64\)\n {2}define +MINE=1 .*\n {2}define +SECOND=2/);

  const mended = session.next(uriOf('main.c'));
  await changed(project('OTHER'));
  assert.equal((await mended).diagnostics.length, 0);
  assert.match(await shown(), /OTHER=1/);

  const broken = session.next(uriOf('drv.vcxproj'));
  await changed(project('MINE').replace('</Project>', '<Broken'));
  const { diagnostics } = await broken;
  assert.match(diagnostics.map(messageOf).join(), /This is no XML/);
  const taken = session.next(uriOf('drv.vcxproj'));
  await changed(project('MINE'));
  assert.equal((await taken).diagnostics.length, 0);
});

test('in a folder that is not trusted projects are not read', { timeout: 30_000 }, async (t) => {
  const folder = mkdtempSync(path.join(root, 'build/lsp-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const session = await startSession({ isTrusted: false });
  t.after(() => session.stop());
  const text = '#ifdef MINE\nint a = ;\n#endif\n';
  writeFileSync(path.join(folder, 'drv.vcxproj'), project('MINE'));
  const uri = pathToFileURL(path.join(folder, 'main.c')).href;
  assert.equal((await session.open(uri, text)).length, 0);
  assert.match(await session.connection.sendRequest('wsk/configuration', { uri }), /nothing but the defaults/);
});

test('settings win over the project', { timeout: 30_000 }, async (t) => {
  const folder = mkdtempSync(path.join(root, 'build/lsp-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const session = await startSession({ defines: ['BOTH=7'], undefines: ['DBG'], std: 'c17', includePath: [folder] });
  t.after(() => session.stop());
  const text = '#if BOTH == 7 && !defined DBG && __STDC_VERSION__ == 201710L && THEIRS\nint a = ;\n#endif\n';
  writeFileSync(path.join(folder, 'drv.vcxproj'), project('BOTH=1;DBG=1;THEIRS=1'));
  const uri = pathToFileURL(path.join(folder, 'main.c')).href;
  assert.equal((await session.open(uri, text)).length, 1);
  const shown: string = await session.connection.sendRequest('wsk/configuration', { uri });
  assert.match(shown, /define +BOTH=7 +settings\n/);
  assert.match(shown, /undefine +DBG +settings\n/);
  assert.match(shown, /define +THEIRS=1 .*drv\.vcxproj/);
});
