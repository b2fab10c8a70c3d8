import { readFileSync } from 'node:fs';

// Three kinds of tests, by the file's name (docs/ARCHITECTURE.md says which belongs where).
// The build's own settings, but with the specs in.
const {
  exclude: _specs,
  $schema: _schema,
  ...swc
} = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.tsx?$': ['@swc/jest', { ...swc, swcrc: false }] },
  // Relative imports say `.js`, as Node wants; while testing the source is `.ts`.
  moduleNameMapper: {
    '^(\\.{1,2}/(?!.*node_modules).*)\\.js$': '$1',
    '^fast-check$': '<rootDir>/test/support/fast-check.mjs',
  },
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

export default {
  // A machine with one core that others share is slow, not wrong; what must be fast says so itself.
  testTimeout: 30_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,test}/**/*.spec.ts'],
      testPathIgnorePatterns: ['\\.int\\.spec\\.ts$', '\\.flow\\.spec\\.ts$', '<rootDir>/test/statements/'],
    },
    {
      ...common,
      displayName: 'integration',
      testMatch: ['<rootDir>/{apps,libs,test}/**/*.int.spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/statements/record.ts'],
      globalSetup: '<rootDir>/test/support/start-servers.mjs',
      globalTeardown: '<rootDir>/test/support/stop-servers.mjs',
    },
    {
      ...common,
      displayName: 'statements',
      testMatch: ['<rootDir>/test/statements/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/start-servers.mjs',
      globalTeardown: '<rootDir>/test/support/stop-servers.mjs',
    },
    { ...common, displayName: 'flows', testMatch: ['<rootDir>/test/flows/*.flow.spec.ts'] },
  ],
};
