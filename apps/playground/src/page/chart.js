// data_visualization: bars, lines, areas and pies in plain SVG.

const COLORS = ['#2f6fb3', '#3a9d7a', '#d98634', '#8a63ad', '#c2524a', '#5b7083'];
const [WIDTH, HEIGHT, LEFT, BOTTOM] = [460, 200, 36, 24];

function svg(tag, attributes, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

export function chart(given) {
  const drawn = given.type === 'pie' ? pie(given.segments) : plot(given);
  return svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT + 22}`, class: 'chart', role: 'img' }, ...drawn);
}

function legend(names) {
  return names.flatMap((name, index) => {
    const x = LEFT + index * 110;
    return [
      svg('rect', { x, y: HEIGHT + 8, width: 10, height: 10, rx: 2, fill: COLORS[index % COLORS.length] }),
      svg('text', { x: x + 15, y: HEIGHT + 17 }, name),
    ];
  });
}

function plot({ type, series, axis_config: { categories } }) {
  const values = series.flatMap((one) => one.data.map((point) => point.value));
  const top = Math.max(1, ...values);
  const low = Math.min(0, ...values);
  const y = (value) => 8 + ((top - value) / (top - low)) * (HEIGHT - BOTTOM - 8);
  const slot = (WIDTH - LEFT) / categories.length;
  const grid = [top, (top + low) / 2, low].flatMap((value) => [
    svg('line', { x1: LEFT, x2: WIDTH, y1: y(value), y2: y(value), class: 'grid' }),
    svg('text', { x: LEFT - 6, y: y(value) + 4, 'text-anchor': 'end' }, String(Math.round(value * 10) / 10)),
  ]);
  const labels = categories.map((name, index) =>
    svg('text', { x: LEFT + slot * (index + 0.5), y: HEIGHT - 8, 'text-anchor': 'middle' }, name),
  );
  const shapes = series.flatMap((one, row) => {
    const color = COLORS[row % COLORS.length];
    if (type === 'bar') {
      const width = (slot * 0.7) / series.length;
      return one.data.map(({ value }, index) => {
        const x = LEFT + slot * index + slot * 0.15 + width * row;
        return svg('rect', {
          x,
          y: Math.min(y(value), y(0)),
          width: Math.max(1, width - 2),
          height: Math.abs(y(value) - y(0)),
          rx: 2,
          fill: color,
        });
      });
    }
    const points = one.data.map(({ value }, index) => `${LEFT + slot * (index + 0.5)},${y(value)}`);
    const line = svg('polyline', { points: points.join(' '), fill: 'none', stroke: color, 'stroke-width': 2 });
    const base = [`${LEFT + slot * (one.data.length - 0.5)},${y(0)}`, `${LEFT + slot * 0.5},${y(0)}`];
    return type === 'area'
      ? [svg('polygon', { points: [...points, ...base].join(' '), fill: color, opacity: 0.2 }), line]
      : [line];
  });
  return [...grid, ...labels, ...shapes, ...legend(series.map(({ name }) => name))];
}

function pie(segments) {
  const total = segments.reduce((sum, { value }) => sum + value, 0) || 1;
  let turn = -Math.PI / 2;
  const [cx, cy, radius] = [100, HEIGHT / 2, 84];
  return segments.flatMap(({ label, value }, index) => {
    const from = turn;
    turn += (value / total) * Math.PI * 2;
    const fill = COLORS[index % COLORS.length];
    const at = (angle) => `${cx + radius * Math.cos(angle)} ${cy + radius * Math.sin(angle)}`;
    const slice =
      value >= total
        ? svg('circle', { cx, cy, r: radius, fill })
        : svg('path', {
            d: `M${cx} ${cy} L${at(from)} A${radius} ${radius} 0 ${turn - from > Math.PI ? 1 : 0} 1 ${at(turn)} Z`,
            fill,
          });
    const y = 24 + index * 16;
    return [
      slice,
      svg('rect', { x: 220, y: y - 9, width: 10, height: 10, rx: 2, fill }),
      svg('text', { x: 236, y }, `${label}: ${value}`),
    ];
  });
}
