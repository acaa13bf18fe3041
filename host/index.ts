/** What the programs (CLI, language server, debug adapter) share to reach the disk. The engines never come here. */
export { loadCatalog } from './catalog-file.ts';
export { type DecodedText, decodeText } from './decode.ts';
export { readDefine } from './defines.ts';
export { createFileStore, type FileReading, type FileStore } from './files.ts';
export { bundledPrefix, createIncluder, type IncludeSettings } from './includes.ts';
