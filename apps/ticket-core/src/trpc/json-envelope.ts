/**
 * The envelope of the SLA document, as SuperJSON writes it too: everything out is `{ "json": … }`. What comes in may be
 * wrapped so (with SuperJSON's `meta`, which plain JSON needs not) or be the bare input, as the document's GETs have it.
 */
export const jsonEnvelope = {
  input: {
    serialize: (value: unknown): unknown => ({ json: value }),
    deserialize: unwrapped,
  },
  output: {
    serialize: (value: unknown): unknown => ({ json: value }),
    deserialize: unwrapped,
  },
};

function unwrapped(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('json' in value)) return value;
  const others = Object.keys(value).filter((key) => key !== 'json' && key !== 'meta');
  // SuperJSON writes an absent input as null.
  return others.length > 0 ? value : (value.json ?? undefined);
}
