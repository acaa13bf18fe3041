// The types of vscode-server.mjs, for the end-to-end tests, which are TypeScript.
export interface VscodeParts {
  /** Folder of the installation. */
  readonly root: string;
  /** Node 24's executable. */
  readonly node: string;
  /** code-server's entry file. */
  readonly codeServer: string;
  /** Folder of playwright-core. */
  readonly playwright: string;
}

export interface ServerOptions {
  readonly root: string;
  readonly extensionsFolder: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly trusted?: boolean;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningServer {
  readonly url: string;
  readonly root: string;
  readonly logFile: string;
  readonly stop: () => Promise<void>;
}

export function startServer(vscode: VscodeParts, options: ServerOptions): Promise<RunningServer>;
export function installExtension(vscode: VscodeParts, options: { readonly root: string; readonly extensionsFolder: string; readonly vsix: string }): void;
export function tail(file: string, lines?: number): string;
