// The cookie banner of the pretended municipal site: it asks, and keeps nothing.
const banner = document.getElementById('cookies');
banner.hidden = false;
for (const button of banner.querySelectorAll('button')) {
  button.addEventListener('click', () => banner.remove());
}
