// Keys of the inbox. They work only while a group has the focus, so that no other key is taken.
const groups = [...document.querySelectorAll('#groups > .group')];

function keyed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const group = event.target.closest('.group');
  const at = groups.indexOf(group);
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step) {
    const next = groups[at + step];
    if (next) {
      next.focus();
      event.preventDefault();
    }
    return;
  }
  if (event.key === 't') {
    const boxes = [...group.querySelectorAll('[type=checkbox]')];
    const on = !boxes.every((box) => box.checked);
    boxes.forEach((box) => { box.checked = on; });
    return;
  }
  group.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
}

for (const group of groups) group.addEventListener('keydown', keyed);
