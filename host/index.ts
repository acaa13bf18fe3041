/** What the programs (CLI, language server, debug adapter) share to reach the disk. The engines never come here. */
export { loadCatalog } from './catalog-file.ts';
export { type Configurations, createConfigurations } from './config/configurations.ts';
export {
  type ConfigLayer,
  type ConfigProblem,
  type FileConfiguration,
  type MacroSetting,
  readMacro,
  readStandard,
  standardNames,
} from './config/model.ts';
export { fileKey, resolvePath } from './config/paths.ts';
export { showConfiguration } from './config/show.ts';
export { definesEntry, driverAmong, driverOf } from './driver-files.ts';
export { createFileStore, type FileStore } from './files.ts';
export { bundledPrefix, createIncluder } from './includes.ts';
export { levelEdit } from './lint-config/edit.ts';
export { createLintConfigs, type LintConfigs, lintConfigName } from './lint-config/folders.ts';
export { createRealFiles, type RealFiles } from './real-files.ts';
export { readRulePage } from './rule-pages-file.ts';
export {
  driverFiles,
  isScenarioPath,
  readScenarioFile,
  scenarioFileProblems,
  scenarioLinks,
} from './scenario-file.ts';
export { expandSourceNames, isCplusplus, isProjectFile, isSolutionFile } from './source-files.ts';
