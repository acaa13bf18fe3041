/**
 * Cases of the user's docs: pages of a folder in hovers as soon as the setting names it, and none when it does so no
 * longer. The folder is that of WSK_SUITE_DOCS, with pages of our own; WSK_SUITE_CORPUS, where it is set, names real ones.
 */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hoverText, openSample, positionOf, until } from './support.ts';

const rawHtml = /<\/?(?:a|b|i|table|tr|td|th|p|div|em|strong|code|pre|li|ul)\b/i;

export const docsCases: Readonly<Record<string, () => Promise<unknown>>> = {
  'a hover shows the page of the docs while a folder has them': async () => {
    const folder = process.env.WSK_SUITE_DOCS;
    assert.ok(folder, 'WSK_SUITE_DOCS names no folder');
    const document = await openSample('listen/listen.c');
    const at = positionOf(document, 'IoAllocateIrp(', 2);
    await withDocs(folder, async () => {
      const text = await until('the page', async () => {
        const found = await hoverText(document, at);
        return found.includes('The boatman of the fixture') ? found : undefined;
      });
      assert.match(text, /\| StackSize \| Meaning \|/);
      assert.match(text, /\]\(https:\/\/learn\.microsoft\.com\//);
      assert.doesNotMatch(text, rawHtml);
    });
    await until('our own facts only', async () => !(await hoverText(document, at)).includes('boatman'));
  },

  'a folder of docs that is not there leaves hovers as they are': async () => {
    const document = await openSample('listen/listen.c');
    await withDocs('/no/such/folder', async () => {
      const text = await hoverText(document, positionOf(document, 'IoAllocateIrp(', 2));
      assert.match(text, /StackSize/);
    });
  },

  'real pages are clean in hovers': async () => {
    const folder = process.env.WSK_SUITE_CORPUS;
    if (folder === undefined || folder === '') return '../shared/docs-corpus is not beside the checkout: not looked at';
    const document = await openSample('listen/listen.c');
    const names = ['WskSocket(', 'WskAccept(', 'WskCloseSocket(', 'IoAllocateIrp(', 'IoFreeIrp(', 'WskRegister('];
    return withDocs(folder, async () => {
      let seen = 0;
      for (const name of names) {
        const at = positionOf(document, name, 2);
        const before = name === 'WskSocket(' ? 12_000 : 0;
        const start = Date.now();
        let text = await hoverText(document, at);
        while (!/\*\*Remarks\*\*|See also/.test(text) && Date.now() - start < before) {
          await new Promise((resolve) => setTimeout(resolve, 100));
          text = await hoverText(document, at);
        }
        assert.doesNotMatch(text, rawHtml, name);
        if (text.includes('learn.microsoft.com')) seen += 1;
      }
      assert.ok(seen >= 4, `${seen} of ${names.length} have a page`);
      return `${seen} of ${names.length} names have a page`;
    });
  },
};

async function withDocs<T>(folder: string, body: () => Promise<T>): Promise<T> {
  const settings = vscode.workspace.getConfiguration('wsk');
  await settings.update('docs.folders', [folder], vscode.ConfigurationTarget.Workspace);
  try {
    return await body();
  } finally {
    await settings.update('docs.folders', undefined, vscode.ConfigurationTarget.Workspace);
  }
}
