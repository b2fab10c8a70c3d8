// The house's walls. Each rule says in plain words what it protects (docs/ARCHITECTURE.md draws them).
const PURE = '\\.(state|policy|view|cards|modals)\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one concept, or a third one is missing.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'apps-do-not-know-each-other',
      comment: 'Services meet only through contracts over NATS; what two apps share lives in libs/.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-do-not-know-apps',
      comment: 'A library that knows one of its users cannot serve the others.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'contracts-are-only-schemas',
      comment: 'A contract is read by every service, the CLI and other people’s clients: nothing but zod.',
      severity: 'error',
      from: { path: '^libs/shared/src/contracts/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^libs/shared/src/contracts/', '^libs/shared/src/errors/', 'node_modules/zod/'] },
    },
    {
      name: 'pure-files-do-no-io',
      comment:
        'States, policies, views and cards are functions of their arguments: no framework, no database, no clock.',
      severity: 'error',
      from: { path: PURE },
      to: { path: 'node_modules/(@nestjs|typeorm|pg|@nats-io|@slack|nodemailer|smtp-server|pino)/' },
    },
    {
      name: 'libs-sla-and-mail-are-pure',
      comment: 'SLA arithmetic and mail reading run in services, in the CLI and in tests alike: no I/O, no framework.',
      severity: 'error',
      from: { path: '^libs/(sla|mail)/src/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: [
          'node_modules/(@nestjs|typeorm|pg|@nats-io|@slack|nodemailer|smtp-server|pino)/',
          '^libs/shared/src/(messaging|service)/',
        ],
      },
    },
    {
      name: 'only-the-core-has-a-database',
      comment: 'One owner of the data: every other service asks it.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^apps/ticket-core/', '^apps/cli/src/stack/', '\\.spec\\.ts$'] },
      to: { path: 'node_modules/(typeorm|pg)/' },
    },
    {
      name: 'only-the-bot-speaks-slack',
      comment: 'Slack’s SDK stays at the surface that is about Slack; the playground speaks the bare protocol.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^apps/slack-bot/' },
      to: { path: 'node_modules/@slack/' },
    },
    {
      name: 'only-intake-speaks-smtp',
      comment: 'Mail in and out has one place; the playground keeps a mailbox of its own by the same public protocol.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^apps/(mail-intake|playground)/' },
      to: { path: 'node_modules/(smtp-server|nodemailer)/' },
    },
    {
      name: 'rows-stay-in-their-feature',
      comment: 'An entity or a repository is private to its folder: others call its use cases or views.',
      severity: 'error',
      from: { path: '^apps/ticket-core/src/([^/]+)/' },
      to: {
        path: '^apps/ticket-core/src/([^/]+)/.*\\.(entity|repository)\\.ts$',
        pathNot: '^apps/ticket-core/src/$1/',
      },
    },
    {
      name: 'no-barrels',
      comment: 'An import names the file where the thing is.',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { path: '^(apps|libs)/.*/index\\.ts$' },
    },
    {
      name: 'code-does-not-import-tests',
      comment: 'What the tests need must not end up in what we ship.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '\\.spec\\.ts$' },
      to: { path: ['\\.spec\\.ts$', '^test/'] },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'Every import must resolve, or the rules above see nothing.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
    exclude: { path: 'dist/|node_modules/.*/node_modules' },
  },
};
