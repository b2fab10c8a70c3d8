// A few line icons: for the page itself, and for emoji on machines that have no font for them.

const SHAPES = {
  eye: 'M2 12s4-6.5 10-6.5S22 12 22 12s-4 6.5-10 6.5S2 12 2 12zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z',
  check: 'M4 4h16v16H4zM8 12.5l2.8 2.8L16 9.5',
  ticket: 'M3 7h18v3.2a1.8 1.8 0 0 0 0 3.6V17H3v-3.2a1.8 1.8 0 0 0 0-3.6zM14 7v10',
  mail: 'M3 6h18v12H3zM3 7l9 6 9-6',
  clock: 'M12 4.5a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8.5v4.2l2.8 1.8M9.5 2h5',
  hourglass: 'M6 3h12M6 21h12M7.5 3c0 5 4.5 6 4.5 9s-4.5 4-4.5 9M16.5 3c0 5-4.5 6-4.5 9s4.5 4 4.5 9',
  warning: 'M12 3.5L22 20.5H2zM12 10v5M12 17.6v.4',
  siren: 'M6 18v-6a6 6 0 0 1 12 0v6M4 18.5h16v2.5H4zM12 2v1.5M4 5l1.2 1.2M20 5l-1.2 1.2',
  bubble: 'M4 4.5h16v11.5h-8.5L7 20v-4H4z',
  clip: 'M8 12.5l6-6a3 3 0 0 1 4.2 4.2l-8.2 8.2a4.6 4.6 0 0 1-6.5-6.5L11.5 4.4',
  pencil: 'M4 20l1-4.5L16 4.5l3.5 3.5L8.500 19z',
  lock: 'M5 11h14v9.500H5zM8 11V8a4 4 0 0 1 8 0v3',
  flame:
    'M12 2.500c1 4 5.500 6 5.500 11.500a5.500 5.500 0 0 1-11 0c0-2.500 1.500-4 2.500-5.500.5 2 1.500 2.500 2 2.500C12 8 11 5.500 12 2.500z',
  bell: 'M5 17.500h14c-1.800-2-1.800-4-1.800-6.500a5.200 5.200 0 0 0-10.400 0c0 2.500 0 4.500-1.800 6.500zM10 20.500h4',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c.5-4.500 3.500-6.500 8-6.500s7.500 2 8 6.500',
  label: 'M3.500 4h8l9 9-7.500 7.500-9.500-9.500zM8 8v.2',
  search: 'M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM15.500 15.500L21 21',
  cross: 'M5.500 5.500l13 13M18.500 5.500l-13 13',
  back: 'M9 6L4 11l5 5M4 11h10a6 6 0 0 1 6 6v2',
  star: 'M12 3l2.700 5.800 6.300.8-4.600 4.400 1.100 6.300-5.500-3.100-5.500 3.100 1.100-6.300L3 9.600l6.300-.8z',
  thumb:
    'M7 11v9H3.500v-9zM7 11l4-8c1.800 0 2.600 1.200 2.200 3l-.7 3.500H19c1.300 0 2 1 1.700 2.200l-1.500 6.600c-.2 1-1 1.700-2 1.700H7',
  bolt: 'M13.500 2.500L5 13.500h6l-1 8 8.500-11h-6z',
  calendar: 'M4 5.500h16v15H4zM4 10h16M8 3v4M16 3v4',
  question:
    'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.8.400-1 .9-1 1.900M12 16.800v.2',
  bulb: 'M9 18h6M10 21h4M8.500 15.500a6 6 0 1 1 7 0c-.5.500-.5 1.200-.5 2.500H9c0-1.300 0-2-.5-2.500z',
  chart: 'M4 20.500h17M6.500 17v-5M11.500 17V6M16.500 17V9.500',
  pause: 'M8 5v14M16 5v14',
  smile: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.500 14.500c2 2.500 5 2.500 7 0M9 9.500v.2M15 9.500v.2',
};

export function icon(name, color) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  node.setAttribute('viewBox', '0 0 24 24');
  node.setAttribute('class', 'glyph');
  node.setAttribute('aria-hidden', 'true');
  if (color) node.style.color = color;
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', SHAPES[name] ?? SHAPES.smile);
  node.append(path);
  return node;
}
