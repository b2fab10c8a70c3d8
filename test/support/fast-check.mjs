// What specs get for `fast-check` (jest.config.mjs): the same cases in every run, so that two runs of one commit say
// the same. `PROPERTY_SEED=random npm run test:unit` looks for new ones; `PROPERTY_SEED=<number>` repeats a run.
import fc from '../../node_modules/fast-check/lib/fast-check.js';

const { PROPERTY_SEED = '20261121' } = process.env;
if (PROPERTY_SEED !== 'random') {
  const seed = Number(PROPERTY_SEED);
  if (!Number.isInteger(seed)) throw new Error(`PROPERTY_SEED: a whole number or "random", not "${PROPERTY_SEED}"`);
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
}

export * from '../../node_modules/fast-check/lib/fast-check.js';
export default fc;
