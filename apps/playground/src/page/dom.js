// Small helpers. Everything on the page is built from nodes and text, never from HTML strings: what strangers write stays text.

/** h('div.card', { onclick }, 'text', node, [nodes]); a prop that is null or false is left out. */
export function h(spec, ...rest) {
  const [tag, ...classes] = spec.split('.');
  const node = document.createElement(tag || 'div');
  if (classes.length > 0) node.className = classes.join(' ');
  const hasProps = rest.length > 0 && isProps(rest[0]);
  if (hasProps) setProps(node, rest[0]);
  append(node, hasProps ? rest.slice(1) : rest);
  return node;
}

function isProps(value) {
  return value !== null && typeof value === 'object' && !(value instanceof Node) && !Array.isArray(value);
}

function setProps(node, props) {
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key === 'dataset') Object.assign(node.dataset, value);
    else if (key === 'style') node.style.cssText = value;
    else if (key in node && key !== 'list' && key !== 'form') node[key] = value;
    else node.setAttribute(key, value === true ? '' : value);
  }
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
}

export function replace(node, ...children) {
  node.replaceChildren();
  append(node, children);
}

/** Opens a small menu below (or above) an anchor; closes on a click elsewhere, Escape, or a choice. */
export function popover(anchor, build) {
  document.querySelector('.popover')?.remove();
  const close = () => {
    menu.remove();
    document.removeEventListener('pointerdown', outside, true);
    document.removeEventListener('keydown', escape, true);
  };
  const outside = (event) => {
    if (!menu.contains(event.target)) close();
  };
  const escape = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    close();
    anchor.focus();
  };
  const menu = h('div.popover', { role: 'menu' }, build(close));
  document.body.append(menu);
  const box = anchor.getBoundingClientRect();
  const below = box.bottom + 4 + menu.offsetHeight < innerHeight;
  menu.style.top = `${Math.max(8, below ? box.bottom + 4 : box.top - menu.offsetHeight - 4)}px`;
  menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - menu.offsetWidth - 12))}px`;
  document.addEventListener('pointerdown', outside, true);
  document.addEventListener('keydown', escape, true);
  menu.querySelector('button, input')?.focus();
  return close;
}

export function menuItem(label, onclick, extra = '') {
  return h(`button.menu-item${extra}`, { type: 'button', role: 'menuitem', onclick }, label);
}
