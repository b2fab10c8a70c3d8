// Lets plain Node import our TypeScript sources as Jest does: `./x.js` may be `./x.ts`, `#shared/…` is the source, SWC
// transforms. Jest runs globalSetup natively when it is a module, and we want the very code that `npm start` uses.
import { transformSync } from '@swc/core';
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const {
  exclude: _exclude,
  $schema: _schema,
  ...options
} = JSON.parse(readFileSync(new URL('../../.swcrc', import.meta.url), 'utf8'));

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
      if (existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true };
    }
    const found = next(specifier, { ...context, conditions: ['source', ...context.conditions] });
    return found.url.endsWith('.ts') ? { ...found, format: 'module' } : found;
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(readFileSync(filename, 'utf8'), {
      ...options,
      swcrc: false,
      filename,
      sourceMaps: 'inline',
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
