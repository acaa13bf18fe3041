/** What the programs (CLI, language server, debug adapter) share to reach the disk. The engines never come here. */
export { loadCatalog } from './catalog-file.ts';
export { type ConfigurationRequest, type Configurations, createConfigurations } from './config/configurations.ts';
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
export { type DecodedText, decodeText } from './decode.ts';
export { definesEntry, driverAmong, driverOf } from './driver-files.ts';
export { createFileStore, type FileReading, type FileStore } from './files.ts';
export { bundledPrefix, createIncluder, type IncludeSettings } from './includes.ts';
export { type LevelEdit, levelEdit } from './lint-config/edit.ts';
export { createLintConfigs, type LintConfigs, lintConfigName } from './lint-config/folders.ts';
export { type LintConfigProblem, readLintConfig } from './lint-config/read.ts';
export { type DescribedRule, lintConfigSchema } from './lint-config/schema.ts';
export { createRealFiles, type RealFiles } from './real-files.ts';
export { readRulePage } from './rule-pages-file.ts';
export {
  driverFiles,
  isScenarioPath,
  readScenarioFile,
  type ScenarioFileProblem,
  type ScenarioFileReading,
  scenarioFileProblems,
  scenarioLinks,
} from './scenario-file.ts';
export { expandSourceNames, isCplusplus, isProjectFile, isSolutionFile, type SourceNames } from './source-files.ts';
