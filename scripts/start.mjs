// `npm start`: from a fresh checkout to a driver that runs. Installs, builds, packages, lints and runs samples/listen.
import { basename } from 'node:path';
import { ensurePackages, must, root } from './install.mjs';

ensurePackages();
// The packages are there from here on only.
const { packageVsix } = await import('./package.mjs');
const { vsix } = await packageVsix();
const vsixName = basename(vsix);
const wsk = (...args) => {
  console.log(`\n$ wsk ${args.join(' ')}`);
  must(process.execPath, ['dist/cli.js', ...args], { cwd: root });
};
wsk('lint', 'samples/listen');
wsk('run', 'samples/listen');
console.log(`
The extension is packaged. Install it in VS Code:

  code --install-extension ${vsixName}

or in the Extensions view: "…", "Install from VSIX…". Then open samples/listen/listen.c and press F5.
\`npm run workbench\` opens a real VS Code with the extension and the samples in a browser.`);
