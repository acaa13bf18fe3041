/**
 * The public repositories of Microsoft's driver documentation, and which part of them a driver writer reads. Sizes are
 * what a checkout takes on the disk and about what is downloaded for it, in MB; people are told before anything is fetched.
 */

export interface DocsRepository {
  /** Name of its folder in our storage, too. */
  readonly name: string;
  readonly url: string;
  readonly label: string;
  readonly detail: string;
  /** Folders to check out; nothing else of the repository is downloaded. */
  readonly folders: readonly string[];
  readonly diskMb: number;
  readonly downloadMb: number;
}

export const docsRepositories: readonly DocsRepository[] = [
  {
    name: 'windows-driver-docs-ddi',
    url: 'https://github.com/MicrosoftDocs/windows-driver-docs-ddi.git',
    label: 'Reference',
    detail: 'A page for each function, callback, structure and code: 24,000 pages.',
    folders: ['wdk-ddi-src/content'],
    diskMb: 110,
    downloadMb: 30,
  },
  {
    name: 'windows-driver-docs',
    url: 'https://github.com/MicrosoftDocs/windows-driver-docs.git',
    label: 'Guides',
    detail: 'How it works together: WSK, the kernel, Dot4 printing, KMDF.',
    folders: ['network', 'kernel', 'print', 'wdf', 'ifs'].map((folder) => `windows-driver-docs-pr/${folder}`),
    diskMb: 90,
    downloadMb: 35,
  },
];
