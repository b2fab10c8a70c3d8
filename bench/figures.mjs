/** The middle value; of an even count the mean of the two in the middle. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Nearest rank: `percentile(values, 99)` of 100 values is the second largest but one. */
export function percentile(values, percent) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

export const round = (value, digits = 0) => Number(value.toFixed(digits));

/** A row whose floor was measured beside it. `atMost` turns the comparison round. */
export function comparison(name, { ours, floor, target, unit, atMost = false, digits = 0, ...more }) {
  const ratio = ours / floor;
  return {
    name,
    ours: round(ours, digits),
    floor: round(floor, digits),
    ratio: round(ratio, 3),
    target,
    pass: atMost ? ratio <= target : ratio >= target,
    unit,
    ...(atMost && { atMost }),
    ...more,
  };
}

/** A row that is judged by a number of its own. */
export function absolute(name, { ours, target, unit, atMost = false, pass, digits = 0, ...more }) {
  return {
    name,
    ours: round(ours, digits),
    floor: null,
    ratio: null,
    target,
    pass: pass ?? (atMost ? ours < target : ours >= target),
    unit,
    ...(atMost && { atMost }),
    ...more,
  };
}
