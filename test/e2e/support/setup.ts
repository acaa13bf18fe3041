/**
 * What scripts/run-e2e.mjs has prepared for the tests: where VS Code, the browser and the installed extension are. Comes
 * through one environment variable; without it a test can't mean anything, so that is an error and no skip.
 */
import { cpSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { VscodeParts } from '../../../scripts/vscode-server.mjs';

export interface Setup {
  /** The checkout's root. */
  readonly project: string;
  /** A folder that is removed after the run. */
  readonly work: string;
  readonly vscode: VscodeParts;
  readonly chromium: string;
  /** Holds the installed VSIX. */
  readonly extensionsFolder: string;
  readonly screenshots: string;
  /** The bundled extension-host suite. */
  readonly suite: string;
  /** Poses as a VS Code executable. */
  readonly shim: string;
}

export function setup(): Setup {
  const text = process.env.WSK_E2E;
  if (!text) throw new Error('run the end-to-end tests with: node scripts/run-e2e.mjs');
  return JSON.parse(text);
}

/** A fresh copy of samples/, so that a test may type into it. */
export function samplesCopy({ work, project }: Setup): string {
  const folder = join(mkdtempSync(join(work, 'folder-')), 'samples');
  cpSync(join(project, 'samples'), folder, { recursive: true });
  return folder;
}
